"""Lessons made by a model, of the present topic and the next: asked for while the class runs, told when they are there.

Nobody waits for one: what is not there when the voice needs it is read as the teacher wrote it, and the lesson goes on
from there in other words. So a class begins as soon as it would without a model. Lessons are kept, and the next class
begins with them.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing, suppress

from profai_cli.errors import EngineError
from profai_cli.lesson.course import Course, Topic
from profai_cli.lesson.place import Place, next_topic, topic_at
from profai_cli.ports import Answerer, Shelf
from profai_cli.turns.reply import AHEAD
from profai_cli.tutor import teaching
from profai_cli.tutor.teaching import Lines

At = tuple[int, int]
Tell = Callable[[At, Lines, tuple[str, ...], str], None]
"""Told a topic, by module and topic from 0, its lines and check questions as in `lesson.told.tell`, and who made them;
"" if not now."""
Started = Callable[[], Awaitable[None]]

TRIES = 3
"""Lessons on one topic that may break off."""

SOON = 2
"""Sentences that an unfinished translation must have beyond what the voice was given."""


class Preparing:
    """The lessons of one class; none without a shelf. `ahead` is to be called with every place, from the loop.

    started: returns when the answerer was loaded. language: that the class is held in.
    """

    def __init__(
        self,
        course: Course,
        answerer: Answerer,
        shelf: Shelf | None,
        tell: Tell,
        started: Started,
        *,
        language: str,
    ) -> None:
        self._course, self._answerer, self._shelf, self._tell = course, answerer, shelf, tell
        self._started, self._language = started, language
        self._translated = teaching.is_translated(course, language)
        self._wanted: list[At] = []
        self._seen: set[At] = set()
        self._given: dict[At, int] = {}  # sentences of what is told, without the title, that the voice may have by now
        self._said: dict[At, tuple[Lines, tuple[str, ...]]] = {}  # what is told and asked
        self._teaches = True
        self._lost = Counter[At]()  # lessons that broke off
        self._task: asyncio.Task[None] | None = None

    async def begin(self, at: At, asked: Iterable[At], *, teaches: bool) -> None:
        """Tell the first topic as it was kept, if it was.

        asked: topics whose check questions are asked first; they too may have been translated. teaches: the class is
        more than its questions.
        """
        self._teaches = teaches
        for topic in dict.fromkeys([at, *asked] if self._translated else [at]):
            if kept := await self._kept(topic):
                self._seen.add(topic)
                self._told(topic, kept, "")

    def ahead(self, place: Place) -> None:
        """The lesson is at this place: see to its topic and the next, if nothing else is being made."""
        here, following = place[:2], next_topic(self._course, place)
        self._given[here] = max(self._given.get(here, 0), place.sentence + AHEAD - 1)
        self._wanted = [here, following[:2]] if following else [here]
        if self._shelf and self._teaches and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._prepare())

    async def settle(self) -> None:
        """Return when nothing is being made."""
        if self._task:
            await self._task

    async def close(self) -> None:
        """Give up what is being made. Idempotent."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _prepare(self) -> None:
        """One after the other: the class is further on when one is there. Where no model is, one may be there later."""
        tried = set[At]()
        while missing := [at for at in self._wanted if at not in self._seen | tried]:
            at = missing[0]
            tried.add(at)
            kept = await self._kept(at)
            written = kept or await self._made(at)
            if written is not None:
                self._seen.add(at)
                self._told(at, written, "" if kept else self._answerer.name)

    async def _kept(self, at: At) -> str:
        if self._shelf is None:
            return ""
        return await asyncio.to_thread(self._shelf.take, self._key(at)) or ""

    async def _made(self, at: At) -> str | None:
        """What the model makes of a topic; empty where it fails, which is nobody's matter. None: it may be there later.

        A model that took too long for an answer is closed, and its lesson breaks off.
        """
        written, due = "", 0
        await self._started()
        try:
            async with aclosing(self._answerer.lesson(*at)) as pieces:
                async for piece in pieces:
                    written += piece
                    if self._translated and "\n" in piece:
                        due = self._told_so_far(at, written, due)
        except EngineError:
            self._lost[at] += 1
            return None if self._lost[at] < TRIES else ""
        if self._shelf and self._lines(at, written):
            await asyncio.to_thread(self._shelf.put, self._key(at), written)
        return written or None

    def _told_so_far(self, at: At, written: str, due: int) -> int:
        """Tell what there is of a translation whose topic has begun, if it goes to sentence `due`; the next such one.

        Few would understand the text meanwhile.
        """
        reach = teaching.written_to(self._topic(at), written)
        if at not in self._given or reach < max(due, self._given[at] + SOON):
            return due
        self._told(at, written, self._answerer.name, partly=True)
        return 2 * reach

    def _told(self, at: At, written: str, engine: str, *, partly: bool = False) -> None:
        """Tell a topic, from the first sentence that the voice was not given: places before it stay what they are."""
        lines = self._lines(at, written, partly=partly)
        if not lines:
            return
        text = tuple((sentence.text, number) for number, sentence in enumerate(self._topic(at).text) if number)
        before, _ = was = self._said.get(at, (text, ()))
        told = teaching.go_on(before, self._given.get(at, 0), lines)
        asked = teaching.questions(self._topic(at), written) if self._translated else ()
        if (told, asked) != was:
            self._said[at] = told, asked
            self._tell(at, told, asked, engine)

    def _lines(self, at: At, written: str, *, partly: bool = False) -> Lines:
        if not written:
            return ()
        return teaching.lesson(self._topic(at), written, translated=self._translated, partly=partly)

    def _topic(self, at: At) -> Topic:
        return topic_at(self._course, Place(*at))

    def _key(self, at: At) -> str:
        return teaching.key(self._course, *at, self._language)

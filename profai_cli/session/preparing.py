"""Lessons made by a model, a topic ahead: asked for while the topic before is taught, kept, told when their turn comes.

Nobody waits for one: a topic that is not ready when it begins is read as the teacher wrote it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress

from profai_cli.errors import EngineError
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, next_topic, topic_at
from profai_cli.ports import Answerer, Shelf
from profai_cli.tutor.teaching import key, lesson

At = tuple[int, int]
Tell = Callable[[At, tuple[tuple[str, int], ...], str], None]
"""Told a topic, by module and topic from 0, its lines as in `lesson.told.tell`, and who made them; "" if not now."""
Started = Callable[[], Awaitable[None]]


class Preparing:
    """The lessons of one class; none without a shelf. `ahead` is to be called with every place, from the loop.

    started: returns when the answerer was loaded.
    """

    def __init__(
        self,
        course: Course,
        answerer: Answerer,
        shelf: Shelf | None,
        tell: Tell,
        started: Started,
    ) -> None:
        self._course, self._answerer, self._shelf, self._tell = course, answerer, shelf, tell
        self._started = started
        self._seen: set[At] = set()
        self._begun: set[At] = set()
        self._task: asyncio.Task[None] | None = None

    async def begin(self, at: At) -> None:
        """Tell the first topic as it was kept, if it was."""
        self._seen.add(at)
        self._told(at, await self._kept(at), "")

    def ahead(self, place: Place) -> None:
        """The lesson is at this place: see to the next topic, if nothing else is being made."""
        self._seen.add(place[:2])
        self._begun.add(place[:2])
        following = next_topic(self._course, place)
        if (
            not self._shelf
            or following is None
            or following[:2] in self._seen
            or (self._task and not self._task.done())
        ):
            return
        self._seen.add(following[:2])
        self._task = asyncio.create_task(self._prepare(following[:2]))

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

    async def _prepare(self, at: At) -> None:
        if kept := await self._kept(at):
            self._told(at, kept, "")
        else:
            self._told(at, await self._made(at), self._answerer.name)

    async def _kept(self, at: At) -> str:
        if self._shelf is None:
            return ""
        return await asyncio.to_thread(self._shelf.take, self._key(at)) or ""

    async def _made(self, at: At) -> str:
        """What the model makes of a topic; empty where it fails, which is nobody's matter."""
        pieces: list[str] = []
        await self._started()
        try:
            async with aclosing(self._answerer.lesson(*at)) as written:
                async for piece in written:
                    pieces.append(piece)
        except EngineError:
            return ""
        whole = "".join(pieces)
        if self._shelf and self._lines(at, whole):
            await asyncio.to_thread(self._shelf.put, self._key(at), whole)
        return whole

    def _told(self, at: At, written: str, engine: str) -> None:
        """Too late where the topic has begun in this class: places in it are those of what was said."""
        if at not in self._begun and (lines := self._lines(at, written)):
            self._tell(at, lines, engine)

    def _lines(self, at: At, written: str) -> tuple[tuple[str, int], ...]:
        return lesson(topic_at(self._course, Place(*at)), written, translated=False) if written else ()

    def _key(self, at: At) -> str:
        return key(self._course, *at, self._course.language)

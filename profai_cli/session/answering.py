"""Answers in a class: a question to the answerer, its sentences to events. Answers to check questions go there too."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from profai_cli.commands import Answer, Examine
from profai_cli.errors import EngineError
from profai_cli.events import AgentReady, AgentResponse, CheckJudged, Error, Event
from profai_cli.kinds import Verdict
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, check_at
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.session.pace import Job, Pace, Schedule
from profai_cli.tutor.judging import judge, passage

JUDGE_SECONDS: Final = 6.0
"""After this the course judges by itself: whoever has answered wants to know."""

COURSE: Final = "the course"
"""Who judged then."""


class Answering:
    """Asks the answerer, one question at a time. fail: told when it cannot be started, where the class needs it.

    translated: the learner speaks another language than the course's, in which the course can judge nothing.
    """

    def __init__(
        self,
        course: Course,
        answerer: Answerer,
        pace: Pace,
        schedule: Schedule,
        *,
        emit: Callable[[Event], None],
        fail: Callable[[EngineError], None] | None = None,
        translated: bool = False,
    ) -> None:
        self._course, self._translated = course, translated
        self._answerer, self._pace, self._schedule, self._emit, self._fail = answerer, pace, schedule, emit, fail
        self._job: Job | None = None
        self._started = asyncio.Event()
        self._fault: EngineError | None = None
        self._engine = ""  # whose name was told

    async def start(self) -> None:
        """Load the answerer; questions asked meanwhile wait for it. A class goes on without one."""
        try:
            await self._answerer.start()
        except EngineError as error:
            self._fault = error
            if self._fail:
                self._fail(error)
        else:
            self._ready()
        self._started.set()

    def answer(self, command: Answer) -> None:
        """Begin to answer."""
        reply = command.reply
        module, topic, sentence, _ = command.place
        self._job = self._pace.run(
            self._parts(Question(command.question, module, topic, sentence)),
            self._answerer.delay,
            lambda part: self._part(reply, part),
            lambda error: self._end(reply, error),
        )

    def examine(self, command: Examine) -> None:
        """Begin to judge; the course judges where the answerer cannot, or not soon."""
        check, judged = CheckPlace(*command.check), False

        def take(part: AnswerPart) -> None:
            nonlocal judged
            if part.verdict:
                judged = True
                self._judged(command, part.verdict, self._answerer.name)
            if judged:
                self._part(command.reply, part)

        def finish(error: EngineError | None) -> None:
            if not judged:
                said = "" if self._translated else command.said
                found = judge(self._course, check, said)
                self._judged(replace(command, said=said), found.verdict, COURSE)
                for line in found.lines:
                    self._emit(AgentResponse(self._schedule.now, command.reply, line))
            self._end(command.reply, error)

        def give_up() -> None:
            if not judged and self._job is job:
                job.cancel()
                finish(None)

        module, topic, _ = check
        question = Question(command.said, module, topic, check=check)
        parts = self._parts(question) if command.said else _silence()
        job = self._job = self._pace.run(parts, self._answerer.delay, take, finish)
        self._schedule.at(self._schedule.now + JUDGE_SECONDS, give_up)

    async def started(self) -> None:
        """Return when the answerer was loaded, or could not be."""
        await self._started.wait()

    def cancel(self) -> None:
        """The answer is not wanted any more."""
        if self._job:
            self._job.cancel()
            self._job = None

    def remember(self, heard: str) -> None:
        """What the learner heard of the last answer: that is what follow-up questions are about."""
        self._answerer.heard(heard)

    async def _parts(self, question: Question) -> AsyncGenerator[AnswerPart]:
        await self._started.wait()
        if self._fault:
            raise self._fault
        async with aclosing(self._answerer.answer(question)) as parts:
            async for part in parts:
                yield part

    def _ready(self) -> None:
        """Tell who answers, if it is another one than was told."""
        if self._answerer.name != self._engine:
            self._engine = self._answerer.name
            self._emit(AgentReady(self._schedule.now, self._engine))

    def _part(self, reply: int, part: AnswerPart) -> None:
        self._ready()
        self._emit(AgentResponse(self._schedule.now, reply, part.text, part.source, made=part.made))

    def _judged(self, command: Examine, verdict: Verdict, judge: str) -> None:
        check, now = CheckPlace(*command.check), self._schedule.now
        question, place = check_at(self._course, check).question, passage(self._course, check)
        self._emit(CheckJudged(now, command.reply, check, question, command.said, verdict, place, judge))

    def _end(self, reply: int, error: EngineError | None) -> None:
        """Nothing more comes of this reply."""
        self._job = None
        if error:
            self._emit(Error(self._schedule.now, self._answerer.name, str(error)))
        self._emit(AgentResponse(self._schedule.now, reply, "", done=True))


async def _silence() -> AsyncGenerator[AnswerPart]:
    """Of nothing that was said, nobody is asked."""
    return
    yield

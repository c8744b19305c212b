"""Answers in a class: a question to the answerer, its sentences to events."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from profai_cli.commands import Answer
from profai_cli.errors import EngineError
from profai_cli.events import AgentReady, AgentResponse, Error, Event
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.session.pace import Job, Pace, Schedule


class Answering:
    """Asks the answerer, one question at a time. fail: told when it cannot be started, where the class needs it."""

    def __init__(
        self,
        answerer: Answerer,
        pace: Pace,
        schedule: Schedule,
        *,
        emit: Callable[[Event], None],
        fail: Callable[[EngineError], None] | None = None,
    ) -> None:
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
        module, topic, *_ = command.place
        self._job = self._pace.run(
            self._parts(Question(command.question, module, topic)),
            self._answerer.delay,
            lambda part: self._part(reply, part),
            lambda error: self._finish(reply, error),
        )

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
        self._emit(AgentResponse(self._schedule.now, reply, part.text, part.source))

    def _finish(self, reply: int, error: EngineError | None) -> None:
        self._job = None
        if error:
            self._emit(Error(self._schedule.now, self._answerer.name, str(error)))
        self._emit(AgentResponse(self._schedule.now, reply, "", done=True))

"""Several answerers as one. A question that one fails at before a word was said goes to the next."""

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.providers.fallback.keeper import Keeper
from profai_cli.providers.fallback.ladder import Rung
from profai_cli.providers.fallback.voice import Tell

CUT_OFF: Final = "I have lost the rest of this answer. Please ask me again."
"""Said where an answerer fails after its first sentence: another one would begin anew."""


class FallbackAnswerer:
    """A `ports.Answerer` made of others, from the best to the last resort."""

    def __init__(
        self, rungs: Sequence[Rung[Answerer]], tell: Tell, clock: Callable[[], float] = time.monotonic
    ) -> None:
        def told(name: str, reason: str, following: str) -> None:
            if following:  # else the error is the answer's
                tell(name, f"{reason} {following} answers now.")

        self._keeper = Keeper(rungs, lambda answerer: answerer.start(), told, clock)
        self._answered: Answerer | None = None

    @property
    def name(self) -> str:
        """Of the answerer in use."""
        return self._keeper.name

    @property
    def delay(self) -> float:
        """Of the answerer in use; 0 before the start."""
        return self._keeper.engine.delay if self._keeper.engine else 0.0

    async def start(self) -> None:
        """Start the best answerer that can be. Raises EngineError where none can."""
        await self._keeper.best()

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """The answer's sentences. Raises EngineError where no answerer is left."""
        said = False
        while True:
            answerer = self._answered = await self._keeper.best()
            try:
                async with aclosing(answerer.answer(question)) as parts:
                    async for part in parts:
                        said = True
                        yield part
                self._keeper.worked()
                return
            except EngineError as error:
                self._keeper.failed(error)
                if said:
                    yield AnswerPart(CUT_OFF)
                    return

    def heard(self, text: str) -> None:
        """See `ports.Answerer`; also for an answerer that has broken off, and is closed."""
        if self._answered:
            self._answered.heard(text)

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._keeper.close()

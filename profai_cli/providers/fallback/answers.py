"""Several answerers as one. A question that one fails at before a word was said goes to the next."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.providers.fallback.relay import Relay

CUT_OFF: Final = "I have lost the rest of this answer. Please ask me again."
"""Said where an answerer fails after its first sentence: another one would begin anew."""


class FallbackAnswerer(Relay[Answerer]):
    """A `ports.Answerer` made of others, from the best to the last resort."""

    does = "answers"
    _answered: Answerer | None = None
    _busy = 0  # answers under way: one that was given up may still be closing when the next begins

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """The answer's sentences. Raises EngineError where no answerer is left."""
        self._busy += 1
        try:
            async with aclosing(self._parts(question)) as parts:
                async for part in parts:
                    yield part
        finally:
            self._busy -= 1

    async def _parts(self, question: Question) -> AsyncGenerator[AnswerPart]:
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

    async def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """Of the answerer in use: the class can do without. Raises EngineError.

        A better one that has rested takes its place, but not in the midst of an answer.
        """
        answerer = self._keeper.engine
        if answerer is None:
            return
        if not self._busy:
            answerer = await self._keeper.best()
        async with aclosing(answerer.lesson(module, topic)) as pieces:
            async for piece in pieces:
                yield piece

    def heard(self, text: str) -> None:
        """See `ports.Answerer`; also for an answerer that has broken off, and is closed."""
        if self._answered:
            self._answered.heard(text)

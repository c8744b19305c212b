"""Speech recognition by moonshine-voice, with a model that `profai setup` has downloaded, in a process of its own.

The parent's side of `moonshine_service`. No weights could be had where this was written: its path through the
library was run without a model, and its delays are the makers' own (shared facts: engines, 4).
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from profai_cli.errors import EngineCrashed, EngineError
from profai_cli.ports import Vocabulary
from profai_cli.providers.moonshine_models import SETUP, Models
from profai_cli.providers.stt.local_ear import FinalWords, LocalEar
from profai_cli.providers.wire import Message
from profai_cli.providers.worker import Worker

DELAY: Final = 0.165
"""The stated delay, s, of partial and final words: the makers' figure for the small model on a Linux machine."""

TERMS: Final = 200
"""Terms that are told at most, as the library recommends: a long list costs accuracy in all other words."""

_NOT_THERE: Final = "Moonshine has no model for {!r} here: " + SETUP + "."
_CRASHED: Final = "Moonshine has crashed twice: go on by typing, or start the class again."


class Moonshine(LocalEar):
    """Obeys `ports.SpeechToText`; see `LocalEar`. Loads only what is recorded in `models`.

    It hears any words of its language, so that nothing it hears counts as off the course.
    """

    name = "moonshine"
    batch: ClassVar[int] = 30
    partial_delay: ClassVar[float] = DELAY
    service: ClassVar[str] = "profai_cli.providers.stt.moonshine_service"

    def __init__(self, models: Models, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._models = models
        self._vocabulary = vocabulary
        self._worker = Worker(self.service)
        self._header: dict[str, Any] = {}
        self._terms = _terms(vocabulary.terms)
        self._restarted = False

    @property
    def pid(self) -> int | None:
        """Process number of the engine."""
        return self._worker.pid

    def expect(self, terms: Sequence[str]) -> None:
        """The terms of what is taught now: the next utterance is heard with them in mind, and no others."""
        self._terms = _terms(terms)

    async def _load(self) -> None:
        model = self._models.hears(self._vocabulary.language)
        if model is None:
            raise EngineError(_NOT_THERE.format(self._vocabulary.language))
        self._header = {"op": "load", "folder": model.folder, "arch": model.arch, "options": {}}
        try:
            await self._worker.start()
            await self._worker.submit(self._header).only()
        except EngineCrashed:
            await self._worker.close()
            raise EngineError(f"Moonshine does not start: {SETUP} once more.") from None
        except BaseException:  # also a cancelled start must leave no process behind
            await self._worker.close()
            raise

    async def _live(self, pcm: bytes, begin: int) -> str:
        return await self._ask({"op": "live", "decode": not self._behind}, pcm, begin)

    async def _whole(self, pcm: bytes, begin: int) -> FinalWords:
        return FinalWords(await self._ask({"op": "final"}, pcm, begin) if pcm else "", DELAY)

    async def _unload(self) -> None:
        await self._worker.close()

    async def _ask(self, header: dict[str, Any], pcm: bytes, begin: int) -> str:
        """The words of an utterance; after a crash, once, all of it is given to a new process."""
        try:
            reply, _ = await self._submit(header, pcm, begin)
        except EngineCrashed:
            if self._restarted:
                raise EngineError(_CRASHED) from None
            self._restarted = True
            try:
                await self._worker.start()
                await self._worker.submit(self._header).only()
                reply, _ = await self._submit(header, pcm, 0)
            except EngineCrashed:
                raise EngineError(_CRASHED) from None
        return str(reply["text"])

    async def _submit(self, header: dict[str, Any], pcm: bytes, begin: int) -> Message:
        request = {**header, "first": begin == 0, "terms": self._terms}
        return await self._worker.submit(request, pcm[begin:]).only()


def _terms(terms: Sequence[str]) -> list[str]:
    """As the library takes them: it separates them by commas."""
    return list(dict.fromkeys(" ".join(term.replace(",", " ").split()) for term in terms))[:TERMS]

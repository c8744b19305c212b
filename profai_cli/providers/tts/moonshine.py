"""The voices of moonshine-voice (Kokoro, Piper, ZipVoice), which `profai setup` has downloaded.

No weights could be had where this was written: its path through the library was run up to the loading of the
model, and its delay is an assumption.
"""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, ClassVar, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import seconds
from profai_cli.providers.moonshine_models import SETUP, Models
from profai_cli.providers.tts.worker_voice import WorkerVoice
from profai_cli.providers.wire import Message

DELAY: Final = 0.5
"""The stated delay, s; not measured."""

_SHORTEST: Final = 24
"""Characters that a clause has at least: shorter ones would sound chopped."""

_CLAUSE_END: Final = re.compile(r"(?<=[,;:—])\s+")


class MoonshineVoice(WorkerVoice):
    """A `ports.TextToSpeech`: moonshine-voice in a process of its own. Loads only what is recorded in `models`.

    language: BCP 47. voice: the library's name of it, such as "kokoro_af_heart"; by default the one there is. It
    is asked for one clause at a time, so that the first sound comes soon and an interruption wastes little.
    """

    service: ClassVar[str] = "profai_cli.providers.tts.moonshine_voice_service"

    def __init__(self, models: Models, language: str = "en", voice: str = "") -> None:
        model = models.speaks(language, voice)
        load = {"folder": model.folder, "language": model.language, "voice": model.name} if model else {}
        self._missing = "" if model else f"Moonshine has no voice {voice or f'for {language!r}'} here: {SETUP}."
        name = model.name if model else voice
        super().__init__(f"moonshine {name}".strip(), delay=DELAY, service=self.service, load=load)

    async def start(self) -> None:
        """Start the process and load the voice, once. Raises EngineError."""
        if self._missing:
            raise EngineError(self._missing)
        await super().start()

    async def _ask(self, request: dict[str, Any]) -> AsyncGenerator[Message, None]:
        """The replies to a request, of which those to "speak" come clause by clause."""
        begin = 0.0
        for offset, clause in clauses(request["text"]):
            end = begin
            async with aclosing(super()._ask({**request, "text": clause})) as replies:
                async for header, pcm in replies:
                    words = [[offset + char, begin + at] for char, at in header["words"]]
                    yield {**header, "words": words}, pcm
                    end += seconds(pcm, header["rate"])
            begin = end


def clauses(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a text between its commas and the like, none of them short, with the offset of each."""
    begin = 0
    for mark in _CLAUSE_END.finditer(text):
        if mark.start() - begin >= _SHORTEST and len(text) - mark.end() >= _SHORTEST:
            yield begin, text[begin : mark.start()]
            begin = mark.end()
    yield begin, text[begin:]

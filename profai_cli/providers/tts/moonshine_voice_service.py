"""The child's side of `moonshine` (see `worker_child`): says one clause at a time with moonshine-voice."""

import array
import importlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from profai_cli.providers.moonshine_border import border
from profai_cli.providers.moonshine_models import SETUP
from profai_cli.providers.wire import Message

_FULL_SCALE: Final = 32_767
_SILENT: Final = 0.003
"""Samples below this (-50 dBFS) at the begin and end of a clause count as a pause."""
_LEAD: Final = 0.03
"""Seconds kept of the pause that it begins with, which would delay every clause."""
_TAIL: Final = 0.12
"""Seconds kept of the pause that it ends with; the lesson has pauses of its own."""


class Service:
    """One voice of moonshine-voice."""

    def handle(self, header: dict[str, Any], _payload: bytes) -> Iterator[Message]:
        """Replies to "load" (folder, language, voice) and "speak" (text, speed)."""
        with border("speak", f"{SETUP} once more"):
            match header["op"]:
                case "load":
                    self._load(header["folder"], header["language"], header["voice"])
                case "speak":
                    samples, rate = self._voice.synthesize(header["text"], speed=header["speed"])
                    yield from clipped(header["text"], samples, rate)

    def _load(self, folder: str, language: str, voice: str) -> None:
        library = importlib.import_module("moonshine_voice.tts")
        # From this folder alone: the library then downloads nothing.
        self._voice = library.TextToSpeech().language(language).voice(voice).models_from(folder, download=False)
        self._voice.load()


def clipped(text: str, samples: Sequence[float], rate: int) -> Iterator[Message]:
    """The sound of a clause (-1 to 1, mono) without its pauses; its words begin where their places in the text say."""
    loud = [number for number, sample in enumerate(samples) if abs(sample) > _SILENT]
    if not loud:
        return
    begin = max(loud[0] - round(_LEAD * rate), 0)
    kept = samples[begin : loud[-1] + round(_TAIL * rate)]
    pcm = array.array("h", (round(max(-1.0, min(1.0, sample)) * _FULL_SCALE) for sample in kept))
    length = (loud[-1] - begin) / rate
    words = [(word.start(), round(length * word.start() / len(text), 3)) for word in re.finditer(r"\S+", text)]
    yield {"rate": rate, "words": words}, pcm.tobytes()

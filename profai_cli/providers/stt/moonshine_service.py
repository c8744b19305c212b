"""The child's side of `moonshine` (see `worker_child`): decodes one utterance at a time with moonshine-voice.

Requests, by "op": "load" (folder, arch, options); "live" (first, terms, decode) takes a piece of an utterance and
has its words so far; "final" (first, terms) takes the last piece and has all of its words. "first" begins another
utterance; without "decode" the words are those of the time before.
"""

import array
import importlib
import math
from collections.abc import Iterator
from typing import Any, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import SPEECH_RATE
from profai_cli.providers.moonshine_border import border
from profai_cli.providers.moonshine_models import SETUP
from profai_cli.providers.wire import Message

OPTIONS: Final = {
    # What an utterance is has been decided: without a detector of its own the library leaves nothing out, and
    # cuts nothing in two (with one, it did so after 10 s).
    "vad_threshold": 0,
    # Each answer would have a Python list of all samples.
    "return_audio_data": False,
}

TAIL: Final = 2_400
"""Samples of silence after the last one: the library drops what does not fill 512 for its detector and then 1,280
for its model."""

_FULL_SCALE: Final = 32_768


class Service:
    """A transcriber and the stream of the running utterance."""

    _stream: Any = None
    _terms: tuple[str, ...] = ()
    _text = ""

    def handle(self, header: dict[str, Any], payload: bytes) -> Iterator[Message]:
        """Replies to one request."""
        with border("go on", f"{SETUP} once more"):
            match header["op"]:
                case "load":
                    self._load(header["folder"], header["arch"], header["options"])
                    yield {}, b""
                case "live":
                    self._take(header, payload)
                    if header["decode"]:
                        self._text = _words(self._stream.update_transcription(self._forced))
                    yield {"text": self._text}, b""
                case "final":
                    self._take(header, payload)
                    yield {"text": self._final()}, b""

    def _load(self, folder: str, arch: int, options: dict[str, Any]) -> None:
        library = importlib.import_module("moonshine_voice.transcriber")
        self._forced = library.MOONSHINE_FLAG_FORCE_UPDATE
        self._transcriber = library.Transcriber(folder, library.ModelArch(arch), options={**OPTIONS, **options})

    def _take(self, header: dict[str, Any], pcm: bytes) -> None:
        if header["first"]:
            self._begin(tuple(header["terms"]))
        self._add([sample / _FULL_SCALE for sample in array.array("h", pcm)])

    def _begin(self, terms: tuple[str, ...]) -> None:
        """A stream of its own for each utterance: one that is started again remembers the end of the last."""
        if self._stream is not None:
            self._stream.close()
        if terms != self._terms:
            self._transcriber.set_keyterms(terms)
            self._terms = terms
        # The library would decode whenever its clock says so; here the parent says when.
        self._stream = self._transcriber.create_stream(update_interval=math.inf, transcribe_flags=self._forced)
        self._stream.start()
        self._text = ""

    def _final(self) -> str:
        self._add([0.0] * TAIL)
        transcript = self._stream.stop()
        if transcript is None:  # the library tells its listeners of an error, of whom there are none
            raise EngineError("Moonshine cannot decode what was said: go on by typing.")
        return _words(transcript)

    def _add(self, samples: list[float]) -> None:
        self._stream.add_audio(samples, SPEECH_RATE)


def _words(transcript: Any) -> str:  # noqa: ANN401 - the library is imported late
    return " ".join(" ".join(line.text for line in transcript.lines).split())

"""The child's side of `pocketsphinx` (see `worker_child`): answers requests with one decoder.

Requests, by "op": "missing" lists the words of a vocabulary that the dictionary lacks; "build" makes a
course's model, one file: a line of JSON with the pronunciations, then ARPA, whose readers skip what comes
before it; "load" makes ready; "live" decodes a piece of an utterance; "whole" all of it once more.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pocketsphinx import Decoder

from profai_cli.pcm import SPEECH_RATE
from profai_cli.ports import Vocabulary
from profai_cli.providers.stt import language_model
from profai_cli.providers.stt.passes import Passes
from profai_cli.providers.stt.phrases import PHONES
from profai_cli.providers.wire import Message

_PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
ARPABET: Final = frozenset(_PHONES.split())
"""The phones of the acoustic model (CMUdict's); a word with any other is left out."""


class Service:
    """Loads the decoder when made."""

    def __init__(self) -> None:
        # The last three take a third of the time away and no accuracy (shared facts: engines, 1.2).
        self._decoder = Decoder(samprate=SPEECH_RATE, loglevel="FATAL", fwdflat=False, maxhmmpf=8000, maxwpf=20)
        self._passes = Passes(self._decoder, language_model.glue())

    def handle(self, header: dict[str, Any], payload: bytes) -> Iterator[Message]:
        """Replies to one request."""
        match header["op"]:
            case "missing":
                listed = language_model.words(_vocabulary(header))
                yield {"words": [word for word in listed if not self._knows(word.lower())]}, b""
            case "build":
                yield {}, self._build(_vocabulary(header), header["pronunciations"])
            case "load":
                if header["path"]:
                    self._load(Path(header["path"]), header["phrases"])
                self._passes.cmn = header["cmn"]
                yield {}, b""
            case "live":
                yield {"text": self._passes.live(payload, header["first"])}, b""
            case "whole":
                text, on_course = self._passes.whole(payload)
                passes = self._passes
                yield {"text": text, "on_course": on_course, "doubted": passes.doubted, "cmn": passes.cmn}, b""

    def _knows(self, word: str) -> bool:
        return word in PHONES or self._decoder.lookup_word(word) is not None

    def _build(self, vocabulary: Vocabulary, pronunciations: dict[str, str]) -> bytes:
        sayable = {word: p for word, p in pronunciations.items() if ARPABET.issuperset(p.split())}
        known = {word for word in map(str.lower, language_model.words(vocabulary)) if self._knows(word)}
        known.update(sayable)
        model = language_model.arpa(language_model.training_lines(vocabulary), known)
        return json.dumps(sayable).encode() + b"\n" + model

    def _load(self, path: Path, phrases: list[str]) -> None:
        with path.open(encoding="utf-8") as file:
            pronunciations: dict[str, str] = json.loads(file.readline())
        # A search takes the words that the dictionary has when it is made: words first.
        ways = {word: (phones,) for word, phones in pronunciations.items()} | PHONES
        for word, said in ways.items():
            for number, phones in enumerate(said, 1):
                name = word if number == 1 else f"{word}({number})"
                if self._decoder.lookup_word(name) is None:
                    self._decoder.add_word(name, phones, False)
        self._decoder.add_lm_file("course", str(path))
        self._decoder.add_jsgf_string("short", language_model.grammar())
        self._decoder.add_allphone_file("phones", None)
        self._passes.said_alone = frozenset(phrase.replace(".", "") for phrase in phrases)
        self._passes.course = True


def _vocabulary(header: dict[str, Any]) -> Vocabulary:
    return Vocabulary(header["language"], tuple(header["sentences"]), tuple(header["terms"]), tuple(header["commands"]))

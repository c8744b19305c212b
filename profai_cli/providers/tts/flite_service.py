"""The child's side of `flite` (see `worker_child`)."""

import ctypes
import unicodedata
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BYTES_A_SAMPLE
from profai_cli.providers.tts import libflite
from profai_cli.providers.tts.streamed import Put, streamed
from profai_cli.providers.wire import Message

_CHUNK_SECONDS: Final = 0.1
_FASTEST, _SLOWEST = 4.0, 0.25
_STRETCH: Final = 1.06
"""How much longer than flite's own every sound is at speed 1.0: a lesson then has 160 words a minute, with pauses."""
_LEAD: Final = 0.03
"""Seconds kept of the pause that flite begins with (0.2 s), which would delay every sentence."""
_TAIL: Final = 0.08
"""Seconds kept of the pause that it ends with; the lesson has pauses of its own."""

_FIRST_PHONE: Final = b"R:SylStructure.daughter1.daughter1.R:Segment."
_NONE: Final = b"0"  # flite's answer where there is no such phone
_ASCII: Final = str.maketrans("‘’“”‐‑‒–—―…", "''\"\"------.")  # noqa: RUF001 - quotes and dashes of other scripts


class Service:
    """One voice of flite."""

    def handle(self, header: dict[str, Any], _payload: bytes) -> Iterator[Message]:
        """Replies to "load" (voice) and "speak" (text, speed)."""
        match header["op"]:
            case "load":
                self._load(header["voice"])
            case "speak":
                yield from streamed(partial(self._say, header["text"], header["speed"]))

    def _load(self, name: str) -> None:
        try:
            self._flite = libflite.engine()
            library = libflite.load(f"flite_cmu_us_{name}")
            register = library[f"register_cmu_us_{name}"]
        except (OSError, AttributeError) as error:
            raise EngineError(
                f"The voice flite {name} is not on this system: install libflite1, or choose --tts espeak."
            ) from error
        register.restype = ctypes.POINTER(libflite.Voice)
        self._voice = register(None)
        self._random = ctypes.CDLL(None)

    def _say(self, text: str, speed: float, put: Put) -> None:
        cut: Cut | None = None

        def deliver(wave: Any, first: int, count: int, _last: int, streaming: Any) -> int:  # noqa: ANN401 - pointers
            nonlocal cut
            rate = wave[0].sample_rate
            words = []
            if cut is None:
                utterance = Utterance(self._flite, streaming[0].utt)
                cut = Cut(*utterance.sounding(), rate)
                words = [(char, at - cut.begin / rate) for char, at in utterance.words(text)]
            pcm = cut.kept(ctypes.addressof(wave[0].samples.contents), first, count)
            if pcm or words:
                put(({"rate": rate, "words": words}, pcm))
            return 0

        features = self._voice[0].features
        streaming = self._flite.new_audio_streaming_info()
        callback = libflite.Callback(deliver)
        streaming[0].asc = callback
        streaming[0].min_buffsize = round(_CHUNK_SECONDS * 16_000)
        self._flite.feat_set(features, b"streaming_info", self._flite.audio_streaming_info_val(streaming))
        stretch = _STRETCH / min(max(speed, _SLOWEST), _FASTEST)
        self._flite.feat_set_float(features, b"duration_stretch", stretch)
        self._random.srand(1)  # the noise in its voice, too, is the same each time
        self._flite.delete_utterance(self._flite.flite_synth_text(ascii_text(text).encode(), self._voice))


class Cut:
    """Which samples of an utterance are kept: from `begin` to `end` s of sound, and a little around it."""

    def __init__(self, begin: float, end: float, rate: int) -> None:
        self.begin = max(round((begin - _LEAD) * rate), 0)
        self.end = round((end + _TAIL) * rate) if end > begin else self.begin

    def kept(self, samples: int, first: int, count: int) -> bytes:
        """What to keep of samples [first, first + count); `samples` is the address of sample 0."""
        begin, end = max(first, self.begin), min(first + count, self.end)
        return ctypes.string_at(samples + begin * BYTES_A_SAMPLE, max(end - begin, 0) * BYTES_A_SAMPLE)


class Utterance:
    """What flite knows of a text that it is about to say: relations of items with features."""

    def __init__(self, flite: ctypes.CDLL, address: int) -> None:
        self._flite = flite
        self._address = address

    def sounding(self) -> tuple[float, float]:
        """Begin and end, s, of what lies between the first and the last pause."""
        segments = self._relation(b"Segment")
        first = self._flite.relation_head(segments)
        last = self._flite.relation_tail(segments)
        return self._number(first, b"end"), self._number(last, b"p.end")

    def words(self, text: str) -> Iterator[tuple[int, float]]:
        """Where in `text`, and when, each spoken word begins; several words of a number at one place."""
        text = ascii_text(text).lower()
        token = self._flite.relation_head(self._relation(b"Token"))
        cursor = 0
        while token:
            cursor = max(text.find(self._name(token), cursor), cursor)
            end = cursor + len(self._name(token))
            word = self._flite.item_daughter(token)
            while word:
                cursor = max(text.find(self._name(word), cursor, end), cursor)
                if self._flite.flite_ffeature_string(word, _FIRST_PHONE + b"name") != _NONE:
                    yield cursor, self._number(word, _FIRST_PHONE + b"p.end")
                word = self._flite.item_next(word)
            cursor = end
            token = self._flite.item_next(token)

    def _relation(self, name: bytes) -> int:
        return int(self._flite.utt_relation(self._address, name))

    def _name(self, item: int) -> str:
        return str(self._flite.item_feat_string(item, b"name").decode("ascii", "replace")).lower()

    def _number(self, item: int, path: bytes) -> float:
        return float(self._flite.flite_ffeature_float(item, path))


def ascii_text(text: str) -> str:
    """The text in flite's alphabet, as long as before: accents are dropped, other scripts become spaces."""
    return "".join(_nearest(character) for character in text.translate(_ASCII))


def _nearest(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if plain.isascii() else " "

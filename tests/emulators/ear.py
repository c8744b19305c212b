"""What the emulated recognisers hear: by a script, or really, through profai's own pocketsphinx.

An utterance begins with 60 ms of sound above the room's noise; its vendor ends it, after so much silence or because
the client asks. By the script, entry n is what the n-th utterance says: a word for every 0.3 s of its voice, and the
rest of them when it is ended. Its end uses an entry up, nothing else does: an utterance that is sent again after a lost
connection says the same again. Voice that returns within 0.7 s after an end by silence belongs to the same utterance
and says nothing more. After the last entry nothing is heard. Without a script utterances are recognised.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soxr

from profai_cli.pcm import SPEECH_RATE
from profai_cli.ports import Vocabulary
from profai_cli.providers.stt.decoder import Decoder
from profai_cli.storage.cache import DiskCache
from tests.emulators.stage import Stage

STEP: Final = 0.02
"""Seconds of sound that are heard at a time."""

PAUSE: Final = 0.7
"""Seconds of silence after which voice is another utterance, though a shorter silence ended the last."""

_ONSET: Final = 3  # steps of voice that begin an utterance: fewer are a click
_PRE_ROLL: Final = 15  # steps before an utterance that the recogniser gets too
_WORD: Final = 15  # steps of voice for a scripted word
_LOOK: Final = 25  # steps between two looks of the recogniser: partials
_WEAKEST, _STRONGEST, _ABOVE_NOISE = -45.0, -32.0, 10.0  # dBFS, dBFS, dB: from where on it is a voice


@dataclass(frozen=True, slots=True)
class Heard:
    """A word in lower case, and where it is in the sound that was fed, in seconds."""

    word: str
    start: float
    end: float


class Ear:
    """Hears mono PCM16 at `rate`. Times are seconds of the sound fed, up to `now`."""

    def __init__(self, stage: Stage, rate: int) -> None:
        self.now = 0.0
        self.speaking = False
        """An utterance goes on: it has begun and was not ended."""
        self.begun = 0.0
        """Where the last utterance began."""
        self._stage = stage
        self._scripted = _Scripted(stage)
        self._recognised = _Recognised(rate)
        self._mind: _Scripted | _Recognised = self._scripted if stage.script else self._recognised
        self._bytes = round(rate * STEP) * 2
        self._rest = b""
        self._levels: deque[float] = deque(maxlen=round(3 / STEP))
        self._before: deque[bytes] = deque(maxlen=_PRE_ROLL)
        self._run = 0
        self._last = -1e9
        self._tail = False

    @property
    def words(self) -> tuple[Heard, ...]:
        """What was heard of the utterance and not taken yet."""
        return tuple(self._mind.words)

    @property
    def silence(self) -> float:
        """Seconds since the last voice."""
        return self.now - self._last

    def steps(self, pcm: bytes) -> Iterator[bytes]:
        """The sound in pieces for `hear`; what is too short for one is kept until the next call."""
        pcm = self._rest + pcm
        whole = len(pcm) - len(pcm) % self._bytes
        self._rest = pcm[whole:]
        return (pcm[first : first + self._bytes] for first in range(0, whole, self._bytes))

    async def hear(self, step: bytes) -> None:
        """Take one of the `steps`."""
        self.now = round(self.now + STEP, 3)
        voice = self._is_voice(step)
        self._run = self._run + 1 if voice else 0
        self._before.append(step)
        if self.speaking:
            await self._mind.hear(step, self.now if voice else None)
        elif self._run == _ONSET:
            await self._begin()
        if voice and self.speaking:
            self._last = self.now

    async def take(self, ended: bool, silent: bool = False) -> tuple[Heard, ...]:
        """The words not taken yet. ended: the utterance is over, with all that is left of it; silent: by silence."""
        if not self.speaking:
            return ()
        words = await self._mind.take(ended)
        if ended:
            self.speaking, self._tail = False, silent
        return tuple(words)

    def forget(self) -> None:
        """Forget the utterance."""
        self.speaking = self._tail = False
        self._mind.forget()

    async def close(self) -> None:
        """End the recogniser."""
        await self._recognised.close()

    async def _begin(self) -> None:
        self.begun, self.speaking = round(self.now - _ONSET * STEP, 3), True
        self._mind = self._scripted if self._stage.script else self._recognised
        self._mind.begin(self._tail and self.begun - self._last < PAUSE)
        for n, step in enumerate(self._before, start=_ONSET - len(self._before)):
            await self._mind.hear(step, self.begun + (n + 1) * STEP if n >= 0 else None)

    def _is_voice(self, step: bytes) -> bool:
        samples = np.frombuffer(step, "<i2") / 32768
        level = 10 * float(np.log10(np.mean(samples**2) + 1e-12))
        self._levels.append(level)
        return level > min(max(min(self._levels) + _ABOVE_NOISE, _WEAKEST), _STRONGEST)


class _Scripted:
    """Words of the stage's script."""

    def __init__(self, stage: Stage) -> None:
        self.words: list[Heard] = []
        self._stage = stage

    def begin(self, same: bool) -> None:
        """An utterance begins, or the `same` one goes on after a short pause."""
        self.words, self._voiced = [], list[float]()
        self._left = [] if same else self._stage.script[0].split()
        self._said, self._same = 0, same

    async def hear(self, _: bytes, voiced: float | None) -> None:
        """voiced: where the step ends, if it is voice."""
        if voiced is None:
            return
        self._voiced.append(voiced)
        if len(self._voiced) % _WORD == 0 and self._left:
            self.words.append(Heard(self._left.pop(0), round(self._voiced[-_WORD] - STEP, 3), round(voiced, 3)))

    async def take(self, ended: bool) -> list[Heard]:
        if ended:
            self._say_rest()
            if not self._same:
                script = self._stage.script
                script[:1] = [] if len(script) > 1 else [""]
        words, self.words = self.words, []
        return words

    def forget(self) -> None:
        self.words, self._left = [], []

    def _say_rest(self) -> None:
        """Between the last word and the last voice."""
        rest = self._voiced[-(len(self._voiced) % _WORD or 1) :]
        self.words += _spread(self._left, rest[0] - STEP, rest[-1])
        self._left = []


class _Recognised:
    """Words of pocketsphinx with its stock model of English; it is started when there is something to recognise."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._decoder: Decoder | None = None
        self.forget()

    def begin(self, _: bool) -> None:
        self.forget()

    def forget(self) -> None:
        self.words: list[Heard] = []
        self._pcm, self._given, self._steps = bytearray(), 0, 0
        self._voiced: list[float] = []
        self._resampler = soxr.ResampleStream(self._rate, SPEECH_RATE, 1, "int16")

    async def hear(self, step: bytes, voiced: float | None) -> None:
        self._pcm += self._resampler.resample_chunk(np.frombuffer(step, "<i2")).tobytes()
        self._steps += 1
        if voiced is not None:
            self._voiced.append(voiced)
        if self._steps % _LOOK == 0:
            begin, self._given = self._given, len(self._pcm)
            self.words = self._placed(await (await self._ready()).live(bytes(self._pcm), begin))

    async def take(self, _: bool) -> list[Heard]:
        text, _, _ = await (await self._ready()).whole(bytes(self._pcm))
        words = self._placed(text)
        self.forget()
        return words

    async def close(self) -> None:
        if self._decoder:
            await self._decoder.close()

    async def _ready(self) -> Decoder:
        if self._decoder is None:
            # Without sentences there is no model of a course to keep, so the folder is never used.
            self._decoder = Decoder(Vocabulary("en", (), (), ()), DiskCache(Path()), None)
            await self._decoder.start()
        return self._decoder

    def _placed(self, text: str) -> list[Heard]:
        return _spread(text.split(), self._voiced[0] - STEP, self._voiced[-1]) if self._voiced else []


def _spread(words: list[str], start: float, end: float) -> list[Heard]:
    """Words side by side from start to end."""
    each = (end - start) / max(len(words), 1)
    return [Heard(word, round(start + n * each, 3), round(start + (n + 1) * each, 3)) for n, word in enumerate(words)]

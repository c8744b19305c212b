"""A learner made of recordings, who may speak at any moment of a simulated class; what was said when is kept."""

from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, BYTES_A_SAMPLE, SOUND_RATE
from profai_cli.sound.clips import Clip
from profai_cli.sound.resample import FULL_SCALE, Resampler, to_int16

LOUDNESS: Final = 10 ** (-26 / 20)
"""RMS of what is said, of full scale: a learner half a metre from the microphone."""

AUDIBLE: Final = 10 ** (-50 / 20)
"""Samples weaker than this before the first and after the last stronger one are no part of what is said."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something to say: `pcm` is mono PCM16 at 48 kHz, audible from its first sample to its last."""

    words: str
    pcm: bytes

    @property
    def samples(self) -> int:
        """Its length."""
        return len(self.pcm) // BYTES_A_SAMPLE


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, from sample `begin` of the class (at 48 kHz) up to, not including, sample `end`."""

    words: str
    begin: int
    end: int


def utterance(words: str, pcm: bytes, rate: int) -> Utterance:
    """`pcm`, mono PCM16 at `rate` with a sound in it, as one says it into a microphone."""
    sound = Resampler(rate).process(np.frombuffer(pcm, "<i2"), last=True).astype(np.float32) / np.float32(FULL_SCALE)
    sound *= LOUDNESS / np.sqrt(np.mean(np.square(sound[np.abs(sound) > AUDIBLE])))
    audible = np.flatnonzero(np.abs(sound) > AUDIBLE)
    return Utterance(words, to_int16(sound[audible[0] : audible[-1] + 1]).tobytes())


class Mouth:
    """`clip` is for `simulated.SimulatedSound`; it never ends. `say` may be called from another thread."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self._waiting: SimpleQueue[tuple[Utterance, float]] = SimpleQueue()
        self._track = bytearray()
        self._read = 0

    def clip(self) -> Clip:
        """The stream of all that is said, and of the silence between."""
        return Clip(0.0, SOUND_RATE, self._next)

    def say(self, utterance: Utterance, wait: float = 0.0) -> None:
        """Say it now, or after what is being said, and after `wait` seconds of silence."""
        self._waiting.put((utterance, wait))

    def heard(self, begin: int, count: int) -> NDArray[np.int16]:
        """What the learner says in `count` samples from sample `begin` of the class on."""
        while len(self._track) < (begin + count) * BYTES_A_SAMPLE:
            self._go_on()
        return np.frombuffer(bytes(self._track[begin * BYTES_A_SAMPLE : (begin + count) * BYTES_A_SAMPLE]), "<i2")

    def _next(self, count: int) -> NDArray[np.int16]:
        self._read += count
        return self.heard(self._read - count, count)

    def _go_on(self) -> None:
        try:
            utterance, wait = self._waiting.get_nowait()
        except Empty:
            self._track += bytes(BLOCK * BYTES_A_SAMPLE)
            return
        self._track += bytes(round(wait * SOUND_RATE) * BYTES_A_SAMPLE)
        begin = len(self._track) // BYTES_A_SAMPLE
        self.said.append(Said(utterance.words, begin, begin + utterance.samples))
        self._track += utterance.pcm

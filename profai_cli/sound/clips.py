"""Recordings that stand for the microphone, read piece by piece while the class runs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.sound.resample import Resampler


@dataclass(frozen=True, slots=True)
class Clip:
    """A mono recording that enters at `at` seconds.

    read: called with a number of samples, returns at most that many as PCM16 of shape (n,) at `rate`
    samples a second; an empty array is the end.
    """

    at: float
    rate: int
    read: Callable[[int], NDArray[np.int16]]


class _Reader:
    """One clip at 48 kHz, of which it holds no more than a few blocks."""

    def __init__(self, clip: Clip) -> None:
        self._begin = round(clip.at * SOUND_RATE)
        self._piece = clip.rate // 50
        self._read = clip.read
        self._resampler = Resampler(clip.rate)
        self._ready = np.zeros(0, np.int16)
        self._at_end = False

    @property
    def ended(self) -> bool:
        return self._at_end and not len(self._ready)

    def add_to(self, mix: NDArray[np.int32], position: int) -> None:
        """Add what sounds in the block that begins at sample `position` of the class."""
        start = max(0, self._begin - position)
        if start >= len(mix):
            return
        wanted = len(mix) - start
        while len(self._ready) < wanted and not self._at_end:
            piece = self._read(self._piece)
            self._at_end = not len(piece)
            self._ready = np.concatenate([self._ready, self._resampler.process(piece, self._at_end)])
        sound, self._ready = self._ready[:wanted], self._ready[wanted:]
        mix[start : start + len(sound)] += sound


class Clips:
    """Several recordings, mixed into one stream at 48 kHz."""

    def __init__(self, clips: Iterable[Clip]) -> None:
        self._readers = [_Reader(clip) for clip in clips]
        self._position = 0
        self.ended = False
        """All recordings have been given in full. Stays False where there are none."""

    def close(self) -> None:
        """Free them. soxr complains on the terminal of what a thread still holds at the program's end."""
        self._readers = []

    def block(self) -> NDArray[np.int32]:
        """The next 480 samples, on the scale of PCM16 but not limited to it."""
        mix = np.zeros(BLOCK, np.int32)
        if self._readers:
            for reader in self._readers:
                reader.add_to(mix, self._position)
            self._readers = [reader for reader in self._readers if not reader.ended]
            self.ended = not self._readers
        self._position += BLOCK
        return mix

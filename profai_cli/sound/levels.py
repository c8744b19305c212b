"""How loud a block is, and how loud the room's noise."""

import math
from bisect import bisect_left, insort
from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCKS_A_SECOND

SILENCE_DBFS: Final = -120.0
"""The level that stands for digital silence."""

NOISE_BLOCKS: Final = 3 * BLOCKS_A_SECOND
"""The noise of the room is looked for in this time, which is longer than people speak without a gap."""

QUIETEST: Final = 10
"""So many blocks of that time may be quieter than the noise: gaps of 100 ms, and losses of the devices."""

_FULL_SCALE_POWER: Final = 32768.0**2


def power(block: NDArray[np.int16]) -> float:
    """Mean square of the samples; 1.0 is a square wave at full scale."""
    samples = block.astype(np.float64)
    return float(np.dot(samples, samples)) / len(samples) / _FULL_SCALE_POWER


def decibels(power: float) -> float:
    """A power in dBFS, at least -120."""
    return max(SILENCE_DBFS, 10 * math.log10(power)) if power > 0 else SILENCE_DBFS


def dbfs(block: NDArray[np.int16]) -> float:
    """RMS level of the block in dBFS."""
    return decibels(power(block))


class NoiseFloor:
    """The level of the room's noise, from the levels of the last blocks."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque()
        self._sorted: list[float] = []

    def step(self, level_dbfs: float) -> float:
        """Take the next block's level; returns the noise's in dBFS."""
        self._levels.append(level_dbfs)
        insort(self._sorted, level_dbfs)
        if len(self._levels) > NOISE_BLOCKS:
            del self._sorted[bisect_left(self._sorted, self._levels.popleft())]
        return self._sorted[: QUIETEST + 1][-1]

"""How loud a block is."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

SILENCE_DBFS: Final = -120.0
"""The level that stands for digital silence."""

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

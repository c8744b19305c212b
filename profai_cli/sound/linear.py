"""A second echo canceller, for the detector alone: linear, so that it never dims the learner.

AEC3's suppressor takes away, with the last of the echo, a part of whoever speaks at the same time. This filter only
subtracts what it expects of the echo, and says besides how much of it is likely to be left. It is the partitioned
frequency-domain Kalman filter: G. Enzner and P. Vary, "Frequency-domain adaptive Kalman filter for acoustic echo
control in hands-free telephones" (2006), in partitions as in F. Kuech, E. Mabande and G. Enzner, "State-space
architecture of the partitioned-block-based acoustic echo controller" (2014). The Kalman gain is the step size: large
while the echo's path is unknown, small while the learner speaks.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SPEECH_BLOCK

PARTS: Final = 25
"""Blocks of echo that the filter covers: 250 ms hold the delay of the devices and the room's early sound."""

UNKNOWN: Final = 0.03
"""Variance of a coefficient that nothing is known of, in the first part."""

FADING: Final = 10.0
"""Blocks after which that variance is down to 1/e: what comes later is weaker."""

PERSISTENCE: Final = 0.9995
"""What of the echo's path is the same a block later: it is another one after 10 s."""

QUICKNESS: Final = 0.5
"""Share of the newest block in the estimate of what is no echo: the learner must be known at once."""

WORSE: Final = 1.5
"""Power after the filter against before from which its path is wrong: an echo that now comes at another time is not
subtracted but added."""

MEMORY: Final = 0.9
"""What a block keeps of those two powers: a mean over 0.1 s, since a wrong path is soon half forgotten."""

SMALLEST: Final = 1e-9

Spectrum = NDArray[np.float32]


class LinearCanceller:
    """One call of `process` per block of 160 samples at 16 kHz."""

    def __init__(self) -> None:
        shape = (PARTS, SPEECH_BLOCK + 1)
        self._played = np.zeros(shape, np.complex64)
        self._path = np.zeros(shape, np.complex64)
        self._variance = np.zeros(shape, np.float32)
        self._near = np.zeros(SPEECH_BLOCK + 1, np.float32)
        self._recent = np.zeros(2 * SPEECH_BLOCK, np.float32)
        self._padded = np.zeros(2 * SPEECH_BLOCK, np.float32)
        self._before = self._after = 0.0
        self.echo = np.zeros(SPEECH_BLOCK, np.float32)
        """What of the last block is echo, as far as the filter knows."""
        self.rest: Spectrum = np.zeros(SPEECH_BLOCK + 1, np.float32)
        """Power spectrum of the last block without it, 161 bins, as `np.fft.rfft` of 320 scales it."""
        self.expected: Spectrum = np.zeros(SPEECH_BLOCK + 1, np.float32)
        """The part of `rest` that is likely to be echo nevertheless."""
        self.forget()

    def forget(self) -> None:
        """The echo comes another way from now on, or at another time."""
        self._path[:] = 0
        self._variance[:] = (UNKNOWN * np.exp(-np.arange(PARTS) / FADING))[:, np.newaxis]
        self._before = self._after = 0.0

    def process(self, near: NDArray[np.float32], far: NDArray[np.float32]) -> NDArray[np.float32]:
        """The microphone's block without the echo of `far`; shapes (160,), samples in [-1, 1), no delay."""
        self._recent = np.concatenate([self._recent[SPEECH_BLOCK:], far])
        self._played[1:] = self._played[:-1]
        self._played[0] = np.fft.rfft(self._recent)
        self.echo[:] = np.fft.irfft((self._played * self._path).sum(axis=0))[SPEECH_BLOCK:]
        cleaned = near - self.echo
        self._padded[SPEECH_BLOCK:] = cleaned
        self._adapt(np.fft.rfft(self._padded).astype(np.complex64))
        self._check(near, cleaned)
        return cleaned

    def _adapt(self, error: NDArray[np.complex64]) -> None:
        """Kalman's step. A half of each transform's 320 samples is zeros or overlap, which halves the powers."""
        self.rest = _power(error)
        spread = _power(self._played) * self._variance
        self.expected = spread.sum(axis=0) / 2
        self._near += np.float32(QUICKNESS) * (self.rest - self._near)
        whole = self.expected + self._near + SMALLEST
        step = np.fft.irfft(self._variance / whole * np.conj(self._played) * error, axis=1)
        step[:, SPEECH_BLOCK:] = 0  # the path of a part is no longer than a block
        self._path += np.fft.rfft(step, axis=1)
        self._path *= np.float32(PERSISTENCE)
        certain = 1 - spread / whole / 4  # 1/2 by the theory; so the path of a voice's few tones was found sooner
        self._variance *= np.float32(PERSISTENCE**2) * certain
        self._variance += np.float32(1 - PERSISTENCE**2) * _power(self._path)

    def _check(self, near: NDArray[np.float32], cleaned: NDArray[np.float32]) -> None:
        """Begin anew where the filter makes the microphone louder."""
        self._before = MEMORY * self._before + float(near @ near)
        self._after = MEMORY * self._after + float(cleaned @ cleaned)
        if self._after > WORSE * self._before + SMALLEST:
            self.forget()


def _power(spectrum: NDArray[np.complex64]) -> Spectrum:
    power: Spectrum = spectrum.real**2 + spectrum.imag**2
    return power

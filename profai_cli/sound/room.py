"""A room as a filter: what a microphone hears of a speaker, given the impulse response between them.

Partitioned convolution (uniformly partitioned overlap-save, Gardner 1995): the response is cut into
blocks, and the spectra of the last blocks played are kept, so that a block costs one short transform and
the first samples of the echo come within the block itself.
"""

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK


class Room:
    """An impulse response at 48 kHz, floats of shape (n,), applied to a stream block by block."""

    def __init__(self, response: NDArray[np.float32]) -> None:
        parts = max(1, -(-len(response) // BLOCK))
        padded = np.zeros(parts * BLOCK)
        padded[: len(response)] = response
        self._response = np.fft.rfft(padded.reshape(parts, BLOCK), 2 * BLOCK, axis=1)
        self._played = np.zeros_like(self._response)
        self._recent = np.zeros(2 * BLOCK)

    def echo(self, far: NDArray[np.int16]) -> NDArray[np.float64]:
        """What arrives while `far`, shape (480,), is played: 480 samples on the same scale."""
        self._recent[:BLOCK] = self._recent[BLOCK:]
        self._recent[BLOCK:] = far
        self._played = np.roll(self._played, 1, axis=0)
        self._played[0] = np.fft.rfft(self._recent)
        heard: NDArray[np.float64] = np.fft.irfft((self._played * self._response).sum(axis=0))
        return heard[BLOCK:]

"""From one sample rate to another, piece by piece, with no seam between the pieces."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, SOUND_RATE, SPEECH_RATE

FULL_SCALE: Final = 32768.0


def to_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Round samples in [-1, 1) to PCM16, limited to full scale. Without dither: silence stays silence."""
    scaled = samples * np.float32(FULL_SCALE)
    np.rint(scaled, out=scaled)
    np.minimum(scaled, 32767, out=scaled)  # `np.clip` takes three times as long
    np.maximum(scaled, -32768, out=scaled)
    return scaled.astype(np.int16)


class Resampler:
    """A stream of mono samples at `rate`, to 48 kHz. The first sample out belongs to the first one in.

    soxr holds back up to 40 ms at the quality HQ until more comes or `last` is said. It is fed with
    floats because it dithers integers, which would make digital silence noisy.
    """

    def __init__(self, rate: int) -> None:
        import soxr  # noqa: PLC0415 - 60 ms that `profai --help` must not pay

        self.rate = rate
        self._stream = soxr.ResampleStream(rate, SOUND_RATE, 1, dtype="float32", quality="HQ")

    def process(self, samples: NDArray[np.int16], last: bool = False) -> NDArray[np.int16]:
        """The samples at 48 kHz that are ready; after `last` the stream is used up."""
        if self.rate == SOUND_RATE:
            return samples
        floats = samples.astype(np.float32) / np.float32(FULL_SCALE)
        return to_int16(self._stream.resample_chunk(floats, last=last))


class Decimator:
    """Streams at 48 kHz, block by block, to 16 kHz: 160 samples out for each 480 in, 2 ms late.

    A plain filter of 193 taps (Kaiser's window; passes up to 6.8 kHz, stops from 8 kHz, -80 dB). soxr would
    hold back 10 to 20 ms and give blocks of uneven length.
    """

    TAPS: Final = 193
    CUTOFF: Final = 7_400
    BETA: Final = 8.0
    TOGETHER: Final = 16
    """Samples that one row of the matrix product makes: a quarter of the time of one after the other."""

    def __init__(self, streams: int = 1) -> None:
        at = np.arange(self.TAPS) - self.TAPS // 2
        taps = np.sinc(2 * self.CUTOFF / SOUND_RATE * at) * np.kaiser(self.TAPS, self.BETA)
        step = SOUND_RATE // SPEECH_RATE
        self._taps = np.zeros((self.TAPS + step * (self.TOGETHER - 1), self.TOGETHER), np.float32)
        for number in range(self.TOGETHER):
            self._taps[step * number : step * number + self.TAPS, number] = taps / taps.sum()
        self._samples = np.zeros((streams, self.TAPS - 1 + BLOCK), np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(self._samples, len(self._taps), axis=1)
        self._windows = windows[:, :: step * self.TOGETHER]  # made once: that takes longer than to use them

    def process(self, *blocks: NDArray[np.int16]) -> NDArray[np.float32]:
        """The next 160 samples of each stream, shape (streams, 160), in [-1, 1)."""
        self._samples[:, :-BLOCK] = self._samples[:, BLOCK:]
        for samples, block in zip(self._samples, blocks, strict=True):
            np.multiply(block, np.float32(1 / FULL_SCALE), out=samples[-BLOCK:])
        decimated: NDArray[np.float32] = self._windows.reshape(-1, len(self._taps)) @ self._taps
        return decimated.reshape(len(blocks), -1)


def at_sound_rate(response: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """An impulse response, floats of shape (n,), sampled at 48 kHz: the same filter on denser samples."""
    import soxr  # noqa: PLC0415 - as above

    if rate == SOUND_RATE:
        return response
    resampled: NDArray[np.float32] = soxr.resample(response, rate, SOUND_RATE)
    return resampled * np.float32(rate / SOUND_RATE)

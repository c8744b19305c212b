"""Blocks of 10 ms from one sample rate to another, for devices that refuse 48 kHz."""

from collections.abc import Iterator

import numpy as np

from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.sound.blocks import Samples
from profai_cli.sound.resample import FULL_SCALE, to_int16


class Converter:
    """Takes mono blocks at `source` and gives whole blocks of 10 ms at `target`, as they fill.

    soxr's low quality is -122 dB here and holds back less (facts: 0.5 ms from 44.1 kHz) than the high one,
    which would make the tutor stop later. Fed with floats, because soxr dithers integers.
    """

    def __init__(self, source: int, target: int) -> None:
        import soxr  # noqa: PLC0415 - few devices need it

        self._size = target // BLOCKS_A_SECOND
        self._stream = soxr.ResampleStream(source, target, 1, dtype="float32", quality="LQ")
        self._rest = np.zeros(0, np.int16)

    def feed(self, block: Samples) -> Iterator[Samples]:
        """The blocks that this one completes; mostly one."""
        floats = block.astype(np.float32) / np.float32(FULL_SCALE)
        rest = np.concatenate([self._rest, to_int16(self._stream.resample_chunk(floats))])
        whole = len(rest) - len(rest) % self._size
        self._rest = rest[whole:]
        return iter(rest[:whole].reshape(-1, self._size))

    @property
    def held(self) -> int:
        """Samples at `target` that came in and have not come out."""
        return len(self._rest) + round(float(self._stream.delay()))

"""Where captured blocks come from: a device, or a clock that stands for one that is missing."""

import time
from collections import deque
from collections.abc import Callable
from typing import Final

import numpy as np

from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND, SOUND_RATE
from profai_cli.sound.blocks import Samples, Wake
from profai_cli.sound.convert import Converter
from profai_cli.sound.devices import Device
from profai_cli.sound.endpoint import Endpoint
from profai_cli.sound.streams import Buffer, Flags, Times

_KEPT: Final = 200
"""Blocks (2 s) kept for a worker that is late; what comes after that is lost and counted."""


SUSPENDED: Final = 1.0
"""Seconds: a clock of blocks that is later than this was not slow, but stood still."""


class Microphone(Endpoint):
    """A capture stream. Its callback keeps a copy of the block and wakes the worker; all else the worker does."""

    kind = "microphone"

    def __init__(self, device: Device, wake: Wake, rates: tuple[int, ...] = ()) -> None:
        super().__init__(device, self._callback, rates)
        self._wake = wake
        rate = round(self._stream.samplerate)
        self._channels = self._stream.channels
        self._raw: deque[bytes] = deque()
        self.gathered = 1
        """Blocks that must have come to wake the worker (worker)."""
        self._converter = None if rate == SOUND_RATE else Converter(rate, SOUND_RATE)
        self._ready: deque[Samples] = deque()

    def _callback(self, data: Buffer, _frames: int, _times: Times, status: Flags) -> None:
        if status.input_overflow or len(self._raw) >= _KEPT:
            self.faults += 1
        else:
            self._raw.append(data[:])
        self.blocks += 1
        if len(self._raw) >= self.gathered:
            self._wake.call()

    def join(self) -> None:
        """Forget what came so far (worker)."""
        self._raw.clear()

    @property
    def waiting(self) -> int:
        """Blocks that can be taken."""
        while self._raw:
            block = np.frombuffer(self._raw.popleft(), np.int16)
            if self._channels > 1:
                block = block.reshape(-1, self._channels).mean(axis=1).astype(np.int16)
            self._ready.extend([block] if self._converter is None else self._converter.feed(block))
        return len(self._ready)

    def take(self) -> Samples:
        """The oldest block: 480 samples, mono, 48 kHz. Only where `waiting` says that there is one."""
        return self._ready.popleft()


class Clock:
    """A microphone that is not there: a block of silence for every 10 ms since it was first looked at, but none for
    time in which the process was suspended.

    now: seconds on any clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._begin: float | None = None
        self._taken = 0

    @property
    def waiting(self) -> int:
        """Blocks that can be taken."""
        now = self._now()
        if self._begin is None:
            self._begin = now
        late = now - self._begin - self._taken / BLOCKS_A_SECOND
        if late > SUSPENDED:
            self._begin += late
        return int((now - self._begin) * BLOCKS_A_SECOND) - self._taken

    def take(self) -> Samples:
        """480 samples of silence."""
        self._taken += 1
        return np.zeros(BLOCK, np.int16)

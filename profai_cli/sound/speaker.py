"""Where the voice goes: a device at 48 kHz, a device that refuses 48 kHz, or nowhere."""

import time
from collections import deque
from typing import Final

import numpy as np

from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND, SOUND_RATE
from profai_cli.sound.blocks import Samples, Wake
from profai_cli.sound.convert import Converter
from profai_cli.sound.devices import Device
from profai_cli.sound.endpoint import Endpoint
from profai_cli.sound.streams import Buffer, Flags, Times
from profai_cli.sound.tap import Tap

_LONGEST: Final = 1.0
"""Seconds; a device that claims a longer delay than this does not know its delay."""


_AT_ONCE: Final = 0.005
"""Seconds; blocks that are asked for within less are asked for together: six of them, with 200 ms of buffer."""


_FEW: Final = 0.1
"""Share of blocks; of those of a device that asks for two at once, half come together."""


class Speaker(Endpoint):
    """A playback stream, silent until it is joined. Its callback renders the voice into the device's block, by way of
    a converter where the device refuses 48 kHz: nothing that was made ahead can run short when a device with a long
    buffer asks for many blocks at once. Converting a block took 13 microseconds, at worst 60.
    """

    kind = "speaker"

    def __init__(self, device: Device, tap: Tap, wake: Wake, rates: tuple[int, ...] = ()) -> None:
        super().__init__(device, self._callback, rates)
        self._tap = tap
        self._wake = wake
        self._rate = round(self._stream.samplerate)
        self._block = np.zeros(BLOCK, np.int16)
        self._out = np.zeros((self._stream.blocksize, self._stream.channels), np.int16)
        self._bytes = self._out.data.cast("B")
        self._silence = memoryview(bytes(self._bytes.nbytes))
        self._converter = None if self._rate == SOUND_RATE else Converter(SOUND_RATE, self._rate)
        self._ready: deque[Samples] = deque()
        self._delay = self._stream.latency
        self._asked = time.monotonic()
        self._interval = 0.0
        self._together = 0.0
        self._joined = False

    def join(self) -> None:
        """Let the voice out here from now on, and nowhere else (worker)."""
        self._joined = True

    def desert(self) -> None:
        """Should a device that stopped wake up, it gets silence and does not drain the player (worker)."""
        self._joined = False

    def _callback(self, out: Buffer, _frames: int, times: Times, status: Flags) -> None:
        self.blocks += 1
        delay = times.outputBufferDacTime - times.currentTime
        if 0 < delay < _LONGEST:
            self._delay = delay
        now = time.monotonic()
        together = now - self._asked <= _AT_ONCE
        self._together += (together - self._together) / BLOCKS_A_SECOND
        if not together:
            self._interval = min(now - self._asked, self._delay)
        self._asked = now
        if not self._joined:
            out[:] = self._silence
            return
        self._out[:] = self._next()[:, None]
        out[:] = self._bytes
        if status.output_underflow:
            self.faults += 1
        if self._tap.awaited:
            self._wake.call()

    def _next(self) -> Samples:
        if self._converter is None:
            self._tap.render(self._block)
            return self._block
        while not self._ready:
            self._tap.render(self._block)
            self._ready.extend(self._converter.feed(self._block))
        return self._ready.popleft()

    @property
    def steady(self) -> bool:
        """Blocks are asked for one by one, but for a few of the last second's."""
        return self._together < _FEW

    @property
    def lag(self) -> int:
        """Samples at 48 kHz that were rendered and have not left the speaker.

        Since a block was last asked for, the speaker has played on, but at most until it should have asked again: a
        device that has died plays nothing.
        """
        since = min(time.monotonic() - self._asked, self._interval)
        held = self._converter.held if self._converter else 0
        return BLOCK + round((self._delay - since + held / self._rate) * SOUND_RATE)

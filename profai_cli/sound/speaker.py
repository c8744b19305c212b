"""Where the voice goes: a device at 48 kHz, a device that refuses 48 kHz, or nowhere."""

from typing import Final

import numpy as np

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.sound.blocks import Blocks, Samples, Wake
from profai_cli.sound.convert import Converter
from profai_cli.sound.devices import Device
from profai_cli.sound.streams import Flags, Times, open_stream
from profai_cli.sound.tap import Tap

AHEAD: Final = 3
"""Blocks that wait in front of a device that refuses 48 kHz: it often asks for some at once."""

_LONGEST: Final = 1.0
"""Seconds; a device that claims a longer delay than this does not know its delay."""


class Speaker:
    """A playback stream. At 48 kHz its callback renders the voice straight into the device's block; at any
    other rate the worker renders and converts ahead, and the callback copies.

    blocks: how many went out; a figure that stands still tells of a dead device. faults: underflows and
    shortages, counted.
    """

    def __init__(self, device: Device, tap: Tap, wake: Wake, rates: tuple[int, ...] = ()) -> None:
        self.name = device.name
        self.blocks = 0
        self.faults = 0
        self._tap = tap
        self._wake = wake
        self._stream = open_stream("speaker", device, self._callback, rates)
        self._rate, size = round(self._stream.samplerate), self._stream.blocksize
        self._block = np.zeros(size, np.int16)  # the callback's
        self._rendered = np.zeros(BLOCK, np.int16)  # the worker's
        self._ahead = Blocks(2 * AHEAD + 2, size)
        self._converter = None if self._rate == SOUND_RATE else Converter(SOUND_RATE, self._rate)
        self._delay = self._stream.latency
        self._deserted = False
        self.feed()

    def start(self) -> None:
        """Let the voice out; the worker should run already. Raises sounddevice.PortAudioError."""
        self._stream.start()

    def close(self) -> None:
        """Free the device; what it still holds is not played."""
        self._stream.close()

    def desert(self) -> None:
        """The device stopped: should it wake up, it gets silence and no longer drains the player."""
        self._deserted = True

    def _callback(self, out: Samples, _frames: int, times: Times, status: Flags) -> None:
        if self._deserted:
            out[:] = 0
            return
        starved = False
        if self._converter is None:
            self._tap.render(self._block)
        elif not self._ahead.take(self._block):
            starved = True
            self._block[:] = 0
        out[:] = self._block[:, None]
        if starved or status.output_underflow:
            self.faults += 1
        delay = times.outputBufferDacTime - times.currentTime
        if 0 < delay < _LONGEST:
            self._delay = delay
        self.blocks += 1
        self._wake.call()

    def feed(self) -> None:
        """Keep a device that refuses 48 kHz supplied (worker)."""
        while self._converter is not None and len(self._ahead) < AHEAD and not self._deserted:
            self._tap.render(self._rendered)
            for block in self._converter.feed(self._rendered):
                self._ahead.put(block)

    @property
    def lag(self) -> int:
        """Samples at 48 kHz that were rendered and have not left the speaker, when a block was just asked
        for; up to a block too many afterwards."""
        lag = BLOCK + round(self._delay * SOUND_RATE)
        if self._converter is not None:
            behind = len(self._ahead) * len(self._block) + self._converter.held
            lag += round(behind * SOUND_RATE / self._rate)
        return lag

"""What a microphone and a speaker have in common: an open device, and signs of its life for other threads."""

from collections.abc import Callable
from typing import ClassVar

from profai_cli.sound.devices import Device, Kind
from profai_cli.sound.streams import open_stream


class Endpoint:
    """One open device.

    blocks: how many came or went; a figure that stands still tells of a dead device. faults: under- and overflows,
    counted. dead: it has ended by itself, or nothing could replace it. closing: it is ended on purpose.
    """

    kind: ClassVar[Kind]

    def __init__(self, device: Device, callback: Callable[..., None], rates: tuple[int, ...]) -> None:
        """Open it: see `open_stream`. Raises DeviceError."""
        self.name = device.name
        self.blocks = 0
        self.faults = 0
        self.dead = False
        self.closing = False
        self._stream = open_stream(self.kind, device, callback, self._finished, rates)

    def start(self) -> None:
        """Let blocks flow. Raises sounddevice.PortAudioError."""
        self._stream.start()

    def close(self) -> None:
        """Free the device; what it still holds is lost. Waits for as long as a sound server is stalled."""
        self.closing = True
        self._stream.close()

    def _finished(self) -> None:
        """No block will come any more: PortAudio notices at once where a sound server ends."""
        self.dead = not self.closing

"""Running real devices for a test that ends by itself."""

import signal
import time
from collections.abc import Callable
from threading import Event
from typing import Final, Protocol

from profai_cli.errors import DeviceError
from profai_cli.ports import DeviceChange, Frame, Sound

PATIENCE: Final = 5.0
"""Seconds by which a test may take longer than its sound."""

LOOK: Final = 0.1
"""Seconds between two looks."""


class Listener(Protocol):
    """What is done with the frames, until it is `done`."""

    @property
    def done(self) -> Event:
        """Set when all was played and heard."""

    @property
    def seconds(self) -> float:
        """How long it takes."""

    def __call__(self, frame: Frame) -> None:
        """Take a frame, in the sound's own thread."""


def attend(sound: Sound, test: Listener, look: Callable[[], None] = lambda: None) -> None:
    """Run the sound until the test is done, and look now and then.

    Raises DeviceError where a device is lost, or keeps the sound waiting, and KeyboardInterrupt after Ctrl-C, which is
    seen between two looks alone: it must not come into the middle of a start of devices.
    """
    lost: list[DeviceChange] = []
    stops: list[int] = []
    sound.on_device = lost.append
    before = signal.signal(signal.SIGINT, lambda number, _frame: stops.append(number))
    try:
        sound.start(test)
        end = time.monotonic() + test.seconds + PATIENCE
        while not test.done.wait(LOOK):
            look()
            if stops:
                raise KeyboardInterrupt
            if lost:
                raise DeviceError(lost[0].trouble)
            if time.monotonic() > end:
                raise DeviceError("The sound devices are too slow: unplug and plug them, or restart the sound server.")
    finally:
        signal.signal(signal.SIGINT, before)

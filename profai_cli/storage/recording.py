"""What learner and tutor say in a class, as stereo FLAC, written while it runs in a thread of its own.

The disk's delay is none of the class's. Left is the microphone as it hears, with the tutor's echo where there is one;
right is what the speaker is given, as much later as the devices say that it is heard (`Frame.lead`). So both channels
have one time, that of the events: on PulseAudio within 10 ms, from the second second on.
"""

from array import array
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Final

from profai_cli.errors import SoundFileError
from profai_cli.pcm import BLOCK, BYTES_A_SAMPLE, SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.storage.flac import FlacWriter

PATIENCE: Final = 10.0
"""Seconds for what waits at the end: a disk that hangs must not keep the class from ending."""


class ClassRecording:
    """Takes the frames of a class. A microphone that is muted is silent in them, and so it is here.

    tell: told once, by the recording's own thread, why nothing more is recorded; the file stays valid. Raises
    SoundFileError where it cannot be made.
    """

    def __init__(self, path: Path, tell: Callable[[SoundFileError], None]) -> None:
        self._writer = FlacWriter(path, SOUND_RATE, channels=2)
        self._tell = tell
        self._frames: SimpleQueue[Frame | None] = SimpleQueue()
        self._thread = Thread(target=self._write, name="recording", daemon=True)
        self._thread.start()

    def watch(self, frame: Frame) -> None:
        """Take one frame; never waits."""
        self._frames.put(frame)

    def close(self) -> None:
        """Write what waits and close the file. Idempotent."""
        self._frames.put(None)
        self._thread.join(PATIENCE)

    def _write(self) -> None:
        both = array("h", bytes(2 * BLOCK * BYTES_A_SAMPLE))
        speaker = Delay()
        while frame := self._frames.get():
            both[0::2], both[1::2] = array("h", frame.near), array("h", speaker.step(frame.far, frame.lead))
            self._attempt(lambda: self._writer.write(both.tobytes()))
        self._attempt(self._writer.close)

    def _attempt(self, write: Callable[[], None]) -> None:
        try:
            write()
        except SoundFileError as error:  # once, after which the writer takes everything and keeps nothing
            self._tell(error)


class Delay:
    """Gives PCM16 back some samples later, block by block."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def step(self, block: bytes, samples: int) -> bytes:
        """A block in, and one of the same length out, from `samples` ago.

        A longer delay begins with silence, a shorter one with a gap: what waits already keeps its time.
        """
        silence = samples * BYTES_A_SAMPLE - len(self._waiting)
        if silence < 0:
            del self._waiting[silence:]
        else:
            self._waiting += bytes(silence)
        self._waiting += block
        out = bytes(self._waiting[: len(block)])
        del self._waiting[: len(block)]
        return out

"""What learner and tutor say in a class, as a stereo WAV, written while it runs in a thread of its own.

The disk's delay is none of the class's. Both channels have the blocks that the echo canceller is given: left the
microphone as it hears, with the tutor's echo where there is one, right what the speaker is given at that time. On a
sound card the right channel is therefore ahead of the left one by the delay of the two devices.
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
from profai_cli.storage.wav import WavWriter

PATIENCE: Final = 10.0
"""Seconds for what waits at the end: a disk that hangs must not keep the class from ending."""


class ClassRecording:
    """Takes the frames of a class. A microphone that is muted is silent in them, and so it is here.

    tell: told once, by the recording's own thread, why nothing more is recorded; the file stays valid. Raises
    SoundFileError where it cannot be made.
    """

    def __init__(self, path: Path, tell: Callable[[SoundFileError], None]) -> None:
        self._writer = WavWriter(path, SOUND_RATE, channels=2)
        self._tell = tell
        self._blocks: SimpleQueue[tuple[bytes, bytes] | None] = SimpleQueue()
        self._thread = Thread(target=self._write, name="recording", daemon=True)
        self._thread.start()

    def watch(self, frame: Frame) -> None:
        """Take one frame; never waits."""
        self._blocks.put((frame.near, frame.far))

    def close(self) -> None:
        """Write what waits and close the file. Idempotent."""
        self._blocks.put(None)
        self._thread.join(PATIENCE)

    def _write(self) -> None:
        both = array("h", bytes(2 * BLOCK * BYTES_A_SAMPLE))
        while block := self._blocks.get():
            both[0::2], both[1::2] = array("h", block[0]), array("h", block[1])
            self._attempt(lambda: self._writer.write(both.tobytes()))
        self._attempt(self._writer.close)

    def _attempt(self, write: Callable[[], None]) -> None:
        try:
            write()
        except SoundFileError as error:  # once, after which the writer takes everything and keeps nothing
            self._tell(error)

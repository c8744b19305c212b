"""A microphone and a speaker made of files or of nothing, on the samples' clock or in real time.

The model: block k of the speaker leaves in the same 10 ms in which block k of the microphone is captured.
So the echo of a block can already be in the microphone's block of the same number, and what the path
decides from block k acts on block k + 1.
"""

import threading
import time
import traceback
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND
from profai_cli.ports import DeviceChange, Frame
from profai_cli.settings import Sensitivity
from profai_cli.sound.clips import Clip, Clips
from profai_cli.sound.microphone import SUSPENDED
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.resample import at_sound_rate
from profai_cli.sound.room import Room

__all__ = ["Clip", "SimulatedSound", "Speaker"]

Speaker = Callable[[NDArray[np.int16]], None]
"""Takes each block that leaves the speaker: 480 samples at 48 kHz. The array is used again: copy it."""


class SimulatedSound:
    """A `ports.Sound` without devices.

    clips: what the learner says; after the last one the microphone is silent and frames say input_ended
    (never without clips: a microphone that is missing does not end).
    speaker: takes what the tutor says. room: impulse response from speaker to microphone at `room_rate`,
    floats of shape (n,); with it the microphone hears the tutor too.
    """

    def __init__(
        self,
        clips: Iterable[Clip] = (),
        *,
        speaker: Speaker | None = None,
        room: NDArray[np.float32] | None = None,
        room_rate: int = 48_000,
        cancel_echo: bool = True,
        listening: bool = True,
        sensitivity: Sensitivity = "normal",
        microphone_name: str = "",
        speaker_name: str = "",
    ) -> None:
        self.on_device: Callable[[DeviceChange], None] = lambda _change: None  # nothing can be lost
        self.on_fault: Callable[[Exception], None] = traceback.print_exception
        self.player = VoicePlayer()
        self.microphone = microphone_name
        self.speaker = speaker_name
        self.hears = bool(microphone_name)
        self._clips = Clips(clips)
        self._leave = speaker
        self._room = None if room is None else Room(at_sound_rate(room, room_rate))
        self._path = SoundPath(self.player, cancel_echo=cancel_echo, listening=listening, sensitivity=sensitivity)
        self._far = np.zeros(BLOCK, np.int16)
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()

    def mute(self, muted: bool) -> None:
        """See `ports.Sound`."""
        self._path.muted = muted

    def rest(self) -> None:
        """Nothing: there is no device, and time in which the process was suspended is none of the class's."""

    def wake(self) -> None:
        """Nothing, as above."""

    def step(self) -> Frame:
        """Run one block now. Raises RuntimeError after `start`, whose thread steps then."""
        if self._thread is not None:
            raise RuntimeError("the sound runs in real time and cannot be stepped")
        return self._step()

    def start(self, sink: Callable[[Frame], None]) -> None:
        """Run in real time: call `sink` for every block, from a thread of its own."""
        if self._thread is not None:
            raise RuntimeError("the sound runs already")
        self._thread = threading.Thread(target=self._run, args=(sink,), name="sound", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop. Idempotent; from within the sink it does not wait for the last block."""
        self._closing.set()
        if self._thread is threading.current_thread():
            return
        if self._thread is not None:
            self._thread.join()
        self._clips.close()

    def _step(self) -> Frame:
        self.player.render(self._far)
        if self._leave is not None:
            self._leave(self._far)
        ended = self._clips.ended
        sound = self._clips.block()
        near = sound if self._room is None else np.rint(sound + self._room.echo(self._far))
        return self._path.process(
            np.clip(near, -32768, 32767).astype(np.int16),
            self._far,
            played=self.player.rendered,
            input_ended=ended,
        )

    def _run(self, sink: Callable[[Frame], None]) -> None:
        """Step whenever a block's time is over; blocks that are late follow at once, but none for time in which the
        process was suspended."""
        begin = time.monotonic()
        blocks = 0
        while not self._closing.is_set():
            blocks += 1
            early = begin + blocks / BLOCKS_A_SECOND - time.monotonic()
            if early < -SUSPENDED:
                begin -= early
            if early > 0 and self._closing.wait(early):
                return
            try:
                sink(self._step())
            except Exception as fault:  # noqa: BLE001 - handed to the thread that can end the class with it
                self.on_fault(fault)
                return

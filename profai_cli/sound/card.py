"""The sound card: microphone and speaker of this machine, in real time.

Capture and playback are separate streams (a duplex stream fails or falls behind on Linux) whose callbacks
only copy. One worker thread, woken by them, does the work.
"""

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import NoReturn, TypeVar

from profai_cli.errors import DeviceError
from profai_cli.ports import Frame
from profai_cli.settings import Sensitivity
from profai_cli.sound import portaudio
from profai_cli.sound.blocks import Wake
from profai_cli.sound.devices import Device, Kind, find, pick
from profai_cli.sound.microphone import Microphone
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.speaker import Speaker
from profai_cli.sound.tap import Tap
from profai_cli.sound.worker import Worker

Opened = TypeVar("Opened", Microphone, Speaker)


class SoundCard:
    """A `ports.Sound` on real devices.

    on_lost: set it before `start` to be told, in a sentence and from the worker thread, that a default
    device cannot be opened or that a device has stopped. The class goes on without it: with a silent
    microphone, or unheard.
    """

    def __init__(
        self,
        *,
        microphone: str | None = None,
        speaker: str | None = None,
        cancel_echo: bool = True,
        listening: bool = True,
        sensitivity: Sensitivity = "normal",
    ) -> None:
        """Open the devices, each given by number or part of its name, or the system's default where None.

        Without `listening` no microphone is opened. A default device that is missing or refuses is done
        without. Raises DeviceError where a wanted one cannot be used, where there is none at all, and where
        PortAudio is missing.
        """
        self.on_lost: Callable[[str], None] = lambda _sentence: None
        self._player = VoicePlayer()
        self._thread: threading.Thread | None = None
        self._troubles: list[str] = []
        self._opened = ExitStack()
        self._wake = Wake()
        tap = Tap(self._player)
        choices = find()
        self._speaker = self._open("speaker", speaker, choices, lambda device: Speaker(device, tap, self._wake))
        self._microphone: Microphone | None = None
        if listening:
            try:
                self._microphone = self._open(
                    "microphone", microphone, choices, lambda device: Microphone(device, self._wake)
                )
            except DeviceError:
                self.close()
                raise
        if not (self._speaker or self._microphone):
            raise DeviceError((self._troubles or ["No sound device was found: plug one in."])[0])
        path = SoundPath(
            self._player,
            cancel_echo=cancel_echo and self._speaker is not None,
            listening=self._microphone is not None,
            sensitivity=sensitivity,
        )
        self._worker = Worker(self._microphone, self._speaker, tap, path, self._wake)

    def _open(
        self, kind: Kind, wanted: str | None, choices: tuple[Device, ...], make: Callable[[Device], Opened]
    ) -> Opened | None:
        device = pick(kind, wanted, choices)
        if device is None:
            return None
        try:
            opened = make(device)
        except DeviceError as error:
            if wanted is not None:
                raise
            self._troubles.append(str(error))
            return None
        self._opened.callback(opened.close)
        return opened

    @property
    def player(self) -> VoicePlayer:
        """The one voice."""
        return self._player

    @property
    def microphone(self) -> str:
        """Name for the learner; empty where there is none."""
        return self._microphone.name if self._microphone else ""

    @property
    def speaker(self) -> str:
        """Name for the learner; empty where there is none."""
        return self._speaker.name if self._speaker else ""

    def start(self, sink: Callable[[Frame], None]) -> None:
        """Call `sink` for every block of 10 ms, from the worker thread, until `close`. Raises DeviceError."""
        sounddevice = portaudio.load()
        self._thread = threading.Thread(target=self._run, args=(sink,), name="audio worker", daemon=True)
        self._thread.start()
        try:
            if self._speaker:
                self._speaker.start()  # first: no captured block shall wait for what was played
            if self._microphone:
                self._microphone.start()
        except sounddevice.PortAudioError as error:
            self.close()
            raise DeviceError(
                f"The sound card does not start ({error}): choose another device (`profai devices` lists them)."
            ) from error

    def _run(self, sink: Callable[[Frame], None]) -> None:
        for trouble in self._troubles:
            self.on_lost(trouble)
        self._worker.run(sink, self.on_lost)

    def step(self) -> NoReturn:
        """Raise RuntimeError: real devices run in real time."""
        raise RuntimeError("a sound card has no samples' clock")

    def close(self) -> None:
        """Stop and free the devices. Idempotent; not to be called from the sink."""
        if self._thread:
            self._worker.stop()
            self._thread.join()
            self._thread = None
        self._opened.close()

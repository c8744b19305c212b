"""The sound card: microphone and speaker of this machine, in real time.

Capture and playback are separate streams (a duplex stream fails or falls behind on Linux) whose callbacks
only copy. One worker thread, woken by them, does the work; another one replaces devices that are lost.
"""

import threading
import traceback
from collections.abc import Callable, Collection
from typing import NoReturn

from profai_cli.errors import DeviceError
from profai_cli.ports import DeviceChange, Frame
from profai_cli.settings import Sensitivity
from profai_cli.sound import portaudio
from profai_cli.sound.blocks import Wake
from profai_cli.sound.devices import Device, Kind
from profai_cli.sound.keeper import Keeper
from profai_cli.sound.microphone import Microphone
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.speaker import Speaker
from profai_cli.sound.tap import Tap
from profai_cli.sound.worker import Worker


class SoundCard:
    """A `ports.Sound` on real devices.

    A device that is lost is replaced as soon as it is back, or, where the system's default was opened, another one
    is the default. Until then the class runs with a silent microphone, or unheard.

    troubles: sentences about default devices that could not be opened at the begin, by kind; they are done without.
    replaced: the names that were given up for the default, by kind.
    """

    def __init__(
        self,
        *,
        microphone: str | None = None,
        speaker: str | None = None,
        replaceable: Collection[Kind] = (),
        cancel_echo: bool = True,
        listening: bool = True,
        sensitivity: Sensitivity = "normal",
        patient: bool = False,
    ) -> None:
        """Open the devices, each given by number or part of its name, or the system's default where None.

        replaceable: kinds whose default takes the place of a named device that is missing or refuses.
        Without `listening` no microphone is opened. A default device that is missing or refuses is done
        without; a `patient` card tells `on_device` of it when it starts, and uses it as soon as it is there. Raises
        DeviceError where a wanted one cannot be used, where there is none at all and the card is not patient, and
        where PortAudio is missing.
        """
        self.on_device: Callable[[DeviceChange], None] = lambda _change: None
        self.on_fault: Callable[[Exception], None] = traceback.print_exception
        self.troubles: dict[Kind, str] = {}
        self.replaced: dict[Kind, str] = {}
        self._player = VoicePlayer()
        self._thread: threading.Thread | None = None
        self._wake = Wake()
        self._tap = Tap(self._player)
        self._keeper = Keeper({"microphone": microphone, "speaker": speaker}, self._make, lambda: self._path.silent)
        portaudio.load()
        kinds: tuple[Kind, ...] = ("speaker", "microphone") if listening else ("speaker",)
        try:
            opened = {kind: device for kind in kinds if (device := self._open(kind, replaceable))}
        except DeviceError:
            self.close()
            raise
        if not opened and not patient:
            raise DeviceError(next(iter(self.troubles.values()), "No sound device was found: plug one in."))
        self._names = {kind: device.name for kind, device in opened.items()}
        self._missing = [kind for kind in kinds if patient and kind not in opened]
        self._path = SoundPath(
            self._player,
            cancel_echo=cancel_echo and (patient or "speaker" in opened),
            listening=listening and (patient or "microphone" in opened),
            sensitivity=sensitivity,
        )
        self._worker = Worker(opened.values(), self._player, self._tap, self._path, self._wake)

    def _open(self, kind: Kind, replaceable: Collection[Kind]) -> Microphone | Speaker | None:
        try:
            return self._keeper.open(kind)
        except DeviceError as error:
            if not self._keeper.wants(kind):
                self.troubles[kind] = str(error)
                return None
            if kind not in replaceable:
                raise
        self.replaced[kind] = self._keeper.take_any(kind)
        return self._open(kind, ())

    def _make(self, kind: Kind, device: Device) -> Microphone | Speaker:
        return Microphone(device, self._wake) if kind == "microphone" else Speaker(device, self._tap, self._wake)

    @property
    def player(self) -> VoicePlayer:
        """The one voice."""
        return self._player

    @property
    def microphone(self) -> str:
        """Name for the learner; empty where there is none."""
        return self._names.get("microphone", "")

    @property
    def speaker(self) -> str:
        """Name for the learner; empty where there is none."""
        return self._names.get("speaker", "")

    @property
    def hears(self) -> bool:
        """There is a microphone, or one is looked for."""
        return bool(self.microphone) or "microphone" in self._missing

    def mute(self, muted: bool) -> None:
        """See `ports.Sound`."""
        self._path.muted = muted

    def rest(self) -> None:
        """See `ports.Sound`."""
        self._keeper.rest()

    def wake(self) -> None:
        """See `ports.Sound`."""
        self._keeper.wake()

    def start(self, sink: Callable[[Frame], None]) -> None:
        """Call `sink` for every block of 10 ms, from the worker thread, until `close`. Raises DeviceError."""
        thread = threading.Thread(target=self._run, args=(sink,), name="audio worker", daemon=True)
        thread.start()
        self._thread = thread  # not before: Ctrl-C may come here, and `close` joins only what runs
        try:
            self._keeper.start(self._worker.use, self._missing, self.on_fault)
        except DeviceError:
            self.close()
            raise

    def _run(self, sink: Callable[[Frame], None]) -> None:
        try:
            for kind in self._missing:
                trouble = self.troubles.get(kind, f"No {kind} was found: plug one in.")
                self.on_device(DeviceChange(kind, "", trouble))
            self._worker.run(sink, self._tell)
        except Exception as fault:  # noqa: BLE001 - handed to the thread that can end the class with it
            self.on_fault(fault)

    def _tell(self, change: DeviceChange) -> None:
        self._names[change.kind] = change.device
        if change.trouble:
            self._keeper.lost(change.kind)
        self.on_device(change)

    def step(self) -> NoReturn:
        """Raise RuntimeError: real devices run in real time."""
        raise RuntimeError("a sound card has no samples' clock")

    def close(self) -> None:
        """Stop and free the devices. Idempotent; not to be called from the sink."""
        if self._thread:
            self._worker.stop()
            self._thread.join()
            self._thread = None
        self._keeper.close()

"""Opens the devices, and those that were missing or are lost in mid-class as soon as they are there.

A stalled sound server lets calls into PortAudio wait for as long as it stands still (measured with PulseAudio), and
PortAudio keeps its list of streams without a lock. So while a class runs, one thread makes all of these calls, one
after the other, and nobody else waits for them.

PortAudio lists the devices once. PulseAudio and PipeWire stand behind one device of that list, which can be opened
again as soon as the server is back. A card that is plugged in is only seen after PortAudio was initialised anew, which
ends all streams; one that lives is then opened anew as well, seldom, and while neither tutor nor learner speaks. This
was tried with sound servers that were restarted or stalled; unplugging a real card, macOS and Windows are untried.
"""

import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Final, Literal

from profai_cli.errors import DeviceError
from profai_cli.sound import portaudio
from profai_cli.sound.devices import Device, Kind, find, is_monitor, pick
from profai_cli.sound.microphone import Microphone
from profai_cli.sound.speaker import Speaker

EVERY: Final = 1.0
"""Seconds between two tries."""

LOOK_AGAIN: Final = 3
"""After so many tries that failed, PortAudio is initialised anew although another device lives; then after twice as
many, and so on."""

SELDOM: Final = 60
"""At most so many tries lie between: a class may do without a microphone for hours."""

ASK_AGAIN: Final = 3
"""In every third try only the sound server is asked whether it has a microphone by now: that takes a process."""

ALIVE: Final = 20
"""Blocks that a device must have moved before it counts as open: its buffer alone takes some."""

PATIENCE: Final = 2.0
"""Seconds for these blocks, and for all devices to close at the end."""


Opened = Microphone | Speaker


class Keeper:
    """The open devices, by kind. wanted: see `devices.pick`. make: opens a device. silent: nobody speaks now."""

    def __init__(
        self,
        wanted: Mapping[Kind, str | None],
        make: Callable[[Kind, Device], Opened],
        silent: Callable[[], bool],
    ) -> None:
        self._wanted = dict(wanted)
        self._make, self._silent = make, silent
        self._give: Callable[[Opened], None] = lambda _endpoint: None
        self._broken: Callable[[Exception], None] = traceback.print_exception
        self._open: dict[Kind, Opened] = {}
        self._missing: set[Kind] = set()
        self._failed = 0
        self._look_at = LOOK_AGAIN
        self._deaf = False  # the system's microphone is only a monitor
        self._resting: dict[Kind, Opened] = {}
        self._rests = threading.Event()
        self._asked: queue.SimpleQueue[Kind | Literal["rest", "wake", "close"]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound devices", daemon=True)

    def wants(self, kind: Kind) -> bool:
        """Whether a device was asked for by name or number."""
        return self._wanted[kind] is not None

    def take_any(self, kind: Kind) -> str:
        """Want the system's own from now on; what was wanted."""
        wanted, self._wanted[kind] = self._wanted[kind], None
        return wanted or ""

    def open(self, kind: Kind) -> Opened | None:
        """Open the device that is wanted, or the system's; None where there is none. Raises DeviceError."""
        device = pick(kind, self._wanted[kind], find())
        if device is None:
            return None
        if kind == "microphone" and self._wanted[kind] is None:
            if not self._deaf or self._failed % ASK_AGAIN == 0:
                self._deaf = is_monitor(device)
            if self._deaf:
                raise DeviceError(
                    f"The microphone {device.name!r} is none, but gives back what the speaker plays: plug one in, or "
                    f"choose another one ('profai devices' lists them)."
                )
        if self._wanted[kind] is not None:
            self._wanted[kind] = device.name  # numbers change when devices come and go
        self._open[kind] = self._make(kind, device)
        return self._open[kind]

    def start(
        self,
        give: Callable[[Opened], None],
        missing: Iterable[Kind] = (),
        broken: Callable[[Exception], None] = traceback.print_exception,
    ) -> None:
        """Let blocks flow. From now on `give` gets each device that takes a lost one's place, running.

        missing: looked for as if they had been lost. broken: gets the fault that ended the thread, if one does.
        Raises DeviceError.
        """
        sounddevice = portaudio.load()
        self._give, self._broken = give, broken
        try:
            for kind in sorted(self._open, reverse=True):  # the speaker first: no block shall wait for what was played
                self._open[kind].start()
        except sounddevice.PortAudioError as error:
            raise DeviceError(
                f"The sound card does not start ({error}): choose another device ('profai devices' lists them)."
            ) from error
        self._missing.update(missing)
        self._thread.start()

    def lost(self, kind: Kind) -> None:
        """Have a device replaced. From any thread; never waits."""
        self._asked.put(kind)

    def rest(self) -> None:
        """Free the devices until `wake`. Waits for that, `PATIENCE` at most. From any thread but its own."""
        if self._thread.is_alive():
            self._rests.clear()
            self._asked.put("rest")
            self._rests.wait(PATIENCE)

    def wake(self) -> None:
        """Open again what rests. From any thread; never waits."""
        self._asked.put("wake")

    def close(self) -> None:
        """Free all devices; those that still do not close after `PATIENCE` are left to the end of the process."""
        if not self._thread.ident:
            self._close_all()
        elif not self._closing.is_set():
            self._closing.set()
            self._asked.put("close")
            self._thread.join(PATIENCE)
            if self._thread.is_alive():
                portaudio.leave()

    # --- the thread --------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                self._turn()
        except Exception as fault:  # noqa: BLE001 - handed to the thread that can end the class with it
            self._broken(fault)
        finally:
            self._close_all()

    def _turn(self) -> None:
        looks = bool(self._missing) and not self._rests.is_set()
        try:
            asked = self._asked.get(timeout=EVERY if looks else None)
        except queue.Empty:
            self._try()
            return
        match asked:
            case "rest":
                self._rest()
                self._rests.set()
            case "wake":
                self._rests.clear()
                self._wake()
            case "microphone" | "speaker":
                self._missing.add(asked)
                if not self._rests.is_set():
                    self._try()

    def _rest(self) -> None:
        self._resting = dict(self._open)
        self._close_all()

    def _wake(self) -> None:
        """The microphone first: the tutor does not go on before the learner is heard."""
        for kind in sorted(self._resting):
            if self._replace(kind):
                self._missing.discard(kind)
            else:
                self._resting[kind].dead = True  # whoever uses it will say that it was lost
        self._resting = {}

    def _try(self) -> None:
        """First as the devices are listed, then as they are now."""
        for kind in self._missing:
            self._drop(kind)
        self._reopen()
        if not self._missing:
            self._failed, self._look_at = 0, LOOK_AGAIN
            return
        self._failed += 1
        if not self._open:
            self._look_again()
        elif self._failed >= self._look_at and self._silent():
            self._look_at = self._failed + min(self._failed, SELDOM)
            self._look_again()

    def _look_again(self) -> None:
        sounddevice = portaudio.load()
        self._rest()
        with suppress(sounddevice.PortAudioError):  # then nothing can be opened, and the next try looks again
            portaudio.look_again()
        self._wake()
        self._reopen()

    def _reopen(self) -> None:
        self._missing = {kind for kind in sorted(self._missing) if not self._replace(kind)}

    def _replace(self, kind: Kind) -> bool:
        """Open, start and hand over a device; whether that went well."""
        sounddevice = portaudio.load()
        try:
            endpoint = self.open(kind)
            if endpoint is None:
                return False
            endpoint.start()
        except (DeviceError, sounddevice.PortAudioError):
            self._drop(kind)
            return False
        if not self._lives(endpoint):
            self._drop(kind)
            return False
        self._give(endpoint)
        return True

    def _lives(self, endpoint: Opened) -> bool:
        end = time.monotonic() + PATIENCE
        while endpoint.blocks < ALIVE and not endpoint.dead and time.monotonic() < end:
            if self._closing.wait(0.02):
                return False
        return endpoint.blocks >= ALIVE

    def _drop(self, kind: Kind) -> None:
        if endpoint := self._open.pop(kind, None):
            endpoint.close()

    def _close_all(self) -> None:
        for kind in tuple(self._open):
            self._drop(kind)

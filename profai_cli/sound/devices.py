"""Sound devices by number or name, as PortAudio lists them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from profai_cli.errors import DeviceError
from profai_cli.kinds import DeviceKind
from profai_cli.sound import pactl, portaudio

Kind = DeviceKind

ONLY_A_MONITOR: Final = "it is no microphone, but what the speaker plays: plug one in, or choose another one"

_THROUGH_THE_SERVER: Final = frozenset({"pulse", "pipewire", "default", "sysdefault"})
"""Names of ALSA for "what the sound server thinks best"."""


@dataclass(frozen=True, slots=True)
class Device:
    """One device: `inputs` and `outputs` are its most channels, `rate` its own rate in samples a second."""

    number: int
    name: str
    host: str
    inputs: int
    outputs: int
    rate: int
    default_input: bool
    default_output: bool

    def serves(self, kind: Kind) -> bool:
        """Whether it can record (as a microphone) or play (as a speaker)."""
        return (self.inputs if kind == "microphone" else self.outputs) > 0

    def is_default(self, kind: Kind) -> bool:
        """Whether the system uses it as `kind` where nothing else is asked for."""
        return self.default_input if kind == "microphone" else self.default_output


def find() -> tuple[Device, ...]:
    """All devices; empty where none is plugged in or no sound server answers. Raises DeviceError."""
    sounddevice = portaudio.load()
    hosts = sounddevice.query_hostapis()
    default_input, default_output = sounddevice.default.device
    return tuple(
        Device(
            number=found["index"],
            name=_clean(found["name"]),
            host=_clean(hosts[found["hostapi"]]["name"]),
            inputs=found["max_input_channels"],
            outputs=found["max_output_channels"],
            rate=round(found["default_samplerate"]),
            default_input=found["index"] == default_input,
            default_output=found["index"] == default_output,
        )
        for found in sounddevice.query_devices()
    )


def serving(kind: Kind) -> tuple[Device, ...]:
    """All that serve as `kind`, but for monitors. Raises DeviceError where there is none."""
    found = [device for device in find() if device.serves(kind)]
    real = tuple(device for device in found if kind == "speaker" or not is_monitor(device))
    if not real:
        why = "what is listed only gives back what the speaker plays; " if found else ""
        raise DeviceError(f"No {kind} was found: {why}plug one in.")
    return real


def pick(kind: Kind, wanted: str | None, choices: Sequence[Device]) -> Device | None:
    """The device that serves as `kind`: by number or by part of its name, or the system's default.

    None, where nothing is wanted and there is none. Of several that match, a full name, then the default,
    then the first wins. Raises DeviceError where nothing matches.
    """
    usable = [device for device in choices if device.serves(kind)]
    if wanted is None:
        return next((device for device in usable if device.is_default(kind)), None)
    text = wanted.strip().casefold()
    matches = [device for device in usable if text in (str(device.number), device.name.casefold())]
    if not matches and text and not text.isdecimal():
        matches = [device for device in usable if text in device.name.casefold()]
    if matches:
        return min(matches, key=lambda device: not device.is_default(kind))
    listed = ", ".join(f"{device.number} ({device.name})" for device in usable)
    advice = f"choose from {listed}" if listed else "plug one in, or check that the sound server runs"
    raise DeviceError(f"No {kind} matches {_clean(wanted)!r}: {advice}.")


def is_monitor(device: Device) -> bool:
    """Whether what offers itself as a microphone only gives back what a speaker plays.

    PulseAudio and PipeWire do that where nothing is plugged in: whoever listens there hears the tutor, and nobody else.
    """
    if not device.serves("microphone"):
        return False
    if device.name.startswith("Monitor of ") or device.name.endswith(".monitor"):
        return True
    if device.name not in _THROUGH_THE_SERVER:
        return False
    source = os.environ.get("PULSE_SOURCE") or pactl.info().get("Default Source", "")
    return source.endswith(".monitor")


def _clean(name: str) -> str:
    """One printable line: some drivers put line breaks into names."""
    return "".join(c for c in " ".join(name.split()) if c.isprintable())

"""What carries the sound on this computer: the devices in use, libraries with their versions, the sound server."""

from importlib.metadata import version

from profai_cli.sound import pactl, portaudio
from profai_cli.sound.devices import Device, Kind, find, pick


def in_use(kind: Kind, wanted: str | None, name: str) -> Device | None:
    """The device that a sound card, told to take `wanted`, calls `name`; None where it has none. Raises DeviceError."""
    return pick(kind, wanted, find()) if name else None


def versions() -> dict[str, str]:
    """Of what opens the devices, by name. Raises DeviceError where PortAudio is missing."""
    number, build = portaudio.load().get_portaudio_version()
    short = ".".join(str(number >> shift & 0xFF) for shift in (16, 8, 0))  # paMakeVersionNumber in portaudio.h
    return {"sounddevice": version("sounddevice"), "PortAudio": short, "PortAudio build": " ".join(build.split())}


def server() -> str:
    """The PulseAudio or PipeWire that `pactl` reaches, with its version; empty where there is none."""
    told = pactl.info()
    return " ".join(told[name] for name in ("Server Name", "Server Version") if name in told)

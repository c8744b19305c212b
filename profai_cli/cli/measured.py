"""What `profai doctor` measured, for people and for scripts."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from profai_cli.ports import Sound
from profai_cli.settings import Sensitivity

if TYPE_CHECKING:
    from profai_cli.sound.devices import Device
    from profai_cli.sound.examination import Findings


@dataclass(frozen=True, slots=True)
class Place:
    """Where is measured: a sound, and what is known about it. server: empty where none answers.
    troubles: sentences about devices that cannot be opened. monitor: the microphone is none: `devices.is_monitor`."""

    sound: Sound
    versions: dict[str, str]
    microphone: "Device | None" = None
    speaker: "Device | None" = None
    server: str = ""
    troubles: tuple[str, ...] = ()
    simulated: bool = False
    monitor: bool = False

    @property
    def hears(self) -> bool:
        """There is a microphone."""
        return self.simulated or bool(self.sound.microphone and not self.monitor)

    @property
    def speaks(self) -> bool:
        """There is a speaker."""
        return self.simulated or bool(self.sound.speaker)


def report(place: Place, sensitivity: Sensitivity, found: "Findings") -> dict[str, Any]:
    """For scripts and bug reports."""
    devices = {"microphone": place.microphone, "speaker": place.speaker}
    used = {
        kind: device and {"name": device.name, "host": device.host, "rate": device.rate}
        for kind, device in devices.items()
    }
    where = {"simulated": place.simulated, **used, "sound_server": place.server, "troubles": place.troubles}
    return {"versions": place.versions, **where, "sensitivity": sensitivity, "measured": _rounded(asdict(found))}


def _rounded(value: Any) -> Any:  # noqa: ANN401 - what JSON can hold
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return round(value, 2) if isinstance(value, float) else value


def equipment(place: Place) -> Iterator[tuple[str, str]]:
    """What was measured with: names and values. Device names are a system's own text."""
    if place.simulated:
        yield "Room", "simulated"
    else:
        for name, device in (("Microphone", place.microphone), ("Speaker", place.speaker)):
            yield name, f"{device.name} ({device.host}, {device.rate} Hz)" if device else "none"
    if place.server:
        yield "Sound server", place.server
    shown = [
        f"{name} {version}" for name, version in place.versions.items() if name not in ("system", "PortAudio build")
    ]
    yield "Versions", f"{', '.join(shown)} on {place.versions['system']}"


def figures(found: "Findings", sensitivity: Sensitivity) -> Iterator[tuple[str, str]]:
    """What was measured: names and values."""
    from profai_cli.sound.activity import LIMITS  # noqa: PLC0415 - numpy takes 0.1 s that --help need not wait for
    from profai_cli.sound.advice import DISTURBED  # noqa: PLC0415 - as above

    trip, speech = found.round_trip, found.cancelled
    if found.noise_dbfs is not None:
        gate = LIMITS[sensitivity].gate_dbfs
        yield "Noise", f"{found.noise_dbfs:.0f} dBFS; a voice counts from {gate:.0f} dBFS ({sensitivity} sensitivity)"
    if found.chirps:
        heard = (
            f"{trip.ms:.1f} ms ({trip.found} of {found.chirps} chirps, {trip.spread_ms:.1f} ms apart)" if trip else ""
        )
        yield "Round trip", heard or "no echo found"
    if trip:
        yield "Echo", f"{round(trip.echo_db, 1) + 0.0:+.1f} dB at the microphone"
    if speech:
        yield "Cancelling", f"takes away {speech.erle_db:.0f} dB and leaves {speech.left_dbfs:.0f} dBFS"
    if found.speech:
        own = "the tutor's own voice" if found.disturbed < DISTURBED else "the tutor's or another's voice"
        yield "Interruptions", f"{found.holds or 'none'} by {own}, in {found.speech:.0f} s in which the tutor spoke"
    if found.disturbed >= DISTURBED:
        yield "Disturbed", f"{found.disturbed:.1f} s of another's sound"
    yield "Lost sound", f"under- and overflows: {found.faults}" if found.faults else "none"

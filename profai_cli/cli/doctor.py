"""`profai doctor`: measures the sound of this computer, and says what to change."""

import json
import platform
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from profai_cli import __version__
from profai_cli.cli import options
from profai_cli.cli.access import run
from profai_cli.cli.anonymous import without_names
from profai_cli.cli.attending import attend
from profai_cli.cli.exits import tell
from profai_cli.cli.kept import typed
from profai_cli.cli.measured import Place, equipment, figures, report
from profai_cli.cli.wiring import SoundChoice, open_card
from profai_cli.lesson.plain import plain
from profai_cli.providers.tts.local import BestLocal
from profai_cli.settings import Sensitivity
from profai_cli.storage.wav import open_wav

if TYPE_CHECKING:
    from profai_cli.sound.examination import Findings

# Imports in the functions: numpy and PortAudio take 0.2 s that `profai doctor --help` need not wait for.
# ruff: noqa: PLC0415

TEXT: Final = (
    "This is the voice of your tutor. What the microphone hears of it is taken away, so that only you can interrupt me."
)

NOISE_DBFS: Final = -65.0
"""Of the simulated room: a quiet one."""


@click.command()
@options.microphone
@options.speaker
@options.sensitivity
@click.option(
    "--room", type=click.Path(path_type=Path), help="Measure a simulated room: its impulse response, a WAV file."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for a bug report; it holds no secrets.")
def doctor(
    microphone: str | None, speaker: str | None, sensitivity: Sensitivity, room: Path | None, as_json: bool
) -> None:
    """Measure microphone, speaker and echo, and say what to change.

    Plays the tutor's voice and five chirps, for about 15 seconds; be quiet meanwhile. Where something else sounds, it
    measures once more. What it prints can be pasted into a bug report: it has no key, and no name of yours.

    \b
    profai doctor
    profai doctor --speaker headset --sensitivity low
    profai doctor --json > report.json
    """
    if room and (typed("microphone") or typed("speaker")):
        raise click.UsageError("Give --room or devices, not both.")
    from profai_cli.cli.inventory import inventory
    from profai_cli.sound.advice import advice

    there = inventory()  # first: what is wrong with a setting is told before anything is played

    def open_place() -> Place:
        return _room(room, sensitivity) if room else _card(microphone, speaker, sensitivity)

    place, found = examined(open_place)
    listed = advice(found, sensitivity, microphone=place.hears, speaker=place.speaks)
    if as_json:
        told = report(place, sensitivity, found)
        whole = {**told, **asdict(there), "advice": [asdict(each) for each in listed]}
        click.echo(json.dumps(without_names(whole), indent=2))
        return
    for name, value in [*equipment(place), *there.rows(), *figures(found, sensitivity)]:
        tell(f"  {name:<13}  {plain(without_names(value))}", " " * 17)
    click.echo()
    for sentence in [*place.troubles, *there.faults, *(each.sentence for each in listed)] or [
        "All is well: the tutor does not hear itself."
    ]:
        tell(plain(without_names(sentence)))


def examined(open_place: Callable[[], Place]) -> "tuple[Place, Findings]":
    """Measure, and once more where something else sounded meanwhile. Raises what `open_place` does, and `_measured`."""
    from profai_cli.sound.advice import DISTURBED

    for last in (False, True):
        place = open_place()
        try:
            found = _measured(place)
        finally:
            place.sound.close()
        if last or place.simulated or found.disturbed < DISTURBED:
            break
        sentence = f"Something else sounded for {found.disturbed:.1f} s, such as a voice: this is measured once more."
        click.echo(sentence, err=True)
    return place, found


def _card(microphone: str | None, speaker: str | None, sensitivity: Sensitivity) -> Place:
    """The sound card. Raises DeviceError, or UsageError where a device was named."""
    from profai_cli.sound import host
    from profai_cli.sound.devices import ONLY_A_MONITOR, is_monitor

    sound = open_card(SoundChoice(microphone=microphone, speaker=speaker, sensitivity=sensitivity))
    heard = host.in_use("microphone", microphone, sound.microphone)
    monitor = heard is not None and is_monitor(heard)
    return Place(
        sound,
        {**_versions(), **host.versions()},
        heard,
        host.in_use("speaker", speaker, sound.speaker),
        host.server(),
        (*sound.troubles.values(), *([f"{sound.microphone}: {ONLY_A_MONITOR}."] if monitor else [])),
        monitor=monitor,
    )


def _room(path: Path, sensitivity: Sensitivity) -> Place:
    """The simulated room. Raises SoundFileError."""
    from profai_cli.sound.made import noise
    from profai_cli.sound.recordings import room_response
    from profai_cli.sound.simulated import SimulatedSound

    source = open_wav(path)
    try:
        response = room_response(source.rate, source.read)
    finally:
        source.close()
    sound = SimulatedSound([noise(NOISE_DBFS)], room=response, room_rate=source.rate, sensitivity=sensitivity)
    return Place(sound, _versions(), simulated=True)


def _versions() -> dict[str, str]:
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return {"profai": __version__, "Python": platform.python_version(), "system": system}


def _measured(place: Place) -> "Findings":
    """Play the test and listen. Raises DeviceError where the devices give nothing, EngineError without any voice."""
    from profai_cli.sound.examination import Examination

    speech, rate = run(_said()) if place.hears and place.speaks else (b"", 0)
    examination = Examination(place.sound.player, speech, rate)
    if place.simulated:
        while not examination.done.is_set():
            examination(place.sound.step())
    else:
        if speech:
            click.echo(f"A voice and five chirps, {examination.seconds:.0f} seconds: please be quiet.\n", err=True)
        attend(place.sound, examination)
    return examination.findings()


async def _said() -> tuple[bytes, int]:
    """The tutor's voice: mono PCM16, and its samples a second. Its process ends before the devices run."""
    voice = BestLocal("en")
    try:
        await voice.start()
        async with aclosing(voice.speak(TEXT, 1.0)) as pieces:
            said = [piece async for piece in pieces]
    finally:
        await voice.close()
    return b"".join(piece.pcm for piece in said), said[0].rate

"""`profai listen`: what the recogniser hears, how quickly, how well, and why."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from profai_cli.cli import options
from profai_cli.cli.access import env_file, run
from profai_cli.cli.engines import EngineChoice, EngineRoom
from profai_cli.cli.exits import INTERRUPTED, complain
from profai_cli.cli.kept import kept_devices, typed
from profai_cli.cli.options import TimedPath
from profai_cli.errors import DeviceError
from profai_cli.events import Event, to_dict
from profai_cli.kinds import DeviceKind
from profai_cli.ports import DeviceChange, Frame, Sound
from profai_cli.settings import Sensitivity
from profai_cli.ui.hearing_lines import HearingLines
from profai_cli.ui.hearing_tally import Tally, spoken
from profai_cli.ui.hearing_trace import Step, Trace

if TYPE_CHECKING:
    from profai_cli.cli.wiring import SoundChoice


@dataclass(frozen=True, slots=True)
class _Face:
    """Where all that is heard is shown. opened: told the microphone's name."""

    opened: Callable[[str], None]
    event: Callable[[Event], None]
    step: Callable[[Step], None]
    watch: Callable[[Frame], None]


@dataclass(frozen=True, slots=True)
class _Source:
    """What to listen to, and as what."""

    inputs: tuple[TimedPath, ...]
    microphone: str | None
    sensitivity: Sensitivity
    fast: bool
    room: EngineRoom
    kept: frozenset[DeviceKind]


@click.command()
@options.input_files
@click.option("--expect", help="The words that are said: prints the word error rate over all of them.")
@click.option("--course", help="Expect the words of this course, as a class does: a number or a title.")
@options.courses_folder
@options.stt_name
@options.fallback
@options.local
@options.spoken_language
@env_file
@options.microphone
@options.sensitivity
@click.option("--vad", is_flag=True, help="Show every tenth of a second why the voice was or was not found.")
@click.option("--fast", is_flag=True, help="As fast as the recogniser goes, on the samples' clock; only with --input.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, a summary as the last.")
def listen(
    *,
    inputs: tuple[TimedPath, ...],
    expect: str | None,
    course: str | None,
    folder: Path | None,
    stt: str,
    fallback: bool,
    local: bool,
    language: str,
    env_file: Path | None,
    microphone: str | None,
    sensitivity: Sensitivity,
    vad: bool,
    fast: bool,
    as_json: bool,
) -> int:
    """Show what the recogniser hears, from the microphone until Ctrl-C or from WAV files.

    Times are in seconds of sound. The delays are counted from the first and from the last 10 ms that sounded like
    a voice; with --fast they are those that the recogniser states.

    \b
    profai listen
    profai listen --input question.wav --expect "what is a loop" --course 1
    profai listen --input question.wav --fast --vad --json
    """
    if fast and not inputs:
        raise click.UsageError("--fast needs a recording: give --input FILE.wav.")
    if inputs and typed("microphone"):
        raise click.UsageError("Give --microphone or --input, not both.")
    if expect is not None and not spoken(expect):
        raise click.UsageError("--expect needs the words that are said.")
    engines = EngineChoice(stt, fallback=fallback, language=language, local=fast or local, env_file=env_file)
    engines.check(stepped=fast, local=local)
    room = _room(engines, course, folder)
    tally = Tally(expect)
    code = 0
    with ExitStack() as stack:
        face = _json_face() if as_json else _human_face(stack)
        source = _Source(inputs, microphone, sensitivity, fast, room, kept_devices("microphone"))
        try:
            run(_heard(source, face, tally, vad=vad))
        except KeyboardInterrupt:
            code = INTERRUPTED
    for line in [json.dumps(tally.to_dict())] if as_json else ["", *tally.lines()]:
        click.echo(line)
    return code


def _room(engines: EngineChoice, course: str | None, folder: Path | None) -> EngineRoom:
    """Where the recogniser is from. Raises ProfaiError."""
    from profai_cli.storage.courses import load_course, shipped_courses  # noqa: PLC0415 - not for --help

    taught = load_course(folder or shipped_courses(), course) if course else None
    language = taught.language if taught else "en"
    return EngineRoom(engines, taught, language, lambda _source, line: complain(line), ["ears"])


async def _heard(source: _Source, face: _Face, tally: Tally, *, vad: bool) -> None:
    """Listen until the input ends. Raises ProfaiError."""
    from profai_cli.cli.wiring import SoundChoice  # noqa: PLC0415 - not for --help
    from profai_cli.session.hearing import Hearing  # noqa: PLC0415

    trace = Trace()

    def watch(frame: Frame) -> None:
        tally.watch(frame)
        face.watch(frame)
        if vad and (step := trace(frame)):
            face.step(step)

    loop = asyncio.get_running_loop()
    choice = SoundChoice(
        inputs=source.inputs,
        stepped=source.fast,
        microphone=source.microphone,
        sensitivity=source.sensitivity,
        kept=source.kept,
    )
    with ExitStack() as files:
        sound = _open(choice, files)
        files.callback(sound.close)
        face.opened(sound.microphone)
        hearing = Hearing(
            sound,
            source.room.ears(),
            stepped=source.fast,
            readers=[face.event, tally],
            watch=watch,
        )

        def change(device: DeviceChange) -> None:  # by the sound's thread
            loop.call_soon_threadsafe(hearing.device, device)

        sound.on_device = change
        await hearing.run()


def _open(choice: "SoundChoice", files: ExitStack) -> Sound:
    """The recordings, or the microphone. Raises DeviceError where there is none."""
    from profai_cli.cli.wiring import open_card, open_sound  # noqa: PLC0415 - as above

    if choice.simulated:
        return open_sound(choice, files, lambda sentence: None)
    try:
        card = open_card(choice)
    except DeviceError as error:
        raise DeviceError(f"{str(error).rstrip('.')}, or give a recording with --input FILE.wav.") from error
    if not card.microphone:
        card.close()
        raise DeviceError("No microphone can be used: plug one in (see 'profai devices'), or give --input FILE.wav.")
    return card


def _json_face() -> _Face:
    """Lines of JSON, in ASCII: no text from outside can carry an escape code to a terminal."""
    return _Face(
        opened=lambda name: None,
        event=lambda event: click.echo(json.dumps(to_dict(event))),
        step=lambda step: click.echo(json.dumps(step.to_dict())),
        watch=lambda frame: None,
    )


def _human_face(stack: ExitStack) -> _Face:
    """The live line on a terminal, plain lines elsewhere."""
    if not sys.stdout.isatty():
        lines = HearingLines(click.echo)
        return _Face(lines.opened, lines, lines.step, lambda frame: None)
    from profai_cli.ui.hearing_screen import HearingScreen  # noqa: PLC0415 - Rich takes 0.1 s

    screen = HearingScreen()
    screen.start()
    stack.callback(screen.stop)
    return _Face(screen.opened, screen, screen.step, screen.watch)

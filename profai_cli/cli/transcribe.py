"""`profai transcribe`: what a recording says, by the recogniser that listens in a class."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from profai_cli.lesson.plain import plain
from profai_cli.ports import Frame, Recognized, Sound

_TAIL = 100
"""Frames (1 s) of silence after the recording, in which its last words are found to be over."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--course", help="Expect the words of this course: a number from 'profai courses', or a title.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of lines.")
def transcribe(file: Path, course: str | None, as_json: bool) -> None:
    """Write down what the WAV FILE says.

    \b
    Example:
      profai transcribe question.wav --course 1
    """
    utterances = asyncio.run(_transcribed(file, course))
    if as_json:
        rows = [{"t": u.cause, "text": u.text, "on_course": u.on_course} for u in utterances]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for utterance in utterances:
        click.echo(plain(utterance.text))
    if not utterances:
        click.echo("No speech was recognised in this recording.", err=True)


async def _transcribed(file: Path, course: str | None) -> list[Recognized]:
    from profai_cli.cli.engines import EngineChoice, EngineRoom  # noqa: PLC0415 - not for --help
    from profai_cli.cli.wiring import SoundChoice, open_sound  # noqa: PLC0415 - not for --help
    from profai_cli.providers.stt.transcription import transcribe as heard  # noqa: PLC0415
    from profai_cli.storage.courses import load_course, shipped_courses  # noqa: PLC0415

    with ExitStack() as files:
        choice = SoundChoice(inputs=[(0.0, file)], headphones=True, stepped=True)
        sound = open_sound(choice, files, lambda notice: None)
        files.callback(sound.close)
        taught = load_course(shipped_courses(), course) if course else None
        engine = EngineRoom(EngineChoice(local=True), taught, "en", lambda _source, _line: None).ears()
        return await heard(engine, _frames(sound))


def _frames(sound: Sound) -> Iterator[Frame]:
    """All of the recording, and the silence after it."""
    while not (frame := sound.step()).input_ended:
        yield frame
    for _ in range(_TAIL):
        yield sound.step()

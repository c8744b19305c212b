"""`profai class --interactive --fast` with parts that the command has not: python -m tests.simulated_class OPTIONS

The tutor may have a natural voice, and what a recogniser is sent may be kept. All else is as the command makes it.
"""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.cli.engines import EngineChoice, EngineRoom
from profai_cli.cli.options import TimedPath
from profai_cli.cli.wiring import SoundChoice, course_info, header, open_sound
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import find
from profai_cli.ports import SpeechToText, Vocabulary
from profai_cli.session.classroom import Classroom, Engines
from profai_cli.storage.cache import DiskCache
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.event_log import EventLog
from profai_cli.storage.folders import cache_folder
from profai_cli.turns.words import PHRASES, phrases
from profai_cli.tutor.expected import sentences, terms
from tests.kept_ears import KeptPocketsphinx, KeptStream
from tests.natural_voice import NaturalVoice


@click.command()
@options.course_number
@click.option("--module", required=True)
@click.option("--topic", required=True)
@click.option("--minutes", type=float, required=True)
@options.input_files
@click.option("--output", type=click.Path(path_type=Path), required=True)
@click.option("--events", type=click.Path(path_type=Path), required=True)
@click.option("--room", type=click.Path(path_type=Path))
@click.option("--tutor", multiple=True, help="A recording of a person who lends the tutor the voice; again for more.")
@click.option("--kept", type=click.Path(path_type=Path), help="Keep what the recogniser is sent in this folder.")
@click.option("--stream", is_flag=True, help="Of a recogniser on the network.")
def main(
    *,
    course: str,
    module: str,
    topic: str,
    minutes: float,
    inputs: tuple[TimedPath, ...],
    output: Path,
    events: Path,
    room: Path | None,
    tutor: Sequence[str],
    kept: Path | None,
    stream: bool,
) -> None:
    """Hold the class."""
    taught = load_course(shipped_courses(), course)
    engines = EngineRoom(EngineChoice(local=True), taught, taught.language, _no_trouble)

    async def hold() -> None:
        with ExitStack() as stack:
            log = EventLog(events)
            stack.callback(log.close)
            sound = open_sound(SoundChoice(inputs=inputs, output=output, room=room, stepped=True), stack, print)
            stack.callback(sound.close)
            voice = NaturalVoice(tutor) if tutor else engines.voice()
            ear = _kept(kept, inputs if stream else (), taught) if kept else engines.ears()
            classroom = Classroom(
                taught,
                sound,
                Engines(voice, engines.answerer(), ear),
                interactive=True,
                stepped=True,
                readers=[log],
                save=lambda _place: None,
                minutes=minutes,
            )
            await classroom.run(header(sound, interactive=True), course_info(taught, find(taught, module, topic)))

    asyncio.run(hold())


def _no_trouble(source: str, message: str) -> None:
    raise click.ClickException(f"{source}: {message}")


def _kept(folder: Path, inputs: Sequence[TimedPath], course: Course) -> SpeechToText:
    """inputs: what a learner says, where the recogniser is one on the network."""
    if inputs:
        return KeptStream((at for at, _ in inputs if at), folder)
    commands = tuple(phrase for listed in PHRASES.values() for phrase in phrases(listed))
    vocabulary = Vocabulary(course.language, sentences(course), terms(course), commands)
    return KeptPocketsphinx(vocabulary, DiskCache(cache_folder()), folder)


if __name__ == "__main__":
    main()

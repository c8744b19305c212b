"""`profai class`: hold a class."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from profai_cli.cli import chosen, options
from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.holding import Plan, hold
from profai_cli.cli.keeping import Keeping
from profai_cli.cli.kept import typed
from profai_cli.cli.memory import Memory
from profai_cli.cli.options import TimedPath
from profai_cli.cli.wiring import SoundChoice
from profai_cli.errors import CourseError
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, all_checks
from profai_cli.storage.classes import Classes
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.folders import data_folder
from profai_cli.storage.progress import Progress
from profai_cli.turns.checking import MOST

_LISTENS: Final = ("microphone", "stt", "headphones", "sensitivity", "record", "quiz")
"""Options that do nothing where nobody listens. Those that are kept may wait for a class that does."""


@click.command("class")
@options.course_number
@options.courses_folder
@click.option("--module", help="Look at this module, as with --topic.")
@click.option("--topic", help="Look at this topic: a number, as 2 or 4.2, or a part of the title.")
@click.option("--from-start", is_flag=True, help="Begin the course anew, not where you left off.")
@options.interactive
@options.checks
@click.option("--quiz", is_flag=True, help="Only the questions: of --module or --topic, else of what you have heard.")
@options.verbatim
@options.minutes
@options.learner
@chosen.engines
@chosen.devices
@options.input_files
@options.output_file
@click.option(
    "--room",
    type=click.Path(path_type=Path),
    help="WAV: impulse response from the speaker to the microphone, so that it echoes.",
)
@click.option("--fast", is_flag=True, help="As fast as the engines go, on the samples' clock; no sound devices.")
@options.events_file
@options.json_events
@options.plain_lines
@options.record
def class_(
    *,
    course: str,
    folder: Path | None,
    module: str | None,
    topic: str | None,
    from_start: bool,
    interactive: bool,
    checks: bool,
    quiz: bool,
    verbatim: bool,
    minutes: float | None,
    learner: str,
    engines: EngineChoice,
    sound: SoundChoice,
    inputs: tuple[TimedPath, ...],
    output: Path | None,
    room: Path | None,
    fast: bool,
    events: Path | None,
    lines: bool,
    record: bool,
) -> int:
    """Hold a class: teach aloud from where you left off, listen all the time, answer.

    Say "stop", "go on", "repeat that", "slower", "next topic", "where are we", "quit", or ask anything.
    Give WAV files with --input and --output and they stand for the microphone and the speaker.

    The next class goes on where this one ends. With --topic or --module you only look: the place where you left off
    stays, until the class comes to it, or you hear a topic that is there or later to its end.

    \b
    profai class --course 1 --interactive
    profai class --course 2 --topic seasons
    profai class --interactive --quiz
    profai class --interactive --input 12:question.wav --output class.wav --fast
    """
    taught = load_course(folder or shipped_courses(), course)
    memory = Memory(Progress(data_folder(), learner), taught, module, topic, from_start=from_start)
    sound = replace(sound, inputs=inputs, output=output, room=room, stepped=fast, listening=interactive)
    _check(sound, events)
    engines.check(stepped=fast, local=engines.local)
    keeping = Keeping(Classes(data_folder()), taught, learner, record=record and interactive)
    asked = memory.due[:MOST] if interactive and checks else ()
    plan = Plan(
        taught,
        memory.place,
        sound,
        replace(engines, local=fast or engines.local),
        interactive,
        events,
        lines,
        minutes,
        keeping=keeping,
        memory=memory,
        checking="only" if quiz else "topics" if checks else "none",
        checks=_quiz(taught, memory, module, topic) if quiz else asked,
        verbatim=verbatim,
    )
    return hold(plan)


def _quiz(course: Course, memory: Memory, module: str | None, topic: str | None) -> tuple[CheckPlace, ...]:
    """The questions of what was named, else of the topics that were heard. Raises CourseError where there are none."""
    if topic is not None:
        wanted = {memory.place[:2]}
    elif module is not None:
        wanted = {(memory.place.module, number) for number in range(len(course.modules[memory.place.module].topics))}
    else:
        wanted = memory.study.heard_in(course)
    found = tuple(check for check in all_checks(course) if check[:2] in wanted)
    if not found:
        raise CourseError("There are no questions yet: hear a topic first, or name one with --topic.")
    return found


def _check(sound: SoundChoice, events: Path | None) -> None:
    """Refuse what would destroy a file that is read, or do nothing. Raises UsageError."""
    if sound.inputs and not sound.listening:
        raise click.UsageError("--input is what the learner says: add --interactive.")
    if sound.simulated and (typed("microphone") or typed("speaker")):
        raise click.UsageError("--microphone and --speaker name devices, and here files or --fast stand for them.")
    for option in _LISTENS:
        if typed(option) and not sound.listening:
            raise click.UsageError(f"--{option} is for a class that listens to you: add --interactive.")
    read = {path.resolve() for _, path in sound.inputs} | ({sound.room.resolve()} if sound.room else set())
    written = [path.resolve() for path in (sound.output, events) if path and str(path) != "-"]
    if len(set(written)) < len(written) or not read.isdisjoint(written):
        raise click.UsageError("--output and --events each need a file of their own.")

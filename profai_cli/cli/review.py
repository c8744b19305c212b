"""`profai review`: asks again what may be forgotten by now."""

from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.cli.access import env_file
from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.holding import Plan, hold
from profai_cli.cli.keeping import Keeping
from profai_cli.cli.kept import kept_devices
from profai_cli.cli.memory import Memory
from profai_cli.cli.wiring import SoundChoice
from profai_cli.settings import Sensitivity
from profai_cli.storage.classes import Classes
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.folders import data_folder
from profai_cli.storage.progress import Progress


@click.command()
@options.course_number
@options.courses_folder
@options.minutes
@options.learner
@options.stt_name
@options.voice_name
@options.model_name
@options.fallback
@options.local
@options.spoken_language
@env_file
@options.microphone
@options.speaker
@options.headphones
@options.sensitivity
@options.plain_lines
@options.record
def review(  # noqa: PLR0917 - one a click option
    course: str,
    folder: Path | None,
    minutes: float | None,
    learner: str,
    stt: str,
    voice: str,
    model: str,
    fallback: bool,
    local: bool,
    language: str,
    env_file: Path | None,
    microphone: str | None,
    speaker: str | None,
    headphones: bool,
    sensitivity: Sensitivity,
    lines: bool,
    record: bool,
) -> int:
    """Ask the questions of a course that you may have forgotten by now, and nothing else.

    When that is follows from how you answered each of them, and when: by the forgetting curve of FSRS.

    \b
    profai review --course 2
    """
    taught = load_course(folder or shipped_courses(), course)
    memory = Memory(Progress(data_folder(), learner), taught, None, None, from_start=False)
    if not memory.due:
        click.echo("Nothing is due: go on with 'profai class --interactive'.")
        return 0
    sound = SoundChoice(
        microphone=microphone,
        speaker=speaker,
        headphones=headphones,
        sensitivity=sensitivity,
        kept=kept_devices("microphone", "speaker"),
    )
    engines = EngineChoice(stt, voice, model, fallback, language, local=local, env_file=env_file)
    engines.check(stepped=False, local=local)
    return hold(
        Plan(
            taught,
            memory.place,
            sound,
            engines,
            interactive=True,
            lines=lines,
            minutes=minutes,
            keeping=Keeping(Classes(data_folder()), taught, learner, record=record),
            memory=memory,
            checking="only",
            checks=memory.due,
        )
    )

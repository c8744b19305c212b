"""`profai review`: asks again what may be forgotten by now."""

from pathlib import Path

import click

from profai_cli.cli import chosen, options
from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.holding import Plan, hold
from profai_cli.cli.keeping import Keeping
from profai_cli.cli.memory import Memory
from profai_cli.cli.wiring import SoundChoice
from profai_cli.storage.classes import Classes
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.folders import data_folder
from profai_cli.storage.progress import Progress


@click.command()
@options.course_number
@options.courses_folder
@options.minutes
@options.learner
@chosen.engines
@chosen.devices
@options.plain_lines
@options.record
def review(
    *,
    course: str,
    folder: Path | None,
    minutes: float | None,
    learner: str,
    engines: EngineChoice,
    sound: SoundChoice,
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
    engines.check(stepped=False, local=engines.local)
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

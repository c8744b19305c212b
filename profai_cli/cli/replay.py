"""`profai replay`: was every decision of a recorded class the one that the machine makes today?"""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.errors import CourseError, InputError
from profai_cli.events import to_dict
from profai_cli.session.replaying import Step, find_course, replay
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.event_log import read_events

DIFFERENT = 1
"""Exit code when a decision differs."""


@click.command("replay")
@click.argument("log", type=click.Path(path_type=Path))
@options.courses_folder
@click.option("--show", is_flag=True, help="Print every event and decision, not only the first that differs.")
def replay_(log: Path, folder: Path | None, show: bool) -> int:
    """Feed the events of LOG (from --events) to the turn-taking machine and compare its decisions.

    \b
    profai class --interactive --input q.wav --fast --events run.jsonl
    profai replay run.jsonl
    """
    events = read_events(log)
    info = find_course(events)
    if info is None:
        raise InputError(f"{str(log)!r} is no log of a class: it has no course_info.")
    course = load_course(folder or shipped_courses(), info.course)
    if course.fingerprint != info.fingerprint:
        raise CourseError(f"The course {info.course!r} has changed since then; give its old text with --courses.")
    steps = 0
    for step in _steps(log, replay(events, course)):
        steps += 1
        if show:
            _print(step)
        if not step.same:
            click.echo(f"The first decision that differs is at {step.event.t:.2f} s, event {steps}:")
            _print(step)
            return DIFFERENT
    click.echo(f"All decisions are the same: {steps} events.")
    return 0


def _steps(log: Path, steps: Iterator[Step]) -> Iterator[Step]:
    try:
        yield from steps
    except (KeyError, IndexError) as error:  # an order or a place that no class has
        raise InputError(f"{str(log)!r} was changed: it has an event that no class could have ({error}).") from error


def _print(step: Step) -> None:
    click.echo(f"{step.event.t:8.2f}  {step.state:<10} {json.dumps(to_dict(step.event))}")
    for command in step.now if step.same else step.then:
        click.echo(f"          then {json.dumps(command)}" if not step.same else f"          {json.dumps(command)}")
    if not step.same:
        for command in step.now:
            click.echo(f"          now  {json.dumps(command)}")

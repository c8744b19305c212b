"""`profai` alone: the courses, where the learner left off, and the one next step."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click

from profai_cli.cli import options
from profai_cli.cli.exits import complain
from profai_cli.errors import CourseError
from profai_cli.lesson.place import clamp, position
from profai_cli.storage.courses import Entry, list_courses, load_path, shipped_courses
from profai_cli.storage.folders import data_folder, settings_path
from profai_cli.storage.progress import Progress

_WELCOME: Final = "profai is a voice tutor: it reads a course aloud, listens, answers, and goes on where it was."


class _Row(NamedTuple):
    """A course. left: where the learner is in it, "" where he has not begun. when: he was there last."""

    entry: Entry
    left: str
    when: float


@click.command()
@options.courses_folder
@options.learner
@options.interactive
@options.plain_lines
def greeting(folder: Path | None, learner: str, interactive: bool, lines: bool) -> None:
    """Greet, and say how to go on."""
    progress = Progress(data_folder(), learner)
    rows = [_row(entry, progress) for entry in list_courses(folder or shipped_courses())]
    last = max((row for row in rows if row.left), key=lambda row: row.when, default=None)
    begun = last or next((row for row in rows if not row.entry.fault), None)
    if last is None and not settings_path().exists():
        why, step = "Begin with", "profai setup"
    elif begun:
        always = "" if interactive else " --interactive"
        why, step = "Go on with" if last else "Begin with", f"profai class --course {begun.entry.number}{always}"
    else:
        why, step = "There is nothing to teach here: look at", "profai courses"
    if sys.stdout.isatty() and not lines:
        _pleasant(rows, why, step)
    else:
        _lines(rows, why, step)


def _row(entry: Entry, progress: Progress) -> _Row:
    if entry.fault or not (when := progress.when(entry.id)):
        return _Row(entry, "", 0.0)
    try:
        course = load_path(entry.path)
    except CourseError:  # told by the class
        return _Row(entry, "", 0.0)
    saved = progress.load(entry.id)
    if progress.warning:
        complain(progress.warning)
    if saved is None:
        return _Row(entry, "", 0.0)
    return _Row(entry, position(course, clamp(course, saved)), when)


def _state(row: _Row) -> str:
    return row.left or ("cannot be taught: see 'profai courses'" if row.entry.fault else "not begun")


def _lines(rows: Sequence[_Row], why: str, step: str) -> None:
    click.echo(f"{_WELCOME}\n")
    for row in rows:
        click.echo(f"{row.entry.number}  {row.entry.title}: {_state(row)}")
    click.echo(f"\n{why}: {step}")


def _pleasant(rows: Sequence[_Row], why: str, step: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that a pipe need not wait for
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table.grid(padding=(0, 2))
    for row in rows:
        style = "dim" if row.entry.fault else ""
        state = Text(_state(row), "green" if row.left else "dim")
        table.add_row(Text(f"  {row.entry.number}", "cyan"), Text(row.entry.title, style or "bold"), state)
    console = Console(highlight=False)
    console.print(Text(_WELCOME), Text(), table, Text(), Text.assemble(f"{why}  ", (step, "bold green")), sep="\n")

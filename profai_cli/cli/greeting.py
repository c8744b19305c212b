"""`profai` alone: the courses, where the learner left off, and the one next step."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click

from profai_cli.cli import options
from profai_cli.cli.exits import can_draw, complain
from profai_cli.cli.standing import standing
from profai_cli.storage.courses import Entry, list_courses, shipped_courses
from profai_cli.storage.folders import data_folder, settings_path
from profai_cli.storage.progress import Progress

_WELCOME: Final = "profai is a voice tutor: it reads a course aloud, listens, answers, and goes on where it was."


class _Row(NamedTuple):
    """A course, and the learner's standing in it."""

    entry: Entry
    left: str
    when: str
    over: bool

    @property
    def under_way(self) -> bool:
        """Begun, and not finished."""
        return bool(self.left) and not self.over


@click.command()
@options.courses_folder
@options.learner
@options.interactive
@options.plain_lines
def greeting(folder: Path | None, learner: str, interactive: bool, lines: bool) -> None:
    """Greet, and say how to go on."""
    progress = Progress(data_folder(), learner)
    rows = [_Row(entry, *standing(entry, progress)) for entry in list_courses(folder or shipped_courses())]
    if progress.warning:
        complain(progress.warning)
    why, step = _next(rows, "" if interactive else " --interactive")
    if can_draw(sys.stdout) and not lines:
        _pleasant(rows, why, step)
    else:
        _lines(rows, why, step)


def _next(rows: Sequence[_Row], always: str) -> tuple[str, str]:
    """The one next step, and a word about it: the course of last time, else a new one, else one once more."""
    sound = [row for row in rows if not row.entry.fault]
    if not any(row.left for row in sound) and not settings_path().exists():
        return "Begin with", "profai setup"
    last = max((row for row in sound if row.under_way), key=lambda row: row.when, default=None)
    new = next((row for row in sound if not row.left), None)
    again = min(sound, key=lambda row: row.when, default=None)
    for why, row in (("Go on with", last), ("Begin with", new), ("All is finished; once more with", again)):
        if row:
            return why, f"profai class --course {row.entry.number}{always}"
    return "There is nothing to teach here: look at", "profai courses"


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

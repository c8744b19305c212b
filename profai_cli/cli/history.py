"""`profai history`: the classes held."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click
from rich.cells import cell_len

from profai_cli.cli.exits import can_draw
from profai_cli.errors import InputError
from profai_cli.lesson.plain import plain
from profai_cli.storage.classes import Classes, KeptClass, Outline
from profai_cli.storage.event_log import read_events
from profai_cli.storage.folders import data_folder
from profai_cli.tutor.summary import Summary, Tally

_COLUMNS = ("No", "Date", "Learner", "Course", "Minutes", "Asked", "Stops", "Sound", "Topics")
_RIGHT = frozenset(("No", "Minutes", "Asked", "Stops", "Sound"))
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """A class that is kept, and what it came to."""

    kept: KeptClass
    summary: Summary

    @property
    def topics(self) -> list[str]:
        """Titles of what was taught."""
        return [topic_title(self.kept.about.outline, *place) for place in self.summary.topics]

    def to_dict(self) -> dict[str, Any]:
        """For scripts."""
        about, summary = self.kept.about, self.summary
        return {
            "number": self.kept.number,
            "date": about.date,
            "learner": about.learner,
            "course": about.course,
            "title": about.title,
            "topics": self.topics,
            "minutes": round(summary.seconds / 60, 2),
            "questions": summary.questions,
            "checks": summary.checks,
            "interruptions": summary.interruptions,
            "ended": summary.ended,
            "recorded": self.kept.sound.is_file(),
            "events": str(self.kept.log),
        }


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
@click.option("--delete", type=int, metavar="CLASS", help="Delete this class, its recording and its report.")
def history(as_json: bool, delete: int | None) -> None:
    """List the classes held on this computer, the newest last.

    The newest 200 are kept, in the folder of profai's data. "Asked" counts your questions, "Stops" how
    often you interrupted the tutor, and "Sound" is the size of the recording, where there is one.

    \b
    profai history
    profai history --json
    profai history --delete 12
    """
    classes = Classes(data_folder())
    if delete is not None:
        find_held(all_held(classes), delete).kept.discard()
        click.echo(f"Class {delete} is deleted.")
        return
    held = all_held(classes)
    if as_json:
        click.echo(json.dumps([one.to_dict() for one in held], indent=2))
    elif held and can_draw(sys.stdout):
        _draw(held)
    elif held:
        for line in _table(held):
            click.echo(line)
    else:
        click.echo("No class was held yet: begin with 'profai class --interactive'.")


def all_held(classes: Classes) -> list[Held]:
    """Every class in which something was taught or asked, the oldest first."""
    held = [Held(kept, kept.about.summary or _from_log(kept)) for kept in classes.all()]
    return [one for one in held if one.summary.worth_keeping]


def find_held(held: Iterable[Held], number: int) -> Held:
    """The class with this number. Raises InputError."""
    one = next((one for one in held if one.kept.number == number), None)
    if one is None:
        raise InputError(f"There is no class {number}: 'profai history' lists those that are kept.")
    return one


def topic_title(outline: Outline, module: int, topic: int) -> str:
    """The title of a topic; its numbers from 1, where the outline has none."""
    try:
        return plain(outline[module][1][topic])
    except IndexError:
        return f"topic {module + 1}.{topic + 1}"


def _from_log(kept: KeptClass) -> Summary:
    """What a class without an end came to."""
    tally = Tally()
    try:
        for event in read_events(kept.log):
            tally(event)
    except InputError:  # no log, or not one of ours: nothing is known
        return Summary()
    return tally.summary


def _table(held: Iterable[Held]) -> list[str]:
    rows = [_COLUMNS, *map(_row, held)]
    widths = [max(cell_len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return ["  ".join(map(_cell, row, widths, _COLUMNS)).rstrip() for row in rows]


def _draw(held: Sequence[Held]) -> None:
    """The same for a terminal, which may be narrow: without the learner, where there is but one."""
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that a pipe need not wait for
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown = [n for n, name in enumerate(_COLUMNS) if name != "Learner" or len({x.kept.about.learner for x in held}) > 1]
    for column in (_COLUMNS[n] for n in shown):
        justify: Literal["right", "left"] = "right" if column in _RIGHT else "left"
        table.add_column(column, justify=justify, no_wrap=column not in ("Course", "Topics"))
    for one in held:
        row = _row(one)
        table.add_row(*(Text(row[n]) for n in shown))
    Console(highlight=False).print(table)


def _row(one: Held) -> tuple[str, ...]:
    about, summary = one.kept.about, one.summary
    return (
        str(one.kept.number),
        plain(about.date.replace("T", " ")[:16]),
        plain(about.learner),
        plain(about.title),
        f"{summary.seconds / 60:.1f}",
        str(summary.questions),
        str(summary.interruptions),
        _size(one.kept.sound),
        ", ".join(one.topics) or "Check questions",
    )


def _size(sound: Path) -> str:
    """Of a recording, as people say it; "" where there is none."""
    try:
        return f"{max(round(sound.stat().st_size / _MB), 1)} MB"
    except OSError:
        return ""


def _cell(text: str, width: int, column: str) -> str:
    """The text, filled up to this many columns of a terminal, of which some letters take two or none."""
    fill = " " * (width - cell_len(text))
    return fill + text if column in _RIGHT else text + fill

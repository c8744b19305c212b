"""How progress is shown: a table of courses, and a plot of the last days; in a terminal, and as lines in a pipe."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from rich.cells import cell_len

DAYS: Final = 14
"""That are plotted, up to today."""

_WIDEST: Final = 20
"""Columns of a bar: more than that in a day are drawn to scale."""

_COLUMNS: Final = ("Course", "Where", "Topics heard", "Questions", "Known", "Classes", "Last")


class Row(NamedTuple):
    """A course. heard: how many topics, of how many. known: how many check questions, of those asked. changed: ISO 8601
    in UTC."""

    title: str
    state: str
    heard: str
    questions: int
    known: str
    classes: int
    changed: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In words, in the order of the columns."""
        counts = (str(self.questions), self.known, str(self.classes))
        return (self.title, self.state, self.heard, *counts, str(_day(self.changed) or ""))


class Day(NamedTuple):
    """A day where the learner is: topics heard and questions asked."""

    date: date
    heard: int
    asked: int


def days(heard: Sequence[str], asked: Sequence[str], today: date | None = None) -> list[Day]:
    """The last days, from the first of them on which there was something; times are ISO 8601 in UTC."""
    last = today or datetime.now().astimezone().date()
    topics, questions = Counter(map(_day, heard)), Counter(map(_day, asked))
    dates = [last - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    found = [Day(one, topics[one], questions[one]) for one in dates]
    first = next((number for number, day in enumerate(found) if day.heard or day.asked), len(found))
    return found[first:]


def lines(rows: Sequence[Row], plotted: Sequence[Day]) -> Iterator[str]:
    """For a pipe and for a screen reader: ASCII only, apart from titles; days without anything are left out."""
    table = [_COLUMNS, *(row.cells for row in rows)]
    widths = [max(cell_len(row[column]) for row in table) for column in range(len(_COLUMNS))]
    for row in table:
        yield "  ".join(cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
    if plotted:
        most = max(max(day.heard, day.asked) for day in plotted)
        yield ""
        yield f"{'Day':10}  {'Topics heard':{_WIDEST + 4}}  Questions"
        for day in plotted:
            if day.heard or day.asked:
                heard, asked = (f"{bar('#', number, most)} {number}".lstrip() for number in day[1:])
                yield f"{day.date}  {heard:{_WIDEST + 4}}  {asked}"


def draw(rows: Sequence[Row], plotted: Sequence[Day]) -> None:
    """For a terminal."""
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that a pipe need not wait for
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in _COLUMNS:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(cell, style) for cell, style in zip(row.cells, ("bold", "green", *[""] * 5), strict=True)))
    console.print(table)
    if plotted:
        most = max(max(day.heard, day.asked) for day in plotted)
        plot = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for column in ("Day", "Topics heard", "Questions"):
            plot.add_column(column)
        for day in plotted:
            cells = [
                Text.assemble((bar("█", n, most), style), f" {n or ''}")
                for n, style in zip(day[1:], ("green", "cyan"), strict=True)
            ]
            plot.add_row(Text(str(day.date)), *cells)
        console.print()
        console.print(plot)


def bar(mark: str, number: int, most: int) -> str:
    """As many marks as the number, or to the scale of the greatest where that is too wide; nothing only for 0."""
    if most <= _WIDEST:
        return mark * number
    return mark * -(-number * _WIDEST // most)


def _day(time: str) -> date | None:
    """Where the learner is; None for a damaged time."""
    try:
        return datetime.fromisoformat(time).astimezone().date()
    except (ValueError, TypeError, OverflowError):
        return None

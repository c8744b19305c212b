"""How the class screen looks: the colours of the states, frames around panes, and what a plain terminal gets. Pure.

Only the sixteen colours of the terminal's own palette and attributes are used, and no background: the learner has
chosen them to be read, on light or on dark. Every colour goes with a word or a sign, for those who see none.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final

from rich.text import Text

from profai_cli.ui.cells import one_direction, widest

STATES: Final = {
    "starting": "dim",
    "teaching": "green",
    "answering": "cyan",
    "asking": "cyan",
    "held": "yellow",
    "listening": "yellow",
    "thinking": "magenta",
    "paused": "red",
    "leaving": "dim",
    "done": "dim",
}
"""The colour of each of `turns.states.State`."""

FAULT: Final = "bold red"
WARNING: Final = "yellow"
KEY: Final = "bold"
QUIET: Final = "dim"

_PLAIN: Final = str.maketrans("╭╮╰╯│─━■·●◐○✓▸▏…‘’“”–—←→•", "++++|-=#.*o.x>|~''\"\"--<>*")  # noqa: RUF001 - signs


def fit(text: Text, width: int) -> Text:
    """A new line of exactly `width` cells: cut with an ellipsis, or filled up."""
    line = Text(no_wrap=True, end="")
    line.append_text(text)
    line.truncate(max(0, width), overflow="ellipsis", pad=True)
    return line


def ends(left: Text, right: Text, width: int) -> Text:
    """One line with something at both ends; the left one is cut where there is no room for both."""
    room = width - right.cell_len - 2
    return fit(left, width) if room < 1 else one_direction(fit(left, room)).append("  ").append_text(right)


def pane(title: Text, right: Text, rows: Sequence[Text], width: int, style: str) -> list[Text]:
    """A frame of `width` cells around rows, which are cut to it; its title and a remark are in the upper edge."""
    inner = width - 4
    remark = Text.assemble(" ", right, " ") if right and title.cell_len + right.cell_len + 4 < inner else Text()
    head = fit(title, min(widest(title.plain), inner - remark.cell_len))
    rule = "─" * (inner - head.cell_len - remark.cell_len - 2)
    edge = Text(no_wrap=True, end="")
    edge.append("╭─ ", style).append_text(head).append(f" {rule}", style).append_text(remark).append("─╮", style)
    lines = [edge]
    for row in rows:
        line = Text(no_wrap=True, end="")
        lines.append(line.append("│ ", style).append_text(one_direction(fit(row, inner))).append(" │", style))
    return [*lines, Text.assemble((f"╰{'─' * (width - 2)}╯", style))]


def bar(done: float, cells: int) -> Text:
    """How far something is, from 0 to 1."""
    full = min(cells, round(cells * done))
    return Text.assemble(("━" * full, "green"), ("─" * (cells - full), QUIET))


def to_ascii(row: Text) -> Text:
    """The same row for a terminal that has no more signs than ASCII."""
    if not row.plain.isascii():
        row.plain = "".join(map(_ascii, row.plain.translate(_PLAIN)))
    return row


def _ascii(sign: str) -> str:
    base = unicodedata.normalize("NFKD", sign)[0]
    return base if base.isascii() and base.isprintable() else "?"

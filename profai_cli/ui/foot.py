"""The keys: at the foot, and in the help that covers the lesson. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rich.text import Text

from profai_cli.ui.keys import ARROWS, FOOT, KEYS, SPOKEN, TYPING
from profai_cli.ui.lesson_text import folded
from profai_cli.ui.look import KEY, QUIET, fit

_GAP: Final = 2
_WIDEST: Final = 48
"""Cells of a key with its words."""


@lru_cache(maxsize=8)
def foot(width: int, rows: int) -> tuple[Text, ...]:
    """The keys in so few of these rows as hold all of them, each about as long; else as many as there is room for."""
    parts = [Text.assemble((_drawn(keys), KEY), (f" {words}", QUIET)) for keys, words in FOOT]
    longest = max(part.cell_len for part in parts)
    whole = sum(part.cell_len + _GAP for part in parts)
    for count in range(1, rows + 1):
        for limit in range(max(longest, whole // count - _GAP), width + 1):
            shown = _in_rows(parts, limit)
            if len(shown) <= count:
                return tuple(shown)
    return tuple(_in_rows(parts, width)[:rows])


def _in_rows(parts: Sequence[Text], width: int) -> list[Text]:
    rows: list[Text] = []
    for part in parts:
        if not rows or rows[-1].cell_len + _GAP + part.cell_len > width:
            rows.append(part.copy())
        else:
            rows[-1].append(" " * _GAP).append_text(part)
    return rows


def help_rows(width: int, height: int) -> list[Text]:
    """All keys, in as many columns as they need; then how to type and what to say, as far as there is room."""
    notes = [[Text(line, QUIET) for line in folded(note, width)] for note in (TYPING, SPOKEN)]
    columns = 1 if len(KEYS) + sum(map(len, notes)) < height else 2
    each = min(_WIDEST, width // columns)
    deep = -(-len(KEYS) // columns)
    rows = []
    for number in range(deep):
        row = Text()
        for key in KEYS[number::deep]:
            row.append_text(fit(Text.assemble((f"{_drawn(key.label):<6}", KEY), key.words), each))
        rows.append(row)
    if len(rows) + sum(map(len, notes)) < height:
        rows.append(Text())
    for note in notes:
        if len(rows) + len(note) <= height:
            rows += note
    return [*rows[:height], *([Text()] * (height - len(rows)))]


def _drawn(keys: str) -> str:
    return " ".join(ARROWS.get(key, key) for key in keys.split())

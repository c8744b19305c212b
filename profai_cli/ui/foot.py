"""The keys: a row at the foot, and the help that covers the lesson. Pure."""

from typing import Final

from rich.text import Text

from profai_cli.ui.keys import ARROWS, FOOT, KEYS
from profai_cli.ui.look import KEY, QUIET, fit

SPOKEN: Final = 'Or say: "stop", "go on", "repeat", "next topic", "quit", or your question.'
_GAP: Final = 2
_WIDEST: Final = 48
"""Cells of a key with its words."""


def foot(width: int) -> Text:
    """As many keys as there is room for."""
    row = Text()
    for keys, words in FOOT:
        part = Text.assemble((_drawn(keys), KEY), (f" {words}", QUIET))
        gap = _GAP if row else 0
        if row.cell_len + gap + part.cell_len > width:
            break
        row.append(" " * gap).append_text(part)
    return row


def help_rows(width: int, height: int) -> list[Text]:
    """All keys, in as many columns as they need; where there is still room, what can be said."""
    columns = 1 if len(KEYS) <= height else 2
    each = min(_WIDEST, width // columns)
    deep = -(-len(KEYS) // columns)
    rows = []
    for number in range(deep):
        row = Text()
        for key in KEYS[number::deep]:
            row.append_text(fit(Text.assemble((f"{_drawn(key.label):<6}", KEY), key.words), each))
        rows.append(row)
    if height >= deep + _GAP:
        rows += [Text(), Text(SPOKEN, QUIET)]
    elif height > deep:
        rows.append(Text(SPOKEN, QUIET))
    return [*rows[:height], *([Text()] * (height - len(rows)))]


def _drawn(keys: str) -> str:
    return " ".join(ARROWS.get(key, key) for key in keys.split())

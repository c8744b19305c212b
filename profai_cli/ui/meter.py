"""The level meter, drawn alike wherever a level is shown. Pure."""

from typing import Final

from rich.text import Text

FLOOR: Final = -60.0
"""dBFS at which the meter is empty; below it a room is silent."""


def meter(level: float, cells: int, style: str, *, ascii_only: bool) -> Text:
    """`cells` characters for a level in dBFS (RMS), full at full scale."""
    full = round(cells * (min(max(level, FLOOR), 0.0) / -FLOOR + 1))
    on, off = "#." if ascii_only else "■·"
    return Text.assemble((on * full, style), (off * (cells - full), "dim"))

"""How much room a text takes in a terminal, where terminals do not agree about that. Pure.

A vowel sign of an Indian script has a cell of its own in some terminals and none in others, and so have the parts of a
joined emoji. What is wrapped has room for all of them; frames are drawn where they belong, whatever came before them.
Terminals that order the letters of a line (Unicode's bidirectional algorithm) would swap two columns of Hebrew or
Arabic, and the frame between them, unless a mark of direction stands there.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rich.cells import cell_len
from rich.text import Text

LEFT_TO_RIGHT: Final = "\u200e"
"""A mark without a width."""

_JOINS: Final = ("Mc", "Mn", "Me", "Cf", "Sk")
"""Categories of signs that belong to the one before."""

_ANCHORS: Final = re.compile(r"(?<=[^│╮─])[│╮─]|(?<=  )[^ ]")
"""Where a frame goes on after a text, or another text begins after a gap."""


@lru_cache(maxsize=4096)
def widest(text: str) -> int:
    """Cells that a text takes where every sign of it takes what it takes alone, a vowel sign one."""
    if text.isascii():
        return len(text)
    return sum(max(cell_len(sign), unicodedata.category(sign) == "Mc") for sign in text)


def one_direction(text: Text) -> Text:
    """The text, kept apart from its neighbours where it is written from right to left."""
    if text.plain.isascii() or not any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text.plain):
        return text
    return Text(LEFT_TO_RIGHT, no_wrap=True, end="").append_text(text).append(LEFT_TO_RIGHT)


def anchored(row: Text) -> Iterator[tuple[int, Text]]:
    """The parts of a row, each with the cell at which it begins: after a text of unsure width all else is apart."""
    plain = row.plain
    cuts: list[int] = []
    if not plain.isascii() and any(unicodedata.category(sign) in _JOINS for sign in plain):
        cuts = [match.start() for match in _ANCHORS.finditer(plain)]
    for part, at in zip(row.divide(cuts), (0, *cuts), strict=True):
        part.end = ""
        yield cell_len(plain[:at]), part

"""Text as a voice can take it: without what crashes or puzzles engines, in pieces of bearable length. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 300
"""Characters that an engine is given at once; a sentence of the lesson has 220 at most."""

_PIECE: Final = re.compile(
    rf".{{1,{LONGEST}}}\Z"  # all that is left
    rf"|.{{1,{LONGEST}}}(?<=[.!?;:,।])\s"  # up to the last stop or comma
    rf"|.{{1,{LONGEST}}}\s"  # up to the last space
    rf"|.{{1,{LONGEST}}}",
    re.DOTALL,
)
_UNSAYABLE: Final = frozenset({"Cc", "Cn", "Co", "Cs", "Zl", "Zp"})
_PICTURES: Final = "\u2190"
"""From the arrows on, a symbol is no unit such as a degree sign, but a picture (emoji too)."""


def sayable(text: str) -> str:
    """The text, as long as before, with a space for each control character, picture or broken character."""
    return "".join(" " if _unsayable(character) else character for character in text)


def _unsayable(character: str) -> bool:
    category = unicodedata.category(character)
    return category in _UNSAYABLE or (category == "So" and character >= _PICTURES)


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a text with the offset of each, cut at stops where possible, without those that hold no word."""
    for match in _PIECE.finditer(text):
        if any(map(str.isalnum, match.group())):
            yield match.start(), match.group()

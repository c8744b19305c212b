"""A line of a printed page. Pure."""

from typing import Final, NamedTuple

MONO_WIDTH: Final = 0.6
"""Of its size: the width of a letter of Courier, and of most letters that code is set in."""


class Line(NamedTuple):
    """text: without blanks around it. x, y, size: of its begin, in points; y grows upwards. mono: set as code is.

    page: its number from 0.
    """

    text: str
    x: float
    y: float
    size: float
    mono: bool = False
    page: int = 0

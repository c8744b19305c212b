"""A book that was read to be made a course: its text as Markdown, whatever it was before."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


@dataclass(slots=True)
class Book:
    """title: empty where the file has none. language: BCP 47. left_out: what a voice cannot say, and how many of it."""

    title: str
    markdown: str
    language: str = "en"
    left_out: Counter[str] = field(default_factory=Counter)

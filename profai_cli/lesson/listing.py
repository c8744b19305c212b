"""A code block of a lesson, for those who show it while it is spoken about. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """code: its lines as they are written, clean, without tabs. language: as the teacher names it; may be empty.

    line: the one that the sentence reads, from 0; None: the sentence is about all of them.
    """

    code: str
    language: str = ""
    line: int | None = None

"""Which lines of printed pages are headings, and of which level. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from profai_cli.lesson.printed import Line

_LARGE: Final = 1.15  # of the text's size
_LEVELS: Final = 3  # sizes of headings that are told apart
_LINES: Final = 3  # of one heading
_LONGEST: Final = 200  # characters; what is longer is a text in large letters
_CHAPTER: Final = re.compile(r"(?:chapter|part|lesson|unit|section)\s+(?:\d+|[ivxlc]+|[a-z]+)\b.{0,80}", re.IGNORECASE)


class Entry(NamedTuple):
    """A heading: a line of the table of contents. level: from 1. page: from 0."""

    level: int
    title: str
    page: int


def headlines(pages: Sequence[Sequence[Line]], contents: Sequence[Entry], size: float) -> Iterator[Line | Entry]:
    """The lines in order, with the headings among them, which are no lines any more.

    With a table of contents they are those that it lists. Otherwise they are those in larger letters than the text's,
    which are of this size, or else what begins with "Chapter".
    """
    if contents:
        for number, page in enumerate(pages):
            yield from _listed(page, [entry for entry in contents if entry.page == number])
    elif sizes := sorted({_rounded(line) for page in pages for line in page if _is_large(line, size)}, reverse=True):
        for page in pages:
            yield from _by_size(page, sizes, size)
    else:
        for page in pages:
            yield from (Entry(1, line.text, line.page) if _CHAPTER.fullmatch(line.text) else line for line in page)


def _listed(page: Sequence[Line], entries: Sequence[Entry]) -> Iterator[Line | Entry]:
    """A page with the headings listed for it, each in place of its lines, or before the page where it has none."""
    places: dict[int, tuple[int, Entry]] = {}  # by first line: the line after it
    missing = []
    for entry in entries:
        spans = ((first, last) for first in range(len(page)) for last in range(first + 1, first + _LINES + 1))
        found = next((s for s in spans if s[0] not in places and _same(page[slice(*s)], entry.title)), None)
        if found:
            places[found[0]] = (found[1], entry)
        else:
            missing.append(entry)
    yield from missing
    resume = 0
    for number, line in enumerate(page):
        if number in places:
            resume, entry = places[number]
            yield entry
        elif number >= resume:
            yield line


def _same(lines: Sequence[Line], title: str) -> bool:
    """Whether the lines are this title, perhaps with a number before it."""
    said, wanted = _letters(" ".join(line.text for line in lines)), _letters(title)
    return bool(wanted) and (said == wanted or (said.endswith(wanted) and said.removesuffix(wanted).isdecimal()))


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _by_size(page: Sequence[Line], sizes: Sequence[float], size: float) -> Iterator[Line | Entry]:
    """A page with its headings; one of several lines is one."""
    title: list[Line] = []
    for line in [*page, None]:
        if title and (line is None or _rounded(line) != _rounded(title[0]) or len(title) == _LINES):
            level = min(sizes.index(_rounded(title[0])) + 1, _LEVELS)
            yield Entry(level, " ".join(part.text for part in title), title[0].page)
            title = []
        if line is not None and _is_large(line, size):
            title.append(line)
        elif line is not None:
            yield line


def _is_large(line: Line, size: float) -> bool:
    words = any(map(str.isalpha, line.text))
    return not line.mono and words and line.size >= size * _LARGE and len(line.text) <= _LONGEST


def _rounded(line: Line) -> float:
    """Its size to half a point: what differs less is not told apart."""
    return round(line.size * 2) / 2

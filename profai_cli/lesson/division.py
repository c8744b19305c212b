"""Sections of a book made into chapters and pages of a length for the ear. Pure.

Headings are followed where they can be: those of the highest level are the chapters, those below it the pages. What
is too long to be listened to is cut at its next headings, or between paragraphs; what is too short is joined.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from profai_cli.lesson.manuscript import Chapter, Manuscript, Page, heading
from profai_cli.lesson.paragraphs import count_words, paragraphs
from profai_cli.lesson.sections import Section

LONGEST: Final = 1200
"""Words of a page: seven and a half minutes at 160 words a minute."""

SHORTEST: Final = 60
"""Words of a page; fewer are said within half a minute, and belong to what stands before them."""

_INTRODUCTION: Final = "Introduction"


@dataclass(slots=True)
class _Part:
    """A section with those below it."""

    section: Section
    below: list["_Part"] = field(default_factory=list)

    def words(self) -> int:
        return count_words(self.section.text) + sum(part.words() for part in self.below)


@dataclass(slots=True)
class _Piece:
    """A page that is being made."""

    title: str
    text: str
    checks: str = ""

    def page(self) -> Page:
        return Page(self.title, f"{self.text}\n\n## Check\n\n{self.checks}" if self.checks else self.text)


def divide(title: str, found: list[Section], language: str = "en") -> Manuscript:
    """The manuscript of these sections. title: what it is called where a single highest heading does not say it.

    It has no chapters where the sections have no words.
    """
    parts = [part for part in _tree(found) if part.words()]
    highest = [part for part in parts if part.section.level]
    if len(highest) == 1:
        only = highest[0]
        title = only.section.title
        if only.below:
            parts.remove(only)
            parts += [_Part(Section(0, "", only.section.text, only.section.checks)), *only.below]
            parts = [part for part in parts if part.words()]
    title = heading(title, "A course")
    long = sum(part.words() > LONGEST for part in parts)
    if any(part.below for part in parts) or long * 2 > len(parts):
        made = [(part.section.title, _joined(_divided(part), part.section.title)) for part in parts]
    else:
        made = [(title, _joined((piece for part in parts for piece in _pieces(part)), ""))] if parts else []
    names = _unlike((name or _INTRODUCTION for name, _ in made), "Module")
    chapters = (Chapter(name, _pages(pieces)) for name, (_, pieces) in zip(names, made, strict=True))
    return Manuscript(title, tuple(chapters), language)


def _tree(found: Iterable[Section]) -> list[_Part]:
    """The sections that are below no other one."""
    roots: list[_Part] = []
    open_: list[_Part] = []
    for section in found:
        part = _Part(section)
        while open_ and (open_[-1].section.level >= section.level or not open_[-1].section.level):
            open_.pop()
        (open_[-1].below if open_ else roots).append(part)
        open_.append(part)
    return roots


def _divided(part: _Part) -> Iterator[_Piece]:
    """The pieces of a chapter: what stands before its first heading, and what stands under each."""
    yield from _cut(part.section)
    for below in part.below:
        yield from _pieces(below)


def _pieces(part: _Part) -> Iterator[_Piece]:
    """The pieces of a part of a chapter: one, if that is not too long."""
    if part.words() > LONGEST:
        yield from _divided(part)
    elif part.words():
        yield _Piece(part.section.title, "\n\n".join(_whole(part, 1)).strip(), "\n\n".join(_checks(part)))


def _whole(part: _Part, depth: int) -> Iterator[str]:
    """The texts of a part and of those below it, with headings."""
    if part.section.text:
        yield part.section.text
    for below in part.below:
        if below.words():
            yield _subheading(below.section.title, depth + 1)
            yield from _whole(below, depth + 1)


def _checks(part: _Part) -> Iterator[str]:
    if part.section.checks:
        yield part.section.checks
    for below in part.below:
        yield from _checks(below)


def _subheading(title: str, depth: int) -> str:
    """A heading within a page; one that says "Check" must not be taken for the questions."""
    return f"{'#' * min(3 if title.casefold() == 'check' else depth, 6)} {title}"


def _cut(section: Section) -> Iterator[_Piece]:
    """A section's own text in pieces that are short enough, of about the same length."""
    count = -(-count_words(section.text) // LONGEST)
    if count <= 1:
        if count:
            yield _Piece(section.title, section.text, section.checks)
        return
    share = count_words(section.text) / count
    lots: list[list[str]] = [[]]
    said = 0
    for paragraph in paragraphs(section.text):
        if lots[-1] and said >= share * len(lots):
            lots.append([])
        lots[-1].append(paragraph)
        said += count_words(paragraph)
    for number, lot in enumerate(lots, 1):
        checks = section.checks if number == len(lots) else ""
        title = f"{section.title or _INTRODUCTION}, part {number}" if len(lots) > 1 else section.title
        yield _Piece(title, "\n\n".join(lot), checks)


def _joined(pieces: Iterable[_Piece], opening: str) -> list[_Piece]:
    """The pieces, the short ones joined to what stands before them; a first one called `opening`, to the next."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        few = last is not None and min(count_words(piece.text), count_words(last.text)) < SHORTEST
        if last is None or not few or last.checks or count_words(piece.text) + count_words(last.text) > LONGEST:
            joined.append(piece)
        elif len(joined) == 1 and last.title == opening and count_words(last.text) < SHORTEST:
            joined[0] = _Piece(piece.title, f"{last.text}\n\n{piece.text}", piece.checks)
        elif count_words(piece.text) < SHORTEST:
            text = f"{last.text}\n\n{_subheading(piece.title, 2)}\n\n{piece.text}"
            joined[-1] = _Piece(last.title, text, piece.checks)
        else:
            joined.append(piece)
    return joined


def _pages(pieces: list[_Piece]) -> tuple[Page, ...]:
    named = _unlike((piece.title or _INTRODUCTION for piece in pieces), "Topic")
    return tuple(_Piece(title, piece.text, piece.checks).page() for title, piece in zip(named, pieces, strict=True))


def _unlike(titles: Iterable[str], what: str) -> Iterator[str]:
    """The titles, each once: a number is added to those that came before."""
    taken: set[str] = set()
    for number, title in enumerate(titles, 1):
        name = plainer = heading(title, f"{what} {number}")
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{plainer} ({count})"
        taken.add(name.casefold())
        yield name

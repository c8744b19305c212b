"""A book from a PDF: its lines, with their places and sizes, which `lesson.pages` makes into paragraphs."""

import logging
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pypdf
from pypdf.errors import DependencyError, PyPdfError

from profai_cli.errors import CourseError
from profai_cli.lesson.headlines import Entry
from profai_cli.lesson.pages import markdown
from profai_cli.lesson.plain import clean, plain
from profai_cli.lesson.printed import MONO_WIDTH, Line
from profai_cli.storage.book import Book, Progress

MOST_PAGES: Final = 5_000
"""What is longer is a shelf, not a book."""

_BOUNDS: Final = pypdf.Configuration(zlib_maximum_output_length=8_000_000, stream_parsing_work_maximum_count=400_000)
"""Of one page's text: ten times as much as the fullest page of print has."""

_FAULTS: Final = (
    PyPdfError, ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What pypdf raises for a broken file: it reads on as long as anything makes sense."""

_FEWEST: Final = 8  # letters a page, on average; where there are fewer, the pages are pictures
_FARTHEST: Final = 1e6  # points: what lies farther out, or is smaller or larger than these, is on no page
_SMALLEST: Final = 0.1
_LARGEST: Final = 1e4
_SAME_ROW: Final = 0.45  # of the size: a raised number is in the row of its word
_RAISED: Final = 0.8  # of the size of the row's letters: the mark of a footnote
_MARK: Final = re.compile(r"(?:\d{1,3}|[*\u2020\u2021])(?:,\s?\d{1,3})*")
_MONO: Final = re.compile(r"courier|mono|consol|menlo|typewriter|cmtt|code", re.IGNORECASE)
_LIGATURES: Final = re.compile("[\ufb00-\ufb06]")

_Piece = tuple[str, float, float, float, bool]
"""Text, x, y, size, and whether it is set as code is."""


def read_pdf(path: Path, progress: Progress) -> Book:
    """The whole book. Raises CourseError, and OSError."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every fault that it passes over
    shown = repr(plain(path.name))
    left_out: Counter[str] = Counter()
    try:
        with path.open("rb") as file, pypdf.apply_configuration(_BOUNDS):
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise CourseError(f"{shown} asks for a password: save a copy without one, and import that.")
            count = len(reader.pages)
            if count > MOST_PAGES:
                raise CourseError(f"{shown} has {count} pages, and {MOST_PAGES} are the most: import a part of it.")
            pages = _pages(reader, count, left_out, progress)
            contents = _outline(reader)
            title = _title(reader)
    except DependencyError:
        raise CourseError(f"{shown} is encrypted: run \"pip install 'profai[import]'\", then try again.") from None
    except _FAULTS:
        raise CourseError(f"{shown} is damaged or no PDF: get it again.") from None
    letters = sum(len(line.text) for page in pages for line in page)
    if letters < _FEWEST * count:
        raise CourseError(f"{shown} has only pictures of pages: add text to it by recognition (OCR), then try again.")
    return Book(title, markdown(pages, contents, left_out), left_out=left_out)


def _pages(reader: pypdf.PdfReader, count: int, left_out: Counter[str], progress: Progress) -> list[list[Line]]:
    pages = []
    for number in range(count):
        progress(number, count)
        try:
            pages.append(list(_lines(_pieces(reader.pages[number]), number, left_out)))
        except _FAULTS:
            left_out["unreadable page"] += 1
            pages.append([])
    progress(count, count)
    if left_out["unreadable page"] == count:
        raise ValueError("no page can be read")
    return pages


def _pieces(page: pypdf.PageObject) -> list[_Piece]:
    """The text of a page as it was set, piece by piece."""
    pieces: list[_Piece] = []

    def take(text: str, cm: Sequence[float], tm: Sequence[float], font: Mapping[str, Any] | None, size: float) -> None:
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        height = abs(size * max(map(abs, tm[:4])) * max(map(abs, cm[:4])))
        mono = font is not None and _MONO.search(str(font.get("/BaseFont", ""))) is not None
        on_page = abs(x) < _FARTHEST and abs(y) < _FARTHEST and _SMALLEST < height < _LARGEST  # false for nan
        for below, part in enumerate(text.split("\n") if on_page else ()):
            if part:
                pieces.append((part, x, y - below * height * 1.2, height, mono))

    page.extract_text(visitor_text=take)
    return pieces


def _lines(pieces: Sequence[_Piece], number: int, left_out: Counter[str]) -> Iterator[Line]:
    """The pieces row by row, without the marks of footnotes."""
    row: list[_Piece] = []
    for piece in pieces:
        if row and abs(piece[2] - row[0][2]) > max(piece[3], row[0][3]) * _SAME_ROW:
            yield from _line(row, number, left_out)
            row = []
        row.append(piece)
    yield from _line(row, number, left_out)


def _line(row: Sequence[_Piece], number: int, left_out: Counter[str]) -> Iterator[Line]:
    """A row as a line; nothing where it is blank."""
    size = max((piece[3] for piece in row if piece[0].strip()), default=0.0)
    kept: list[_Piece] = []
    for piece in row:
        if kept and piece[3] < size * _RAISED and _MARK.fullmatch(piece[0].strip()):
            left_out["footnote mark"] += 1
        else:
            kept.append(piece)
    joined = "".join(piece[0] for piece in kept)
    broken = joined.rstrip().endswith("\u00ad")  # a hyphen that is only there at a line's end
    text = clean(_LIGATURES.sub(lambda m: unicodedata.normalize("NFKC", m[0]), joined)).rstrip() + "-" * broken
    mono = sum(len(piece[0]) for piece in kept if piece[4]) * 2 > len(joined)
    begun = next((piece for piece in kept if piece[0].strip()), None)
    if begun and text.strip():
        indent = (len(text) - len(text.lstrip())) * size * MONO_WIDTH if mono else 0.0
        said = text.strip() if mono else " ".join(text.split())
        yield Line(said, begun[1] + indent, begun[2], round(size, 2), mono, number)


def _outline(reader: pypdf.PdfReader) -> list[Entry]:
    """The table of contents; none where it is broken: headings are known by their size then."""
    try:
        return list(_contents(reader, reader.outline, 1))
    except _FAULTS:
        return []


def _contents(reader: pypdf.PdfReader, outline: Sequence[Any], level: int) -> Iterator[Entry]:
    """The table of contents; lines that lead nowhere are passed over."""
    for item in outline:
        if isinstance(item, list):
            yield from _contents(reader, item, min(level + 1, 6))
        else:
            page = reader.get_destination_page_number(item)
            if page is not None and page >= 0 and (title := plain(str(item.title or ""))):
                yield Entry(level, title, page)


def _title(reader: pypdf.PdfReader) -> str:
    """The book's title in its metadata; empty where that is broken, or a file's name, as many programs write it."""
    try:
        title = plain(str(reader.metadata.title or "")) if reader.metadata else ""
    except _FAULTS:
        return ""
    return "" if re.search(r"\.\w{2,5}$|^untitled|^microsoft word", title, re.IGNORECASE) else title

"""Printed pages made into Markdown: lines joined to paragraphs, without what only the eye needs. Pure.

A page of a PDF is lines at places, no more. Headings are known by their size or from the table of contents; headers
and footers because they stand on the edge of many pages; paragraphs by the lines that end them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Final, NamedTuple

from profai_cli.lesson.headlines import Entry, headlines
from profai_cli.lesson.manuscript import fenced, literal, paragraph
from profai_cli.lesson.printed import MONO_WIDTH, Line

_EDGE: Final = 2  # lines at the top, and at the bottom, of a page that may be a header or footer
_OFTEN: Final = 3  # pages on which such a line stands
_NUMBER: Final = re.compile(
    r"[-\u2013\u2014.|\s]*(?:page\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of)\s*\d{1,4})?[-\u2013\u2014.|\s]*",
    re.IGNORECASE,
)
_NOTE: Final = re.compile(r"(?:\d{1,3}|[*\u2020\u2021])[.)]?\s?\D")
_SMALL: Final = 0.92  # of the text's size: a footnote
_WIDE: Final = 1.45  # of the usual distance of lines: a paragraph begins
_SHORT: Final = 0.8  # of the usual length: a paragraph may end
_INDENT: Final = 0.8  # of the text's size
_DEEPEST: Final = 80  # columns that code is indented at most
_BULLET: Final = re.compile(r"[\u2022\u25e6\u25aa\u2023\u25cf\u25cb\u25a0\u2043\u2013*-]\s+(?=\S)")
_ENDED: Final = re.compile(r"[.!?:;\u2026\u0964][\"')\]\u201d\u2019]*$")
_BROKEN: Final = re.compile(r"(\w+)[-\u2010]$")


class _Body(NamedTuple):
    """What most lines of a book are like."""

    size: float
    distance: float
    length: float


def markdown(pages: Sequence[Sequence[Line]], contents: Sequence[Entry], left_out: Counter[str]) -> str:
    """The text of the pages. contents: of the book; empty where it has none. left_out: is counted up."""
    body = _body(pages)
    kept = [_without_notes(page, body, left_out) for page in _without_edges(pages, body, left_out)]
    whole = frozenset(word for page in kept for line in page for word in re.findall(r"\w+(?:-\w+)*", line.text))
    blocks: list[str] = []
    run: list[Line] = []
    for item in headlines(kept, contents, body.size):
        if isinstance(item, Line):
            run.append(item)
        else:
            blocks += _blocks(run, body, whole)
            blocks.append(f"{'#' * item.level} {literal(item.title)}")
            run = []
    return "\n\n".join([*blocks, *_blocks(run, body, whole)])


def _body(pages: Sequence[Sequence[Line]]) -> _Body:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += 0 if line.mono else len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    steps = [a.y - b.y for page in pages for a, b in pairwise(page) if a.size == b.size == size and a.y > b.y]
    lengths = [len(line.text) for page in pages for line in page if line.size == size and not line.mono]
    return _Body(size, median(steps) if steps else size * 1.2, median(lengths) if lengths else 0)


def _without_edges(pages: Sequence[Sequence[Line]], body: _Body, left_out: Counter[str]) -> Iterator[list[Line]]:
    """The pages without running headers, footers and page numbers."""
    edges = [_edges(page, body) for page in pages]
    often = Counter(shape for edge in edges for shape in {_shape(line) for line in edge})
    for page, edge in zip(pages, edges, strict=True):
        gone = {
            line
            for line in edge
            if not line.mono
            and (_NUMBER.fullmatch(line.text) or (often[_shape(line)] >= _OFTEN and line.size <= body.size * 1.1))
        }
        left_out["page number or header"] += len(gone)
        yield [line for line in page if line not in gone]


def _edges(page: Sequence[Line], body: _Body) -> list[Line]:
    """The lines at the top and at the bottom that stand apart from the text."""
    rows = sorted(page, key=lambda line: -line.y)
    return [*_edge(rows, body), *_edge(rows[::-1], body)]


def _edge(rows: Sequence[Line], body: _Body) -> Sequence[Line]:
    for count in range(1, min(_EDGE + 1, len(rows))):
        if abs(rows[count - 1].y - rows[count].y) > body.distance * _WIDE:
            return rows[:count]
    return [line for line in rows[:1] if line.size != body.size or _NUMBER.fullmatch(line.text)]


def _shape(line: Line) -> str:
    """What a header has in common with those of other pages: all but numbers."""
    return re.sub(r"\d+", "#", line.text.casefold())


def _without_notes(page: list[Line], body: _Body, left_out: Counter[str]) -> list[Line]:
    """The page without the footnotes at its end, which are set in small letters."""
    first = len(page)
    while first and page[first - 1].size < body.size * _SMALL and not page[first - 1].mono:
        first -= 1
    begin = next((n for n in range(first, len(page)) if _NOTE.match(page[n].text)), len(page))
    left_out["footnote"] += sum(bool(_NOTE.match(line.text)) for line in page[begin:])
    return page[:begin]


def _blocks(run: Sequence[Line], body: _Body, whole: frozenset[str]) -> Iterator[str]:
    """The paragraphs and blocks of code in lines without headings."""
    block: list[Line] = []
    for line in run:
        if block and _begins(line, block[-1], body):
            yield _block(block, whole)
            block = []
        block.append(line)
    if block:
        yield _block(block, whole)


def _begins(line: Line, before: Line, body: _Body) -> bool:
    """Whether a block begins with this line."""
    if line.mono or before.mono:
        return not (line.mono and before.mono)
    if _BULLET.match(line.text):
        return True
    ended = _ENDED.search(before.text) is not None
    if line.page != before.page or line.y > before.y:
        return ended
    if before.y - line.y > body.distance * _WIDE:
        return ended or not line.text[:1].islower()
    indented = line.x > before.x + body.size * _INDENT
    return ended and (indented or len(before.text) < body.length * _SHORT)


def _block(lines: list[Line], whole: frozenset[str]) -> str:
    if lines[0].mono:
        return _code(lines)
    mark = _BULLET.match(lines[0].text)
    said = [lines[0].text[mark.end() if mark else 0 :]]
    for line in lines[1:]:
        said[-1] = _before(said[-1], line.text, whole)
        said.append(line.text)
    return f"{'- ' if mark else ''}{paragraph(literal(''.join(said)))}"


def _before(text: str, line: str, whole: frozenset[str]) -> str:
    """A line as it stands before another: a word that was divided between them is whole again."""
    broken = _BROKEN.search(text)
    if broken is None or not line[:1].islower():
        return f"{text} "
    rest = re.match(r"\w+", line)
    return text if f"{broken[1]}-{rest[0] if rest else ''}" in whole else text[:-1]


def _code(lines: list[Line]) -> str:
    """A block of code, indented as it was printed."""
    left = min(line.x for line in lines)
    step = min((a.y - b.y for a, b in pairwise(lines) if a.y > b.y), default=0.0)
    text = ""
    for before, line in pairwise([lines[0], *lines]):
        blank = "\n" if step and before.y - line.y > step * _WIDE else ""
        text += f"{blank}{' ' * min(round((line.x - left) / (line.size * MONO_WIDTH)), _DEEPEST)}{line.text}\n"
    return fenced(text)

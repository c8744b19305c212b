"""The text of a topic, or of an answer, as rows of a page, and the part of it around the word that sounds. Pure.

A page is laid out once for a width; only the rows that are seen are styled for each frame.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from rich.text import Text

from profai_cli.lesson.script import HEADING_PAUSE, ITEM_PAUSE, Sentence
from profai_cli.ui.cells import widest
from profai_cli.ui.code_block import highlighted
from profai_cli.ui.look import QUIET

SOUNDS: Final = "bold reverse"
"""The word that is spoken."""

STOPPED: Final = "bold underline"
"""The word at which the voice stands still."""

BULLET: Final = "• "
"""Begins an item of a list."""

_WORD: Final = re.compile(r"\S+")


class Piece(NamedTuple):
    """A part of a row: characters of sentence `sentence`, from its character `start` on."""

    sentence: int
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a page: pieces of sentences, or a line of code with the numbers of the sentences that read it."""

    pieces: tuple[Piece, ...] = ()
    indent: str = ""
    bold: bool = False
    code: Text | None = None
    readers: tuple[int, ...] = ()


class Spot(NamedTuple):
    """Where the voice is: `heard` characters of a sentence have sounded. moving: it sounds now."""

    sentence: int
    heard: int
    moving: bool = True


@lru_cache(maxsize=16)
def page(sentences: tuple[Sentence, ...], width: int) -> tuple[Row, ...]:
    """All rows, none wider than `width` cells. Between blocks is an empty row, but not between items of a list."""
    rows: list[Row] = []
    packed = False
    for block in _blocks(sentences):
        last = sentences[block[-1]]
        is_item = last.pause == ITEM_PAUSE and not last.listing
        if rows and not (packed and is_item):
            rows.append(Row())
        packed = is_item
        rows.extend(_code(sentences, block) if last.listing else _prose(sentences, block, width))
    return tuple(rows)


def window(rows: Sequence[Row], spot: Spot, size: int) -> list[Text]:
    """`size` rows around the spot, with what was heard dimmed and the word there marked."""
    at = next((n for n, row in enumerate(rows) if _holds(row, spot)), len(rows) - 1)
    first = max(0, min(at - size // 2, len(rows) - size))
    shown = [_styled(row, spot) for row in rows[first : first + size]]
    return shown + [Text()] * (size - len(shown))


def said(text: str, spot: Spot) -> Text:
    """One sentence in one row, styled as on a page. The spot's sentence is number 0."""
    return _styled(Row((Piece(0, 0, text),)), spot)


def _blocks(sentences: Sequence[Sentence]) -> Iterator[list[int]]:
    """Numbers of the sentences of each heading, paragraph, item or code block."""
    block: list[int] = []
    for number, sentence in enumerate(sentences):
        if block and _begins(sentences[block[-1]], sentence):
            yield block
            block = []
        block.append(number)
    if block:
        yield block


def _begins(before: Sentence, sentence: Sentence) -> bool:
    """Whether a block begins between two sentences."""
    one, other = before.listing, sentence.listing
    if one is None or other is None:
        return one is not other or before.pause >= ITEM_PAUSE
    return one.code != other.code or one.line is None or other.line is None or other.line < one.line


def _code(sentences: Sequence[Sentence], block: Sequence[int]) -> Iterator[Row]:
    listing = sentences[block[0]].listing
    assert listing
    if listing.line is None:
        text = " ".join(sentences[number].text for number in block)
        yield Row((Piece(block[0], 0, text),))
    for number, line in enumerate(highlighted(listing.code, listing.language)):
        yield Row(code=line, readers=tuple(n for n in block if _line(sentences[n]) == number))


def _line(sentence: Sentence) -> int | None:
    return sentence.listing.line if sentence.listing else None


def _prose(sentences: Sequence[Sentence], block: Sequence[int], width: int) -> Iterator[Row]:
    bold = sentences[block[0]].pause == HEADING_PAUSE
    indent = BULLET if sentences[block[-1]].pause == ITEM_PAUSE else ""
    words = (Piece(number, m.start(), m[0]) for number in block for m in _WORD.finditer(sentences[number].text))
    for line in wrapped(words, max(1, width - len(indent))):
        yield Row(tuple(_joined(line)), indent, bold)
        indent = " " * len(indent)


def wrapped(words: Iterable[Piece], width: int) -> Iterator[list[Piece]]:
    """Words in rows of at most `width` cells; a word that is longer is divided."""
    row: list[Piece] = []
    used = 0
    for word in (part for each in words for part in _divided(each, width)):
        cells = widest(word.text)
        if row and used + 1 + cells > width:
            yield row
            row, used = [], 0
        used += cells + bool(row)
        row.append(word)
    if row:
        yield row


@lru_cache(maxsize=64)
def folded(text: str, width: int) -> tuple[str, ...]:
    """A text in rows of at most `width` cells."""
    words = (Piece(0, match.start(), match[0]) for match in _WORD.finditer(text))
    return tuple(" ".join(piece.text for piece in row) for row in wrapped(words, width))


def _divided(word: Piece, width: int) -> Iterator[Piece]:
    start = end = 0
    while widest(word.text[start:]) > width:
        end = start + 1
        while widest(word.text[start : end + 1]) <= width:
            end += 1
        yield Piece(word.sentence, word.start + start, word.text[start:end])
        start = end
    yield Piece(word.sentence, word.start + start, word.text[start:])


def _joined(words: Iterable[Piece]) -> Iterator[Piece]:
    """The words of one row as one piece a sentence."""
    for sentence, group in groupby(words, lambda word: word.sentence):
        pieces = list(group)
        yield Piece(sentence, pieces[0].start, " ".join(piece.text for piece in pieces))


def _holds(row: Row, spot: Spot) -> bool:
    """Whether the next word to sound is in the row."""
    if row.code:
        return spot.sentence in row.readers
    return any(
        piece.sentence > spot.sentence
        or (piece.sentence == spot.sentence and piece.start + len(piece.text) > spot.heard)
        for piece in row.pieces
    )


def _styled(row: Row, spot: Spot) -> Text:
    if row.code:
        reads = spot.sentence in row.readers
        text = Text.assemble("▸ " if reads else "  ", row.code)
        if reads:
            text.stylize("bold")
        return text
    text = Text(row.indent)
    for number, piece in enumerate(row.pieces):
        text.append(" " if number else "")
        text.append_text(_styled_piece(piece, spot, "bold" if row.bold else ""))
    return text


def _styled_piece(piece: Piece, spot: Spot, style: str) -> Text:
    heard = spot.heard - piece.start
    if piece.sentence < spot.sentence or (piece.sentence == spot.sentence and heard >= len(piece.text)):
        return Text(piece.text, QUIET)
    if piece.sentence > spot.sentence or (piece.start and heard < -1):  # -1: the blank before it was heard
        return Text(piece.text, style)
    word = next(m for m in _WORD.finditer(piece.text) if m.end() > heard)
    return Text.assemble(
        (piece.text[: word.start()], QUIET),
        (word[0], SOUNDS if spot.moving else STOPPED),
        (piece.text[word.end() :], style),
    )

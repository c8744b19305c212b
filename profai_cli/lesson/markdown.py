"""Markdown to blocks of spoken words. Pure; imports the parser, so it is itself imported late."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from profai_cli.lesson.code import code
from profai_cli.lesson.formula import formula
from profai_cli.lesson.listing import Listing
from profai_cli.lesson.plain import clean
from profai_cli.lesson.symbols import prose, tidy

LONGEST_CODE: Final = 6
"""Lines of code that are read out; a longer example is only pointed to."""

TAB: Final = 4
"""Columns of a tab in a code block."""

_ORDINALS: Final = (
    "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
)  # fmt: skip
_FORMULA: Final = re.compile(  # pandoc's rule: no blank inside the dollars, no digit after the last
    r"\$\$([^$]{1,2000})\$\$|\$(?=[^\s$])([^$\n]{1,500})(?<!\s)\$(?!\d)"
)
_STARS: Final = re.compile(r"(?<=\d)\*+(?=\d)")
_HTML: Final = re.compile(r"(?is)<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1>|\Z)|<[^<>]*>")
_OUTPUT: Final = frozenset(("text", "txt", "plain", "plaintext", "output"))


@dataclass(frozen=True, slots=True)
class Block:
    """Words of one block of a page; they are never empty and hold no line break. listing: the code they are of."""

    kind: Literal["heading", "paragraph", "item", "line"]
    words: str
    listing: Listing | None = None


def _dollars(state: StateInline, silent: bool) -> bool:
    """A rule for the parser: what stands between dollar signs is a formula, not Markdown."""
    found = _FORMULA.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("formula", "", 0).content = found[1] or found[2]
    state.pos = found.end()
    return True


def _times(state: StateInline, silent: bool) -> bool:
    """A rule for the parser: a star between two digits is arithmetic, not emphasis."""
    found = _STARS.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.pending += found[0]
    state.pos = found.end()
    return True


@cache
def parser() -> MarkdownIt:
    """The parser of lessons: CommonMark with tables, struck text and formulas."""
    made = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    made.inline.ruler.before("escape", "formula", _dollars)
    made.inline.ruler.before("emphasis", "times", _times)
    return made


def inline(text: str) -> str:
    """One line of Markdown in words; may be empty."""
    return _words(parser().parseInline(" ".join(clean(text).split())))


def blocks(markdown: str) -> Iterator[Block]:
    """The blocks of a page that have something to say, in order."""
    page = _Page()
    tokens = parser().parse(clean(markdown))
    for before, token in zip([Token("", "", 0), *tokens], tokens, strict=False):
        page.follow(token)
        match token.type:
            case "table_close":
                yield from (Block("item", words) for words in _table(page.rows))
            case "fence" | "code_block":
                yield from _listing(token)
            case "html_block":
                if words := inline(_HTML.sub(" ", token.content)):
                    yield Block("paragraph", words)
            case "inline":
                words = _words([token])
                if before.type in ("th_open", "td_open"):
                    page.rows[-1].append(words)
                elif words:
                    yield Block(page.kind(before), page.number() + words)


class _Page:
    """Where on the page the reading is: in which lists, and the rows of the present table."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._lists: list[int] = []  # of each open list the number of its next item; 0: without numbers
        self._number = ""

    def follow(self, token: Token) -> None:
        """Take note of what opens or closes here."""
        match token.type:
            case "bullet_list_open":
                self._lists.append(0)
            case "ordered_list_open":
                self._lists.append(max(1, int(token.attrs.get("start", 1))))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open" if self._lists[-1]:
                self._number = _ordinal(self._lists[-1])
                self._lists[-1] += 1
            case "table_open":
                self.rows = []
            case "tr_open":
                self.rows.append([])

    def number(self) -> str:
        """The number of the item that begins here, said once; empty within an item and elsewhere."""
        number, self._number = self._number, ""
        return number

    def kind(self, opening: Token) -> Literal["heading", "paragraph", "item"]:
        """What the text after this token is."""
        if opening.type == "heading_open":
            return "heading"
        return "item" if self._lists else "paragraph"


def _ordinal(number: int) -> str:
    return f"{_ORDINALS[number - 1]}: " if number <= len(_ORDINALS) else f"Number {number}: "


def _words(tokens: Sequence[Token]) -> str:
    """The words of `inline` tokens.

    Neighbouring pieces of text are joined before they are put in words, so that markup within a number or
    an abbreviation does no harm.
    """
    said: list[str] = []
    text = ""
    for token in _leaves(tokens):
        if token.type in ("code_inline", "formula"):
            said.append(prose(text))
            said.append(code(token.content) if token.type == "code_inline" else f" {formula(token.content)} ")
            text = ""
        elif token.type == "html_inline":
            text += "^" if re.match(r"(?i)<sup\b", token.content) else " " if "br" in token.content else ""
        else:
            text += token.content or (" " if token.type in ("softbreak", "hardbreak") else "")
    return tidy("".join((*said, prose(text))))


def _leaves(tokens: Sequence[Token]) -> Iterator[Token]:
    """All tokens without children; an image has its alternative text as children."""
    for token in tokens:
        if token.children:
            yield from _leaves(token.children)
        else:
            yield token


def _table(rows: list[list[str]]) -> Iterator[str]:
    """One sentence for each row of a table: "Planet: Mars; moons: 2"."""
    for row in rows[1:]:
        cells = [f"{column}: {cell}" if column else cell for column, cell in zip(rows[0], row, strict=False) if cell]
        if cells:
            yield "; ".join(cells)


def _listing(token: Token) -> Iterator[Block]:
    """The lines of a code block; a long one is only announced."""
    language, *_ = [*token.info.lower().split(), ""]
    source = token.content.expandtabs(TAB).strip("\n").rstrip()
    lines = {number: line for number, line in enumerate(source.split("\n")) if line.strip()}
    if len(lines) > LONGEST_CODE:
        yield Block("line", f"A code example of {len(lines)} lines is in your notes", Listing(source, language))
        return
    read = prose if language in _OUTPUT else code
    for number, line in lines.items():
        if words := tidy(read(line)):
            yield Block("line", words, Listing(source, language, number))

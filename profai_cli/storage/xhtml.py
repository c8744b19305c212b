"""A chapter of an EPUB, which is XHTML, as Markdown: what a voice can say of it, without its looks."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from profai_cli.lesson.manuscript import fenced, heading, literal, paragraph
from profai_cli.storage.xml_tree import Element, name

Headings = Mapping[str, tuple[int, str]]
"""Level and title of the headings that belong before the elements with these ids; "" is the document's begin."""

EPUB_TYPE: Final = "{http://www.idpf.org/2007/ops}type"
"""The attribute that says what an element is to a reader of books."""

_DEEPEST: Final = 200
"""Elements within elements; below that only the words are taken."""
_TELLING: Final = 3  # words of a picture's description; fewer are a label such as "cover"
_NUMBERED: Final = 5  # characters of a footnote's mark


def _named(names: str) -> frozenset[str]:
    return frozenset(names.split())


_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BLOCKS: Final = _named(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form header "
    "hr main p section summary tbody td tfoot th thead tr"
)
_SILENT: Final = _named("audio canvas head iframe nav noscript object script style svg template video")
_CODE: Final = _named("code kbd samp tt")
_NOTES: Final = _named("footnote endnote rearnote footnotes endnotes note doc-footnote")
_MARKS: Final = _named("noteref pagebreak doc-noteref doc-pagebreak doc-backlink")
_MARK: Final = re.compile(r"[\[(]?(?:\d{1,3}|[*\u2020\u2021\u00a7a-z])[\])]?")
_LANGUAGE: Final = re.compile(r"(?:language|lang|highlight|brush)[-: ]+([A-Za-z0-9+#]{1,20})")


def has_headings(root: Element) -> bool:
    """Whether a document has headings of its own."""
    return any(name(element) in _HEADINGS for element in root.iter())


def markdown(root: Element, headings: Headings, shift: int, left_out: Counter[str]) -> str:
    """A document's words. headings: to be added. shift: added to the levels of its own. left_out: is counted up."""
    page = _Page(headings, shift, left_out)
    page.begin("")
    page.walk(root, 0)
    page.flush()
    return "\n\n".join(page.blocks)


class _Page:
    """Blocks of Markdown, and the words of the paragraph that is being read."""

    def __init__(self, headings: Headings, shift: int, left_out: Counter[str]) -> None:
        self.blocks: list[str] = []
        self._headings, self._shift, self._left_out = headings, shift, left_out
        self._words: list[str] = []

    def begin(self, anchor: str) -> None:
        """Add the heading that belongs before this element, if any."""
        if anchor in self._headings:
            self._heading(*self._headings[anchor])

    def flush(self) -> None:
        """End the paragraph."""
        if line := paragraph("".join(self._words)):
            self.blocks.append(line)
        self._words = []

    def walk(self, element: Element, depth: int) -> None:
        """Read what is in an element."""
        self._words.append(literal(element.text or ""))
        for child in element:
            if name(child):
                if child.get("id"):
                    self.begin(child.get("id"))
                if depth < _DEEPEST:
                    self._read(child, name(child), depth + 1)
                else:
                    self._words.append(literal(_said(child)))
            self._words.append(literal(child.tail or ""))

    def _read(self, element: Element, tag: str, depth: int) -> None:
        if what := _unsaid(element, tag):
            self._left_out[what] += 1
        elif tag in _HEADINGS:
            for mark in [each for each in element.iterdescendants() if name(each) and _unsaid(each, name(each))]:
                self._left_out["footnote mark"] += 1
                mark.clear(keep_tail=True)
            self._heading(min(max(_HEADINGS[tag] + self._shift, 1), 6), _said(element))
        elif tag == "img":
            self._picture(element)
        elif tag == "pre":
            self._block(fenced(_verbatim(element), _language(element)))
        elif tag in ("ul", "ol"):
            self._list(element, tag == "ol", depth)
        elif tag == "table" and _is_table(element):
            self._block(_table(element))
        elif tag in _CODE:
            self._words.append(_code(_said(element)))
        elif tag == "br":
            self._words.append(" ")
        elif tag == "math":
            self._words.append(literal(element.get("alttext") or _said(element)))
        elif tag in _BLOCKS:
            self.flush()
            self.walk(element, depth)
            self.flush()
        elif tag not in _SILENT:
            self._words.append("^" if tag == "sup" and self._words and _said(element) else "")
            self.walk(element, depth)

    def _block(self, text: str) -> None:
        self.flush()
        self.blocks.append(text)

    def _heading(self, level: int, title: str) -> None:
        self.flush()
        if title := heading(title, ""):
            self.blocks.append(f"{'#' * level} {literal(title)}")

    def _picture(self, element: Element) -> None:
        self._left_out["picture"] += 1
        if len((element.get("alt") or "").split()) >= _TELLING:
            self._block(paragraph(literal(f"Picture: {element.get('alt')}")))

    def _list(self, element: Element, numbered: bool, depth: int) -> None:
        self.flush()
        items = []
        for number, item in enumerate((child for child in element if name(child)), 1):
            inner = _Page({}, self._shift, self._left_out)
            inner.walk(item, depth)
            inner.flush()
            mark = f"{number}. " if numbered else "- "
            if inner.blocks:
                items.append(mark + re.sub(r"\n(?!\n)", "\n" + " " * len(mark), "\n\n".join(inner.blocks)))
        if items:
            self.blocks.append("\n".join(items))


def _unsaid(element: Element, tag: str) -> str:
    """What an element is that no voice should say; empty for all others."""
    kinds = {*(element.get(EPUB_TYPE) or "").split(), element.get("role") or ""}
    if kinds & _NOTES and tag in ("aside", "section", "div", "li", "p"):
        return "footnote"
    if kinds & _MARKS:
        return "footnote mark" if "pagebreak" not in "".join(kinds) else "page number"
    said = _said(element) if tag in ("a", "sup") else ""
    if 0 < len(said) <= _NUMBERED and _MARK.fullmatch(said):
        links = [element, *element.iter()]
        if any(name(link) == "a" and "#" in (link.get("href") or "") for link in links) or said in "*\u2020\u2021":
            return "footnote mark"
    return ""


def _said(element: Element) -> str:
    """All words in an element, on one line."""
    return " ".join("".join(element.itertext()).split())


def _verbatim(element: Element) -> str:
    for line in element.iter("{*}br"):
        line.text = "\n"
    return "".join(element.itertext())


def _language(element: Element) -> str:
    classes = " ".join(each.get("class") or "" for each in element.iter() if name(each) in ("pre", "code"))
    found = _LANGUAGE.search(classes)
    return found[1].lower() if found else ""


def _code(text: str) -> str:
    ticks = "``" if "`" in text else "`"
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`" if text else ""


def _rows(table: Element) -> list[list[Element]]:
    return [[cell for cell in row if name(cell) in ("td", "th")] for row in table.iter("{*}tr")]


def _is_table(table: Element) -> bool:
    """Whether its rows say something of several things, rather than set words in their places."""
    nested = any(name(element) in ("table", "ul", "ol", "pre") for element in table.iterdescendants())
    return not nested and max(map(len, _rows(table)), default=0) > 1


def _table(table: Element) -> str:
    """A table of Markdown, which is read row by row."""
    rows = [row for row in _rows(table) if row]
    width = max(map(len, rows))
    titled = all(name(cell) == "th" for cell in rows[0]) or any(name(each) == "thead" for each in table)
    lines = [[literal(_said(cell)).replace("|", "\\|") for cell in row] for row in rows]
    lines = lines if titled else [[""] * width, *lines]
    cells = [line + [""] * (width - len(line)) for line in lines]
    cells.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)

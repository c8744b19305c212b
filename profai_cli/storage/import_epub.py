"""A book from an EPUB: its chapters in their order, with the titles of its table of contents where they have none.

EPUB 2 and 3 (https://www.w3.org/TR/epub-33/). Nothing is unpacked to the disk, and no name in the archive is used
as one of a file.
"""

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote

from profai_cli.errors import CourseError
from profai_cli.lesson.plain import plain
from profai_cli.lesson.source import is_language
from profai_cli.storage.archive import Archive
from profai_cli.storage.book import Book, Progress
from profai_cli.storage.xhtml import EPUB_TYPE, Headings, has_headings, markdown
from profai_cli.storage.xml_tree import Element, name, parse

_HIDDEN_FONTS: Final = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways to disguise fonts, which are no copy protection."""
_RIGHTS: Final = ("META-INF/rights.xml", "META-INF/sinf.xml")
_NCX: Final = "application/x-dtbncx+xml"
_LINKS: Final = 0.7  # of the words of a page that is a table of contents


class _Entry(NamedTuple):
    """A line of the table of contents."""

    depth: int
    title: str
    document: str
    anchor: str


def read_epub(path: Path, progress: Progress) -> Book:
    """The whole book. Raises CourseError, and OSError."""
    with Archive(path) as archive:
        _refuse_protection(archive)
        package_name = _package_name(archive)
        package = parse(archive.read(package_name))
        items = {item.get("id"): item for item in _all(package, "item")}
        folder = posixpath.dirname(package_name)
        entries: defaultdict[str, list[_Entry]] = defaultdict(list)
        for entry in _contents(archive, items, folder):
            entries[entry.document].append(entry)
        spine = [items[ref.get("idref")] for ref in _all(package, "itemref") if ref.get("idref") in items]
        left_out: Counter[str] = Counter()
        texts, shift = [], 0
        for number, item in enumerate(spine):
            progress(number, len(spine))
            document = _within(folder, item.get("href"))
            if "nav" in _properties(item):
                continue
            if document not in archive:
                left_out["missing chapter"] += 1
                continue
            root = parse(archive.read(document))
            if root is None or _is_contents(root):
                left_out["contents page"] += 1
                continue
            listed = entries[document]
            shift = _shift(root, listed, shift)
            texts.append(markdown(root, _missing(root, listed), shift, left_out))
        progress(len(spine), len(spine))
    language = _first(package, "language")
    return Book(_first(package, "title"), "\n\n".join(texts), language if is_language(language) else "en", left_out)


def _refuse_protection(archive: Archive) -> None:
    """Raise CourseError where the chapters are encrypted."""
    root = parse(archive.read("META-INF/encryption.xml")) if "META-INF/encryption.xml" in archive else None
    ways = {element.get("Algorithm") for element in _all(root, "encryptionmethod")}
    if ways - {*_HIDDEN_FONTS} or any(right in archive for right in _RIGHTS):
        raise CourseError(f"{archive.name} is copy-protected (DRM): import a copy that is not.")


def _package_name(archive: Archive) -> str:
    """The name of the file that lists all others."""
    root = parse(archive.read("META-INF/container.xml")) if "META-INF/container.xml" in archive else None
    for element in _all(root, "rootfile"):
        if (full := element.get("full-path")) and full in archive:
            return str(full)
    raise CourseError(f"{archive.name} is an archive, but no EPUB: give the book itself.")


def _contents(archive: Archive, items: dict[str, Element], folder: str) -> Iterator[_Entry]:
    """The table of contents: the navigation document of EPUB 3, else the NCX of EPUB 2; may be empty."""
    there = {path: item for item in items.values() if (path := _within(folder, item.get("href"))) in archive}
    document = next((path for path, item in there.items() if "nav" in _properties(item)), "")
    if document:
        navs = list(_all(parse(archive.read(document)), "nav"))
        nav = next((nav for nav in navs if nav.get(EPUB_TYPE) in ("toc", None)), None)
        yield from _listed(nav, posixpath.dirname(document)) if nav is not None else ()
        return
    document = next((path for path, item in there.items() if item.get("media-type") == _NCX), "")
    if document:
        yield from _points(parse(archive.read(document)), posixpath.dirname(document))


def _listed(nav: Element, folder: str) -> Iterator[_Entry]:
    for link in nav.iter("{*}a"):
        depth = sum(name(parent) == "ol" for parent in link.iterancestors())
        yield _entry(max(depth, 1), "".join(link.itertext()), link.get("href"), folder)


def _points(root: Element, folder: str) -> Iterator[_Entry]:
    for point in _all(root, "navpoint"):
        depth = sum(name(parent) == "navpoint" for parent in point.iterancestors()) + 1
        label = next((child for child in point if name(child) == "navlabel"), None)
        content = next((child for child in point if name(child) == "content"), None)
        if label is not None and content is not None:
            yield _entry(depth, "".join(label.itertext()), content.get("src"), folder)


def _properties(item: Element) -> list[str]:
    return (item.get("properties") or "").split()


def _entry(depth: int, title: str, href: str | None, folder: str) -> _Entry:
    document, _, anchor = (href or "").partition("#")
    return _Entry(depth, plain(title), _within(folder, document), anchor)


def _shift(root: Element, listed: list[_Entry], before: int) -> int:
    """What to add to the levels of a document's headings, so that its first is as deep as the contents say."""
    levels = (int(name(element)[1]) for element in root.iter() if name(element) in ("h1", "h2", "h3", "h4", "h5", "h6"))
    first = next(levels, None)
    return listed[0].depth - first if listed and first else before


def _missing(root: Element, listed: list[_Entry]) -> Headings:
    """The headings that a document lacks, by where they belong; none where it has headings of its own."""
    if has_headings(root):
        return {}
    ids = {element.get("id") for element in root.iter() if name(element)}
    return {e.anchor if e.anchor in ids else "": (min(e.depth, 6), e.title) for e in reversed(listed)}


def _is_contents(root: Element) -> bool:
    """Whether a page is a list of links."""
    whole, links = len("".join(root.itertext())), [link for link in root.iter("{*}a") if link.get("href")]
    linked = sum(len("".join(link.itertext())) for link in links)
    return len(links) > 4 and linked > _LINKS * whole  # noqa: PLR2004 - a short list may be a lesson's


def _all(root: Element, tag: str) -> Iterator[Element]:
    """The elements with this name in small letters."""
    return (element for element in ([] if root is None else root.iter()) if name(element) == tag)


def _first(package: Element, tag: str) -> str:
    return next((plain("".join(element.itertext())) for element in _all(package, tag)), "")


def _within(folder: str, href: str | None) -> str:
    """The name in the archive that a link leads to."""
    return posixpath.normpath(posixpath.join(folder, unquote((href or "").partition("#")[0])))

"""Books made by the tests: EPUB and PDF files, whole or with a fault."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

Set = tuple[float, float, float, str, str]
"""A piece of a page: x, y, size, font (F1 is Helvetica, F2 Courier), and text."""

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def page(body: str, title: str = "") -> str:
    """A chapter's document."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "xhtml11.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>{title}</title></head><body>{body}</body></html>"
    )


def epub(
    path: Path,
    documents: Mapping[str, str],
    *,
    nav: str = "",
    ncx: str = "",
    title: str = "The Book",
    language: str = "en-GB",
    extra: Mapping[str, str | bytes] | None = None,
) -> Path:
    """An EPUB of these XHTML documents by name, in order. nav, ncx: its table of contents, of EPUB 3 or 2."""
    items = "".join(
        f'<item id="d{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(documents)
    )
    files: dict[str, str | bytes] = {f"OEBPS/{name}": text for name, text in documents.items()}
    if nav:
        items += '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        files["OEBPS/nav.xhtml"] = page(f'<nav epub:type="toc">{nav}</nav>')
    if ncx:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        files["OEBPS/toc.ncx"] = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{ncx}</navMap></ncx>'
    spine = "".join(f'<itemref idref="d{n}"/>' for n in range(len(documents))) + '<itemref idref="nav"/>' * bool(nav)
    files["OEBPS/book.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title><dc:language>{language}</dc:language></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        for name, text in {"META-INF/container.xml": CONTAINER, **files, **(extra or {})}.items():
            archive.writestr(name, text)
    return path


def pdf(pages: Sequence[Sequence[Set]], outline: Sequence[tuple[int, str, int]] = (), title: str = "") -> bytes:
    """A PDF 1.4 of these pages. outline: level, title and page, from 0, of each entry, in order; levels 1 and 2."""
    objects: list[bytes] = [b""] * 5
    fonts = []
    for name in ("Helvetica", "Courier"):
        objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode())
        fonts.append(len(objects))
    kids = []
    for pieces in pages:
        stream = b"BT\n%s\nET" % b"\n".join(map(_set, pieces))
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        resources = "<< /Font << /F1 {} 0 R /F2 {} 0 R >> >>".format(*fonts)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            f"/Resources {resources} >>".encode()
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R /Outlines 3 0 R >>"
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>".encode()
    objects[2], objects[3], objects[4] = b"<< /Type /Outlines >>", f"<< /Title ({title}) >>".encode(), b"null"
    _outline(objects, outline, kids)
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def printed(
    lines: Sequence[str | Set], *, header: str = "", number: int = 0, top: float = 720, size: float = 11
) -> list[Set]:
    """A page with lines of text below each other, a header and a page number."""
    said: list[Set] = [(72, 770, 9, "F1", header)] if header else []
    for line in lines:
        if isinstance(line, str):
            if line:
                said.append((72, top, size, "F1", line))
            top -= size * 1.3
        else:
            said.append((line[0], top, *line[2:]))
            top -= line[2] * 1.6
    return said + ([(300, 30, 9, "F1", str(number))] if number else [])


def _set(piece: Set) -> bytes:
    x, y, size, font, text = piece
    shown = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"/%s %f Tf 1 0 0 1 %f %f Tm (%s) Tj" % (font.encode(), size, x, y, shown)


def _outline(objects: list[bytes], outline: Sequence[tuple[int, str, int]], kids: Sequence[int]) -> None:
    """Add the entries: those of level 2 are below the entry of level 1 before them."""
    first = len(objects) + 1
    parents, siblings = [], {}
    for number, (level, _, _) in enumerate(outline):
        parent = 3 if level == 1 else next(first + n for n in range(number, -1, -1) if outline[n][0] == 1)
        parents.append(parent)
        siblings.setdefault(parent, []).append(first + number)
    for number, (_, title, page_number) in enumerate(outline):
        own, family = first + number, siblings[parents[number]]
        links = f"/Parent {parents[number]} 0 R"
        if (place := family.index(own)) + 1 < len(family):
            links += f" /Next {family[place + 1]} 0 R"
        if own in siblings:
            links += f" /First {siblings[own][0]} 0 R /Last {siblings[own][-1]} 0 R /Count {len(siblings[own])}"
        objects.append(f"<< /Title ({title}) {links} /Dest [{kids[page_number]} 0 R /Fit] >>".encode())
    if outline:
        family = siblings[3]
        objects[2] = (
            f"<< /Type /Outlines /First {family[0]} 0 R /Last {family[-1]} 0 R /Count {len(family)} >>".encode()
        )


PAGES_A_CHAPTER = 10
LINES_A_PAGE = 38
WORDS = LINES_A_PAGE * 14
"""Of a page of a long book, without its header and number."""


def long_book(folder: Path, kind: str, pages: int) -> Path:
    """A book, "epub" or "pdf", whose pages are full and unlike each other."""
    texts = [[_line(number, line) for line in range(LINES_A_PAGE)] for number in range(pages)]
    chapters = range(0, pages, PAGES_A_CHAPTER)
    path = folder / f"long.{kind}"
    if kind == "epub":
        bodies = ("".join(f"<p>{' '.join(text)}</p>" for text in texts[at : at + PAGES_A_CHAPTER]) for at in chapters)
        documents = {f"{n}.xhtml": page(f"<h1>Chapter {n}</h1>{body}") for n, body in enumerate(bodies, 1)}
        return epub(path, documents)
    sheets = [
        printed(
            [*([(72.0, 0.0, 18.0, "F1", f"Chapter {n // PAGES_A_CHAPTER + 1}")] if n in chapters else ()), *text],
            header="A long book",
            number=n + 1,
        )
        for n, text in enumerate(texts)
    ]
    path.write_bytes(pdf(sheets))
    return path


def _line(page_number: int, line: int) -> str:
    return f"On day {page_number * LINES_A_PAGE + line} the ship {page_number} sailed on over the wide and quiet sea."

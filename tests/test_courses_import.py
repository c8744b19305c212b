"""A course made of a file that was not written for profai: what it becomes, and what is refused."""

import io
import json
import re
import sys
import zipfile
from pathlib import Path

import pypdf
import pytest
from pypdf.errors import DependencyError
from pypdf.generic import NameObject, StreamObject

from profai_cli.errors import CourseError
from profai_cli.lesson.manuscript import Manuscript
from profai_cli.storage import archive, import_pdf
from profai_cli.storage.course_writer import write_course
from profai_cli.storage.courses import load_path, read_course
from profai_cli.storage.importing import Imported, import_file
from tests.books import CONTAINER, Set, epub, page, pdf, printed

LOREM = "The cat sat on the mat and looked at the moon until the morning came. " * 8


def ignore(_done: int, _of: int) -> None:
    """Nobody watches."""


def read(path: Path) -> Imported:
    return import_file(path, ignore)


def outline(manuscript: Manuscript) -> list[tuple[str, list[str]]]:
    return [(chapter.title, [page.title for page in chapter.pages]) for chapter in manuscript.chapters]


def text(manuscript: Manuscript) -> str:
    return "\n\n".join(page.text for chapter in manuscript.chapters for page in chapter.pages)


def refused(path: Path) -> str:
    with pytest.raises(CourseError) as error:
        read(path)
    message = str(error.value)
    assert message.isprintable()
    assert message.endswith(".")
    return message


def whole(manuscript: Manuscript, folder: Path) -> None:
    """What was made is a course without a fault."""
    write_course(folder, manuscript)
    assert [str(fault) for fault in read_course(folder)[1]] == []
    assert load_path(folder).title == manuscript.title


# --- Markdown and JSON ---------------------------------------------------------------------------


def test_markdown(tmp_path):
    file = tmp_path / "old_rome.md"
    file.write_text(
        f"# Rome\n\n## Kings\n\n{LOREM}\n\n## Check\n\nQ: a?\nA: b.\n\n## Wars[^1]\n\n{LOREM}\n\n[^1]: Note.\n"
    )
    manuscript, left_out = read(file)
    assert (manuscript.title, outline(manuscript), dict(left_out)) == ("Rome", [("Rome", ["Kings", "Wars"])], {})
    assert "Note." not in text(manuscript)
    whole(manuscript, tmp_path / "c")
    assert load_path(tmp_path / "c").modules[0].topics[0].checks[0].question == "a?"


def test_the_title_comes_from_the_front_matter_or_the_file(tmp_path):
    front, bare = tmp_path / "a.md", tmp_path / "old_rome-2.txt"
    front.write_text('---\ntitle: "On Rome"\n---\n\nText.\n')
    bare.write_text("Text.")
    assert [read(file).manuscript.title for file in (front, bare)] == ["On Rome", "old rome 2"]


def test_a_course_in_json(tmp_path):
    topics = [{"title": "C #", "content": "Text \x1b[31mred.\n## Check\nQ: a?\nA: b."}, {"title": "b", "content": "x"}]
    about = {
        "title": "Plants",
        "language": "hi",
        "summary": "Of plants.",
        "aliases": {"a": "b"},
        "sounds": {"c": "see"},
    }
    file = tmp_path / "plants.json"
    file.write_text(json.dumps({**about, "modules": [{"title": "Leaves", "sub_topics": topics}]}))
    manuscript = read(file).manuscript
    whole(manuscript, tmp_path / "c")
    course = load_path(tmp_path / "c")
    assert (course.language, course.summary, course.aliases, course.sounds) == (
        "hi",
        "Of plants.",
        {"a": "b"},
        {"c": "see"},
    )
    assert [topic.title for topic in course.modules[0].topics] == ["C", "b"]
    assert course.modules[0].topics[0].checks[0].answer == "b."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.md", b"fine\n\xff\xfe", "'a.md' is not UTF-8 text (line 2): save it as UTF-8."),
        ("a.md", b"# Only a title\n", "'a.md' has no text: there is nothing to teach."),
        ("a.md", b"x" * (20 * 1024**2 + 1), "'a.md' has more than 20 MB of text: import a part of it."),
        ("a.json", b"{", "a.json:1: the file is not valid JSON"),
        ("a.docx", b"\xd0\xcf", "'a.docx' is of no kind that can be imported: give Markdown (.md), JSON, EPUB or PDF."),
        ("a.pdf", b"hello", "'a.pdf' is damaged or no PDF: get it again."),
        ("a.epub", b"hello", "'a.epub' is damaged or no EPUB: get it again."),
        ("a.pdf", b"%PDF-1.4\n" + b"\x00" * 100, "'a.pdf' is damaged or no PDF: get it again."),
        ("a.epub", b"PK\x03\x04 and no more", "'a.epub' is damaged or not complete: get it again."),
        ("a\x1b[31m.md", b"\xff", "'a.md' is not UTF-8 text (line 1): save it as UTF-8."),
    ],
)
def test_what_cannot_be_read(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    assert message in refused(tmp_path / name)


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be read: No such file or directory." in refused(tmp_path / "a.md")


# --- EPUB ----------------------------------------------------------------------------------------


def test_an_epub_with_all_that_a_voice_needs(tmp_path):
    body = (
        "<h1>Rome<a epub:type='noteref' href='#n'>1</a></h1>"
        "<p>It cost &pound;5 &amp; <em>many</em> lives*: 2 &lt; 3.<a epub:type='noteref' href='#n'>1</a></p>"
        "<p># not a <b>heading</b><sup><a href='#f'>2</a></sup>, but x<sup>2</sup><br/>and <code>a`b</code> or "
        "<tt>c</tt>.</p><pre><code class='language-python'>for x in y:<br/>    print(x)</code></pre><ol></ol>"
        "<ul><li>One</li><li><p>Two</p><ol><li>Inner</li></ol></li><li/></ul>"
        "<table><tr><th>King</th><th>Year</th></tr><tr><td>A|a</td></tr></table>"
        "<table><tr><td><p>Laid out.</p></td></tr></table>"
        "<table><tr><td>Left</td><td>Right</td></tr></table>"
        "<img src='a.png' alt='A map of Rome'/><img src='b.png' alt='cover'/>"
        "<aside epub:type='footnote' id='n'>A note.</aside><span epub:type='pagebreak'>7</span>"
        "<script>alert(1)</script><math alttext='a squared'/><!-- not said --><h2></h2>Loose words."
    )
    file = epub(tmp_path / "rome.epub", {"a.xhtml": page(body)})
    manuscript, left_out = read(file)
    said = text(manuscript)
    assert (manuscript.title, manuscript.language) == ("Rome", "en-GB")
    assert said.split("\n\n") == [
        "It cost £5 & many lives\\*: 2 \\< 3.",
        "\\# not a heading, but x^2 and `` a`b `` or `c`.",
        "```python\nfor x in y:\n    print(x)\n```",
        "- One\n- Two",
        "  1. Inner",
        "| King | Year |\n| --- | --- |\n| A\\|a |  |",
        "Laid out.",
        "|  |  |\n| --- | --- |\n| Left | Right |",
        "Picture: A map of Rome",
        "a squared",
        "Loose words.",
    ]
    assert left_out == {"footnote mark": 3, "picture": 2, "footnote": 1, "page number": 1}
    whole(manuscript, tmp_path / "c")


NAV = (
    "<ol><li><a href='a.xhtml'>First <b>part</b></a><ol><li><a href='b.xhtml#two'>Section\x0btwo</a></li></ol></li>"
    "<li><a href='c.xhtml'>Last part</a></li></ol>"
)
POINTS = (
    "<navPoint><navLabel><text>First part</text></navLabel><content src='a.xhtml'/>"
    "<navPoint><navLabel><text>Sectiontwo</text></navLabel><content src='b.xhtml#two'/></navPoint></navPoint>"
    "<navPoint><navLabel><text>Last part</text></navLabel><content src='c.xhtml'/></navPoint><navPoint/>"
)


@pytest.mark.parametrize("contents", [{"nav": NAV.replace("\x0b", "")}, {"ncx": POINTS}])
def test_the_table_of_contents_gives_the_titles_that_chapters_lack(tmp_path, contents):
    documents = {
        "a.xhtml": page(f"<p>{LOREM}</p>"),
        "b.xhtml": page(f"<p>Before.</p><p id='two'>{LOREM}</p>"),
        "c.xhtml": page(f"<h3>Last part</h3><p>{LOREM}</p><h4>Below</h4><p>{LOREM}</p>"),
    }
    manuscript = read(epub(tmp_path / "a.epub", documents, **contents)).manuscript
    assert outline(manuscript) == [("First part", ["First part", "Sectiontwo"]), ("Last part", ["Last part", "Below"])]


def test_a_page_of_links_is_left_out(tmp_path):
    links = "".join(f"<p><a href='c{n}.xhtml'>Chapter {n}</a></p>" for n in range(9))
    manuscript, left_out = read(epub(tmp_path / "a.epub", {"a.xhtml": page(links), "b.xhtml": page("<p>Text.</p>")}))
    assert (text(manuscript), left_out) == ("Text.", {"contents page": 1})


def test_an_epub_that_is_faulty_is_read_as_far_as_it_goes(tmp_path):
    documents = {
        "a.xhtml": "",
        "b.xhtml": "<html><p>One<p>two &unknown; three</html>",
        "c.xhtml": page("<div>" * 400 + "deep"),
    }
    manuscript = read(epub(tmp_path / "a.epub", documents, language="in English")).manuscript
    assert "One" in text(manuscript)
    assert "two three" in text(manuscript)
    assert manuscript.language == "en"


def test_names_with_a_prefix_that_nobody_declared_are_passed_over(tmp_path):
    body = "<p class='MsoNormal'>One<o:p>&nbsp;</o:p> two</p><st1:place w:st='on'>three</st1:place>"
    assert text(read(epub(tmp_path / "a.epub", {"a.xhtml": page(body)})).manuscript).split() == ["One", "two", "three"]


def test_very_deep_elements_give_their_words(tmp_path):
    deep = "<i>" * 230 + "deep" + "</i>" * 230
    assert "deep" in text(read(epub(tmp_path / "a.epub", {"a.xhtml": page(deep)})).manuscript)


def test_no_entity_is_expanded_and_no_file_outside_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    bomb = (
        f"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'><!ENTITY s SYSTEM '{secret.as_uri()}'>]>"
        "<html><body><p>Before &b; &s; after.</p></body></html>"
    )
    names = {"../../secret": page("<p>Outside.</p>"), "a.xhtml": bomb}
    said = text(read(epub(tmp_path / "a.epub", names)).manuscript)
    assert "SECRET" not in said
    assert "haha" not in said
    assert "Before" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.epub", "secret"]


def encryption(algorithm: str) -> dict[str, str]:
    return {"META-INF/encryption.xml": f"<encryption><EncryptionMethod Algorithm='{algorithm}'/></encryption>"}


@pytest.mark.parametrize(
    "extra", [encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc"), {"META-INF/rights.xml": ""}]
)
def test_a_copy_protected_epub(tmp_path, extra):
    file = epub(tmp_path / "a.epub", {"a.xhtml": page("<p>Text.</p>")}, extra=extra)
    assert refused(file) == "'a.epub' is copy-protected (DRM): import a copy that is not."


def test_disguised_fonts_are_no_copy_protection(tmp_path):
    extra = encryption("http://www.idpf.org/2008/embedding")
    assert text(read(epub(tmp_path / "a.epub", {"a.xhtml": page("<p>Text.</p>")}, extra=extra)).manuscript) == "Text."


def test_a_zip_bomb(tmp_path):
    one = epub(tmp_path / "a.epub", {"a.xhtml": page("<p>" + " " * (archive.LARGEST + 1))})
    count = archive.ALL // 10_000_000 + 1
    many = epub(tmp_path / "b.epub", {f"{n}.xhtml": " " * 10_000_000 for n in range(count)})
    for file in (one, many):
        assert file.stat().st_size < 200_000
        assert refused(file) == f"'{file.name}' holds more text than any book: import a part of it."


def test_archives_that_are_no_epub(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as made:
        made.writestr("hello.txt", "hello")
    assert refused(tmp_path / "a.epub") == "'a.epub' is an archive, but no EPUB: give the book itself."
    with zipfile.ZipFile(tmp_path / "b.epub", "w") as made:
        made.writestr("META-INF/container.xml", CONTAINER)
        made.writestr("OEBPS/book.opf", "")
    assert refused(tmp_path / "b.epub") == "'b.epub' has no text: there is nothing to teach."
    whole_file = epub(tmp_path / "c.epub", {"a.xhtml": page("<p>Text.</p>" * 500)}).read_bytes()
    place = whole_file.index(b"OEBPS/a.xhtml") + 60
    (tmp_path / "c.epub").write_bytes(whole_file[:place] + b"\xff" * 40 + whole_file[place + 40 :])
    assert refused(tmp_path / "c.epub") == "'c.epub' is damaged or not complete: get it again."
    with zipfile.ZipFile(tmp_path / "d.epub", "w", zipfile.ZIP_LZMA) as made:
        made.writestr("META-INF/container.xml", CONTAINER)
    assert refused(tmp_path / "d.epub") == "'d.epub' is damaged or not complete: get it again."


# --- PDF -----------------------------------------------------------------------------------------

NAMES = ("Alba", "Brindisi", "Corinth", "Delos")


def prose(number: int) -> list[str]:
    """A page's text, unlike that of others."""
    town = NAMES[number]
    return [
        f"Long ago there was a town called {town} where many ships came in the spring with silk and tea and sto-",
        f"ries of far away. The old harbour-master of {town} wrote all of them down in a book that nobody has read",
        "to the end. It is a well-",
        "known book, and a heavy one.",
        "",
        "A new paragraph begins here, since there is some more room above it than between the other lines of",
        f"this page. Every well-known writer of that time came to {town} to see the harbour and the book once.",
    ]


def note(number: int) -> list[Set]:
    """A footnote of two lines."""
    return [(72, 60, 8, "F1", f"1 This is a note on {NAMES[number]}."), (72, 51, 8, "F1", f"It is in {NAMES[number]}.")]


def made(tmp_path: Path, data: bytes, name: str = "town.pdf") -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def test_a_printed_page(tmp_path):
    code = [(72.0, 0.0, 10.0, "F2", "for ship in harbour:"), (96.0, 0.0, 10.0, "F2", "unload(ship)")]
    raised = (
        (250.0, 400.0, 11.0, "F1", "The town was rich"),
        (340.0, 404.0, 6.0, "F1", "1"),
        (345.0, 400.0, 11.0, "F1", " in those days."),
    )
    pages = []
    for n in (1, 2, 3):
        titles = [(72.0, 0.0, 20.0, "F1", "The Town"), (72.0, 0.0, 16.0, "F1", f"Chapter {n}")]
        sheet = printed([*titles, *prose(n), *code, "\u2022 A ship"], header="A HISTORY OF TOWNS", number=n)
        pages.append([*sheet, *(raised if n == 1 else ()), *note(n)])
    manuscript, left_out = read(made(tmp_path, pdf(pages, title="On Towns")))
    assert manuscript.title == "On Towns"
    assert [chapter.title for chapter in manuscript.chapters] == ["The Town", "The Town (2)", "The Town (3)"]
    first = manuscript.chapters[0].pages[0]
    assert first.title == "Chapter 1"
    assert first.text.split("\n\n") == [
        "Long ago there was a town called Brindisi where many ships came in the spring with silk and tea and stories "
        "of far away. The old harbour-master of Brindisi wrote all of them down in a book that nobody has read to the "
        "end. It is a well-known book, and a heavy one.",
        "A new paragraph begins here, since there is some more room above it than between the other lines of this "
        "page. Every well-known writer of that time came to Brindisi to see the harbour and the book once.",
        "```\nfor ship in harbour:\n    unload(ship)\n```",
        "- A ship",
        "The town was rich in those days.",
    ]
    assert left_out == {"page number or header": 6, "footnote mark": 1, "footnote": 3}
    whole(manuscript, tmp_path / "c")


def test_the_outline_of_a_pdf_is_followed(tmp_path):
    pages = [printed(["1 Ships", *prose(0)]), printed(["Of the many", "sails", *prose(1)]), printed(prose(2))]
    entries = [(1, "Ships", 0), (2, "Of the many sails", 1), (1, "Towns", 2)]
    manuscript = read(made(tmp_path, pdf(pages, entries, title="book.docx"))).manuscript
    assert manuscript.title == "town"
    assert outline(manuscript) == [("Ships", ["Ships", "Of the many sails"]), ("Towns", ["Towns"])]
    assert "sails" not in text(manuscript)


def encrypted(data: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "odd",
    [
        (1e12, 400, 11, "F2", "unseen"),
        (72, -1e12, 11, "F1", "unseen"),
        (72, 400, 0, "F1", "unseen"),
        (72, 400, 1e12, "F2", "unseen"),
    ],
)
def test_what_is_on_no_page_is_left_out(tmp_path, odd):
    manuscript = read(made(tmp_path, pdf([[*printed(prose(0)), odd]]))).manuscript
    assert "Every well-known writer of that time came to Alba" in text(manuscript)
    assert odd[-1] not in text(manuscript)


def test_a_broken_outline_and_title_cost_nothing_else(tmp_path):
    data = pdf([printed(prose(0))], [(1, "Ships", 0)], title="On Towns").replace(b"/Info 4 0 R", b"/Info (abc)")
    broken = re.sub(rb"/Dest \[.*?\]", lambda match: b"/A 5".ljust(len(match[0])), data)
    assert "Long ago" in text(read(made(tmp_path, broken)).manuscript)


def test_an_encrypted_pdf(tmp_path):
    data = pdf([printed(prose(0))])
    assert "Long ago" in text(read(made(tmp_path, encrypted(data, ""))).manuscript)
    locked = made(tmp_path, encrypted(data, "secret"))
    assert refused(locked) == "'town.pdf' asks for a password: save a copy without one, and import that."


def test_an_encrypted_pdf_without_the_extra(tmp_path, monkeypatch):
    def lacking(_reader, _password):
        raise DependencyError("cryptography is required")

    monkeypatch.setattr(pypdf.PdfReader, "decrypt", lacking)
    file = made(tmp_path, encrypted(pdf([printed(prose(0))]), ""))
    assert refused(file) == "'town.pdf' is encrypted: run \"pip install 'profai[import]'\", then try again."


def test_a_pdf_of_pictures(tmp_path):
    file = made(tmp_path, pdf([[], [(72, 700, 11, "F1", "x")]]))
    assert (
        refused(file) == "'town.pdf' has only pictures of pages: add text to it by recognition (OCR), then try again."
    )


def swollen(data: bytes, *numbers: int) -> bytes:
    """The PDF with pages whose text unpacks to more than any page has."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for number in numbers:
        stream = StreamObject()
        stream.set_data(b" " * 9_000_000)
        writer.pages[number][NameObject("/Contents")] = stream.flate_encode()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_page_that_cannot_be_read_is_left_out(tmp_path):
    data = pdf([printed(prose(0)), printed(prose(1))])
    manuscript, left_out = read(made(tmp_path, swollen(data, 0)))
    assert "Brindisi" in text(manuscript)
    assert left_out == {"unreadable page": 1}
    assert refused(made(tmp_path, swollen(data, 0, 1))) == "'town.pdf' is damaged or no PDF: get it again."


@pytest.mark.slow
def test_a_book_of_more_text_than_a_course_may_have(tmp_path):
    third = page(f"<p>{'x' * 7_100_000}</p>")
    file = epub(tmp_path / "a.epub", {"a.xhtml": third, "b.xhtml": third, "c.xhtml": third})
    assert refused(file) == "'a.epub' has more than 20 MB of text: import a part of it."


def test_without_the_extra_a_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    monkeypatch.delitem(sys.modules, "profai_cli.storage.import_pdf")
    file = made(tmp_path, pdf([printed(prose(0))]))
    assert refused(file) == "'town.pdf' needs more: run \"pip install 'profai[import]'\", then try again."


@pytest.mark.parametrize("share", [0.1, 0.4, 0.7, 0.95])
def test_a_pdf_that_was_cut_off_is_read_or_refused(tmp_path, share):
    data = pdf([printed(prose(0))] * 4)
    try:
        read(made(tmp_path, data[: round(len(data) * share)]))
    except CourseError as error:
        assert str(error).endswith(".")


def test_a_pdf_with_too_many_pages(tmp_path):
    one = pdf([printed(prose(0))])
    count = import_pdf.MOST_PAGES + 1
    kids = one[one.index(b"/Kids [") + 7 : one.index(b"]", one.index(b"/Kids ["))]
    many = one.replace(b"/Count 1 /Kids [" + kids, b"/Count %d /Kids [" % count + (kids + b" ") * count)
    assert f"has {count} pages, and 5000 are the most: import a part of it." in refused(made(tmp_path, many))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["epub", "pdf"])
def test_a_book_of_500_pages(tmp_path, kind):
    """Its time and memory are measured by `python -m tests.bench imports`."""
    from tests.books import WORDS, long_book

    manuscript, _ = read(long_book(tmp_path, kind, 500))
    assert [chapter.title for chapter in manuscript.chapters] == [f"Chapter {n}" for n in range(1, 51)]
    assert sum(len(page.text.split()) for chapter in manuscript.chapters for page in chapter.pages) == WORDS * 500
    whole(manuscript, tmp_path / "c")

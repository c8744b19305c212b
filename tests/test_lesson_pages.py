"""Printed lines made into paragraphs, headings and code."""

from collections import Counter

import pytest

from profai_cli.lesson.headlines import Entry, headlines
from profai_cli.lesson.pages import markdown
from profai_cli.lesson.printed import Line

FULL = "a line of the usual length, which goes on to the very margin of the page"


def lines(*texts: str, y: float = 700, size: float = 10, page: int = 0) -> list[Line]:
    return [Line(text, 72, y - 12 * n, size, page=page) for n, text in enumerate(texts) if text]


def said(*pages: list[Line], contents: tuple[Entry, ...] = ()) -> list[str]:
    return markdown(pages, contents, Counter()).split("\n\n")


def test_nothing_at_all():
    assert said() == [""]
    assert said([]) == [""]


@pytest.mark.parametrize(
    ("texts", "blocks"),
    [
        ((FULL, FULL + ".", "and on", FULL), 1),  # ended at the margin
        ((FULL, "An end.", "A begin", FULL), 2),  # a short line that ends a sentence
        ((FULL, "no end", "goes on", FULL), 1),
        ((FULL, "", "", "goes on", FULL), 1),  # room, but in a sentence
        ((FULL, "", "", "A begin", FULL), 2),
        ((FULL, FULL + ".", "", "", "lower case", FULL), 2),
        (("- one", "- two", "more of two"), 2),
    ],
)
def test_where_paragraphs_begin(texts, blocks):
    assert len(said(lines(*texts, *[FULL] * 4))) == blocks


def test_an_indented_line_begins_a_paragraph():
    page = lines(FULL, FULL + ".", FULL, FULL)
    page[2] = page[2]._replace(x=90)
    assert len(said(page)) == 2


def test_a_sentence_goes_on_on_the_next_page_and_in_the_next_column():
    assert len(said(lines(FULL, FULL), lines("goes on", "to the end."))) == 1
    assert len(said(lines(FULL, FULL + "."), lines(FULL, page=1))) == 2
    assert len(said([*lines(FULL, FULL), *lines("goes on", FULL, y=800)])) == 1


def test_words_that_were_divided():
    assert said(
        lines(
            "a divi-", "ded word, a well-known one, and a well-", "known pre-", "War thing and non\u2010", "sense-", ""
        )
    ) == ["a divided word, a well-known one, and a well-known pre- War thing and nonsense-"]
    assert said(lines("xyz-", "?")) == ["xyz- ?"]


def test_code_is_indented_as_it_was():
    page = [
        Line("if a:", 72, 700, 10, mono=True), Line("b()", 96, 688, 10, mono=True), Line("c()", 72, 664, 10, mono=True),
        *lines(FULL, y=640),
    ]  # fmt: skip
    assert "\n\n".join(said(page)) == f"```\nif a:\n    b()\n\nc()\n```\n\n{FULL}"
    assert said([Line("x = 1", 72, 700, 10, mono=True)]) == ["```\nx = 1\n```"]


def test_headers_and_footnotes_are_left_out():
    left_out: Counter[str] = Counter()
    pages = [
        [
            *lines(f"{n} The Book", y=780),
            *lines(*[f"{FULL} {'abc'[n]}"] * 6, page=n),
            *lines(f"1 A note {'abc'[n]},", f"of two {'abc'[n]}.", y=60, size=8),
        ]
        for n in range(3)
    ]
    text = markdown(pages, (), left_out)
    assert "Book" not in text
    assert "note" not in text
    assert left_out == {"page number or header": 3, "footnote": 3}


def test_a_page_number_close_to_the_text_and_lines_that_are_alike():
    alike = [lines(f"On day {n} it rained", *[f"{FULL} {'abc'[n]}"] * 4, str(n), page=n) for n in range(3)]
    text = markdown(alike, (), Counter())
    assert [f"On day {n} it rained" in text for n in range(3)] == [True] * 3
    assert text.endswith(f"{FULL} c")


def test_small_print_that_is_no_note_stays():
    assert "tiny" in "".join(said([*lines(*[FULL] * 6), *lines("tiny print", size=8, y=60)]))


def test_chapters_are_known_by_their_name_where_nothing_is_larger():
    assert list(headlines([lines("Chapter 1 Ships", FULL)], (), 10)) == [
        Entry(1, "Chapter 1 Ships", 0),
        lines("", FULL)[0],
    ]


def test_large_lines_are_headings_by_size():
    page = [
        *lines("Ships", "of the sea", size=20),
        *lines("Sails", size=14, y=600),
        *lines(FULL, y=500),
        *lines("Red", "Blue", "Green", "Grey", size=20),
    ]
    found = [item for item in headlines([page], (), 10) if isinstance(item, Entry)]
    assert found == [
        Entry(1, "Ships of the sea", 0),
        Entry(2, "Sails", 0),
        Entry(1, "Red Blue Green", 0),
        Entry(1, "Grey", 0),
    ]


def test_a_table_of_contents_is_followed():
    pages = [lines("2 Ships of", "the sea", FULL, "Ships"), lines(FULL)]
    contents = (Entry(1, "Ships of the sea", 0), Entry(2, "Ships", 0), Entry(1, "Elsewhere", 1), Entry(1, "?", 1))
    found = list(headlines(pages, contents, 10))
    assert found == [contents[0], pages[0][2], contents[1], contents[2], contents[3], pages[1][0]]
    assert said(*pages, contents=contents)[:2] == ["# Ships of the sea", FULL]


def test_code_that_begins_far_to_the_right_is_indented_within_reason():
    page = [Line("a()", 72, 700, 10, mono=True), Line("b()", 90_000, 688, 10, mono=True)]
    assert said(page) == [f"```\na()\n{' ' * 80}b()\n```"]

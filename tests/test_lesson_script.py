"""From Markdown to the sentences of a lesson."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from profai_cli.lesson import script as pauses
from profai_cli.lesson.listing import Listing
from profai_cli.lesson.plain import clean, faulty_lines, plain
from profai_cli.lesson.script import script, spoken
from profai_cli.lesson.sentences import LONGEST

JOINERS = "\u200c\u200d"


def said(markdown):
    return [sentence.text for sentence in script("T", markdown)][1:]


def test_the_first_sentence_announces_the_topic():
    assert [s.text for s in script("What is *π*?", "Hello.")] == ["What is π?", "Hello."]
    assert script("Lists", "# Lists\nHello.") == script("Lists", "Hello.")
    assert [s.text for s in script("Lists", "# More\nHello.")] == ["Lists.", "More.", "Hello."]


@pytest.mark.parametrize("title", ["", "***", "\x1b[31m"])
def test_a_topic_without_title_or_text_is_announced_too(title):
    assert [s.text for s in script(title, "---")] == ["The next topic."]


def test_pauses():
    page = script("T", "One. Two.\n\n## Head\n\n- item\n\n```\ncode\n```\n" + "the cat sat down, " * 20)
    assert [(s.text[:4], s.pause) for s in page] == [
        ("T.", pauses.HEADING_PAUSE),
        ("One.", pauses.SENTENCE_PAUSE),
        ("Two.", pauses.PARAGRAPH_PAUSE),
        ("Head", pauses.HEADING_PAUSE),
        ("item", pauses.ITEM_PAUSE),
        ("code", pauses.ITEM_PAUSE),
        ("the ", pauses.PART_PAUSE),
        ("the ", pauses.PARAGRAPH_PAUSE),
    ]


def test_a_block_ends_with_a_mark():
    assert said('no mark\n\nas follows:\n\nand so,\n\n(in brackets)\n\nHe said "yes."') == [
        "no mark.",
        "as follows:",
        "and so.",
        "(in brackets).",
        'He said "yes."',
    ]


def test_lists():
    assert said("- a\n- b\n  1. c\n  2. d\n\n     more\n- e\n\n11. f\n12. g\n\n0. h") == [
        "a.",
        "b.",
        "First: c.",
        "Second: d.",
        "more.",
        "e.",
        "Number 11: f.",
        "Number 12: g.",
        "Number 13: h.",
    ]


def test_tables_are_read_row_by_row():
    table = "| Planet | | Moons |\n|---|---|---|\n| Mars | red | 2 |\n| Venus | | |\n| | | |\n"
    assert said(table) == ["Planet: Mars; red; Moons: 2.", "Planet: Venus."]


def test_sentences_of_code_know_the_code_and_their_line():
    page = script("T", "Text.\n\n```Python title\n\nx = 3\n\nif x:\n\tpass\n\n```\n\n    y\n")
    code = "x = 3\n\nif x:\n    pass"
    assert [s.listing for s in page] == [
        None,
        None,
        *(Listing(code, "python", line) for line in (0, 2, 3)),
        Listing("y", "", 0),
    ]
    long = script("T", "```\n" + "x\n" * 7 + "```\nText.")
    assert [s.listing for s in long] == [None, Listing("\n".join("x" * 7)), None]


def test_short_code_is_read_line_by_line():
    assert said("```python\nx = 3\n\nif x > 2:\n    print(x)\n}\n;\n```") == [
        "x equals 3.",
        "if x is greater than 2.",
        "print, in brackets x.",
        "close curly bracket.",
        "semicolon.",
    ]
    assert said("    x = 3") == ["x equals 3."]
    assert said("```text\nHello, World!\n```") == ["Hello, World!"]
    assert said("```\n>>>\n```") == []


def test_long_code_is_pointed_to():
    assert said("```\n" + "x = 3\n" * 7 + "```") == ["A code example of 7 lines is in your notes."]


def test_html_is_dropped_and_its_text_stays():
    assert said("<div>one <b>two</b></div>\n\n<!-- no\n\nno -->\n\n<script>\nno()\n</script>\n\nthree<img>") == [
        "one two.",
        "three.",
    ]


def test_line_breaks_within_a_paragraph_are_blanks():
    assert said("one\ntwo  \nthree\\\nfour") == ["one two three four."]


def test_formulas_may_have_lines_of_their_own():
    assert said("$$\na_1 * b = c*d\n$$") == ["a sub 1 times b equals c times d."]


def test_quotes_and_rules():
    assert said("> quoted\n\n---\n\nend") == ["quoted.", "end."]


def test_no_sentence_is_too_long():
    page = script("T", "which is a clause without any mark " * 50)
    assert len(page) > 2
    assert all(len(sentence.text) <= LONGEST for sentence in page)


def harmless(text):
    return all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") or c in JOINERS for c in text)


fragments = st.sampled_from(
    [
        "# ",
        "- ",
        "1. ",
        "> ",
        "`",
        "```\n",
        "$",
        "*",
        "_",
        "[x](y)",
        "![",
        "|a|b|\n|-|-|\n",
        "\n",
        "\n\n",
        "<b>",
        "<!--",
        "&#27;",
        "\x1b[31m",
        "\x9b1m",
        "\u202e",
        "\ud800",
        "\\frac{1}{2}",
        "^",
        "1/0",
        "$5",
        "é",
        ". ",
        "word",
        "a.b",
        "http://",
        "…",
        "²",
        "٣",
        "x" * 70,
        "0" * 5000,
    ]
)
pages = st.one_of(st.text(), st.lists(st.one_of(fragments, st.text(max_size=5)), max_size=40).map("".join))


@given(st.text(max_size=30), pages)
@example("T", "5" * 5000 + "^" + "5" * 5000)
@example("T", "10" * 3 + "/" + "99")
@example("T", "1. " + "9" * 9 + ". x")
def test_any_text_becomes_sentences(title, markdown):
    page = script(title, markdown)
    assert page
    for sentence in page:
        offsets = sentence.phrases
        assert harmless(sentence.text)
        assert any(map(str.isalnum, sentence.text)) or sentence.text.strip()
        assert len(sentence.text) <= LONGEST + 1  # the full stop
        assert offsets[0] == 0
        assert list(offsets) == sorted(set(offsets))
        assert all(not sentence.text[a].isspace() for a in offsets)
        assert "".join(sentence.text[a:b] for a, b in pairwise((*offsets, None))) == sentence.text
        assert 0 < sentence.pause < 1


@given(pages)
def test_any_line_can_be_spoken(text):
    words = spoken(text)
    assert harmless(words)
    assert words == " ".join(words.split())


@given(pages)
def test_clean_text_is_harmless_and_stays_as_it_is(text):
    cleaned = clean(text)
    assert harmless(cleaned.replace("\n", "").replace("\t", ""))
    assert clean(cleaned) == cleaned
    assert "\n" not in plain(text)


def test_escape_codes_go_with_all_that_belongs_to_them():
    assert clean("a\x1b[1;31mb\x1b]0;title\x07c\x1b]8;;http://x\x1b\\d\x9b2Je\x1b(Bf\x1bPq\x9cg\x1b") == "abcdefg"
    assert clean("a\r\nb\rc\td\u2028e") == "a\nb\nc\td\ne"
    assert clean("क्\u200dष") == "क्\u200dष"
    assert plain(" a\n\tb ") == "a b"
    assert faulty_lines("fine\r\nfine\ttab\nbell\x07\nहिन्दी\n\u202e") == [3, 5]

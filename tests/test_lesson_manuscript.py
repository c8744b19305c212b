"""Text from outside as Markdown, cut at its headings, and divided into chapters and pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.lesson.division import LONGEST, divide
from profai_cli.lesson.manuscript import LONGEST_TITLE, fenced, heading, literal, paragraph, slug
from profai_cli.lesson.plain import clean
from profai_cli.lesson.script import spoken
from profai_cli.lesson.sections import Section, front_title, sections
from profai_cli.lesson.source import topic_file
from profai_cli.lesson.symbols import prose, tidy


def words(count: int, word: str = "word") -> str:
    return " ".join([word] * count)


def outline(markdown: str) -> tuple[str, list[tuple[str, list[str]]]]:
    made = divide("Book", sections(markdown))
    return made.title, [(chapter.title, [page.title for page in chapter.pages]) for chapter in made.chapters]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("  A\x1b[31m title \n", "A title"),
        ("C #", "C"),
        ("C#", "C#"),
        ("##", "none"),
        ("***", "none"),
        (words(60), words(20) + "\u2026"),
        ("x" * 300, "x" * LONGEST_TITLE + "\u2026"),
    ],
)
def test_a_title_is_one_short_line(text, title):
    assert heading(text, "none") == title
    topic, faults = topic_file(f"# {title}\n\nText.", "", "a.md")
    assert (topic.title, faults) == (title, [])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_title_is_what_a_topic_reads_back(text):
    title = heading(text, "none")
    assert topic_file(f"# {title}\n\nText.", "", "a.md")[0].title == title


PLAIN = (
    "# a, - a, + a, 1. a, 2) a, > a, a * b * c, `a`, _a_ b_c, [a](b), $a$ b, <b>a</b>, a &amp; b, ~~a~~ ~~~, a \\* b, "
    "=== a, | a, ![a](b)"
)


@pytest.mark.parametrize("text", PLAIN.split(", "))
def test_plain_text_reads_as_it_is(text):
    assert spoken(paragraph(literal(text))) == tidy(prose(text))


def test_code_stays_as_it_is():
    assert fenced("\n\ta = `b`  \n\n  ```\n", "python") == "````python\n    a = `b`\n\n  ```\n````"
    assert fenced("a\x1b[31m") == "```\na\n```"


def test_a_file_is_named_by_letters_of_any_script():
    assert [slug(title, "none") for title in ("The Köln, 2!", "भाषा", "?!", "a" * 60)] == [
        "the-köln-2",
        "भ-ष",
        "none",
        "a" * 40,
    ]


def test_sections_are_cut_at_headings_alone():
    markdown = (
        "Before.\n\nSet\n===\n\n> # quoted\n\n```\n# code\n[^1]: kept\n```\n\n"
        "## The `x` *y*[^1] <b>z</b> ##\n- # in a list\n\n### Check\nQ: a?\nA: b."
    )
    assert sections(markdown) == [
        Section(0, "", "Before."),
        Section(1, "Set", "> # quoted\n\n```\n# code\n[^1]: kept\n```"),
        Section(2, "The `x` y z", "- # in a list", "Q: a?\nA: b."),
    ]


def test_footnotes_are_left_out_but_not_in_code():
    assert sections("```\n[^1]\n```")[0].text == "```\n[^1]\n```"
    text = "A[^1] b[^two].\n\n[^1]: Note\n    goes on.\n\n~~~\na[^1]\n~~~ \n```\nopen[^1]"
    assert sections(text)[0].text == "A b.\n\n\n~~~\na[^1]\n~~~ \n```\nopen[^1]"


@pytest.mark.parametrize(
    ("text", "title", "rest"),
    [
        ("---\ntitle: 'A b'\nx: 1\n---\nText", "A b", "Text"),
        ("---\nx: 1\n...\nText", "", "Text"),
        ("---\nText", "", "---\nText"),
    ],
)
def test_front_matter(text, title, rest):
    assert front_title(text) == (title, rest)


def test_one_highest_heading_is_the_books_title():
    assert outline(f"# Rome\n\n{words(70)}\n\n## Kings\n\n{words(80)}\n\n## Wars\n\n{words(80)}") == (
        "Rome",
        [("Rome", ["Introduction", "Kings", "Wars"])],
    )
    assert outline(f"# Rome\n\n{words(70)}") == ("Rome", [("Rome", ["Rome"])])


def test_chapters_with_headings_below_them_are_modules():
    text = f"{words(70)}\n\n# A\n\n{words(70)}\n\n## in A\n\n{words(70)}\n\n# B\n\n## in B\n\n{words(80)}\n\n# Empty"
    assert outline(text) == ("Book", [("Introduction", ["Introduction"]), ("A", ["A", "in A"]), ("B", ["in B"])])


def test_nothing_but_headings_is_no_course():
    assert outline("# A\n\n## B\n\n***") == ("Book", [])
    assert divide("?", []).title == "A course"


def test_what_is_too_short_is_joined():
    text = f"# A\n\nOpening.\n\n## a\n\n{words(70)}\n\n## b\n\nFew.\n\n## Check\n\nQ\n\n# B\n\n{words(70)}"
    pages = divide("Book", sections(text)).chapters[0].pages
    assert [page.title for page in pages] == ["a"]
    assert pages[0].text == f"Opening.\n\n{words(70)}\n\n## b\n\nFew.\n\n### Check\n\nQ"


def test_questions_are_never_followed_by_text():
    text = f"# A\n\n{words(70)}\n\n## Check\n\nQ: a\nA: b\n\n# B\n\nFew.\n\n## Check\n\nQ: c\nA: d"
    pages = divide("Book", sections(text)).chapters[0].pages
    assert [(page.title, page.text[-25:].strip()) for page in pages] == [
        ("A", "word\n\n## Check\n\nQ: a\nA: b"),
        ("B", "Few.\n\n## Check\n\nQ: c\nA: d"),
    ]


def test_sections_below_a_page_stay_in_it_and_its_questions_come_last():
    below = f"### Check\nQ: a\nA: b\n\n### in\n\n{words(9)}\n\n#### empty"
    text = f"# A\n\n## a\n\n{words(70)}\n\n{below}\n\n# B\n\n{words(70)}"
    page = divide("Book", sections(text)).chapters[0].pages[0]
    assert page.text == f"{words(70)}\n\n### in\n\n{words(9)}\n\n## Check\n\nQ: a\nA: b".replace("### in", "## in")


def test_a_short_section_after_a_full_page_stands_alone():
    titles = outline(f"# A\n\n## a\n\n{words(LONGEST)}\n\n## b\n\n{words(40)}\n\n# B\n\n{words(70)}")
    assert titles[1][0] == ("A", ["a", "b"])
    assert outline(f"# A\n\n## a\n\n{words(40)}\n\n## b\n\n{words(90)}\n\n# B\n\n{words(70)}")[1][0] == (
        "A",
        ["a", "b"],
    )


def test_what_is_too_long_is_cut_between_paragraphs():
    code = "```\n" + "\n\n".join(["x = 1"] * 500) + "\n```"
    long = "\n\n".join([words(100), code, *[words(100)] * 9, (words(9) + ". ") * 200])
    made = divide("Book", sections(f"# A\n\n{long}\n\n## Check\nQ: a\nA: b\n\n## a\n\n{words(90)}"))
    pages = made.chapters[0].pages
    assert [page.title for page in pages][:3] == [
        "Introduction, part 1",
        "Introduction, part 2",
        "Introduction, part 3",
    ]
    assert sum(code in page.text for page in pages) == 1
    assert [page.text.endswith("A: b") for page in pages] == [number == len(pages) - 2 for number in range(len(pages))]
    assert max(len(paragraph.split()) for page in pages for paragraph in page.text.split("\n\n")) < 300


def test_a_text_without_a_full_stop_is_cut_all_the_same():
    pages = divide("Book", sections(words(5000))).chapters[0].pages
    assert [page.title for page in pages] == [f"Introduction, part {n}" for n in range(1, 6)]


def test_headings_without_a_text_of_their_own():
    text = f"# A\n\n## a\n\n### in a\n\n{words(150)}\n\n## empty\n\n# B\n\n{words(70)}"
    (page,) = divide("Book", sections(text)).chapters[0].pages
    assert (page.title, page.text) == ("a", f"## in a\n\n{words(150)}")


def test_a_chapter_of_a_full_number_of_paragraphs():
    text = f"# A\n\n{words(1500)}\n\n## empty\n\n# B\n\n{words(70)}\n\n## in B\n\n{words(70)}"
    made = divide("Book", sections(text))
    assert [[page.title for page in chapter.pages] for chapter in made.chapters] == [
        ["A, part 1", "A, part 2"],
        ["B", "in B"],
    ]


def test_titles_are_told_apart():
    text = "".join(f"# Same\n\n{words(70)}\n\n" for _ in range(3)) + f"# ?\n\n{words(70)}"
    assert outline(text)[1] == [("Book", ["Same", "Same (2)", "Same (3)", "Topic 4"])]


def test_long_chapters_are_modules():
    text = "".join(f"# {name}\n\n{words(2000)}\n\n" for name in "AB")
    assert outline(text)[1] == [(name, [f"{name}, part 1", f"{name}, part 2"]) for name in "AB"]


@given(st.text(alphabet="#-`~ \n\tab.>[]^:*1=|<", max_size=80))
def test_any_markdown_makes_pages_that_can_be_read(text):
    for chapter in divide("Book", sections(clean(text))).chapters:
        for page in chapter.pages:
            assert topic_file(f"# {page.title}\n\n{page.text.strip()}\n", "", "a.md")[1] == []

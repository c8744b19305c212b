"""The picture at fixed sizes, state by state, as exact text: `python -m tests.scenes` makes tests/screens anew."""

import pytest
from rich.text import Text

from profai_cli import events as ev
from profai_cli.lesson.script import script
from profai_cli.ui.foot import help_rows
from profai_cli.ui.keys import FOOT, KEYS
from profai_cli.ui.lesson_text import SOUNDS, STOPPED, Spot, page, window
from profai_cli.ui.model import Model
from profai_cli.ui.view import Moment, View
from tests.scenes import ANSWERING, BEGIN, FOLDER, HUGE, LARGE, PICTURES, QUIET, SCENES, SMALL, USUAL, file, shown


@pytest.mark.parametrize(("name", "size"), PICTURES, ids=lambda part: part if isinstance(part, str) else f"{part[0]}")
def test_the_picture_is_as_it_was(name, size):
    assert shown(*SCENES[name], size) == file(name, size).read_text(encoding="utf-8")[:-1].split("\n")


def test_there_is_no_picture_of_nothing():
    assert {path.name for path in FOLDER.iterdir()} == {file(*picture).name for picture in PICTURES}


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE, HUGE, (100, 24), (99, 40), (300, 20)])
def test_the_height_is_the_sizes_alone_and_no_row_is_as_wide_as_the_terminal(size):
    for events, moment in SCENES.values():
        rows = shown(events, moment, size)
        assert len(rows) == min(size[1] - 1, 48)
        assert all(Text(row).cell_len < size[0] for row in rows)


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (8, 3), (20, 5), (30, 100), (100, 9)])
def test_no_size_breaks_the_picture(size):
    for events, moment in SCENES.values():
        assert all(Text(row).cell_len <= max(1, size[0] - 1) for row in shown(events, moment, size))


def test_no_picture_has_a_control_character():
    for events, moment in SCENES.values():
        for size in (SMALL, LARGE):
            assert all(row.isprintable() for row in shown(events, moment, size))
            assert all(row.isascii() for row in shown(events, moment, size, ascii_only=True))


def test_no_row_becomes_wider_where_there_is_only_ascii():
    hindi = ev.TeachingContent(70.0, 3, 0, "\N{DEVANAGARI LETTER KA}\N{DEVANAGARI VOWEL SIGN U}" * 200, "answer")
    for size in (SMALL, LARGE):
        rows = shown([*ANSWERING, hindi], QUIET, size, ascii_only=True)
        assert all(len(row) < size[0] for row in rows)


@pytest.mark.parametrize("view", [View()], ids=["no course"])
def test_without_a_course_the_sentence_and_numbers_are_shown(view):
    model = Model()
    for event in BEGIN:
        model(event)
    for size in (SMALL, LARGE):
        rows = "\n".join(row.plain for row in view.rows(model, QUIET, *size))
        assert "module 1 of 2, topic 2, sentence 2" in rows
        assert "A loop repeats its body" in rows
    assert view.rows(Model(), Moment(), *LARGE)


def test_a_place_that_the_course_has_not_is_shown_by_its_numbers():
    moved = ev.TeachingContent(70.0, 2, 0, "Of another course.", "lesson", (4, 5, 6, 0))
    assert "module 5 of 2, topic 6, sentence 7" in "\n".join(shown([*BEGIN, moved], QUIET, LARGE))


def test_a_lesson_moved_in_a_pause_shows_where_it_will_go_on():
    events = [*BEGIN, ev.TutorState(70.0, "paused"), ev.LessonMoved(70.0, "A value is a thing.", (0, 0, 1, 0))]
    assert "1.1 Values" in "\n".join(shown(events, QUIET, SMALL))


def test_a_long_answer_is_shown_around_the_word_that_sounds():
    text = " ".join(f"word{n:03}" for n in range(300))
    events = [*ANSWERING, ev.TeachingContent(70.0, 3, 0, text, "answer")]
    for heard, word in ((0, "word000"), (text.index("word150"), "word150"), (len(text), "word299")):
        now = [*events, ev.Heard(71.0, 3, 0, heard)]
        assert any(word in row for row in shown(now, QUIET, SMALL))


def test_long_words_of_the_learner_show_their_end():
    events = [*BEGIN, ev.PartialTranscript(63.0, "well " * 300 + "so what")]
    assert shown(events, QUIET, SMALL)[-5].endswith("well so what")
    assert shown([*BEGIN, ev.PartialTranscript(63.0, "x" * 5000)], QUIET, SMALL)[-5].endswith("xxxx")


def styled(sentences, spot, style):
    rows = window(page(sentences, 20), spot, 12)
    return " ".join(row.plain[s.start : s.end] for row in rows for s in row.spans if str(s.style) == style and s)


PAGE = script("T", "One two three. Four five six seven eight.\n\n- item one\n\n```python\nx = 1\ny = 2\n```\n")


@pytest.mark.parametrize(
    ("spot", "dim", "marked"),
    [
        (Spot(1, 0), "T.", "One"),
        (Spot(1, 2), "T.", "One"),
        (Spot(1, 3), "T. One ", "two"),
        (Spot(1, 7), "T. One two ", "three."),
        (Spot(1, 14), "T. One two three.", ""),
        (Spot(2, 4), "T. One two three. Four ", "five"),
        (Spot(2, 9), "T. One two three. Four five", "six"),
        (Spot(3, 4), "T. One two three. Four five six seven eight. item ", "one."),
    ],
)
def test_heard_words_are_dim_and_the_next_is_marked(spot, dim, marked):
    assert styled(PAGE, spot, "dim").replace("  ", " ").strip() == dim.strip()
    assert styled(PAGE, spot, SOUNDS) == marked
    assert styled(PAGE, spot._replace(moving=False), STOPPED) == marked


def test_the_line_of_code_that_is_read_is_pointed_to():
    rows = [row.plain for row in window(page(PAGE, 20), Spot(5, 0), 12)]
    assert rows[-12:][[row[:1] for row in rows].index("▸")] == "▸ y = 2"
    assert "  x = 1" in rows


def test_a_page_is_never_wider_than_its_width_and_loses_no_word():
    text = "Some words, 日本語の文章, and " + "x" * 50 + " end."
    for width in (1, 2, 7, 30):
        rows = page(script("T", text), width)
        parts = [piece.text for row in rows for piece in row.pieces]
        assert "".join(parts).replace(" ", "") == f"T.{text}".replace(" ", "")
        assert all(Text(piece).cell_len <= max(2, width) for piece in parts)


def test_every_key_is_in_the_help_and_those_of_the_foot_are_keys():
    text = "\n".join(row.plain for row in help_rows(59, 6))
    assert all(key.words in text for key in KEYS)
    labels = {key.label for key in KEYS}
    assert {name for names, _ in FOOT for name in names.split()} <= labels
    assert len(labels) == len({key.action for key in KEYS}) == len(KEYS)

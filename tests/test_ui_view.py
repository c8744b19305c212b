"""The picture at fixed sizes, state by state, as exact text: `python -m tests.scenes` makes tests/screens anew."""

from dataclasses import replace

import pytest
from rich.text import Text

from profai_cli import events as ev
from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.lesson.script import script
from profai_cli.ui.cells import widest
from profai_cli.ui.foot import foot, help_rows
from profai_cli.ui.keys import FOOT, KEYS, SPOKEN, TYPING
from profai_cli.ui.lesson_text import SOUNDS, STOPPED, Spot, page, window
from profai_cli.ui.look import pane
from profai_cli.ui.model import Model
from profai_cli.ui.outline import Outline
from profai_cli.ui.view import Moment, View
from tests.scenes import (
    ANSWERING,
    BEGIN,
    COURSE,
    FOLDER,
    HUGE,
    LARGE,
    PICTURES,
    QUIET,
    SCENES,
    SENTENCES,
    SMALL,
    USUAL,
    file,
    shown,
)


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
    assert any(row.strip().endswith("what …") for row in shown(events, QUIET, SMALL))
    assert any(row.endswith("xxxx …") for row in shown([*BEGIN, ev.PartialTranscript(63.0, "x" * 5000)], QUIET, SMALL))


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
    for width, height in ((59, 8), (79, 11), (70, 17)):
        rows = [row.plain for row in help_rows(width, height)]
        assert all(any(key.words in row for row in rows) for key in KEYS)
        assert all(len(row) <= width for row in rows)
        assert len(rows) == height
    labels = {key.label for key in KEYS}
    assert {name for names, _ in FOOT for name in names.split()} <= labels
    assert len(labels) == len({key.action for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize("size", [(80, 16), USUAL, (100, 30), LARGE, HUGE])
def test_every_key_of_the_foot_is_there_from_80_columns_on(size):
    bottom = "  ".join(shown(BEGIN, QUIET, size)[-2:])
    assert all(words in bottom for _, words in FOOT)


def test_a_small_terminal_shows_the_keys_that_must_be_known_first():
    assert shown(BEGIN, QUIET, SMALL)[-1] == "space pause  q quit  ? help  t type  m mute  r repeat"
    assert foot(3, 1) == foot(3, 1)[:1]


def test_how_to_type_a_question_and_what_to_say_is_in_the_help_where_there_is_room():
    for size in (USUAL, (110, 30), LARGE):
        help_ = " ".join(" ".join(shown(BEGIN, replace(QUIET, page="help"), size)).replace("│", " ").split())
        words = f"{TYPING} {SPOKEN}".split()
        assert all(word in help_ for word in words)
        assert "…" not in help_.replace("sta…", "").replace("stands…", "")


def signs(*events, heard=()):
    """The outline's sign of each topic."""
    model = Model()
    for event in (*BEGIN, *events):
        model(event)
    rows = [row.plain for row in Outline(COURSE, heard).column(model.place, model.heard, 40, 10)]
    return "".join(row[2] for row in rows if row.startswith("  "))


def closing(topic):
    """The last sentence of a topic, heard to its end."""
    last = len(COURSE.modules[topic[0]].topics[topic[1]].sentences) - 1
    return ev.TeachingContent(70.0, 7, 0, "The end.", "lesson", (*topic, last, 0)), ev.Heard(71.0, 7, 0, 8, end=True)


def test_a_tick_means_that_a_topic_was_heard_to_its_end():
    files = ev.LessonMoved(80.0, "One.", (1, 1, 0, 0))
    assert signs() == "·▸  "
    assert signs(files) == "···▸"
    assert signs(*closing((0, 1)), files) == "·✓·▸"
    assert signs(*closing((0, 1))) == "·▸  "  # it is still there
    assert signs(*closing((1, 0)), ev.LessonMoved(80.0, "One.", (0, 0, 0, 0))) == "▸ ✓ "
    assert signs(heard={(0, 0), (1, 1)}) == "✓▸ ✓"


def test_the_figures_are_behind_a_key_and_one_of_them_is_in_sight():
    page = replace(QUIET, page="figures")
    for size in (SMALL, USUAL, LARGE):
        row = next(row for row in shown(ANSWERING, page, size) if "barge-in" in row)
        assert "62 ms" in row
        assert not any("barge-in" in row for row in shown(ANSWERING, QUIET, size))
    assert any("answered in 0.3 s" in row for row in shown(ANSWERING, QUIET, USUAL))
    assert any("No turn was measured yet" in row for row in shown(BEGIN, page, USUAL))
    echo = ev.EchoMeasured(62.0, 3.0, -40.0, False)
    assert any("learning the room" in row for row in shown([*BEGIN, echo], page, USUAL))
    assert any("learning the room" in row for row in shown([*BEGIN, echo], QUIET, USUAL))


def test_every_gap_is_shown_and_the_third_is_a_warning():
    one, few, more = ([*BEGIN, ev.Metrics(62.0, "sound_faults_count", count)] for count in (1, 2, 3))
    assert any("1 gap" in row and "!" not in row for row in shown(one, QUIET, USUAL))
    assert any("2 gaps" in row and "!" not in row for row in shown(few, QUIET, USUAL))
    assert "! 3 gaps" in "\n".join(shown(more, QUIET, USUAL))
    assert any(row.split()[:2] == ["gaps", "2"] for row in shown(few, replace(QUIET, page="figures"), USUAL))


def test_before_the_first_word_the_learner_is_told_what_he_can_do():
    assert any("(speak at any time, or type)" in row for row in shown(BEGIN, QUIET, SMALL))
    deaf = [replace(BEGIN[0], interactive=False), *BEGIN[1:2]]
    assert any("(type a question at any time)" in row for row in shown(deaf, QUIET, SMALL))
    assert not any("recogniser" in row or "ear" in row.split() for row in shown(deaf, QUIET, SMALL))


def test_without_a_recogniser_the_learner_is_told_to_type():
    rows = shown([*BEGIN, ev.SttFailed(63.0, "sphinx", "It stopped.")], QUIET, LARGE)
    assert any("no recogniser, you can type · voice espeak" in row for row in rows)


def test_a_high_screen_shows_three_exchanges_and_the_usual_one_two():
    events = [*BEGIN]
    for number in range(1, 6):
        events += [
            ev.FinalTranscript(number, f"question {number}", "typed"),
            ev.TeachingContent(number, 2 * number, 0, f"Answer {number}.", "answer"),
        ]
    events.append(ev.TeachingContent(70.0, 99, 0, SENTENCES[2].text, "lesson", (0, 1, 2, 0)))

    def spoken(size):
        return [row for row in (row.strip("│ ") for row in shown(events, QUIET, size)) if row[:5] in ("you  ", "tutor")]

    def exchanges(*numbers):
        return [row for n in numbers for row in (f"you    question {n}", f"tutor  Answer {n}.")]

    assert spoken(LARGE) == exchanges(3, 4, 5)
    assert spoken(USUAL) == exchanges(4, 5)
    assert spoken(SMALL) == exchanges(5)


def test_a_long_answer_has_the_rows_that_are_free_and_dots_where_it_goes_on():
    said = [ev.FinalTranscript(1.0, "why", "typed"), ev.TeachingContent(2.0, 2, 0, "long words " * 60, "answer")]
    rows = shown([*BEGIN, *said, ev.LessonMoved(70.0, "x", (0, 1, 2, 0))], QUIET, USUAL)
    assert len([row for row in rows if "long words" in row]) == 3
    assert next(row for row in reversed(rows) if "long words" in row).endswith("…")


FOREIGN = {
    "chinese": "\N{CJK UNIFIED IDEOGRAPH-65E5}\N{CJK UNIFIED IDEOGRAPH-672C}" * 6,
    "hindi": "\u0939\u093f\u0928\u094d\u0926\u0940 \u0915\u0947 \u0935\u093f\u091c\u094d\u091e\u093e\u0928 " * 3,
    "hebrew": "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd " * 3,
    "emoji": "\U0001f469\u200d\U0001f4bb \U0001f44d\U0001f3fd " * 4,
}


@pytest.mark.parametrize("script_", FOREIGN)
@pytest.mark.parametrize("size", [SMALL, USUAL, (110, 30)])
def test_no_script_makes_a_row_wider_than_the_terminal(script_, size):
    words = FOREIGN[script_] * 20
    events = [
        *BEGIN,
        ev.FinalTranscript(63.0, words),
        ev.TeachingContent(64.0, 2, 0, words, "answer"),
        ev.PartialTranscript(65.0, words),
    ]
    course = Course("1", words[:60], "hi", "", (Module(words[:40], (Topic(words[:30], words), Topic("Two", "Two."))),))
    model = Model()
    for event in events:
        model(event)
    model.place = (0, 1, 0, 0)
    rows = View(course).rows(model, QUIET, *size)
    assert len(rows) == size[1] - 1
    assert all(row.cell_len < size[0] for row in rows)
    assert "\x1b" not in "".join(row.plain for row in rows)


def test_a_word_has_room_for_its_vowel_signs_even_where_they_take_a_cell():
    hindi = FOREIGN["hindi"]
    assert widest(hindi) > Text(hindi).cell_len
    rows = page(script("T", hindi * 9), 20)
    assert all(sum(widest(piece.text) for piece in row.pieces) <= 20 for row in rows)


def test_hebrew_is_kept_apart_from_what_is_beside_it():
    hebrew, english = pane(Text("T"), Text(), [Text(FOREIGN["hebrew"]), Text("plain")], 60, "")[1:3]
    assert hebrew.plain.startswith("│ \u200e")
    assert hebrew.plain.endswith("\u200e │")
    assert "\u200e" not in english.plain
    assert hebrew.cell_len == english.cell_len == 60

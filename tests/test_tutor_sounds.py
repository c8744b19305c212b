"""Words with a sound of their own, and words whose sound no dictionary has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.tutor.expected import terms
from profai_cli.tutor.sounds import Sounds
from profai_cli.tutor.wording import compounds, kin, unsure, words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tycho Brahe's book", "ty-ko bra-hee's book"),
        ("BRAHE brahe Brahes", "bra-hee bra-hee Brahes"),
        ("US us Us", "you ess us Us"),
        ("SQL, elif", "S Q L, elif"),
        ("Tycho BRAHE", "ty-ko bra-hee"),
        ("", ""),
    ],
)
def test_words_are_said_as_the_teacher_wants(text, said):
    sounds = {"Tycho": "TY-ko", "brahe": "bra-hee", "US": "you ess", "SQL": "S Q L", "elif": "elif", "empty": ""}
    assert Sounds(sounds).said(text)[0] == said


def test_nothing_is_changed_without_sounds():
    assert Sounds({}).said("Tycho") == ("Tycho", [0, 1, 2, 3, 4])
    assert Sounds({"a": "a"}).of("a") == "a"


def test_two_words_may_have_one_sound():
    assert Sounds({"jantar": "x", "jantar mantar": "juntur muntur"}).said("the Jantar Mantar")[0] == "the juntur muntur"


@given(st.text("ab BC'-", max_size=20), st.dictionaries(st.text("abBC", min_size=1), st.text("xyz ", max_size=5)))
def test_every_character_stands_for_one_of_the_text(text, sounds):
    said, origin = Sounds(sounds).said(text)
    assert len(said) == len(origin)
    assert origin == sorted(origin)
    assert all(0 <= place < len(text) for place in origin)


def course(markdown: str, **more: object) -> Course:
    return Course("id", "Stars", "en", "", (Module("M", (Topic("T", markdown),)),), **more)


def test_the_words_of_a_course_come_with_a_sentence():
    found = words(course("Brahe\u2019s python3 and 23rd star. The STAR a."))
    assert next(iter(found)) == "star"
    assert found == {
        "Brahe's": "Brahe's python3 and 23rd star.", "and": "Brahe's python3 and 23rd star.",
        "star": "Brahe's python3 and 23rd star.", "The": "The STAR a.",
    }  # fmt: skip


def test_a_word_with_a_sound_is_expected_of_the_learner():
    assert "Brahe" in terms(course("x", sounds={"Brahe": "bra-hee"}))


def test_words_of_known_words_are_sure():
    known = frozenset(["stop", "colors", "line", "new", "city", "name", "leave"])
    listed = ["stopped", "colours", "newline", "cities", "renamed", "Newline", "Brahe", "xy"]
    assert unsure(listed, known.__contains__) == ["Newline", "Brahe", "xy"]
    assert "stop" in kin("Stopped")
    assert compounds("newline") == [("new", "line"), ("newl", "ine")]

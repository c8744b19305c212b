"""Places in a course and the ways between them."""

import pytest

from profai_cli.errors import CourseError
from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.lesson.place import (
    Place,
    clamp,
    find,
    next_sentence,
    next_topic,
    position,
    previous_topic,
    sentence_at,
    topic_at,
)

COURSE = Course(
    "c",
    "Course",
    "en",
    "",
    (
        Module("Begin", (Topic("Cats", "One. Two, and three, and four."), Topic("Dogs", "Bark."))),
        Module("End", (Topic("Cattle", "Moo."), Topic("Begin again", "Yes."))),
    ),
)


def test_what_is_at_a_place():
    assert topic_at(COURSE, Place(1, 0)).title == "Cattle"
    assert sentence_at(COURSE, Place(0, 0, 1)).text == "One."


def test_clamp_finds_the_nearest_place():
    assert clamp(COURSE, Place(0, 0, 1, 0)) == Place(0, 0, 1, 0)
    assert clamp(COURSE, Place(0, 0, 2, 99)) == Place(0, 0, 2, 0)
    assert clamp(COURSE, Place(0, 0, 99, 1)) == Place(0, 0)
    assert clamp(COURSE, Place(9, 9, 1, 1)) == Place(1, 1)
    assert clamp(COURSE, Place(-1, -1)) == Place(0, 0)


def test_steps():
    assert next_topic(COURSE, Place(0, 0, 2)) == Place(0, 1)
    assert next_topic(COURSE, Place(0, 1)) == Place(1, 0)
    assert next_topic(COURSE, Place(1, 1)) is None
    assert previous_topic(COURSE, Place(1, 1)) == Place(1, 0)
    assert previous_topic(COURSE, Place(1, 0)) == Place(0, 1)
    assert previous_topic(COURSE, Place(0, 0, 2)) == Place(0, 0)
    assert next_sentence(COURSE, Place(0, 0, 0)) == Place(0, 0, 1)
    assert next_sentence(COURSE, Place(0, 0, 2)) == Place(0, 1)
    assert next_sentence(COURSE, Place(1, 1, 1)) is None


def test_find_by_number_and_title():
    assert find(COURSE, None, None) == Place(0, 0)
    assert find(COURSE, "2", None) == Place(1, 0)
    assert find(COURSE, "2", "2") == Place(1, 1)
    assert find(COURSE, None, "2") == Place(0, 1)
    assert find(COURSE, "end", "beg") == Place(1, 1)
    assert find(COURSE, None, " 2.1 ") == Place(1, 0)
    assert find(COURSE, None, "cattle") == Place(1, 0)
    assert find(COURSE, None, "CAT") == Place(0, 0)
    assert find(COURSE, None, "again") == Place(1, 1)


def test_topics_are_listed_as_they_can_be_named():
    with pytest.raises(CourseError, match=r"choose one of: 1.1 Cats, 1.2 Dogs, 2.1 Cattle, 2.2 Begin again\."):
        find(COURSE, None, "birds")
    with pytest.raises(CourseError, match=r"choose one of: 1 Cattle, 2 Begin again\."):
        find(COURSE, None, "2.3")


def test_a_position_for_the_learner():
    assert position(COURSE, Place(1, 0, 5)) == "Cattle (topic 3 of 4)"


@pytest.mark.parametrize("wanted", ["0", "3", "x", "", "²"])
def test_what_cannot_be_found_lists_the_choices(wanted):
    with pytest.raises(CourseError, match="choose one of: 1 Begin, 2 End"):
        find(COURSE, wanted, None)

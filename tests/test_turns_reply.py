"""Where the lesson must go on after a reply was cut."""

import pytest

from profai_cli.lesson.place import Place
from profai_cli.turns.reply import Reply
from tests.small_course import small_course

COURSE = small_course()
TEXT = COURSE.modules[0].topics[0].sentences[1].text
SECOND = TEXT.index("with")


@pytest.mark.parametrize(
    ("heard", "place"),
    [
        (None, Place(0, 0, 1, 0)),
        ((0, 3), Place(0, 0, 1, 0)),
        ((0, SECOND - 1), Place(0, 0, 1, 1)),  # all of the first phrase, with its comma
        ((0, SECOND + 4), Place(0, 0, 1, 1)),
        ((0, len(TEXT)), Place(0, 0, 2, 0)),
        ((1, 0), Place(0, 0, 2, 0)),
    ],
)
def test_the_lesson_goes_on_at_the_first_phrase_with_an_unheard_word(
    heard: tuple[int, int] | None, place: Place
) -> None:
    reply = Reply(1, "lesson", upcoming=Place(0, 0, 1))
    reply.feed(COURSE)
    reply.heard = heard
    assert reply.unheard(COURSE) == place


def test_a_bridge_before_the_lesson_is_no_part_of_it() -> None:
    reply = Reply(1, "lesson", upcoming=Place(0, 0, 1))
    reply.say("Back to the lesson.", "bridge", 0.3)
    reply.feed(COURSE)
    reply.heard = (0, 4)
    assert reply.unheard(COURSE) == Place(0, 0, 1, 0)


def test_a_topic_that_was_heard_to_its_end_has_nothing_left() -> None:
    reply = Reply(1, "lesson", upcoming=Place(0, 0, 5))
    reply.feed(COURSE)
    reply.heard = (0, len(COURSE.modules[0].topics[0].sentences[5].text))
    assert reply.unheard(COURSE) is None

"""What stays on the terminal when a class is over."""

import pytest

from profai_cli.cli.farewell import farewell
from profai_cli.lesson.place import Place
from profai_cli.tutor.summary import Summary
from tests.small_course import small_course


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        (Summary(seconds=61.4, questions=0), "The class is over: 61 seconds, no questions."),
        (Summary(seconds=700.0, questions=1), "The class is over: 12 minutes, 1 question."),
        (Summary(seconds=90.0, questions=3), "The class is over: 2 minutes, 3 questions."),
        (Summary(seconds=33.0, checks=2), "The class is over: 33 seconds, no questions of yours, 2 of the tutor's."),
    ],
)
def test_it_says_what_the_class_was_and_what_is_next(summary: Summary, said: str) -> None:
    course = small_course()
    over, then = farewell(course, Place(1, 0), summary, "")
    assert over == said
    assert then.startswith(f"Next: {course.modules[1].topics[0].title} (topic 3 of 3).")


def test_it_says_that_the_course_is_over() -> None:
    _, then = farewell(small_course(), None, Summary(), "")
    assert then.startswith("You have finished the course: the next class begins it anew;")


def test_it_says_where_the_sound_is() -> None:
    assert (
        list(farewell(small_course(), Place(0, 0), Summary(), "/kept/sound.flac"))[-1]
        == "Its sound is in /kept/sound.flac"
    )

"""Courses that are known again, and those that are others."""

import pytest

from profai_cli.lesson.course import Course
from profai_cli.lesson.identity import Identity, identity, recognise

ONE, TWO = Identity("", "/a/sky", "sky", "The sky"), Identity("", "/b/sky", "sky", "The sky")


def known(course: Identity, *others: Identity, there: str = "/a/sky /b/sky") -> int | None:
    return recognise(dict(enumerate(others, 1)), course, lambda path: path in there.split())


def test_a_course_tells_what_it_is_known_by() -> None:
    course = Course("sky", "The sky", "en", "", (), own="x", path="/a/sky")
    assert identity(course) == Identity("x", "/a/sky", "sky", "The sky")


def test_two_folders_of_one_name_are_two_courses() -> None:
    assert known(ONE, TWO) is None
    assert known(TWO, ONE, TWO) == 2


@pytest.mark.parametrize(
    "now",
    [
        ONE,
        ONE._replace(title="The sky above you"),  # another title
        ONE._replace(own="sky"),  # it was given an id
    ],
)
def test_a_course_that_stays_where_it_is_may_change(now: Identity) -> None:
    assert known(now, ONE) == 1


def test_a_course_that_was_moved_is_the_same_and_its_copy_is_another_one() -> None:
    moved = ONE._replace(path="/c/heaven", name="heaven")
    assert known(moved, ONE, there="/c/heaven") == 1
    assert known(moved, ONE) is None
    assert known(moved._replace(title="Other"), ONE, there="/c/heaven") is None


def test_a_course_with_an_id_is_the_same_everywhere_and_no_other_one() -> None:
    own = ONE._replace(own="x")
    assert known(Identity("x", "/z", "z", "Z"), own) == 1
    assert known(own._replace(own="y"), own) is None


def test_a_course_of_which_only_the_name_is_known_is_known_once() -> None:
    old, other = Identity("", "", "sky", ""), Identity("", "", "sea", "")
    assert known(ONE, other, old) == 2
    assert known(old, other) is None  # neither has a path or a title: that makes them no equals

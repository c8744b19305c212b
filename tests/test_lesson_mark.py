"""Places that are found again in a course that was edited."""

from dataclasses import replace

import pytest

from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.lesson.mark import Mark, TopicMark, digest, find_place, find_topic, mark, mark_topic
from profai_cli.lesson.place import Place, sentence_at

CATS, DOGS = Topic("Cats", "One cat. Two cats, and three, and four. Five cats."), Topic("Dogs", "Bark. Bark. Again.")
COWS = Topic("Cattle", "Moo. The end.")
COURSE = Course("c", "Course", "en", "", (Module("Begin", (CATS, DOGS)), Module("End", (COWS,))))


def course(*modules: Module) -> Course:
    return replace(COURSE, modules=modules)


def again(edited: Course, place: Place) -> str | None:
    """The sentence at which the lesson goes on."""
    found = find_place(edited, mark(COURSE, place))
    return None if found is None else sentence_at(edited, found).text


@pytest.mark.parametrize(
    "place", [Place(m, t, s) for m, t, n in ((0, 0, 4), (0, 1, 4), (1, 0, 3)) for s in range(n)], ids=str
)
def test_in_a_course_that_was_not_edited_every_place_is_found(place: Place) -> None:
    assert find_place(COURSE, mark(COURSE, place)) == place


def test_a_phrase_is_found() -> None:
    assert find_place(COURSE, mark(COURSE, Place(0, 0, 2, 0))) == Place(0, 0, 2, 0)
    assert find_place(COURSE, mark(COURSE, Place(0, 0, 2, 0))._replace(phrase=99)) == Place(0, 0, 2, 0)


def test_topics_and_modules_before_it_change_nothing() -> None:
    new = Topic("New", "Text.")
    edited = course(Module("Welcome", (new,)), Module("Begin", (new, CATS, DOGS)), Module("End", (COWS,)))
    assert find_place(edited, mark(COURSE, Place(0, 0, 2))) == Place(1, 1, 2)
    assert find_place(edited, mark(COURSE, Place(1, 0, 1))) == Place(2, 0, 1)


def test_a_topic_is_found_under_another_title_and_in_another_module() -> None:
    renamed = course(Module("Begin", (DOGS, replace(CATS, title="Of cats"))), Module("End", (COWS,)))
    assert find_place(renamed, mark(COURSE, Place(0, 0, 2))) == Place(0, 1, 2)
    moved = course(Module("Begin", (DOGS,)), Module("End", (COWS, CATS)))
    assert find_place(moved, mark(COURSE, Place(0, 0, 2))) == Place(1, 1, 2)


def test_a_topic_with_another_title_and_another_text_is_found_by_its_sentence() -> None:
    edited = course(Module("Begin", (Topic("Of cats", "First. One cat. Two cats, and three, and four."), DOGS)))
    assert again(edited, Place(0, 0, 2)) == "Two cats, and three, and four."


def test_of_equal_topics_it_is_the_nearest() -> None:
    end = Topic("Summary", "This was it.")
    many = course(*(Module(title, (CATS, end)) for title in "ABC"))
    for module in range(3):
        assert find_topic(many, mark_topic(many, module, 1)) == (module, 1)
    edited = course(*(Module(title, (CATS, Topic("Summary", f"This was {title}."))) for title in "ABC"))
    assert find_topic(edited, mark_topic(many, 1, 1)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("New. One cat. Two cats, and three, and four.", "Two cats, and three, and four."),
        ("One cat. Two cats and three and four. Five cats.", "Two cats and three and four."),  # itself was mended
        ("One cat. Five cats.", "Five cats."),  # it was left out
        ("A cat. Two and two. Five cats.", "Five cats."),  # only what came after it is left
        ("All is new. Two and two.", "Cats."),  # the topic's begin
    ],
)
def test_in_an_edited_topic_nothing_is_left_out(text: str, sentence: str) -> None:
    edited = course(Module("Begin", (Topic("Cats", text), DOGS)))
    assert again(edited, Place(0, 0, 2)) == sentence


def test_where_all_that_was_not_heard_is_left_out_the_next_topic_follows() -> None:
    edited = course(Module("Begin", (Topic("Cats", "One cat."), DOGS)))
    assert again(edited, Place(0, 0, 2)) == "Dogs."
    assert again(course(Module("Begin", (Topic("Cats", "One cat."),))), Place(0, 0, 2)) == "One cat."


def test_of_equal_sentences_it_is_the_one_with_the_same_neighbour() -> None:
    edited = course(Module("Begin", (CATS, Topic("Dogs", "Woof. Woof. Woof. Bark. Bark. Again."))))
    assert find_place(edited, mark(COURSE, Place(0, 1, 2))) == Place(0, 1, 5)


def test_a_topic_that_is_gone_is_not_found() -> None:
    gone = course(Module("Begin", (DOGS,)), Module("End", (COWS,)))
    assert find_topic(gone, mark_topic(COURSE, 0, 0)) is None
    assert again(gone, Place(0, 0, 2)) is None
    assert again(gone, Place(0, 0)) is None


def test_numbers_alone_name_the_nearest_place() -> None:
    assert find_place(COURSE, Mark(TopicMark(0, 1), 2)) == Place(0, 1, 2)
    assert find_place(COURSE, Mark(TopicMark(9, 9), 2)) == Place(1, 0)
    assert find_topic(COURSE, TopicMark(9, 9)) == (1, 0)


def test_a_digest_is_that_of_the_letters() -> None:
    assert digest("é") == digest("e\u0301") != digest("e")
    assert len(digest("")) == 16

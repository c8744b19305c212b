"""Which sentences are read, and the words around them."""

from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.lesson.script import Sentence
from profai_cli.tutor import reply
from profai_cli.tutor.passages import Passage, passages, window


def said(*texts: str) -> list[Sentence]:
    return [Sentence(text, (0,), 0.25) for text in texts]


def test_paragraphs_are_the_passages_and_the_title_is_in_none() -> None:
    topic = Topic("Tea", "Boil water. Warm the pot.\n\nPour it on.")
    course = Course("c", "C", "en", "", (Module("M", (topic, Topic("Empty", ""))), Module("N", (topic,))))
    assert list(passages(course)) == [
        Passage((0, 0), 1, 3),
        Passage((0, 0), 3, 4),
        Passage((1, 0), 1, 3),
        Passage((1, 0), 3, 4),
    ]


def test_a_short_passage_is_read_whole() -> None:
    assert window(said("One.", "Two."), [0.0, 1.0], 3) == (0, 2)


def test_the_run_with_the_most_worth_is_read() -> None:
    assert window(said("One.", "Two.", "Three.", "Four.", "Five."), [1, 0, 0, 3, 1], 2) == (3, 5)


def test_of_equal_runs_one_that_leans_on_nothing_is_read() -> None:
    sentences = said("Tea is old.", "It is hot.", "China grows it.", "India too.")
    assert window(sentences, [0, 0, 1, 0], 2) == (2, 4)
    assert window(sentences, [0, 1, 1, 0], 2) == (1, 3)
    assert window(sentences, [0, 0, 0, 0], 2) == (0, 2)


def test_an_answer_says_where_it_is_from() -> None:
    first = [reply.from_lesson(["Tea is old.", "So is wine."], "Drinks", order) for order in (-1, 0, 1)]
    assert first == [
        ["In the lesson about Drinks: Tea is old.", "So is wine."],
        ["In this lesson: Tea is old.", "So is wine."],
        ["That comes later, in the lesson about Drinks: Tea is old.", "So is wine."],
    ]


def test_offers_and_refusals_name_topics() -> None:
    assert reply.offer("Wine") == "There is more about this in Wine; say: tell me more."
    assert reply.no_answer(["Tea", "Wine"]) == "The lesson has no answer to that. Ask me about Tea or Wine."
    assert reply.nothing_to_follow("Tea").endswith("Ask me about Tea.")


def test_what_was_just_said_can_be_said_shortly_again_or_by_its_letters() -> None:
    assert reply.in_short("Tea.") == "In short: Tea."
    assert reply.once_more("Tea.") == "Once more, slowly: Tea."
    assert reply.spelled("tea") == "The word was tea, spelled T, E, A."

"""Which sentence an answer begins with: what a question leads to, and how pronouns and code are left behind."""

import pytest

from profai_cli.lesson.course import Check
from profai_cli.lesson.script import ITEM_PAUSE, SENTENCE_PAUSE, Sentence
from profai_cli.providers.llm.course_leads import by_itself, deeds, lead, opening


def leads(question: str, sentence: str, before: str = "Tea is old.") -> bool:
    pattern = lead(question)
    return pattern is not None and pattern.search(f"{before}\n{sentence}") is not None


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("What is a comment?", "Such a note is called a comment."),
        ("what's a list", "A list holds many values."),
        ("tell me about lists", "A list holds many values."),
        ("what are dictionaries", "A dictionary stores pairs."),
        ("what is a dwarf", "What stays behind is a dwarf, an ember."),
        ("explain loops", "A loop repeats the same lines."),
        ("how do I sort a list", "To put a list in order, use sort."),
        ("how to make a function", "To define your own function, begin with the word def."),
        ("where can I download Python", "If Python is not there yet, install it first."),
        ("who invented the telescope", "Perhaps Hans Lippershey built the first telescope."),
        ("who wrote the opera", "The opera was written long ago, and the new opera was made by young Ada Byron."),
        ("when was the telescope invented", "The telescope was invented in 1608."),
        ("who is ada byron", "An English countess, Ada Byron, saw more."),
        ("who was aryabhata", "The first was Aryabhata, an Indian astronomer."),
        ("how old is the earth", "The Earth is about 4.5 billion years old."),
        ("how do I copy a list so that it stays as it is", "To copy a list, use copy."),
        ("sir can you tell me what is the meaning of a list please", "A list holds many values."),
        ("what does list mean", "A list holds many values."),
    ],
)
def test_the_sentence_that_answers_is_named(question: str, sentence: str) -> None:
    assert leads(question, sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("what is a string", "An f-string is a string with the letter f."),
        ("what is the sun", "The Sun is about eight minutes away."),
        ("what is a planet", "Pluto was called a planet until 2006."),
        ("what is a light year", "A light year is also a time machine."),
        ("how do I install python", "To install a package, use a tool that comes with Python."),
        ("how do I make a car", "To make a card, fold the paper."),
        ("how old is the earth", "He was 23 years old when he saw that the Earth turns."),
        ("who invented tea", "Guido van Rossum began Python in 1989."),
        ("when did tea begin", "The first tea shop is known since 1706."),
        ("who made it", "Guido van Rossum began it."),
        ("why is tea dark", "Tea is dark because it is old."),
        ("", "Tea is old."),
    ],
)
def test_a_sentence_that_only_holds_the_words_is_not(question: str, sentence: str) -> None:
    assert not leads(question, sentence)


@pytest.mark.parametrize(
    ("question", "before", "sentence"),
    [
        ("who made python", "Python is a language.", "A Dutchman, Guido van Rossum, began it in 1989."),
        ("when did python begin", "Python is a language.", "A Dutchman, Guido van Rossum, began it in 1989."),
        ("how old is the sun", "The Sun loses weight.", "It has done so for four billion years."),
    ],
)
def test_a_pronoun_stands_for_what_the_sentence_before_is_about(question: str, before: str, sentence: str) -> None:
    assert leads(question, sentence, before)
    assert not leads(question, sentence)


def test_verbs_of_one_deed_are_asked_for_one_another() -> None:
    assert {"began", "made", "created"} <= deeds("invented")
    assert deeds("download") == {"install", "get"}
    assert deeds("define") == {"make", "create"}
    assert not deeds("tea")


def texts(*said: str) -> list[Sentence]:
    """Sentences, the first of which is the title; code where one begins with a dollar sign."""
    return [Sentence(text, (0,), ITEM_PAUSE if text.startswith("$") else SENTENCE_PAUSE) for text in said]


@pytest.mark.parametrize(
    ("begin", "expected"),
    [
        (1, 1),  # nothing to do
        (2, 1),  # "It": the sentence before
        (3, 1),  # "They" after "It": two before
        (4, 5),  # code is passed over
        (7, 5),  # a pronoun after code: before the code
        (8, 8),  # no better begin within reach
    ],
)
def test_an_answer_begins_with_no_pronoun_and_no_code(begin: int, expected: int) -> None:
    said = texts(
        "Tea", "Tea grows.", "It is old.", "They know it.", "$ print", "Here is more.", "$ go", "It runs.", "So."
    )
    assert opening(said, begin, 9) == expected


def test_the_title_is_never_where_an_answer_begins() -> None:
    assert opening(texts("Tea", "It is old.", "Tea grows."), 1, 3) == 1


@pytest.mark.parametrize(
    ("answer", "leans"), [("It ignores it.", True), ("On it there are patches.", True), ("Item one. It is.", False)]
)
def test_an_answer_leans_on_its_question_by_its_first_words_only(answer: str, leans: bool) -> None:
    assert by_itself(Check("What is it?", answer)) == (f"What is it? {answer}" if leans else answer)

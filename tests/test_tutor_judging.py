"""Answers to check questions of both courses, as a recogniser writes them, and what they are judged to be."""

import json
from collections import Counter
from pathlib import Path

import pytest

from profai_cli.kinds import Verdict
from profai_cli.lesson.course import Check, Course, Module, Topic
from profai_cli.lesson.place import CheckPlace, Place, sentence_at
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.tutor.judging import compare, judge, passage

COURSES = [load_course(shipped_courses(), number) for number in ("1", "2")]
CHECKS = [
    (course, CheckPlace(m, t, n), check)
    for course in COURSES
    for m, module in enumerate(course.modules)
    for t, topic in enumerate(module.topics)
    for n, check in enumerate(topic.checks)
]
BY_QUESTION = {check.question: check for _, _, check in CHECKS}


@pytest.mark.parametrize("check", BY_QUESTION.values(), ids=lambda check: check.question)
def test_the_courses_own_answer_is_right_and_another_checks_is_not(check: Check) -> None:
    assert compare(check, check.answer) == "right"
    others = [other for other in BY_QUESTION.values() if other is not check]
    right = sum(compare(check, other.answer) == "right" for other in others)
    assert right <= len(others) / 5


@pytest.mark.parametrize(
    ("question", "said", "verdict"),
    [
        ("Why does the Moon have phases?", "because we see the sunlit half from different sides", "right"),
        ("Why does the Moon have phases?", "because of the shadow of the clouds", "wrong"),
        ("How far away is the Moon?", "thirty earths side by side", "right"),
        ("What is a variable?", "it is a name for a value", "right"),
        ("What is a variable?", "a value", "partly"),
        ("May the name of a variable start with a digit?", "no", "right"),
        ("May the name of a variable start with a digit?", "yes it may", "wrong"),
        ("Can randint from 1 to 6 give a 6?", "yeah", "right"),
        ("What is the index of the first item in a list?", "0", "right"),
        ("What is the index of the first item in a list?", "it is one", "wrong"),
        ("Which two words catch an error?", "try and accept", "right"),
        ("What does a function without return give back?", "none", "right"),
        ("Which planets are rocky?", "mercury venus earth and mars", "right"),
        ("Which planets are rocky?", "mars", "partly"),
        ("What is a light year?", "i don't know", "unanswered"),
        ("What is a light year?", "", "unanswered"),
        ("What is the difference between a parameter and an argument?", "an argument is the value you pass", "partly"),
        ("What is the difference between an integer and a float?", "an integer is a whole number", "partly"),
        ("What is the difference between an integer and a float?", "the float has a decimal point", "partly"),
        ("What is the difference between an integer and a float?", "one is whole one has a decimal point", "right"),
        ("What is a light year?", "what is a black hole", "question"),
        ("What is a light year?", "can you say that simpler", "question"),
        ("What is a light year?", "tell me more", "question"),
        ("What is a light year?", "tell me", "unanswered"),
        ("Which tool installs packages?", "pip", "right"),
    ],
)
def test_answers_in_other_words(question: str, said: str, verdict: Verdict) -> None:
    assert compare(BY_QUESTION[question], said) == verdict


def test_of_answers_in_the_learners_own_words_few_are_misjudged() -> None:
    """Written by the author of the rules: the share of a stranger's answers will be lower."""
    found: Counter[tuple[str, str]] = Counter()
    for line in (Path(__file__).parent / "questions" / "answers.jsonl").read_text().splitlines():
        one = json.loads(line)
        found[one["verdict"], compare(BY_QUESTION[one["question"]], one["said"])] += 1
    right = sum(count for (truth, _), count in found.items() if truth == "right")
    assert found["right", "right"] >= 0.85 * right
    assert found["right", "wrong"] <= 1
    assert found["wrong", "right"] <= 1


def test_the_passage_that_is_offered_is_of_the_topic_and_nearly_always_holds_the_answer() -> None:
    held = []
    for course, at, check in CHECKS:
        place = passage(course, at)
        assert place[:2] == at[:2]
        assert place.sentence > 0
        held.append(compare(check, sentence_at(course, place).text) in ("right", "partly", "question"))
    assert sum(held) >= len(held) - 1


def test_what_is_said_to_an_answer_tells_the_courses_answer_unless_it_was_given_in_full() -> None:
    course = Course(
        "c", "C", "en", "", (Module("M", (Topic("T", "Tea is hot.", (Check("Is it hot?", "Very hot."),)),)),)
    )
    at = CheckPlace(0, 0, 0)
    assert judge(course, at, "very hot").lines == ("That is right.",)
    assert judge(course, at, "hot").lines[-1] == "Very hot."
    assert judge(course, at, "cold").lines == ("Not quite.", "Very hot.")
    assert judge(course, at, "").lines == ("Here is the answer.", "Very hot.")
    assert passage(course, at) == Place(0, 0, 1)


def test_half_an_answer_is_told_to_be_one() -> None:
    topic = Topic("Tea", "Tea is hot.", (Check("What is needed?", "Boiling water leaves patience"),))
    course = Course("c", "C", "en", "", (Module("M", (topic,)),))
    assert judge(course, CheckPlace(0, 0, 0), "leaves").lines == (
        "That is part of it.",
        "Boiling water leaves patience",
    )


@pytest.mark.parametrize(
    "question", ["Compare tea with coffee.", "Is it tea or coffee that grows?", "How does tea differ from coffee?"]
)
def test_of_two_things_that_are_compared_both_must_be_told(question: str) -> None:
    check = Check(question, "Tea comes from leaves. Coffee comes from roasted beans.")
    said = ("from leaves", "tea comes from leaves", "roasted beans", "leaves and roasted beans")
    assert [compare(check, one) for one in said] == ["partly", "partly", "partly", "right"]


def test_of_two_things_one_is_enough_where_the_answer_is_one_of_them() -> None:
    assert compare(Check("Is it tea or coffee?", "Coffee, since it is roasted."), "coffee") == "right"

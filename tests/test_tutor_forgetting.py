"""When a check question is asked again: by the days since it was answered, and how well."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from profai_cli.kinds import Verdict
from profai_cli.lesson.course import Check, Course, Module, Topic
from profai_cli.lesson.place import CheckPlace
from profai_cli.tutor.forgetting import Result, due, due_in, latest, recall

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def days_until_due(*verdicts: Verdict) -> list[float]:
    """The question is answered each time it is due; the days between."""
    results: list[Result] = []
    days, at = [], MONDAY
    for verdict in verdicts:
        results.append(Result("Why?", verdict, at))
        (one,) = recall(results, at)
        days.append((one.due - at) / DAY)
        at = one.due
    return days


def test_what_is_known_is_asked_at_growing_intervals() -> None:
    days = days_until_due("right", "right", "right", "right")
    assert days == sorted(set(days))
    assert days[0] == pytest.approx(2, abs=1)
    assert days[-1] > 30


@pytest.mark.parametrize("verdict", ["wrong", "unanswered"])
def test_what_was_not_known_is_asked_again_the_next_day(verdict: Verdict) -> None:
    assert days_until_due(verdict) == [1.0]


def test_what_was_half_known_comes_before_what_was_known() -> None:
    known, half = days_until_due("right", "right")[1], days_until_due("right", "partly")[1]
    assert half < known


def test_forgetting_once_brings_it_back_soon() -> None:
    *_, known, forgotten = days_until_due("right", "right", "right", "wrong")
    assert forgotten < known / 3


def test_only_what_is_due_is_asked_the_least_known_first() -> None:
    results = [
        Result("old", "right", MONDAY - 40 * DAY),
        Result("wrong", "wrong", MONDAY - 5 * DAY),
        Result("fresh", "right", MONDAY - DAY / 24),
    ]
    assert due(results, MONDAY) == ["wrong", "old"]
    assert [one.question for one in recall(results, MONDAY)] == ["wrong", "old", "fresh"]


def test_the_order_of_the_results_does_not_matter_nor_do_their_time_zones() -> None:
    india = timezone(timedelta(hours=5, minutes=30))
    results = [Result("why", "wrong", MONDAY), Result("why", "right", (MONDAY + 2 * DAY).astimezone(india))]
    assert recall(results, MONDAY + 3 * DAY) == recall(results[::-1], MONDAY + 3 * DAY)


def test_a_question_of_the_learner_is_no_result() -> None:
    assert recall([Result("why", "question", MONDAY)], MONDAY) == []


def test_of_a_course_the_questions_that_are_due_are_found_by_their_words() -> None:
    topic = Topic("Tea", "Tea.", (Check("new", "N."), Check("wrong", "W.")))
    course = Course("c", "C", "en", "", (Module("M", (topic,)),))
    results = [Result("wrong", "wrong", MONDAY - 5 * DAY), Result("gone", "wrong", MONDAY - 5 * DAY)]
    assert due_in(course, results, MONDAY) == (CheckPlace(0, 0, 1),)


def test_the_last_verdict_counts() -> None:
    assert latest([Result("a", "right", MONDAY), Result("a", "wrong", MONDAY - DAY)]) == {"a": "right"}

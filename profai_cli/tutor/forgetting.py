"""What will soon be forgotten: check questions and how they were answered, against the forgetting curve. Pure.

The curve is FSRS (github.com/open-spaced-repetition), by its package `fsrs`. What is kept of a learner are the results
alone; what follows from them is computed anew each time, so that a better curve needs no other data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from profai_cli.kinds import Verdict
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, all_checks, check_at

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

RATINGS: Final[dict[Verdict, int]] = {"wrong": 1, "unanswered": 1, "partly": 2, "right": 3}
"""As FSRS counts: 1 forgotten, 2 remembered with serious difficulty, 3 remembered."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a check question was answered, once. at: with its time zone."""

    question: str
    verdict: Verdict
    at: datetime


@dataclass(frozen=True, slots=True)
class Recall:
    """A question that was asked before. due: when it should be asked again. chance: that it is known now, 0 to 1."""

    question: str
    due: datetime
    chance: float


def recall(results: Iterable[Result], now: datetime) -> list[Recall]:
    """Every question that was asked before, the one most likely forgotten first."""
    judged = sorted((result for result in results if result.verdict in RATINGS), key=lambda result: result.at)
    if not judged:
        return []
    scheduler, cards = _curve(), dict[str, "Card"]()
    for result in judged:
        cards[result.question] = _reviewed(scheduler, cards.get(result.question), RATINGS[result.verdict], result.at)
    found = [Recall(asked, card.due, scheduler.get_card_retrievability(card, now)) for asked, card in cards.items()]
    return sorted(found, key=lambda one: (one.chance, one.due))


def due(results: Iterable[Result], now: datetime) -> list[str]:
    """The questions whose time has come, the one most likely forgotten first."""
    return [one.question for one in recall(results, now) if one.due <= now]


def due_in(course: Course, results: Iterable[Result], now: datetime) -> tuple[CheckPlace, ...]:
    """Where in a course the questions stand whose time has come, the one most likely forgotten first."""
    places = {check_at(course, place).question: place for place in all_checks(course)}
    return tuple(places[question] for question in due(results, now) if question in places)


def latest(results: Iterable[Result]) -> dict[str, Verdict]:
    """The last verdict on each question."""
    return {result.question: result.verdict for result in sorted(results, key=lambda result: result.at)}


def _curve() -> "Scheduler":
    """Its numbers are the package's own, fitted to millions of reviews. Steps of minutes are for those who drill cards:
    a class asks again on another day."""
    from fsrs import Scheduler  # noqa: PLC0415 - takes 20 ms to import

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def _reviewed(scheduler: "Scheduler", card: "Card | None", rating: int, at: datetime) -> "Card":
    from fsrs import Card, Rating  # noqa: PLC0415

    card, _ = scheduler.review_card(card or Card(card_id=1), Rating(rating), at.astimezone(UTC))
    return card

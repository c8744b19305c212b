"""What a report tells of a class: who spoke when, what was said between learner and tutor, what was taught. Pure."""

from dataclasses import dataclass, field
from typing import Final, Literal

from profai_cli.kinds import Verdict

Speaker = Literal["learner", "lesson", "answer"]
SPEAKERS: Final[tuple[Speaker, ...]] = ("learner", "lesson", "answer")
"""Who speaks: bridges such as "Back to the lesson." count as the lesson."""


@dataclass(slots=True)
class Span:
    """Somebody speaks from `begin` to `end`, media times in seconds; `reply` is the tutor's."""

    speaker: Speaker
    begin: float
    end: float
    reply: int = 0


@dataclass(slots=True)
class Sentence:
    """A sentence of an answer; `heard`: it sounded, at least in part."""

    text: str
    source: str = ""
    heard: bool = False


@dataclass(slots=True)
class Exchange:
    """What the learner said and the tutor's answer, from `begin` to `end`, in seconds.

    number: of a question, from 1; 0 for an order such as "where are we", and for an answer to a check question.
    figures: see `session.figures`, by name. cut: the learner did not hear all of it. check, verdict: what the tutor had
    asked, and what the answer was judged to be.
    """

    reply: int
    number: int
    said: str
    typed: bool
    begin: float
    end: float
    sentences: list[Sentence] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    cut: bool = False
    check: str = ""
    verdict: Verdict | None = None


@dataclass(slots=True)
class Taught:
    """What was said of a topic: its numbers from 0, when it began, and its sentences by their number.

    told: they are not the course's own, see `lesson.told`.
    """

    module: int
    topic: int
    begin: float
    sentences: dict[int, str] = field(default_factory=dict)
    told: bool = False

"""Did the learner's answer to a check question say what the course says? English. Pure.

A spoken answer is short, ungrammatical and misheard in its small words. So it is judged by the words that carry the
course's answer: how many of them it has, in any form, and whether a "yes" was said where a "no" is right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from profai_cli.kinds import Verdict
from profai_cli.lesson.course import Check, Course, Topic
from profai_cli.lesson.place import CheckPlace, Place, check_at
from profai_cli.lesson.script import spoken
from profai_cli.tutor.numbers import in_words
from profai_cli.tutor.question import follow_up
from profai_cli.tutor.synonyms import SYNONYMS
from profai_cli.tutor.vocabulary import nearest, weight, words

RIGHT: Final = 0.5
PARTLY: Final = 0.25
"""Share of the answer's weight that must have been said."""

ASKED_WEIGHT: Final = 0.2
"""What a word counts that stands in the question already."""

_DOES_NOT_KNOW: Final = re.compile(
    r"\b(?:(?:don't|dont|do not|didn't) (?:know|remember|understand)|no idea|not sure|forgot|forgotten|pass|skip it"
    r"|tell me|give up)\b"
)
_OWN_QUESTION: Final = re.compile(
    r"^(?:um |uh |well |but |and |so |sorry |please )*"
    r"(?:what|why|how|who|which|where|can you|could you|tell me|explain)\b"
)
_YES: Final = frozenset(words("yes yeah yep yup correct true sure definitely"))
_NO: Final = frozenset(
    words("no nope not never cannot can't cant don't dont doesn't doesnt isn't isnt won't wont mustn't neither")
)
_ENDING: Final = re.compile(r"(?:ing|ed|es|s|ly|er)$")
_COMPARES: Final = re.compile(r"^(.*\b(?:differ\w*|compare[ds]?)\b.*) (?:and|or|from|with|to) (.+)$|^(.+) or (.+)$")
_BREAK: Final = re.compile(r"[,;.]\s+|\s(?=(?:because|so that|which)\b)")
_IN_A_LIST: Final = 3
"""Words at most of a thing in a list."""

_NUMBERS: Final = frozenset(
    words(
        "zero two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty"
        " ninety hundred thousand million billion lakh crore half"
    )
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on an answer, and what to say to it."""

    verdict: Verdict
    lines: tuple[str, ...]


def judge(course: Course, at: CheckPlace, said: str) -> Judgement:
    """Judge what was `said` to the check question at this place; "" is no answer."""
    check = check_at(course, at)
    verdict = compare(check, said)
    answer = spoken(check.answer)
    match verdict:
        case "right":
            lines = ("That is right.",) if len(words(answer)) <= len(words(said)) else ("Right.", answer)
        case "partly":
            lines = ("That is part of it.", answer)
        case "wrong":
            lines = ("Not quite.", answer)
        case _:
            lines = ("Here is the answer.", answer)
    return Judgement(verdict, lines)


def compare(check: Check, said: str) -> Verdict:
    """The verdict on what was `said`; "" is no answer. Of two things that are compared, one is part of an answer."""
    heard = _words(said)
    text = " ".join(heard)
    if not heard:
        return "unanswered"
    answer = spoken(check.answer)
    wanted = _words(answer)
    if (side := _side(wanted[:1])) is not None and (taken := _side(heard)) is not None:
        return "right" if taken == side else "wrong"
    asked = frozenset(map(_stem, _words(check.question)))
    clauses = [_words(clause) for clause in _clauses(answer)]
    share = max(_share(wanted, heard, asked), *(_share(clause, heard, asked) for clause in clauses))
    sides = _compared(" ".join(_words(check.question)), clauses)
    if share >= RIGHT and any(_share(side, heard, asked) < PARTLY for side in sides):
        share = PARTLY
    other_number = _numbers(heard) and _numbers(wanted).isdisjoint(_numbers(heard))
    verdict: Verdict = "right" if share >= RIGHT else "partly" if share >= PARTLY and not other_number else "wrong"
    if verdict != "wrong":
        return verdict
    follows = follow_up(text)
    if _DOES_NOT_KNOW.search(text) and follows not in ("more", "example"):
        return "unanswered"
    return "question" if follows or _OWN_QUESTION.search(text) else "wrong"


def passage(course: Course, at: CheckPlace) -> Place:
    """The sentence of the teacher's text that holds the answer to the check question at this place."""
    topic = course.modules[at.module].topics[at.topic]
    return Place(at.module, at.topic, holding(topic, topic.checks[at.number]))


def holding(topic: Topic, check: Check) -> int:
    """The number of the text's sentence that says most of the check's answer and question."""
    wanted = frozenset(_stem(word) for word in words(spoken(f"{check.answer} {check.question}")) if weight(word) == 1)
    count = [len(wanted.intersection(map(_stem, words(sentence.text)))) for sentence in topic.text]
    return max(range(1, len(count)), key=lambda n: (count[n], -n), default=0)


def _clauses(answer: str) -> list[str]:
    """The parts of an answer of which each says enough; a list of things is one part."""
    parts = [part for part in _BREAK.split(answer) if part.strip(" .")]
    listed = len(parts) > 1 and all(len(part.split()) <= _IN_A_LIST for part in parts)
    return [answer] if listed else parts


def _compared(question: str, clauses: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """What an answer says of either of two things that are compared; empty where it does not tell them apart."""
    found = _COMPARES.search(question)
    if not found:
        return ()
    one, other = ({_stem(word) for word in words(side) if weight(word) == 1} for side in found.groups() if side)
    sides: list[tuple[str, ...]] = []
    for own, others in ((one - other, other - one), (other - one, one - other)):
        said = [clause for clause in clauses if own & {*map(_stem, clause)} and not others & {*map(_stem, clause)}]
        sides.append(tuple(word for clause in said for word in clause))
    return tuple(sides) if all(sides) else ()


def _share(wanted: tuple[str, ...], heard: tuple[str, ...], asked: frozenset[str]) -> float:
    """How much of the weight of the words that are wanted was said. asked: forms of the question's words."""
    worth = {_stem(word): weight(word) * (ASKED_WEIGHT if _stem(word) in asked else 1.0) for word in wanted}
    worth = worth if any(worth.values()) else dict.fromkeys(worth, 1.0)  # small words alone
    said = {form for word in heard for form in _forms(word)}
    said |= {_stem(one + other) for one, other in pairwise(heard)}  # "key error" is written in one
    spelled = dict.fromkeys(worth, 1)
    said |= {near for word in heard if (near := nearest(_stem(word), spelled))}
    total = sum(worth.values())
    return sum(part for form, part in worth.items() if form in said) / total if total else 0.0


def _side(said: tuple[str, ...]) -> bool | None:
    """Yes, no, or neither."""
    no, yes = not _NO.isdisjoint(said), not _YES.isdisjoint(said)
    return None if no == yes else yes


def _numbers(said: tuple[str, ...]) -> frozenset[str]:
    return _NUMBERS.intersection(said)


def _words(text: str) -> tuple[str, ...]:
    """The words of a text as it is said: numbers in words."""
    return words(in_words(spoken(text))[0])


def _forms(word: str) -> frozenset[str]:
    return frozenset((_stem(word), *_SYNONYMS.get(_stem(word), ())))


@cache
def _stem(word: str) -> str:
    stem = _ENDING.sub("", word.removesuffix("'s"))
    return stem.rstrip("e") if len(stem) > 2 else word  # noqa: PLR2004 - what is left must be a word


_SYNONYMS: Final = {_stem(word): tuple(map(_stem, others)) for word, others in SYNONYMS.items()}

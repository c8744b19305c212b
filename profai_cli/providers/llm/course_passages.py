"""The passages of a course that a language model is given with a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from profai_cli.ports import Question
from profai_cli.providers.llm.course_index import CourseIndex
from profai_cli.providers.llm.course_leads import lead
from profai_cli.providers.llm.course_reader import ENOUGH, asked_for, explaining
from profai_cli.providers.llm.course_terms import Term
from profai_cli.tutor.cues import cue
from profai_cli.tutor.passages import Passage
from profai_cli.tutor.question import follow_up

MOST_PASSAGES: Final = 4
"""They hold the key fact of 59 of 64 questions of tests/questions; three hold that of 57, five of 59."""


@dataclass(frozen=True, slots=True)
class Found:
    """passages: best first. source: title of the best one's topic, "" where it hardly fits. terms: of the question."""

    passages: tuple[Passage, ...]
    source: str
    terms: tuple[Term, ...]


def find(index: CourseIndex, question: Question, before: Sequence[Term]) -> Found:
    """Look up a question. `before`: the terms of the one before it, which a follow-up ("why?") is about.

    A follow-up on nothing is about the topic being taught.
    """
    here = question.module, question.topic
    leans = follow_up(question.text) is not None
    terms = asked_for(index, question.text, before)
    if leans:
        terms = list(before) or index.terms(index.topic(here).title)
    hits = index.search(terms, here, cue(question.text), lead(question.text))
    fits = bool(hits) and (leans or hits[0].coverage >= ENOUGH)
    found = [hit.passage for hit in hits]
    same = index.same_check(terms, hits[0] if fits else None)
    if same and (best := explaining(index, question.text, terms, *same)):
        found, fits = [best, *(passage for passage in found if passage != best)], True
    return Found(tuple(found[:MOST_PASSAGES]), index.topic(found[0].at).title if fits else "", tuple(terms))

"""The passages of a course that a language model is given with a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from profai_cli.ports import Question
from profai_cli.providers.llm.course_index import CourseIndex
from profai_cli.providers.llm.course_leads import lead
from profai_cli.providers.llm.course_reader import ENOUGH, asked_for
from profai_cli.providers.llm.course_terms import Term
from profai_cli.tutor.cues import cue
from profai_cli.tutor.passages import Passage
from profai_cli.tutor.question import follow_up

MOST_PASSAGES: Final = 3
"""In a trial with another index the right one was among the first three for 29 of 32 questions."""


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
    return Found(
        tuple(hit.passage for hit in hits[:MOST_PASSAGES]),
        index.topic(hits[0].passage.at).title if fits else "",
        tuple(terms),
    )

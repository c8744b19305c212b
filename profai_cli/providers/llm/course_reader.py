"""What to read of the course for a question, and for a follow-up on the last answer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from profai_cli.lesson.course import Check
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.course_follow import FollowUps
from profai_cli.providers.llm.course_index import At, CourseIndex, Hit
from profai_cli.providers.llm.course_leads import by_itself, lead
from profai_cli.providers.llm.course_telling import LONGEST, Answer, Said, Telling
from profai_cli.providers.llm.course_terms import Term
from profai_cli.tutor import reply
from profai_cli.tutor.cues import cue
from profai_cli.tutor.passages import Passage
from profai_cli.tutor.question import follow_up, refers_back

ENOUGH: Final = 0.55
"""A passage that covers less than this share of a question is no answer; 0.5 lets twice as much nonsense in."""

_CLOSE: Final = 0.75
"""A second topic is offered when it scores at least this share of the first."""


def asked_for(index: CourseIndex, question: str, before: Sequence[Term]) -> list[Term]:
    """What a question asks for; one that leans on the question before it ("how fast is it") asks for that as well."""
    terms = index.terms(question)
    if refers_back(question):
        asked = {term.match for term in terms}
        terms += [replace(term, weight=term.weight / 2) for term in before if term.match not in asked]
    return terms


def explaining(index: CourseIndex, question: str, terms: Sequence[Term], at: At, check: Check) -> Passage | None:
    """The passage of its topic that holds most of a check's answer and of the question; None where none holds any."""
    hits = index.search([*terms, *index.terms(check.answer)], at, cue(question))
    return next((hit.passage for hit in hits if hit.passage.at == at), None)


class CourseReader:
    """Answers from an index. Keeps no memory of its own: what was said goes in and comes out."""

    def __init__(self, index: CourseIndex) -> None:
        self._index, self._telling, self._follow_ups = index, Telling(index), FollowUps(index)

    def answer(self, question: Question, said: Said | None) -> Answer:
        """The sentences of the answer, and what the next follow-up goes on from.

        said: what was said last, in an answer or by the lesson.
        """
        here = question.module, question.topic
        wanted = follow_up(question.text)
        if wanted is None:
            return self._fresh(question.text, here, said)
        if said is None and wanted == "example":
            said = Said((), here, 1, 1, tuple(self._index.terms(self._index.topic(here).title)))
        if said is None:
            return (AnswerPart(reply.nothing_to_follow(self._telling.title(here))),), None
        return self._follow_ups.answer(wanted, said, here)

    def _fresh(self, question: str, here: At, said: Said | None) -> Answer:
        """An answer to a question of its own."""
        terms = asked_for(self._index, question, said.terms if said else ())
        first = lead(question)
        hits = self._index.search(terms, here, cue(question), first)
        good = [hit for hit in hits if hit.coverage >= ENOUGH]
        same = None if any(hit.led for hit in hits) else self._index.same_check(terms, good[0] if good else None)
        if same and (first is None or lead(same[1].question)):
            return self._checked(question, *same, terms, here)
        if not good:
            return (self._refusal(hits, here),), said
        best, at = good[0], good[0].passage.at
        other = next((hit for hit in good if hit.passage.at != at), None)
        second = other.passage if other and other.score >= _CLOSE * best.score else None
        run = self._index.read(best.passage, terms, cue(question), LONGEST, first)
        return self._telling.say(at, run, here, terms, second=second)

    def _checked(self, question: str, at: At, check: Check, terms: Sequence[Term], here: At) -> Answer:
        """The answer of a check, after the check's own question where it leans on that, and the passage about it."""
        wanted = [*terms, *self._index.terms(check.answer)]
        best = explaining(self._index, question, terms, at, check)
        run = self._index.read(best, wanted, cue(question), LONGEST) if best else (1, 1)
        return self._telling.say(at, run, here, terms, first=by_itself(check))

    def _refusal(self, hits: Sequence[Hit], here: At) -> AnswerPart:
        near = [self._telling.title(hit.passage.at) for hit in hits if hit.near and hit.coverage >= ENOUGH / 2]
        return AnswerPart(reply.no_answer(list(dict.fromkeys(near))[:2] or [self._telling.title(here)]))

"""What to read of the course for a question, and for a follow-up on the last answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from profai_cli.lesson.course import Check
from profai_cli.lesson.script import ITEM_PAUSE, spoken
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.course_index import At, CourseIndex, Hit
from profai_cli.providers.llm.course_leads import lead, leans
from profai_cli.providers.llm.course_terms import Term
from profai_cli.tutor import reply
from profai_cli.tutor.cues import EXAMPLE, REASON, cue
from profai_cli.tutor.passages import Passage
from profai_cli.tutor.question import follow_up, refers_back

ENOUGH: Final = 0.55
"""A passage that covers less than this share of a question is no answer; 0.5 lets twice as much nonsense in."""

_CLOSE: Final = 0.75
"""A second topic is offered when it scores at least this share of the first."""

_FITS: Final = 0.5
"""A reason must hold this share of what was asked."""

_SENTENCES: Final = 3
"""How many sentences an answer reads."""


@dataclass(frozen=True)
class Said:
    """What a follow-up goes on from: the last answer, its topic, where it ended, and what it was about."""

    parts: tuple[AnswerPart, ...]
    at: At
    end: int
    terms: tuple[Term, ...]
    second: Passage | None = None


Answer = tuple[tuple[AnswerPart, ...], Said | None]


def asked_for(index: CourseIndex, question: str, before: Sequence[Term]) -> list[Term]:
    """What a question asks for; one that leans on the question before it ("how fast is it") asks for that as well."""
    terms = index.terms(question)
    if refers_back(question):
        asked = {term.match for term in terms}
        terms += [replace(term, weight=term.weight / 2) for term in before if term.match not in asked]
    return terms


class CourseReader:
    """Answers from an index. Keeps no memory of its own: what was said goes in and comes out."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index

    def answer(self, question: Question, said: Said | None) -> Answer:
        """The sentences of the answer, and what the next follow-up goes on from."""
        here = question.module, question.topic
        wanted = follow_up(question.text)
        if wanted is None:
            return self._fresh(question.text, here, said)
        if said is None and wanted == "example":
            said = Said((), here, 1, tuple(self._index.terms(self._index.topic(here).title)))
        if said is None:
            return (AnswerPart(reply.nothing_to_follow(self._title(here))),), None
        if wanted == "again":
            return said.parts, said
        if wanted == "more":
            return self._more(said, here)
        return self._reason(said, here) if wanted == "why" else self._example(said, here)

    def _fresh(self, question: str, here: At, said: Said | None) -> Answer:
        """An answer to a question of its own."""
        terms = asked_for(self._index, question, said.terms if said else ())
        first = lead(question)
        hits = self._index.search(terms, here, cue(question), first)
        good = [hit for hit in hits if hit.coverage >= ENOUGH]
        if not any(hit.led for hit in hits) and (same := self._index.same_check(terms)):
            return self._checked(question, *same, terms, here)
        if not good:
            return (self._refusal(hits, here),), said
        best, at = good[0], good[0].passage.at
        other = next((hit for hit in good if hit.passage.at != at), None)
        second = other.passage if other and other.score >= _CLOSE * best.score else None
        run = self._index.read(best.passage, terms, cue(question), _SENTENCES, first)
        return self._say(at, run, here, terms, second=second)

    def _checked(self, question: str, at: At, check: Check, terms: Sequence[Term], here: At) -> Answer:
        """The answer of a check, after the check's own question where it leans on that, and the passage about it."""
        wanted = [*terms, *self._index.terms(check.answer)]
        best = next((hit for hit in self._index.search(wanted, at, cue(question)) if hit.passage.at == at), None)
        run = self._index.read(best.passage, wanted, cue(question), _SENTENCES) if best else (1, 1)
        first = spoken(f"{check.question} {check.answer}" if leans(check.answer) else check.answer)
        return self._say(at, run, here, terms, first=first)

    def _more(self, said: Said, here: At) -> Answer:
        """The second topic that was offered, or what follows the last answer."""
        if said.second:
            run = self._index.read(said.second, said.terms, None, _SENTENCES)
            return self._say(said.second.at, run, here, said.terms)
        last = len(self._index.topic(said.at).sentences)
        if said.end >= last:
            return (AnswerPart(reply.NOTHING_MORE),), said
        return self._say(said.at, (said.end, min(said.end + _SENTENCES, last)), here, said.terms)

    def _reason(self, said: Said, here: At) -> Answer:
        """The sentence with a reason, in the topic of the last answer, that fits what was asked best."""
        sentences = self._index.topic(said.at).sentences
        worth = [0.0, *self._index.worth(Passage(said.at, 1, len(sentences)), said.terms)]
        fit = {n: worth[n] + worth[n - 1] / 2 for n, s in enumerate(sentences) if n and REASON.search(s.text)}
        found = max(fit, key=lambda n: (fit[n], n >= said.end, -n), default=0)
        if not found or fit[found] < _FITS * sum(term.weight for term in said.terms):
            return (AnswerPart(reply.NO_REASON),), said
        return self._say(said.at, (found, min(found + _SENTENCES, len(sentences))), here, said.terms)

    def _example(self, said: Said, here: At) -> Answer:
        """The next example after the last answer, else the first of its topic: code has a sentence before it."""
        sentences = self._index.topic(said.at).sentences
        found = [
            n
            for n, (one, after) in enumerate(pairwise([*sentences, sentences[0]]))
            if n and (EXAMPLE.search(one.text) or one.pause != ITEM_PAUSE == after.pause)
        ]
        if not found:
            return (AnswerPart(reply.NO_EXAMPLE),), said
        begin = next((n for n in found if n >= said.end), found[0])
        return self._say(said.at, (begin, min(begin + _SENTENCES, len(sentences))), here, said.terms)

    def _say(
        self,
        at: At,
        run: tuple[int, int],
        here: At,
        terms: Sequence[Term],
        *,
        first: str = "",
        second: Passage | None = None,
    ) -> Answer:
        """Sentences `run` of a topic, after `first`, with an offer of the second passage."""
        source = self._index.topic(at).title
        texts = [first] if first else []
        texts += [sentence.text for sentence in self._index.topic(at).sentences[slice(*run)]]
        parts = [AnswerPart(text, source) for text in reply.from_lesson(texts, self._title(at), at == here)]
        if second:
            parts.append(AnswerPart(reply.offer(self._title(second.at)), self._index.topic(second.at).title))
        return tuple(parts), Said(tuple(parts), at, run[1], tuple(terms), second)

    def _refusal(self, hits: Sequence[Hit], here: At) -> AnswerPart:
        near = [self._title(hit.passage.at) for hit in hits if hit.coverage >= ENOUGH / 2]
        return AnswerPart(reply.no_answer(list(dict.fromkeys(near))[:2] or [self._title(here)]))

    def _title(self, at: At) -> str:
        return self._index.topic(at).sentences[0].text.rstrip(" .")

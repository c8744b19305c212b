"""Follow-ups: "why", "tell me more", "say that simpler", on the last answer or on what the lesson has just said."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from profai_cli.lesson.script import ITEM_PAUSE, Sentence
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.course_index import At, CourseIndex
from profai_cli.providers.llm.course_leads import by_itself
from profai_cli.providers.llm.course_telling import LONGEST, Answer, Said, Telling
from profai_cli.tutor import reply
from profai_cli.tutor.cues import EXAMPLE, REASON
from profai_cli.tutor.judging import holding
from profai_cli.tutor.passages import Passage
from profai_cli.tutor.question import FollowUp
from profai_cli.tutor.vocabulary import is_common, words

_FITS: Final = 0.5
"""A reason must hold this share of what was asked."""

_NEAR: Final = 3
"""Sentences before and after what was said in which a check or a reason is still about it."""


def just_taught(index: CourseIndex, question: Question) -> Said | None:
    """What the lesson said last: the sentence that was cut, and the one before it. None at a topic's begin."""
    at = question.module, question.topic
    sentences = index.topic(at).sentences
    end = min(question.sentence + 1, len(sentences))
    begin = max(question.sentence - 1, 1)
    if begin >= end:
        return None
    heard = sentences[begin:end]
    terms = index.terms(heard[-1].text)
    parts = tuple(AnswerPart(sentence.text, index.topic(at).title) for sentence in heard)
    return Said(parts, at, begin, end, tuple(terms), taught=True)


class FollowUps:
    """Answers from an index what goes on from `Said`."""

    def __init__(self, index: CourseIndex) -> None:
        self._index, self._telling = index, Telling(index)
        self._ways: dict[FollowUp, Callable[[Said, At], Answer]] = {
            "again": lambda said, _here: (said.parts, said),
            "more": self._more,
            "why": self._reason,
            "example": self._example,
            "simpler": self._simpler,
            "word": self._word,
        }

    def answer(self, wanted: FollowUp, said: Said, here: At) -> Answer:
        """The sentences of the answer, and what the next follow-up goes on from. here: the topic being taught."""
        return self._ways[wanted](said, here)

    def _more(self, said: Said, here: At) -> Answer:
        """The second topic that was offered, or what follows the last answer."""
        if said.taught:
            return (AnswerPart(reply.GOES_ON),), said
        if said.second:
            run = self._index.read(said.second, said.terms, None, LONGEST)
            return self._telling.say(said.second.at, run, here, said.terms)
        last = len(self._sentences(said))
        if said.end >= last:
            return (AnswerPart(reply.NOTHING_MORE),), said
        return self._telling.say(said.at, (said.end, min(said.end + LONGEST, last)), here, said.terms)

    def _reason(self, said: Said, here: At) -> Answer:
        """The sentence with a reason that is close by in the lesson, or, of the answer's topic, fits it best."""
        sentences = self._sentences(said)
        worth = [0.0, *self._index.worth(Passage(said.at, 1, len(sentences)), said.terms)]
        fit = {n: worth[n] + worth[n - 1] / 2 for n, s in enumerate(sentences) if n and REASON.search(s.text)}
        near = [n for n in fit if said.begin <= n < said.end + _NEAR] if said.taught else []
        found = near[0] if near else max(fit, key=lambda n: (fit[n], n >= said.end, -n), default=0)
        if not near and (not found or fit[found] < _FITS * sum(term.weight for term in said.terms)):
            return (AnswerPart(reply.NO_REASON),), said
        return self._telling.say(said.at, (found, min(found + LONGEST, len(sentences))), here, said.terms)

    def _example(self, said: Said, here: At) -> Answer:
        """The next example after what was said, else the first of its topic: code has a sentence before it."""
        sentences = self._sentences(said)
        found = [
            n
            for n, (one, after) in enumerate(pairwise([*sentences, sentences[0]]))
            if n and (EXAMPLE.search(one.text) or one.pause != ITEM_PAUSE == after.pause)
        ]
        if not found:
            return (AnswerPart(reply.NO_EXAMPLE),), said
        begin = next((n for n in found if n >= said.end), found[0])
        return self._telling.say(said.at, (begin, min(begin + LONGEST, len(sentences))), here, said.terms)

    def _simpler(self, said: Said, _here: At) -> Answer:
        """The answer of the check that is about it, which is short; else its shortest sentence, once more."""
        topic = self._index.topic(said.at)
        near = {check: holding(topic, check) for check in topic.checks}
        near = {check: n for check, n in near.items() if said.begin - _NEAR <= n < said.end + _NEAR}
        if near:
            check = min(near, key=lambda check: abs(near[check] - said.end + 1))
            return (AnswerPart(reply.in_short(by_itself(check)), topic.title),), said
        shortest = min(self._sentences(said)[said.begin : said.end], key=lambda sentence: len(sentence.text))
        return (AnswerPart(reply.once_more(shortest.text), topic.title),), said

    def _word(self, said: Said, here: At) -> Answer:
        """The rarest word of what was said last, its letters, and where the lesson speaks of it first."""
        *_, last = self._sentences(said)[said.begin : said.end]
        heard = [word for word in words(last.text) if not is_common(word) and not word.isdigit()]
        weights = {word: max((term.weight for term in self._index.terms(word)), default=0.0) for word in heard}
        if not weights:
            return said.parts[-1:], said
        word = max(weights, key=lambda word: weights[word])
        first = AnswerPart(reply.spelled(word), self._index.topic(said.at).title)
        told = next(n for n, sentence in enumerate(self._sentences(said)) if n and word in words(sentence.text))
        parts, _ = self._telling.say(said.at, (told, told + 1), here, said.terms)
        return (first, *parts), said

    def _sentences(self, said: Said) -> Sequence[Sentence]:
        return self._index.topic(said.at).sentences

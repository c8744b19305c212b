"""Sentences of the course as an answer, and what a follow-up goes on from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from profai_cli.ports import AnswerPart
from profai_cli.providers.llm.course_index import At, CourseIndex
from profai_cli.providers.llm.course_terms import Term
from profai_cli.tutor import reply
from profai_cli.tutor.passages import Passage

LONGEST: Final = 3
"""How many sentences an answer reads."""


@dataclass(frozen=True)
class Said:
    """What a follow-up goes on from: what was said last, its topic, the sentences [begin, end) of it, and its terms.

    taught: by the lesson, and not in an answer.
    """

    parts: tuple[AnswerPart, ...]
    at: At
    begin: int
    end: int
    terms: tuple[Term, ...]
    second: Passage | None = None
    taught: bool = False


Answer = tuple[tuple[AnswerPart, ...], Said | None]


class Telling:
    """Reads sentences of an index."""

    def __init__(self, index: CourseIndex) -> None:
        self._index = index

    def say(
        self,
        at: At,
        run: tuple[int, int],
        here: At,
        terms: Sequence[Term],
        *,
        first: str = "",
        second: Passage | None = None,
    ) -> Answer:
        """Sentences `run` of a topic, after `first`, with an offer of the second passage. here: the topic taught."""
        source = self._index.topic(at).title
        texts = [first] if first else []
        texts += [sentence.text for sentence in self._index.topic(at).sentences[slice(*run)]]
        parts = [
            AnswerPart(text, source) for text in reply.from_lesson(texts, self.title(at), (at > here) - (at < here))
        ]
        if second:
            parts.append(AnswerPart(reply.offer(self.title(second.at)), self._index.topic(second.at).title))
        return tuple(parts), Said(tuple(parts), at, *run, tuple(terms), second)

    def title(self, at: At) -> str:
        """Of a topic, as it is spoken."""
        return self._index.topic(at).sentences[0].text.rstrip(" .")

"""The questions in tests/questions, asked of the local answerer, and what makes an answer right.

course1, course2: 50 that it was tuned on. first1, first2: newcomers' 18, tuned on too. thirty,
thirty_more, thirty_last: 30 each, written later from the texts alone, half of them as English is spoken in India. What
`thirty` showed was mended first, then of `thirty_more` what was missing in the lists of words; `thirty_last` is unseen:
it tells how the next thirty fare. topic: None where the course has no answer. fact: words of any right answer.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from profai_cli.lesson.course import Course
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.providers.llm.course_search import CourseSearch
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.tutor.vocabulary import words

QUESTIONS = Path(__file__).parent / "questions"
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")
shipped = cache(lambda number: load_course(shipped_courses(), number))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a course that ships. begins: how the answer's sentence is to begin, where that was asked for."""

    course: str
    question: str
    topic: str | None
    fact: str | None
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and the parts of its answer."""

    asked: Asked
    parts: Sequence[AnswerPart]

    @property
    def text(self) -> str:
        """All of the answer."""
        return " ".join(part.text for part in self.parts)

    @property
    def from_topic(self) -> bool:
        """It is answered from the right topic; or, where there is none, refused."""
        return (self.parts[0].source or None) == self.asked.topic

    @property
    def has_fact(self) -> bool:
        """The answer holds the key fact."""
        return self.asked.fact is None or holds(self.text, self.asked.fact)


def read(name: str, course: str = "") -> list[Asked]:
    """The questions of a file."""
    lines = (QUESTIONS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Asked(**{"course": course, **json.loads(line)}) for line in lines]


def holds(text: str, fact: str) -> bool:
    """Whether a text has these words, one after the other; "384,000" is said as "384000"."""
    said, wanted = (" ".join(words(_THOUSANDS.sub("", one))) for one in (text, fact))
    return f" {wanted} " in f" {said} "


async def answered(asked: Sequence[Asked], heard: Sequence[str] = ()) -> list[Answered]:
    """Each question as the first of its talk, at the begin of its course. heard: what was understood instead of it."""
    texts = heard or [one.question for one in asked]
    return [Answered(one, (await talk(shipped(one.course), text))[0]) for one, text in zip(asked, texts, strict=True)]


async def talk(course: Course, *questions: str) -> list[list[AnswerPart]]:
    """One question after the other, before the first sentence of the course was heard."""
    answerer: Answerer = CourseSearch(course)
    await answerer.start()
    answers = [[part async for part in answerer.answer(Question(text, 0, 0))] for text in questions]
    await answerer.close()
    return answers

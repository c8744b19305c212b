"""Answers without a language model: two or three sentences from the passage of the course that fits best.

It cannot explain or compare; it reads the right place aloud, says which topic that is, goes on from there
when asked to, and says plainly when the course has no answer.
"""

from collections.abc import AsyncGenerator

from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.course_follow import just_taught
from profai_cli.providers.llm.course_index import CourseIndex
from profai_cli.providers.llm.course_reader import CourseReader
from profai_cli.providers.llm.course_telling import Said
from profai_cli.providers.llm.indexed import IndexedCourse
from profai_cli.tutor.judging import judge, passage


class CourseSearch:
    """An answerer that reads passages of the course. Implements `ports.Answerer`."""

    def __init__(self, course: Course) -> None:
        self._lesson = course
        self._course = IndexedCourse(course)
        self._said: Said | None = None
        self._at = (0, 0, 0)  # the place of the question that it answered
        self._check: CheckPlace | None = None  # that the learner asked something back to

    @property
    def name(self) -> str:
        """For the learner."""
        return "course search"

    @property
    def delay(self) -> float:
        """Seconds from question to first part: ten times what a question takes in the courses that ship."""
        return 0.02

    async def start(self) -> None:
        """Index the course, in a thread. Idempotent. Raises EngineError where sqlite lacks FTS5."""
        await self._course.open()

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """The answer's sentences; closing the iterator cancels it. Raises RuntimeError before `start`."""
        if question.check:
            found = judge(self._lesson, question.check, question.text)
            self._check = question.check if found.verdict == "question" else None
            for number, line in enumerate(found.lines):
                yield AnswerPart(line, verdict=None if number else found.verdict)
            return
        parts = await self._course.ask(lambda index: self._read(index, question))
        for part in parts:
            yield part

    def _read(self, index: CourseIndex, question: Question) -> tuple[AnswerPart, ...]:
        """A follow-up goes on from a check that was just asked, the last answer, or the lesson, where that went on."""
        gone_on = question.at[:2] != self._at[:2] or question.sentence > self._at[2] + 1
        last = just_taught(index, question) or self._said if gone_on or not self._said else self._said
        if self._check:
            last = just_taught(index, Question("", *passage(self._lesson, self._check)[:3])) or last
            self._check = None
        parts, said = CourseReader(index).answer(question, last)
        if said is not last:
            self._said, self._at = said, question.at
        return parts

    async def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """Nothing: the text is read as it is."""
        return
        yield

    def heard(self, text: str) -> None:
        """Nothing: follow-ups go on from a place in the course, and no words are kept."""

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._course.close()

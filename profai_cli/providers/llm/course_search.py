"""Answers without a language model: two or three sentences from the passage of the course that fits best.

It cannot explain or compare; it reads the right place aloud, says which topic that is, goes on from there
when asked to, and says plainly when the course has no answer.
"""

from collections.abc import AsyncGenerator

from profai_cli.lesson.course import Course
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.course_reader import CourseReader, Said
from profai_cli.providers.llm.indexed import IndexedCourse


class CourseSearch:
    """An answerer that reads passages of the course. Implements `ports.Answerer`."""

    def __init__(self, course: Course) -> None:
        self._course = IndexedCourse(course)
        self._said: Said | None = None

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
        said = self._said
        parts, self._said = await self._course.ask(lambda index: CourseReader(index).answer(question, said))
        for part in parts:
            yield part

    def heard(self, text: str) -> None:
        """Nothing: follow-ups go on from a place in the course, and no words are kept."""

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._course.close()

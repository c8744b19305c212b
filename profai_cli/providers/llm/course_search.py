"""Answers without a language model: two or three sentences from the passage of the course that fits best.

It cannot explain or compare; it reads the right place aloud, says which topic that is, goes on from there
when asked to, and says plainly when the course has no answer.
"""

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor

from profai_cli.lesson.course import Course
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.course_index import CourseIndex
from profai_cli.providers.llm.course_reader import CourseReader, Said


class CourseSearch:
    """An answerer that reads passages of the course. Implements `ports.Answerer`."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._index: CourseIndex | None = None
        self._said: Said | None = None
        # One thread: sqlite ties a connection to its thread, and the event loop must wait for neither.
        self._thread = ThreadPoolExecutor(1, "course-search")

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
        if self._index is None:
            loop = asyncio.get_running_loop()
            self._index = await loop.run_in_executor(self._thread, CourseIndex, self._course)

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """The answer's sentences; closing the iterator cancels it. Raises RuntimeError before `start`."""
        if self._index is None:
            raise RuntimeError("CourseSearch.answer was called before start.")
        reader, loop = CourseReader(self._index), asyncio.get_running_loop()
        parts, self._said = await loop.run_in_executor(self._thread, reader.answer, question, self._said)
        for part in parts:
            yield part

    async def close(self) -> None:
        """Free everything. Idempotent."""
        index, self._index = self._index, None
        if index is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, index.close)
        self._thread.shutdown()

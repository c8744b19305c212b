"""A course's index in a thread of its own: sqlite ties a connection to its thread, and the event loop must not wait."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from profai_cli.lesson.course import Course
from profai_cli.providers.llm.course_index import CourseIndex

T = TypeVar("T")


class IndexedCourse:
    """A course that can be searched from the event loop."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._index: CourseIndex | None = None
        self._thread = ThreadPoolExecutor(1, "course-search")

    async def open(self) -> None:
        """Index the course. Idempotent. Raises EngineError where sqlite lacks FTS5."""
        if self._index is None:
            self._index = await asyncio.get_running_loop().run_in_executor(self._thread, CourseIndex, self._course)

    async def ask(self, look: Callable[[CourseIndex], T]) -> T:
        """What `look` finds in the index. Raises RuntimeError before `open`."""
        if self._index is None:
            raise RuntimeError("An answerer was asked before start.")
        return await asyncio.get_running_loop().run_in_executor(self._thread, look, self._index)

    async def close(self) -> None:
        """Free everything. Idempotent."""
        index, self._index = self._index, None
        if index is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, index.close)
        self._thread.shutdown()

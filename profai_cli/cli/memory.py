"""Keeping what a class leaves for years: the place, topics heard, questions, the voice. See `storage.progress`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property

from profai_cli.cli.exits import complain
from profai_cli.events import CourseInfo, Event
from profai_cli.lesson.course import Course
from profai_cli.lesson.identity import identity
from profai_cli.lesson.place import CheckPlace, Place, find
from profai_cli.storage.notebook import Notebook, now
from profai_cli.storage.progress import Progress
from profai_cli.tutor.forgetting import due_in
from profai_cli.tutor.notes import Note, Notes
from profai_cli.tutor.study import Study


class Memory:
    """A reader of a class. What cannot be kept is told once, and the class goes on.

    The place is where the class begins: the topic that was asked for, or where the learner left off. next: where the
    next class goes on; None: the course is over. anew: the course was over, and this class begins it again.

    Raises CourseError where there is no such topic, StorageError where what is kept cannot be read.
    """

    def __init__(
        self, progress: Progress, course: Course, module: str | None, topic: str | None, *, from_start: bool
    ) -> None:
        self._progress, self._course = progress, course
        study = progress.study(identity(course))
        if progress.warning:
            complain(progress.warning)
        self.study = study or Study(identity(course))
        looks = module is not None or topic is not None
        if looks:
            self.place = find(course, module, topic)
        else:
            self.place = Place(0, 0) if from_start else self.study.place(course)
        self.anew = self.study.over and not looks
        self._notes = Notes(course, study.end(course) if study and looks else None)
        self.next: Place | None = None if study and study.over else self.study.place(course)
        self._write: Callable[[Note], None] = lambda _note: None

    @cached_property
    def due(self) -> tuple[CheckPlace, ...]:
        """The check questions whose time had come when this was asked first. Raises StorageError."""
        return due_in(self._course, self._progress.results(identity(self._course)), datetime.now(UTC))

    @contextmanager
    def kept(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Keep notes meanwhile. tell: called from any thread. Raises StorageError where some are not kept."""
        course, began = identity(self._course), now()
        self._write = notebook = Notebook(
            lambda notes: self._progress.keep(course, began, notes),
            lambda fault: tell(f"{str(fault).rstrip('.')}; the class goes on."),
        )
        try:
            yield
        finally:
            notebook.close()

    def begin(self, info: CourseInfo) -> CourseInfo:
        """The event that begins the class, with the voice as the learner had it."""
        return replace(info, speed=self.study.speed, volume=self.study.volume)

    def save(self, place: Place | None) -> None:
        """Keep a place, None after the course."""
        if notes := self._notes.moved(place):
            self.next = place
            self._keep(notes)

    def __call__(self, event: Event) -> None:
        """Keep what is worth it of one event."""
        self._keep(self._notes(event))

    def _keep(self, notes: list[Note]) -> None:
        for note in notes:
            self._write(note)

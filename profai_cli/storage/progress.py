"""What is kept of each learner and course for years: the file progress.sqlite3 in the data folder.

Two classes may be held at once, even by one learner in one course: of the place, and of the voice's speed and volume,
those count that were written last; the topics heard and the questions of both are kept. After a kill at any moment
each note is there whole, or not at all, and all before it are there.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from profai_cli.errors import StorageError
from profai_cli.lesson.identity import Identity
from profai_cli.storage.database import Database
from profai_cli.storage.files import reason
from profai_cli.storage.names import as_text
from profai_cli.storage.old_progress import delete_old_places, old_places
from profai_cli.storage.progress_rows import (
    Details,
    add_note,
    delete,
    find_course,
    keep_class,
    read_details,
    read_studies,
    results,
    take_over,
)
from profai_cli.storage.schema import MIGRATIONS
from profai_cli.tutor.forgetting import Result
from profai_cli.tutor.notes import Note
from profai_cli.tutor.study import Study

FILE: Final = "progress.sqlite3"

Stamped = tuple[str, Note]
"""When a note was taken, ISO 8601 in UTC, and the note."""


class Progress:
    """What is kept of one learner. folder: the data folder. learner: any text.

    Every method raises StorageError, one sentence, where the file cannot be used.
    """

    def __init__(self, folder: Path, learner: str) -> None:
        self._folder, self._typed = folder, learner
        self.learner = as_text(learner)
        self._database = Database(folder / FILE, MIGRATIONS, lambda db: take_over(db, old_places(folder)))

    @property
    def warning(self) -> str | None:
        """One sentence where a damaged file was found and set aside, else None."""
        return self._database.warning

    @property
    def copies(self) -> list[Path]:
        """Damaged files that were set aside, of all learners."""
        return list(self._folder.glob("progress.damaged-*"))

    def study(self, course: Identity) -> Study | None:
        """What is kept of a course; None where the learner has not begun it."""

        def read(db: sqlite3.Connection) -> Study | None:
            number = find_course(db, course)
            return None if number is None else read_studies(db, self.learner).get(number)

        return self._database.run(read, write=False) if self._is_there else None

    def studies(self) -> dict[int, Study]:
        """All that is kept, by the number of the course; that which was begun first is the first."""
        if not self._is_there:
            return {}
        return self._database.run(lambda db: read_studies(db, self.learner), write=False)

    def results(self, course: Identity) -> list[Result]:
        """How the check questions of a course were answered so far, in the order of time."""

        def read(db: sqlite3.Connection) -> list[Result]:
            number = find_course(db, course)
            return [] if number is None else results(read_details(db, self.learner, number)[-1])

        return self._database.run(read, write=False) if self._is_there else []

    def details(self, course: int) -> Details:
        """What was noted of a course, by its number."""
        return self._database.run(lambda db: read_details(db, self.learner, course), write=False)

    def keep(self, course: Identity, began: str, notes: Sequence[Stamped]) -> None:
        """Keep notes of the class that began then (ISO 8601 in UTC): all of them, or none."""

        def write(db: sqlite3.Connection) -> None:
            held = keep_class(db, self.learner, course, began)
            for when, note in notes:
                add_note(db, held, when, note)

        self._database.run(write, write=True)

    def forget(self, course: int | None = None) -> None:
        """Delete what is kept of a course, by number, or of all.

        With it goes what an older profai left of it; with all of it also the copies of damaged files.
        """
        studies = self.studies()
        if studies:
            self._database.run(lambda db: delete(db, self.learner, course), write=True)
        if course is None:
            delete_old_places(self._folder, self._typed)
            for copy in self.copies:
                _delete(copy)
        elif course in studies:
            delete_old_places(self._folder, self._typed, studies[course].course.name)

    @property
    def _is_there(self) -> bool:
        """There is something to read, of this profai or of an older one: else to read makes no file."""
        return self._database.path.exists() or any(True for _ in old_places(self._folder))


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"Cannot delete {str(path)!r}: {reason(error)}; delete it yourself.") from error

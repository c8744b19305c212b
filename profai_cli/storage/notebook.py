"""Writes the notes of a class in a thread of its own, in order: the disk's delay is none of the class's."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Thread
from typing import Final

from profai_cli.errors import StorageError
from profai_cli.lesson.plain import plain
from profai_cli.storage.database import BUSY_SECONDS
from profai_cli.storage.progress import Stamped
from profai_cli.tutor.notes import Note

MOST_WAITING: Final = 1_000
"""Notes that wait for a disk that is full; the oldest go first."""

CLOSE_SECONDS: Final = 2 * BUSY_SECONDS + 1.0
"""At the end of a class: for one piece of work that has begun, and one for what came after it."""


def now() -> str:
    """The time, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Notebook:
    """keep: writes notes, all or none; raises StorageError. tell: told of the first fault, from the thread.

    What could not be written is tried again with the next note, and at the end.
    """

    def __init__(self, keep: Callable[[Sequence[Stamped]], None], tell: Callable[[StorageError], None]) -> None:
        self._keep, self._tell = keep, tell
        self._incoming: SimpleQueue[Stamped | None] = SimpleQueue()
        self._waiting: list[Stamped] = []
        self._fault: StorageError | None = None
        self._told = False
        self._thread = Thread(target=self._work, name="notebook", daemon=True)  # a disk that hangs ends no process
        self._thread.start()

    def __call__(self, note: Note) -> None:
        """Have a note written soon."""
        self._incoming.put((now(), note))

    def close(self, patience: float = CLOSE_SECONDS) -> None:
        """Wait until all is written, so many seconds at most. Raises StorageError where it is not."""
        self._incoming.put(None)
        self._thread.join(patience)
        if self._thread.is_alive():
            raise StorageError("Cannot keep the progress: the disk does not answer; look after it.")
        if self._fault:
            raise self._fault

    def _work(self) -> None:
        more = True
        while more:
            more = self._take()
            if self._waiting:
                self._write()

    def _take(self) -> bool:
        """Wait for a note, and take all there are then; False after the last."""
        while (note := self._incoming.get()) is not None:
            self._waiting.append(note)
            if self._incoming.empty():
                return True
        return False

    def _write(self) -> None:
        try:
            self._keep(self._waiting)
        except Exception as error:  # noqa: BLE001 - a thread that ends keeps no more notes, and tells nobody of it
            self._fault = error if isinstance(error, StorageError) else _mistake(error)
            del self._waiting[:-MOST_WAITING]
            if not self._told:
                self._told = True
                self._tell(self._fault)
        else:
            self._fault = None
            self._waiting = []


def _mistake(error: Exception) -> StorageError:
    """What nobody expected, as a fault that is told."""
    fault = StorageError(f"Cannot keep the progress ({type(error).__name__}: {plain(str(error))}): please report it.")
    fault.__cause__ = error
    return fault

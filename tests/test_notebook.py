"""Notes that are written in a thread: in order, again after a fault, and waited for at the end."""

import threading
from collections.abc import Sequence

import pytest

from profai_cli.errors import StorageError
from profai_cli.storage.notebook import MOST_WAITING, Notebook
from profai_cli.storage.progress import Stamped
from profai_cli.tutor.notes import Note


class Disk:
    """Keeps notes, once for each time it is let; may be full."""

    def __init__(self, full: int = 0) -> None:
        self.full = full
        self.tries: list[list[float]] = []
        self.told: list[StorageError] = []
        self.open = threading.Event()
        self.open.set()
        self.tried = threading.Event()

    def keep(self, notes: Sequence[Stamped]) -> None:
        self.open.wait()
        self.tries.append([note.t for _, note in notes])
        self.tried.set()
        if self.full:
            self.full -= 1
            raise StorageError("The disk is full.")

    def notebook(self) -> Notebook:
        return Notebook(self.keep, self.told.append)


def test_notes_are_written_in_order_and_those_that_wait_together() -> None:
    disk = Disk()
    disk.open.clear()
    notebook = disk.notebook()
    for t in range(20):
        notebook(Note(t))
    disk.open.set()
    notebook.close()
    assert [t for one in disk.tries for t in one] == list(range(20))
    assert len(disk.tries) <= 2 + 1


def test_what_could_not_be_written_is_written_with_the_next_one() -> None:
    disk = Disk(full=1)
    notebook = disk.notebook()
    notebook(Note(1))
    disk.tried.wait()
    notebook(Note(2))
    notebook.close()
    assert disk.tries == [[1], [1, 2]]
    assert len(disk.told) == 1


def test_a_disk_that_stays_full_is_told_once_and_at_the_end() -> None:
    disk = Disk(full=9_999)
    notebook = disk.notebook()
    for t in range(MOST_WAITING + 5):
        notebook(Note(t))
    with pytest.raises(StorageError, match=r"^The disk is full\.$"):
        notebook.close()
    assert len(disk.told) == 1
    assert disk.tries[-1][-1] == MOST_WAITING + 4


def test_a_disk_that_does_not_answer_holds_nobody_up() -> None:
    disk = Disk()
    disk.open.clear()
    notebook = disk.notebook()
    notebook(Note(1))
    with pytest.raises(StorageError, match=r"^Cannot keep the progress: the disk does not answer; look after it\.$"):
        notebook.close(patience=0.01)
    disk.open.set()
    notebook.close()
    assert disk.tries == [[1]]


def test_what_nobody_expected_is_told_and_the_next_note_is_tried() -> None:
    disk = Disk()

    def keep(notes: Sequence[Stamped]) -> None:
        disk.keep(notes)
        raise UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed")

    notebook = Notebook(keep, disk.told.append)
    notebook(Note(1))
    disk.tried.wait()
    notebook(Note(2))
    with pytest.raises(StorageError, match=r"^Cannot keep the progress \(UnicodeEncodeError: .*\): please report it"):
        notebook.close()
    assert (disk.tries[-1], len(disk.told)) == ([1, 2], 1)

"""A SQLite file of profai's own: brought to the present form, and set aside where it is damaged."""

import sqlite3
import sys
import threading
from pathlib import Path

import pytest

from profai_cli.errors import StorageError
from profai_cli.storage.database import Database

FIRST = """
-- What was said; a text with a ; in it.
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE said (word INTEGER NOT NULL REFERENCES word, at TEXT NOT NULL DEFAULT ';');
"""
SECOND = "ALTER TABLE word ADD COLUMN loud INTEGER NOT NULL DEFAULT 0;\n"


def nothing(_: sqlite3.Connection) -> None:
    """A new file stays empty."""


def hello(db: sqlite3.Connection) -> None:
    db.execute("INSERT INTO word (text) VALUES ('hello')")


def words(database: Database) -> list[tuple[object, ...]]:
    return database.run(lambda db: db.execute("SELECT * FROM word").fetchall(), write=False)


def test_a_file_is_brought_to_the_present_form_and_keeps_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    assert words(Database(path, [FIRST], hello)) == [(1, "hello")]
    assert words(Database(path, [FIRST, SECOND], hello)) == [(1, "hello", 0)]
    with pytest.raises(StorageError, match="is of a newer profai"):
        words(Database(path, [FIRST], hello))


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    words(Database(path, [FIRST], hello))
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"^Cannot keep the progress in .*: no such table: none; .*\.$"):
        words(Database(path, [FIRST, SECOND + "DROP TABLE none;\n"], hello))
    assert path.read_bytes() == before


def test_work_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.sqlite3", [FIRST], nothing)

    def half(db: sqlite3.Connection) -> None:
        hello(db)
        raise KeyError

    with pytest.raises(KeyError):
        database.run(half, write=True)
    assert words(database) == []


def test_of_many_who_begin_a_file_at_once_one_does(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    begun = [threading.Thread(target=lambda: words(Database(path, [FIRST], hello))) for _ in range(6)]
    for one in begun:
        one.start()
    for one in begun:
        one.join()
    assert words(Database(path, [FIRST], hello)) == [(1, "hello")]


def test_what_another_process_has_set_aside_already_stays(tmp_path: Path) -> None:
    """Damage was found, and when the file is looked at again it is whole: it is a new one."""
    database = Database(tmp_path / "x.sqlite3", [FIRST], hello)
    words(database)
    found = []

    def read(db: sqlite3.Connection) -> int:
        if not found:
            found.append(sqlite3.DatabaseError("malformed"))
            found[0].sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise found[0]
        return len(db.execute("SELECT * FROM word").fetchall())

    assert database.run(read, write=False) == 1
    assert database.warning is None
    assert [path.name for path in tmp_path.iterdir()] == ["x.sqlite3"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits of names")
def test_a_damaged_file_that_cannot_be_moved_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 239 + ".sqlite3")  # there is room for a journal's name beside it, and for no longer one
    path.write_bytes(b"{ damaged" * 99)
    with pytest.raises(StorageError, match=r"^The progress in .* is damaged and cannot be moved: .*; move it away\.$"):
        words(Database(path, [FIRST], hello))
    assert path.read_bytes() == b"{ damaged" * 99


def test_of_a_damaged_file_of_another_version_nothing_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    database = Database(path, [FIRST], nothing)
    database.run(lambda db: db.executemany("INSERT INTO word (text) VALUES (?)", [("a" * 999,)] * 40), write=True)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 9")
    db.close()
    data = bytearray(path.read_bytes())
    data[-4096:] = b"\xff" * 4096
    path.write_bytes(data)
    database = Database(path, [FIRST], hello)
    assert words(database) == [(1, "hello")]
    assert database.warning
    assert database.warning.endswith("; nothing could be read of it.")


def test_a_damaged_letter_costs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    words(Database(path, [FIRST], hello))
    path.write_bytes(path.read_bytes().replace(b"hello", b"h\xffllo"))
    assert words(Database(path, [FIRST], hello)) == [(1, "h\N{REPLACEMENT CHARACTER}llo")]


def test_rows_that_lost_what_they_refer_to_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    database = Database(path, [FIRST], nothing)
    database.run(lambda db: db.executemany("INSERT INTO word (text) VALUES (?)", [("a" * 3_000,)] * 9), write=True)
    database.run(
        lambda db: db.executemany("INSERT INTO said (word) VALUES (?)", [(n,) for n in range(1, 10)]), write=True
    )
    data = bytearray(path.read_bytes())
    data[-4096:] = b"\xff" * 4096
    path.write_bytes(data)
    database = Database(path, [FIRST], nothing)
    kept = {number for number, *_ in words(database)}
    said = database.run(lambda db: [word for (word,) in db.execute("SELECT word FROM said")], write=False)
    assert kept
    assert set(said) <= kept < set(range(1, 10))


def test_a_damaged_file_stays_until_the_new_one_is_written(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"{ damaged" * 99)

    def killed(_: sqlite3.Connection) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        words(Database(path, [FIRST], killed))
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("x.sqlite3", b"{ damaged" * 99)]


def test_a_damaged_file_stays_where_there_is_no_room_for_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    small = [FIRST + "PRAGMA max_page_count = 6;\n"]  # of the connection that runs it: the one that makes the file
    database = Database(path, small, nothing)
    words(database)
    database.run(lambda db: db.executemany("INSERT INTO word (text) VALUES (?)", [("a" * 999,)] * 40), write=True)
    damaged = path.read_bytes()[:-4096] + b"\xff" * 4096
    path.write_bytes(damaged)
    with pytest.raises(StorageError, match=r"the disk is full; make room there\.$"):
        words(Database(path, small, nothing))
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("x.sqlite3", damaged)]

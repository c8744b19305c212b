"""One SQLite file of profai's own: opened for each piece of work, brought to the present form, set aside when damaged.

It keeps SQLite's rollback journal. A write-ahead log would let a reader in while somebody writes, but a class writes
for some milliseconds every few seconds; and the log needs memory shared between processes, which the network disks
that some homes are on do not give, and two more files, without which a copy of the first one is not whole.
Nothing is held open meanwhile: the file may be copied, deleted or moved while a class runs.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

from profai_cli.errors import StorageError
from profai_cli.storage.files import reason

BUSY_SECONDS: Final = 2.0
"""How long a piece of work waits for another process's."""

_DAMAGED: Final = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; make room there",
    sqlite3.SQLITE_BUSY: "another program holds it; end that program",
    sqlite3.SQLITE_LOCKED: "another program holds it; end that program",
}
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL ORDER BY rowid"

Work = Callable[[sqlite3.Connection], None]
_What = TypeVar("_What")


class Database:
    """The file at `path`. migrations: texts of SQL, see `schema`. begin: fills a file that is new.

    warning: one sentence on a file that had to be set aside, else None.
    """

    def __init__(self, path: Path, migrations: Sequence[str], begin: Work) -> None:
        self.path = path
        self.warning: str | None = None
        self._migrations, self._begin = migrations, begin
        self._checked = False

    def run(self, work: Callable[[sqlite3.Connection], _What], *, write: bool) -> _What:
        """Do `work` in one transaction, with all of it on the disk when this returns, or nothing of it.

        Raises StorageError, one sentence, where the disk refuses, or the file is of a newer profai.
        """
        try:
            try:
                return self._attempt(work, write=write)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
            self._set_aside()
            return self._attempt(work, write=write)
        except sqlite3.Error as error:
            why = _REASONS.get(_code(error)) or f"{error}; make it readable and writable, or move it away"
            raise StorageError(f"Cannot keep the progress in {str(self.path)!r}: {why}.") from error

    def _attempt(self, work: Callable[[sqlite3.Connection], _What], *, write: bool) -> _What:
        with closing(self._connect()) as connection:
            self._migrate(connection, self._begin)
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            with connection:  # commits, or rolls back
                return work(connection)

    def _connect(self) -> sqlite3.Connection:
        if not self.path.exists():
            with suppress(OSError):  # SQLite says why
                self.path.touch(mode=0o600)  # what somebody asked is nobody else's business
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.text_factory = _text
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten
            if not self._checked:
                _check(connection)
                self._checked = True
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection, begin: Work) -> None:
        if self._version(connection) == len(self._migrations):
            return
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            version = self._version(connection)  # another process may have been faster
            for number, text in enumerate(self._migrations[version:], version + 1):
                for statement in _statements(text):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            if version == 0:
                begin(connection)

    def _version(self, connection: sqlite3.Connection) -> int:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(self._migrations):
            whose = f"The progress in {str(self.path)!r} is of a newer profai"
            raise StorageError(f"{whose}: get its newest version, or set PROFAI_DATA to another folder.")
        return version

    def _set_aside(self) -> None:
        """Move the damaged file away, and begin a new one with what can be read of it."""
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(self.path, timeout=BUSY_SECONDS)) as now:
            _check(now)
            return  # another process was faster
        try:
            aside = _free(self.path)
            self.path.replace(aside)
            with suppress(FileNotFoundError):  # half a transaction, which belongs to that file
                _journal(self.path).replace(_journal(aside))
        except OSError as error:
            raise StorageError(
                f"The progress in {str(self.path)!r} is damaged and cannot be moved: {reason(error)}; move it away."
            ) from error
        saved = 0

        def begin(connection: sqlite3.Connection) -> None:
            nonlocal saved
            saved = _rescue(aside, connection, len(self._migrations))
            if not saved:
                self._begin(connection)

        with closing(self._connect()) as connection:
            self._migrate(connection, begin)
        kept = "what could be read of it was taken over" if saved else "nothing could be read of it"
        self.warning = f"The saved progress was damaged and is now {str(aside)!r}; {kept}."


def _rescue(aside: Path, into: sqlite3.Connection, version: int) -> int:
    """Copy the rows of a damaged file that can be read; how many they are."""
    rows = 0
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(aside)) as damaged:
        damaged.text_factory = _text
        if damaged.execute("PRAGMA user_version").fetchone() != (version,):
            return 0
        for (table,) in into.execute(_TABLES).fetchall():
            with suppress(sqlite3.DatabaseError):  # the rest of this table
                for row in damaged.execute(f"SELECT * FROM {table}"):  # noqa: S608 - a table of our own
                    marks = ", ".join("?" * len(row))
                    with suppress(sqlite3.IntegrityError):  # of a row that is lost
                        into.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608 - as above
                        rows += 1
    return rows


def _check(connection: sqlite3.Connection) -> None:
    """Raises DatabaseError where a page of the file is damaged."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise _Malformed(str(found))


class _Malformed(sqlite3.DatabaseError):
    """What SQLite found when it was asked to check."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def _is_damage(error: sqlite3.Error) -> bool:
    return _code(error) in _DAMAGED


def _code(error: sqlite3.Error) -> int:
    """The primary result code (sqlite.org/rescode.html)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _text(data: bytes) -> str:
    """A text, though a letter of it is damaged."""
    return data.decode(errors="replace")


def _statements(text: str) -> Iterator[str]:
    """The statements of a text of SQL."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _free(path: Path) -> Path:
    """A name beside the file that no other has."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    return aside


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")

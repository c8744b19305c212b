"""One SQLite file of profai's own: opened for each piece of work, brought to the present form, set aside when damaged.

It keeps SQLite's rollback journal. A write-ahead log would let a reader in while somebody writes, but a class writes
for some milliseconds every few seconds; and the log needs memory shared between processes, which the network disks
that some homes are on do not give, and two more files, without which a copy of the first one is not whole.
Nothing is held open meanwhile: the file may be copied, deleted or moved while a class runs.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

from profai_cli.errors import StorageError
from profai_cli.storage.files import reason

BUSY_SECONDS: Final = 2.0
"""How long a piece of work waits for another process's."""

_DAMAGED: Final = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
_REFUSED: Final = frozenset((sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR))
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
        """Move the damaged file away when a new one, with what can be read of it, is on the disk.

        So neither a kill nor a full disk costs what could still be read.
        """
        saved = 0

        def begin(connection: sqlite3.Connection) -> None:
            nonlocal saved
            saved = _rescue(self.path, connection, len(self._migrations))
            if not saved:
                self._begin(connection)

        try:
            descriptor, name = tempfile.mkstemp(".sqlite3", ".new-", self.path.parent)
            os.close(descriptor)
            new = Path(name)
            try:
                Database(new, self._migrations, begin).run(lambda _: None, write=False)
                if _is_whole(self.path):
                    return  # another process was faster
                aside = _free(self.path)
                self.path.replace(aside)
                with suppress(FileNotFoundError):  # half a transaction, which belongs to that file
                    _journal(self.path).replace(_journal(aside))
                new.replace(self.path)
            finally:
                new.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"The progress in {str(self.path)!r} is damaged and cannot be moved: {reason(error)}; move it away."
            ) from error
        kept = "what could be read of it was taken over" if saved else "nothing could be read of it"
        self.warning = f"The saved progress was damaged and is now {str(aside)!r}; {kept}."


def _rescue(path: Path, into: sqlite3.Connection, version: int) -> int:
    """Copy the rows of a damaged file that can be read; how many they are. Raises DatabaseError for a full disk."""
    rows = 0
    tables = [table for (table,) in into.execute(_TABLES)]
    for table, row in _readable(path, tables, version):
        try:
            into.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - of our own
            rows += 1
        except sqlite3.DatabaseError as error:  # a row that refers to one that is lost, if not the disk
            if _code(error) in _REFUSED:
                raise
    return rows


def _readable(path: Path, tables: Sequence[str], version: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The rows of a damaged file that can be read, each with its table."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as damaged:
        damaged.text_factory = _text
        if damaged.execute("PRAGMA user_version").fetchone() == (version,):
            for table in tables:
                with suppress(sqlite3.DatabaseError):  # the rest of this table
                    for row in damaged.execute(f"SELECT * FROM {table}"):  # noqa: S608 - a table of our own
                        yield table, row


def _is_whole(path: Path) -> bool:
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        _check(connection)
        return True
    return False


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

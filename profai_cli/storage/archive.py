"""A zip archive from outside, read with limits: an archive of a few kilobytes can hold gigabytes."""

import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from profai_cli.errors import CourseError
from profai_cli.lesson.plain import plain

LARGEST: Final = 12_000_000
"""Bytes of one file: a chapter of more than a week of speech."""

ALL: Final = 60_000_000
"""Bytes of all files that are read."""

_FAULTS: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What zipfile raises for an archive that is broken, encrypted, or packed in an unknown way."""


class Archive:
    """The archive at `path`; a context manager. Raises CourseError, and OSError."""

    def __init__(self, path: Path) -> None:
        self.name = repr(plain(path.name))
        self._room = ALL
        try:
            self._zip = zipfile.ZipFile(path)
        except _FAULTS:
            raise self._broken() from None
        self._names = frozenset(self._zip.namelist())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str) -> bytes:
        """The content of a file."""
        try:
            if self._zip.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile  # no EPUB is packed otherwise
            with self._zip.open(name) as file:
                limit = min(LARGEST, self._room)
                content = file.read(limit + 1)
        except (KeyError, *_FAULTS):
            raise self._broken() from None
        if len(content) > limit:
            raise CourseError(f"{self.name} holds more text than any book: import a part of it.")
        self._room -= len(content)
        return content

    def _broken(self) -> CourseError:
        return CourseError(f"{self.name} is damaged or not complete: get it again.")

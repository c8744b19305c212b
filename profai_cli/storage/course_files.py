"""The files of one course: read with a limit, never from outside the course, faults gathered on the way."""

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from profai_cli.errors import CourseError
from profai_cli.lesson.plain import plain
from profai_cli.lesson.source import Fault
from profai_cli.storage.files import reason

LIMIT: Final = 20 * 1024 * 1024
"""Bytes of a course, all of its files together: about 300 hours of speech."""


class CourseFiles:
    """The files below `root`, a course's folder, or the one file `root`; "" is the name of the root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self._digests: dict[str, bytes] = {}
        self._room = LIMIT

    @property
    def faulty(self) -> bool:
        """Whether a fatal fault was found."""
        return any(fault.fatal for fault in self.faults)

    def text(self, relative: str) -> str | None:
        """The text of a file; None, with a fatal fault, where it cannot be had."""
        line = 0
        try:
            content = self._content(relative)
            return content.decode("utf-8-sig").replace("\r\n", "\n")
        except CourseError as error:
            message = str(error)
        except OSError as error:
            message = f"the file cannot be read: {plain(reason(error))}"
        except UnicodeDecodeError as error:
            message, line = "the file is not UTF-8 text", error.object.count(b"\n", 0, error.start) + 1
        self.fatal(relative, message, line)
        return None

    def topics(self, folder: str) -> list[str]:
        """Names of the topic files in a module's folder, in order; none, with a fatal fault, if there are none."""
        try:
            if not self._inside(self.root / folder):
                self.fatal(folder, "the folder leads out of the course's folder")
            elif not (self.root / folder).is_dir():
                self.fatal(folder, "there is no such folder, but course.toml lists it as a module")
            elif names := natural(p.name for p in (self.root / folder).iterdir() if _is_topic(p)):
                return names
            else:
                self.fatal(folder, "the module has no topics, which are files named *.md")
        except OSError as error:
            self.fatal(folder, f"the folder cannot be read: {plain(reason(error))}")
        return []

    def folders(self) -> list[str]:
        """Names of the folders in the course, in order, without hidden ones; none, with a fault, if refused."""
        try:
            return natural(p.name for p in self.root.iterdir() if p.is_dir() and p.name[0] not in "._")
        except OSError as error:
            self.fault("", f"the folder cannot be read: {plain(reason(error))}")
        return []

    def fault(self, relative: str, message: str, line: int = 0) -> None:
        """Note a fault with which a class can still be held."""
        self.faults.append(Fault(self.name(relative), line, message))

    def fatal(self, relative: str, message: str, line: int = 0) -> None:
        """Note a fault that keeps the course from being taught."""
        self.faults.append(Fault(self.name(relative), line, message, fatal=True))

    def name(self, relative: str) -> str:
        """How a file is named to the learner."""
        return plain(str(self.root / relative))

    def fingerprint(self) -> str:
        """SHA-256, hex, over name and SHA-256 of each file that was read, sorted by name."""
        whole = sha256()
        for name, digest in sorted(self._digests.items()):
            whole.update(name.encode("utf-8", "surrogatepass") + b"\0" + digest)
        return whole.hexdigest()

    def _content(self, relative: str) -> bytes:
        """The bytes of a file; raises CourseError with a fault's message, and OSError."""
        file = self.root / relative
        if not self._inside(file):
            raise CourseError("the file leads out of the course's folder")
        if not file.is_file():
            raise CourseError("there is no such file")
        with file.open("rb") as source:
            content = source.read(self._room + 1)
        if len(content) > self._room:
            raise CourseError(f"the course is larger than {LIMIT // 1024**2} MB; divide it into several")
        self._room -= len(content)
        self._digests[Path(relative).as_posix()] = sha256(content).digest()
        return content

    def _inside(self, file: Path) -> bool:
        try:
            return file.resolve().is_relative_to(self.root.resolve())
        except RuntimeError:  # links in a circle, before Python 3.13
            return False


def natural(names: Iterable[str]) -> list[str]:
    """Names as people sort them: "2-b" before "10-a"."""
    return sorted(names, key=_natural_key)


def _natural_key(name: str) -> tuple[list[str | int], str]:
    parts = re.split(r"(\d+)", name.casefold())  # text and number by turns, so that like meets like
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], name


def _is_topic(file: Path) -> bool:
    return file.suffix.lower() == ".md" and not file.name.startswith(".")

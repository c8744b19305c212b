"""Finds, lists, loads and checks courses on disk. Each is a folder with course.toml, or a JSON file."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from profai_cli.errors import CourseError
from profai_cli.lesson.course import Course, Module
from profai_cli.lesson.identity import Identity
from profai_cli.lesson.plain import plain
from profai_cli.lesson.source import Fault, Header
from profai_cli.storage.course_files import CourseFiles, natural
from profai_cli.storage.course_folder import COURSE_FILE, read_header, read_modules
from profai_cli.storage.course_json import read_json

_PACKAGE: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Entry:
    """A course in a list. number: from 1; modules, topics: how many; fault: empty where it can be taught."""

    number: int
    id: str
    path: Path
    title: str
    language: str = ""
    summary: str = ""
    modules: int = 0
    topics: int = 0
    fault: str = ""
    own: str = ""

    @property
    def identity(self) -> Identity:
        """What the course is known by."""
        return Identity(self.own, _full(self.path), self.id, self.title)


def shipped_courses() -> Path:
    """The folder of the courses that come with profai, in an installed package or in a checkout."""
    installed = _PACKAGE / "courses"
    return installed if installed.is_dir() else _PACKAGE.parent / "courses"


def list_courses(folder: Path) -> list[Entry]:
    """The courses of a folder in natural order of their names; of a course's own folder, that course.

    Only metadata is read. A course that cannot be taught is listed with its first fault. Raises
    CourseError where there is no such folder.
    """
    return [_entry(number, path) for number, path in enumerate(_course_paths(folder), 1)]


def find_courses(folder: Path, wanted: str | None) -> list[Path]:
    """Where a course is: at this path, or in the folder as `load_course` finds it. None: all of the folder.

    Raises CourseError.
    """
    if wanted is None:
        return _course_paths(folder)
    path = Path(wanted)
    return [path] if path.exists() or len(path.parts) > 1 else [_found(folder, wanted).path]


def load_course(folder: Path, wanted: str) -> Course:
    """The course of the folder with this number from 1, id, or part of its title.

    Raises CourseError, listing the choices, where none or several fit, and as `load_path` does.
    """
    return load_path(_found(folder, wanted).path)


def _found(folder: Path, wanted: str) -> Entry:
    entries = list_courses(folder)
    key = plain(wanted).casefold()
    found = _matching(entries, key)
    if len(found) == 1:
        return found[0]
    choices = ", ".join(f"{entry.number} {entry.title}" for entry in found or entries)
    if not choices:
        raise CourseError(f"There are no courses in {plain(str(folder))}; give another folder with --courses.")
    problem = f"Several courses fit {plain(wanted)!r}" if found else f"There is no course {plain(wanted)!r}"
    raise CourseError(f"{problem}; choose one of: {choices}.")


def load_path(path: Path) -> Course:
    """The course in this folder or JSON file.

    Faults that do not keep it from being taught are passed over: see `read_course`. Raises CourseError
    with the first of the others.
    """
    course, faults = read_course(path)
    if course is None:
        raise CourseError(f"{next(fault for fault in faults if fault.fatal)}.")
    return course


def read_course(path: Path) -> tuple[Course | None, list[Fault]]:
    """The course, None where it cannot be taught, and every fault of it, in the order in which its files are read."""
    files = CourseFiles(path)
    found = read_json(files, _id(path)) if _is_json(path) else _read_folder(files)
    if found is None or files.faulty:
        return None, files.faults
    head, modules = found
    titles = (head.title, head.language, head.summary)
    return Course(
        _id(path), *titles, modules, head.aliases, files.fingerprint(), head.sounds, head.own, _full(path)
    ), files.faults


def _read_folder(files: CourseFiles) -> tuple[Header, tuple[Module, ...]] | None:
    found = read_header(files, _id(files.root))
    return None if found is None else (found[0], read_modules(files, found[1]))


def _entry(number: int, path: Path) -> Entry:
    """The metadata of a course. A JSON file is read whole for it, since JSON cannot be read in part."""
    files = CourseFiles(path)
    head = Header(_id(path), "", "")
    topics: list[int] = []
    if _is_json(path):
        if (whole := read_json(files, _id(path))) is not None:
            head, topics = whole[0], [len(module.topics) for module in whole[1]]
    elif (found := read_header(files, _id(path))) is not None:
        head, topics = found[0], [len(files.topics(entry.folder)) for entry in found[1]]
    fault = next((str(fault) for fault in files.faults if fault.fatal), "")
    texts = (head.title, head.language, head.summary)
    return Entry(number, _id(path), path, *texts, len(topics), sum(topics), fault, head.own)


def _course_paths(folder: Path) -> list[Path]:
    try:
        if _is_json(folder) or (folder / COURSE_FILE).is_file():
            return [folder]
        names = natural(p.name for p in folder.iterdir() if p.name[0] not in "._" and (p.is_dir() or _is_json(p)))
    except OSError as error:
        reason = plain(error.strerror or str(error))
        raise CourseError(f"The courses' folder {plain(str(folder))} cannot be read: {reason}.") from error
    return [folder / name for name in names]


def _matching(entries: list[Entry], key: str) -> list[Entry]:
    """The entries that fit best: by number, else by the whole id or title, else by a part of the title."""
    if key.isdecimal():
        return [entry for entry in entries if str(entry.number) == key.lstrip("0")]
    exact = [entry for entry in entries if key in (entry.id.casefold(), entry.title.casefold())]
    return exact or [entry for entry in entries if key and key in entry.title.casefold()]


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _id(path: Path) -> str:
    return plain(path.stem if _is_json(path) else path.resolve().name)


def _full(path: Path) -> str:
    """The path from the root, the same for every way to write it; where it has bytes that are no text, with escapes."""
    return os.path.normcase(path.resolve()).encode(errors="backslashreplace").decode()

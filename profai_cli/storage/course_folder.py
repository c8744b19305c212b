"""A course as a folder: course.toml, and a folder of Markdown files for each module."""

import re
import tomllib
from typing import Any, Final, NamedTuple

from profai_cli.lesson.course import Module, Topic
from profai_cli.lesson.plain import plain
from profai_cli.lesson.source import Header, control_characters, escaped, header, topic_file, twice, unknown_keys
from profai_cli.storage.course_files import CourseFiles

COURSE_FILE: Final = "course.toml"
_MODULE_KEYS: Final = frozenset(("folder", "title"))


class ModuleEntry(NamedTuple):
    """A module as course.toml lists it, at this line."""

    folder: str
    title: str
    line: int


def read_header(files: CourseFiles, name: str) -> tuple[Header, list[ModuleEntry]] | None:
    """What course.toml says; None, with a fatal fault, where it says nothing. name: the default title."""
    text = files.text(COURSE_FILE)
    data = None if text is None else _parse(files, text)
    if text is None or data is None:
        return None
    file = files.name(COURSE_FILE)
    files.faults += control_characters(text, file)
    head, faults = header(data, name, file, lambda key: _line(rf'\[?\s*"?{re.escape(key)}\b', text))
    files.faults += faults
    listed = data.get("modules")
    if not isinstance(listed, list) or not listed or not all(isinstance(entry, dict) for entry in listed):
        files.fatal(COURSE_FILE, "the course lists no [[modules]]", _line(r"\[*\s*modules\b", text))
        return None
    entries = [_entry(files, entry, _line(r"\[\[\s*modules\b", text, number)) for number, entry in enumerate(listed)]
    modules = [entry for entry in entries if entry is not None]
    files.faults += twice([(entry.title, file, entry.line) for entry in modules], "module")
    files.faults += twice([(entry.folder, file, entry.line) for entry in modules], "module", "folder")
    return head, modules


def read_modules(files: CourseFiles, entries: list[ModuleEntry]) -> tuple[Module, ...]:
    """The modules with all of their topics."""
    modules = tuple(Module(entry.title, _read_topics(files, entry.folder)) for entry in entries)
    listed = {entry.folder for entry in entries}
    for folder in files.folders():
        if folder not in listed:
            files.fault(folder, "the folder is not listed in course.toml")
    return modules


def _parse(files: CourseFiles, text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except RecursionError:
        files.fatal(COURSE_FILE, "the file is not valid TOML: it is nested too deeply")
    except tomllib.TOMLDecodeError as error:
        message = re.sub(r" \(at .*\)$", "", str(error))
        place = re.search(r"\(at line (\d+)", str(error))  # otherwise it is at the document's end
        line = int(place[1]) if place else text.rstrip().count("\n") + 1
        files.fatal(COURSE_FILE, f"the file is not valid TOML: {plain(message)}", line)
    except ValueError:  # of Python, which reads no number of more than 4300 digits
        files.fatal(COURSE_FILE, "the file is not valid TOML: it has a number that is too long")
    return None


def _entry(files: CourseFiles, entry: dict[str, Any], line: int) -> ModuleEntry | None:
    files.faults += unknown_keys(entry, _MODULE_KEYS, files.name(COURSE_FILE), lambda _: line)
    folder, title = entry.get("folder"), entry.get("title")
    if not isinstance(folder, str) or not folder:
        files.fatal(COURSE_FILE, 'the module has no "folder"', line)
        return None
    if folder in (".", "..") or re.search(r"[/\\:]", folder) or plain(folder) != folder:
        message = f'"folder" must be the name of a folder in the course, not "{plain(folder)}"'
        files.fatal(COURSE_FILE, message, line)
        return None
    files.faults += escaped(title, files.name(COURSE_FILE), line)
    if not isinstance(title, str) or not plain(title):
        files.fault(COURSE_FILE, f'the module "{folder}" has no "title"', line)
        title = folder
    return ModuleEntry(folder, plain(title), line)


def _read_topics(files: CourseFiles, folder: str) -> tuple[Topic, ...]:
    topics, titles = [], []
    for name in files.topics(folder):
        relative = f"{folder}/{name}"
        if (text := files.text(relative)) is not None:
            topic, faults = topic_file(text, plain(name.rsplit(".", 1)[0]), files.name(relative))
            files.faults += faults
            topics.append(topic)
            titles.append((topic.title, files.name(relative), 1))
    files.faults += twice(titles, "topic of the module")
    return tuple(topics)


def _line(pattern: str, text: str, number: int = 0) -> int:
    """The line of the match with this number from 0 of a pattern that begins a line; else the first line."""
    found = list(re.finditer(rf"(?m)^[ \t]*(?:{pattern})", text))
    return text.count("\n", 0, found[number].start()) + 1 if number < len(found) else 1

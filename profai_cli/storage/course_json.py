"""A course as one JSON file: {"title", "modules": [{"title", "sub_topics": [{"title", "content"}]}]}.

"language", "summary", "aliases" and "sounds" may be given as in course.toml; "content" is Markdown. JSON
keeps no lines, so that a fault is given at the line of the nearest title.
"""

import json
import re
from bisect import bisect
from typing import Any, Final

from profai_cli.lesson.course import Module, Topic
from profai_cli.lesson.plain import clean, plain
from profai_cli.lesson.source import Header, control_characters, escaped, header, topic_text, twice, unknown_keys
from profai_cli.storage.course_files import CourseFiles

_MODULE_KEYS: Final = frozenset(("title", "sub_topics"))
_TOPIC_KEYS: Final = frozenset(("title", "content"))


def read_json(files: CourseFiles, name: str) -> tuple[Header, tuple[Module, ...]] | None:
    """The whole course in the file `files.root`; None, with a fatal fault, where there is none in it."""
    text = files.text("")
    data = None if text is None else _parse(files, text)
    if text is None or data is None:
        return None
    lines = _Lines(text)
    head, faults = header(data, name, files.name(""), lines.of_key)
    files.faults += faults
    modules, titles = [], []
    for number, entry in enumerate(_objects(files, data, "modules", "the course", 1), 1):
        title, line = _title(files, entry, f"Module {number}", lines)
        files.faults += unknown_keys(entry, _MODULE_KEYS, files.name(""), lambda _, line=line: line)  # type: ignore[misc] # mypy cannot infer a default of a lambda
        parts = _objects(files, entry, "sub_topics", f'the module "{title}"', line)
        modules.append(Module(title, _topics(files, parts, lines)))
        titles.append((title, files.name(""), line))
    files.faults += twice(titles, "module")
    return head, tuple(modules)


def _parse(files: CourseFiles, text: str) -> dict[str, Any] | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        message = getattr(error, "msg", "it is nested too deeply or has a number that is too long")
        files.fatal("", f"the file is not valid JSON: {message}", getattr(error, "lineno", 0))
        return None
    if not isinstance(data, dict):
        files.fatal("", 'the file must hold one object with "title" and "modules"', 1)
        return None
    return data


def _topics(files: CourseFiles, parts: list[dict[str, Any]], lines: "_Lines") -> tuple[Topic, ...]:
    topics, titles = [], []
    for number, part in enumerate(parts, 1):
        title, line = _title(files, part, f"Topic {number}", lines)
        files.faults += unknown_keys(part, _TOPIC_KEYS, files.name(""), lambda _, line=line: line)  # type: ignore[misc] # mypy cannot infer a default of a lambda
        content = part.get("content")
        if not isinstance(content, str):
            files.fault("", f'"{title}" has no "content"', line)
            content = ""
        topic, faults = topic_text(title, clean(content).split("\n"), files.name(""), line)
        for fault in (*control_characters(content, files.name(""))[:1], *faults):
            files.fault("", f'in "{title}": {fault.message}', line)
        topics.append(topic)
        titles.append((title, files.name(""), line))
    files.faults += twice(titles, "topic of the module")
    return tuple(topics)


def _title(files: CourseFiles, entry: dict[str, Any], default: str, lines: "_Lines") -> tuple[str, int]:
    """The title and its line; the default and the line of the title before, with a fault, if it has none."""
    title = entry.get("title")
    if isinstance(title, str) and plain(title):
        line = lines.of_title(title)
        files.faults += escaped(title, files.name(""), line)
        return plain(title), line
    line = lines.present()
    files.fault("", f'{default} has no "title"', line)
    return default, line


def _objects(files: CourseFiles, entry: dict[str, Any], key: str, owner: str, line: int) -> list[dict[str, Any]]:
    values = entry.get(key)
    if isinstance(values, list) and values and all(isinstance(value, dict) for value in values):
        return values
    files.fatal("", f'{owner} has no "{key}", which is a list of objects', line)
    return []


class _Lines:
    """Finds the lines of titles, which are asked for in the file's order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks = [found.start() for found in re.finditer("\n", text)]
        self._at = 0

    def of_title(self, title: str) -> int:
        for ascii_only in (False, True):
            found = self._text.find(json.dumps(title, ensure_ascii=ascii_only), self._at)
            if found >= 0:
                self._at = found + 1
                break
        return self.present()

    def of_key(self, key: str) -> int:
        found = self._text.find(json.dumps(key, ensure_ascii=False))
        return bisect(self._breaks, max(found, 0)) + 1

    def present(self) -> int:
        return bisect(self._breaks, self._at) + 1

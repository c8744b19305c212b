"""What a teacher writes, read into the parts of a course, with every fault found on the way. Pure.

Faults do not stop the reading: what is missing is replaced by the next best (a folder's name for a title),
so that a class can be held all the same. Those that leave nothing to replace are `fatal`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from profai_cli.lesson.course import Check, Topic
from profai_cli.lesson.plain import clean, faulty_lines, plain

_HEADER_KEYS: Final = frozenset(("id", "title", "language", "summary", "modules", "aliases", "sounds"))
_CONTROLS: Final = "control characters or escape codes stand here, which are left out"
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")  # RFC 5646, as far as courses go
_TITLE: Final = re.compile(r"#\s+(.*?)(?:\s+#+)?\s*")
_CHECK: Final = re.compile(r"##\s+Check(?:\s+#+)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to be mended in a course. line: from 1; 0 where it is about the whole file or folder."""

    file: str
    line: int
    message: str
    fatal: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


@dataclass(frozen=True, slots=True)
class Header:
    """What a course says about itself, apart from its modules."""

    title: str
    language: str
    summary: str
    aliases: dict[str, str] = field(default_factory=dict)
    sounds: dict[str, str] = field(default_factory=dict)
    own: str = ""


def is_language(code: str) -> bool:
    """Whether it looks like a code of BCP 47, such as "en-IN"."""
    return _LANGUAGE.fullmatch(code) is not None


def header(data: dict[str, Any], name: str, file: str, line_of: Callable[[str], int]) -> tuple[Header, list[Fault]]:
    """The header in the course file's `data`. name: the title where none is given; line_of: a key's line."""
    faults = list(unknown_keys(data, _HEADER_KEYS, file, line_of))

    def text(key: str, default: str) -> str:
        value = data.get(key, default)
        faults.extend(escaped(value, file, line_of(key)))
        if isinstance(value, str) and (value := plain(value)):
            return value
        faults.append(Fault(file, line_of(key), f'"{key}" must be a text that is not empty'))
        return default

    def pairs(key: str, fault: str) -> dict[str, str]:
        value = data.get(key, {})
        if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            return {plain(word): plain(text) for word, text in value.items() if plain(word)}
        faults.append(Fault(file, line_of(key), f'"{key}" must give {fault}'))
        return {}

    if "title" not in data:
        faults.append(Fault(file, 1, 'the course has no "title"'))
    language = text("language", "en")
    if not is_language(language):
        faults.append(Fault(file, line_of("language"), f'"language" must be a code such as "en-IN", not {language}'))
        language = "en"
    aliases = pairs("aliases", "one course word for each word")
    sounds = pairs("sounds", "for each word what to say instead")
    summary = text("summary", "") if data.get("summary") else ""
    own = text("id", "") if "id" in data else ""
    return Header(text("title", name), language, summary, aliases, sounds, own), faults


def unknown_keys(
    data: dict[str, Any], known: frozenset[str], file: str, line_of: Callable[[str], int]
) -> Iterator[Fault]:
    """A fault for each key that means nothing to profai."""
    for key in data:
        if key not in known:
            faulty = f'the key "{plain(key)}" is unknown; use {", ".join(sorted(known))}'
            yield Fault(file, line_of(key), faulty)


def twice(titles: list[tuple[str, str, int]], what: str, key: str = "title") -> Iterator[Fault]:
    """A fault for each title (or other key) that came before. titles: title, file and line, in order."""
    seen: set[str] = set()
    for title, file, line in titles:
        if title.casefold() in seen:
            yield Fault(file, line, f'another {what} has the {key} "{title}" too')
        seen.add(title.casefold())


def topic_file(text: str, name: str, file: str) -> tuple[Topic, list[Fault]]:
    """The topic of a Markdown file whose first line is its title. name: the title where there is none."""
    faults = control_characters(text, file)
    lines = clean(text).split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    heading = _TITLE.fullmatch(lines[first])
    title = plain(heading[1]) if heading else ""
    if not title:
        faults.append(Fault(file, first + 1, 'the first line must be the title: "# Title"'))
    topic, more = topic_text(title or name, lines[first + 1 if heading else 0 :], file, first + 2 if heading else 1)
    return topic, faults + more


def topic_text(title: str, lines: list[str], file: str, start: int) -> tuple[Topic, list[Fault]]:
    """The topic with this title and these clean lines, the first of which is line `start` of its file."""
    end = max((n for n, line in enumerate(lines) if _CHECK.fullmatch(line)), default=len(lines))
    markdown = "\n".join(lines[:end]).strip("\n")
    checks, faults = _checks(lines[end + 1 :], file, start + end + 1)
    if end < len(lines) and not checks and not faults:
        faults.append(Fault(file, start + end, 'the section "Check" has no pairs of "Q:" and "A:"'))
    if not any(map(str.isalnum, markdown)):
        faults.insert(0, Fault(file, start, "the topic has no text"))
    return Topic(title, markdown, checks), faults


def escaped(value: object, file: str, line: int) -> Iterator[Fault]:
    """A fault where the value of a key is a text with control characters, which TOML and JSON can write."""
    if isinstance(value, str) and faulty_lines(value):
        yield Fault(file, line, _CONTROLS)


def control_characters(text: str, file: str) -> list[Fault]:
    """A fault for each line with control characters or terminal escape codes."""
    return [Fault(file, line, _CONTROLS) for line in faulty_lines(text)]


def _checks(lines: list[str], file: str, start: int) -> tuple[tuple[Check, ...], list[Fault]]:
    """The questions and answers in the lines of a section "Check"."""
    checks: list[Check] = []
    faults: list[Fault] = []
    question, asked = "", 0
    for number, line in enumerate(lines, start):
        kind, value = line[:2].upper(), plain(line[2:])
        if not line.strip():
            continue
        if kind not in ("Q:", "A:") or not value:
            faults.append(Fault(file, number, 'the section "Check" holds lines "Q: ..." and "A: ..." only'))
        elif kind == "Q:":
            if question:
                faults.append(Fault(file, asked, "the question has no answer"))
            question, asked = value, number
        elif question:
            checks.append(Check(question, value))
            question = ""
        else:
            faults.append(Fault(file, number, "the answer has no question"))
    if question:
        faults.append(Fault(file, asked, "the question has no answer"))
    return tuple(checks), faults

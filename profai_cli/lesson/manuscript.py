"""A course before it is in files: chapters of pages, as a teacher will edit them. Pure."""

import re
from dataclasses import dataclass, field
from typing import Final

from profai_cli.lesson.plain import clean, plain

LONGEST_TITLE: Final = 100
"""Characters; what is longer is a sentence that was set like a heading."""

_LOOKED_AT: Final = 1_000  # characters: what follows is cut off anyway, and the next pattern is slow on long texts
_CLOSING: Final = re.compile(r"(?:\s+#+)+$|^#+$")  # Markdown takes these for the end of a heading
_MARKUP: Final = re.compile(r"([\\`*\[<]|(?<!\w)_|_(?!\w)|~(?=~)|\$(?=\S)|&(?=#?\w+;))")
_BLOCK: Final = re.compile(r"\A([#>+=|-]|~{3}|\d{1,9}(?=[.)](?:\s|\Z)))")


@dataclass(frozen=True, slots=True)
class Page:
    """A topic: its title, and Markdown that may end with a section "Check"."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A module: at least one page."""

    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A course: at least one chapter. The rest is as in `lesson.course.Course`."""

    title: str
    chapters: tuple[Chapter, ...]
    language: str = "en"
    summary: str = ""
    aliases: dict[str, str] = field(default_factory=dict)
    sounds: dict[str, str] = field(default_factory=dict)


def heading(text: str, otherwise: str) -> str:
    """A title that a topic's first line can hold: one short line with a letter or digit in it."""
    title = _CLOSING.sub("", plain(text)[:_LOOKED_AT])
    if len(title) > LONGEST_TITLE:
        title = title[:LONGEST_TITLE].rpartition(" ")[0] or title[:LONGEST_TITLE]
        title = title.rstrip(" ,;:-#") + "\u2026"
    return title if any(map(str.isalnum, title)) else otherwise


def literal(text: str) -> str:
    """Plain text as Markdown within a line that reads as that text; blanks stay."""
    return _MARKUP.sub(r"\\\1", clean(text))


def paragraph(markdown: str) -> str:
    """One line for it, with single blanks, that does not begin a heading, a list or a quotation."""
    line = " ".join(markdown.split())
    return _BLOCK.sub(lambda m: f"{m[1]}\\" if m[1].isdecimal() else f"\\{m[1]}", line)


def fenced(code: str, language: str = "") -> str:
    """A block of code; its lines are as they were."""
    lines = [line.rstrip() for line in clean(code).expandtabs(4).split("\n")]
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 0)
    return f"{fence}{language}\n" + "\n".join(lines).strip("\n") + f"\n{fence}"


def slug(title: str, otherwise: str) -> str:
    """A title as a part of a file's name: letters and digits of its own script, joined by hyphens."""
    return "-".join(re.findall(r"[^\W_]+", title.casefold()))[:40].strip("-") or otherwise

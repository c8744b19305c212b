"""Markdown cut at its headings. Pure; imports the parser, so it is itself imported late."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from profai_cli.lesson.markdown import parser

_QUESTION: Final = re.compile(r"\s*Q:", re.IGNORECASE)
_NOTE_MARK: Final = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_NOTE: Final = re.compile(r"(?m)^ {0,3}\[\^[^\]\s]{1,40}\]:.*(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*\n?")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_FRONT: Final = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE: Final = re.compile(r"(?m)^title:[ \t]*(?P<q>[\"']?)(.+?)(?P=q)[ \t]*$")


@dataclass(slots=True)
class Section:
    """What stands under a heading, up to the next of any level. level: from 1; 0: before the first heading.

    checks: lines of questions and answers; empty where there are none.
    """

    level: int
    title: str
    text: str = ""
    checks: str = ""


def front_title(markdown: str) -> tuple[str, str]:
    """The title in the YAML front matter, empty where there is none, and the Markdown after it."""
    front = _FRONT.match(markdown)
    if front is None:
        return "", markdown
    title = _FRONT_TITLE.search(front[1])
    return title[2] if title else "", markdown[front.end() :]


def sections(markdown: str) -> list[Section]:
    """The sections of clean Markdown, in order, the first of level 0. Footnotes are left out.

    A section "Check" with questions is no section of its own, but the `checks` of the one before it.
    """
    lines = markdown.split("\n")
    found = [Section(0, "")]
    headings = list(_headings(markdown))
    ends = [begin for _, _, begin, _ in headings] + [len(lines)]
    found[0].text = _body(lines[: ends[0]])
    for (level, title, _, begin), end in zip(headings, ends[1:], strict=True):
        text = _body(lines[begin:end])
        if title.casefold() == "check" and _QUESTION.match(text):
            found[-1].checks = f"{found[-1].checks}\n\n{text}".strip()
        else:
            found.append(Section(level, title, text))
    return found


def _headings(markdown: str) -> Iterator[tuple[int, str, int, int]]:
    """Level, title, first line, and the line after it of each heading that stands in no list or quotation."""
    tokens = _blocks().parse(markdown)
    for token, content in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0 and token.map:
            inline = parser().parseInline(" ".join(content.content.split()))
            begin, end = token.map
            yield int(token.tag[1:]), _NOTE_MARK.sub("", "".join(map(_text, inline))).strip(), begin, end


def _text(token: Token) -> str:
    """A heading's words without markup, except that code stays code."""
    if token.children is not None:
        return "".join(map(_text, token.children))
    return f"`{token.content}`" if token.type == "code_inline" else "" if token.type == "html_inline" else token.content


@cache
def _blocks() -> MarkdownIt:
    """A parser that leaves the lines alone: a tenth of the time."""
    return MarkdownIt("commonmark").disable(["inline", "text_join"])


def runs(markdown: str) -> Iterator[tuple[bool, str]]:
    """The text in runs of whole lines, and whether each is a fenced block of code."""
    fence, run = "", list[str]()
    for line in markdown.split("\n"):
        mark = _FENCE.match(line)
        if not fence and mark:
            if run:
                yield False, "\n".join(run)
            fence, run = mark[1], [line]
        elif fence and mark and mark[1].startswith(fence) and not line[mark.end() :].strip():
            yield True, "\n".join([*run, line])
            fence, run = "", []
        else:
            run.append(line)
    if run:
        yield bool(fence), "\n".join(run)


def _body(lines: list[str]) -> str:
    """The text without blank lines around it, and without footnotes outside of code."""
    kept = (run if code else _NOTE_MARK.sub("", _NOTE.sub("", run)) for code, run in runs("\n".join(lines)))
    return "\n".join(kept).strip("\n")

"""The paragraphs of Markdown, none so long that nobody could follow it by ear. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from profai_cli.lesson.sections import runs
from profai_cli.lesson.sentences import sentences

_PARAGRAPH: Final = 150  # words; what has more than twice as many in one breath becomes several paragraphs


def paragraphs(text: str) -> Iterator[str]:
    """The blocks between which a text may be cut."""
    for code, run in runs(text):
        if code:
            yield run
        else:
            for block in re.split(r"\n(?:[ \t]*\n)+", run):
                yield from _breaths(block)


def _breaths(block: str) -> Iterator[str]:
    """A block of text; one line that goes on for minutes becomes several paragraphs."""
    if "\n" in block or count_words(block) <= 2 * _PARAGRAPH:
        yield block
        return
    breath: list[str] = []
    for sentence in sentences(block):
        words = sentence.split()
        for begin in range(0, len(words), _PARAGRAPH):  # a table of numbers has no sentences
            breath += words[begin : begin + _PARAGRAPH]
            if len(breath) >= _PARAGRAPH:
                yield " ".join(breath)
                breath = []
    if breath:
        yield " ".join(breath)


def count_words(text: str) -> int:
    """How many words are said, about: those with a letter or digit."""
    return sum(any(map(str.isalnum, word)) for word in text.split())

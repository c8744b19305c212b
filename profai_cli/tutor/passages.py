"""The paragraphs of a course, and which of their sentences to read. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from profai_cli.lesson.course import Course
from profai_cli.lesson.script import PARAGRAPH_PAUSE, Sentence

_LEANS: Final = re.compile(r"(?:it|its|this|that|these|those|they|their|he|she|so|but|and|then)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences [begin, end) of a topic, which is given by its numbers of module and topic from 0."""

    at: tuple[int, int]
    begin: int
    end: int


def passages(course: Course) -> Iterator[Passage]:
    """All paragraphs, topic by topic. The sentence that announces a topic is in none."""
    for m, module in enumerate(course.modules):
        for t, topic in enumerate(module.topics):
            begin, last = 1, len(topic.sentences)
            for end, sentence in enumerate(topic.sentences[1:], 2):
                if sentence.pause >= PARAGRAPH_PAUSE or end == last:
                    yield Passage((m, t), begin, end)
                    begin = end


def window(sentences: Sequence[Sentence], worth: Sequence[float], size: int) -> tuple[int, int]:
    """The run [begin, end) of at most `size` sentences with the most worth; the earliest of equals.

    Of equals, runs that begin with what leans on the sentence before ("It …", "But …") come last.
    """
    if len(sentences) <= size:
        return 0, len(sentences)
    begin = max(
        range(len(sentences) - size + 1),
        key=lambda i: (sum(worth[i : i + size]), not (i and _LEANS.match(sentences[i].text)), worth[i], -i),
    )
    return begin, begin + size

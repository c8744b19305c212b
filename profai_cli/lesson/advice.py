"""What a teacher may want to mend in a course that can be taught: what is hard to follow by ear. Pure."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from profai_cli.lesson.course import Course, Topic
from profai_cli.lesson.script import PART_PAUSE, Sentence

LONGEST_TOPIC: Final = 2400
"""Words: fifteen minutes at 160 words a minute."""

_MARKS: Final = ("Q: ", "A: ")
"""With these begin a check question and its answer, where they stand below "## Check"."""

_SHOWN: Final = 60  # characters of a sentence that are shown to find it


class Advice(NamedTuple):
    """place: the topic, by its numbers and title. message: what to mend."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def advice(course: Course) -> Iterator[Advice]:
    """What is hard to follow, topic by topic."""
    for module_number, module in enumerate(course.modules, 1):
        for number, topic in enumerate(module.topics, 1):
            place = f"{module_number}.{number} {topic.title}"
            yield from (Advice(place, message) for message in _of(topic))


def _of(topic: Topic) -> Iterator[str]:
    said = topic.sentences
    words = sum(len(sentence.text.split()) for sentence in said)
    if words > LONGEST_TOPIC:
        yield f"it has {words} words, which take {words // 160} minutes: divide it into several topics"
    for before, sentence in pairwise(said):
        code = sentence.listing
        if code and not (before.listing and before.listing.code == code.code) and (before is said[0] or before.listing):
            yield f'no sentence before this code says what it does: "{_begin(code.code)}"'
    for sentence in said:
        if sentence.text.startswith(_MARKS):
            yield f'this is read out, because no line "## Check" is above it: "{_begin(sentence.text)}"'
    for whole in _whole(said):
        yield f'the sentence has {len(whole.split())} words, which is long for the ear: "{_begin(whole)}"'


def _whole(said: tuple[Sentence, ...]) -> Iterator[str]:
    """The sentences that are spoken in several parts, each as one."""
    ends = [0]
    for sentence in said:
        ends.append(ends[-1] + (sentence.pause != PART_PAUSE))
    for _, parts in groupby(zip(ends, said, strict=False), key=lambda numbered: numbered[0]):
        whole = [sentence.text for _, sentence in parts]
        if len(whole) > 1:
            yield " ".join(whole)


def _begin(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rpartition(' ')[0]} ..."

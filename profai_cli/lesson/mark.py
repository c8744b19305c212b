"""A place of a course, noted so that it is found again when the course was edited meanwhile. Pure.

A teacher inserts topics, renames and moves them, mends sentences. Numbers alone would then name another place, so a
mark keeps the titles, and digests of the texts, with the numbers.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from profai_cli.lesson.course import Course, Topic
from profai_cli.lesson.place import Place, clamp, next_topic, topic_at


class TopicMark(NamedTuple):
    """A topic as it was. module, topic: numbers from 0. digest: of its text; "" where only the numbers are known."""

    module: int
    topic: int
    module_title: str = ""
    title: str = ""
    digest: str = ""


class Mark(NamedTuple):
    """A place as it was. before, here, after: digests of its sentence and of the two around it, "" where none is."""

    topic: TopicMark
    sentence: int = 0
    phrase: int = 0
    before: str = ""
    here: str = ""
    after: str = ""


def digest(text: str) -> str:
    """16 hex digits of SHA-256, equal for every Unicode form of the same letters."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:16]


def mark_topic(course: Course, module: int, topic: int) -> TopicMark:
    """The mark of a topic."""
    marked = course.modules[module].topics[topic]
    return TopicMark(module, topic, course.modules[module].title, marked.title, digest(marked.markdown))


def mark(course: Course, place: Place) -> Mark:
    """The mark of a place."""
    texts = [sentence.text for sentence in topic_at(course, place).text]
    at = place.sentence
    before, after = texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else ""
    digests = (digest(text) if text else "" for text in (before, texts[at], after))
    return Mark(mark_topic(course, place.module, place.topic), at, place.phrase, *digests)


def find_topic(course: Course, marked: TopicMark) -> tuple[int, int] | None:
    """Module and topic, from 0, that it is now: by its title, or where it has another title, by its text.

    Among equals the one that is nearest to where it was; None where it is gone.
    """
    if not marked.digest:
        return clamp(course, Place(marked.module, marked.topic))[:2]
    found = []
    for number, (module, topic, now) in enumerate(_topics(course)):
        same_title, same_text = _same(now.title, marked.title), digest(now.markdown) == marked.digest
        same_module = _same(course.modules[module].title, marked.module_title)
        likeness = 4 * (same_title and same_text) + 3 * (same_title and same_module) + 2 * same_text + same_title
        if likeness:
            distance = (abs(module - marked.module), abs(topic - marked.topic))
            found.append((-likeness, distance, number, (module, topic)))
    return min(found)[-1] if found else None


def find_place(course: Course, marked: Mark) -> Place | None:
    """Where the lesson goes on, so that nothing is left out that was not heard; None where the topic is gone.

    At the sentence; where that was changed, after the one before it, or at the one that came after it; where none of
    them is left, at the topic's begin.
    """
    if not marked.topic.digest:
        numbers = marked.topic
        return clamp(course, Place(numbers.module, numbers.topic, marked.sentence, marked.phrase))
    at = find_topic(course, marked.topic)
    if at is None and marked.sentence:
        at = next((t[:2] for t in _topics(course) if marked.here in _digests(t[2])), None)
    if at is None or not marked.sentence:
        return None if at is None else Place(*at)
    digests = _digests(topic_at(course, Place(*at)))
    if (sentence := _nearest(digests, marked.here, marked)) is not None:
        return clamp(course, Place(*at, sentence, marked.phrase))
    if (heard := _nearest(digests, marked.before, marked)) is not None:
        end = heard + 1 == len(digests)
        return (next_topic(course, Place(*at)) or Place(*at, heard)) if end else Place(*at, heard + 1)
    return Place(*at, _nearest(digests, marked.after, marked) or 0)


def _nearest(digests: Sequence[str], wanted: str, marked: Mark) -> int | None:
    """The number of the sentence with this digest; of several, one with the same neighbour, or the nearest."""
    found = [number for number, one in enumerate(digests) if one == wanted]

    def farness(number: int) -> tuple[bool, int]:
        return (number > 0 and digests[number - 1]) != marked.before, abs(number - marked.sentence)

    return min(found, key=farness, default=None)


def _topics(course: Course) -> Iterator[tuple[int, int, Topic]]:
    for number, module in enumerate(course.modules):
        for place, topic in enumerate(module.topics):
            yield number, place, topic


def _digests(topic: Topic) -> list[str]:
    return [digest(sentence.text) for sentence in topic.text]


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one).casefold() == unicodedata.normalize("NFC", other).casefold()

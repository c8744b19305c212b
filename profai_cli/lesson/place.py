"""Where in a course the learner is, and the ways to move from there. Pure."""

import re
from typing import NamedTuple

from profai_cli.errors import CourseError
from profai_cli.lesson.course import Check, Course, Topic
from profai_cli.lesson.script import Sentence


class Place(NamedTuple):
    """Numbers from 0: the next phrase that the learner has not heard."""

    module: int
    topic: int
    sentence: int = 0
    phrase: int = 0


class CheckPlace(NamedTuple):
    """Numbers from 0: a check question of a topic."""

    module: int
    topic: int
    number: int


def topic_at(course: Course, place: Place) -> Topic:
    """The topic of a place."""
    return course.modules[place.module].topics[place.topic]


def check_at(course: Course, place: CheckPlace) -> Check:
    """The check question of a place."""
    return course.modules[place.module].topics[place.topic].checks[place.number]


def checks_of(course: Course, place: Place) -> tuple[CheckPlace, ...]:
    """The check questions of the topic of a place."""
    count = len(topic_at(course, place).checks)
    return tuple(CheckPlace(place.module, place.topic, number) for number in range(count))


def all_checks(course: Course) -> tuple[CheckPlace, ...]:
    """Those of all topics, in order."""
    topics = (Place(m, t) for m, module in enumerate(course.modules) for t in range(len(module.topics)))
    return tuple(check for topic in topics for check in checks_of(course, topic))


def sentence_at(course: Course, place: Place) -> Sentence:
    """The sentence of a place."""
    return topic_at(course, place).sentences[place.sentence]


def clamp(course: Course, place: Place) -> Place:
    """The nearest place that exists: a teacher may have shortened the course since it was saved."""
    module = min(max(place.module, 0), len(course.modules) - 1)
    topic = min(max(place.topic, 0), len(course.modules[module].topics) - 1)
    if (module, topic) != (place.module, place.topic):
        return Place(module, topic)
    sentences = course.modules[module].topics[topic].sentences
    if not 0 <= place.sentence < len(sentences):
        return Place(module, topic)
    phrase = min(max(place.phrase, 0), len(sentences[place.sentence].phrases) - 1)
    return Place(module, topic, place.sentence, phrase)


def next_topic(course: Course, place: Place) -> Place | None:
    """The begin of the topic after this one; None at the course's end."""
    if place.topic + 1 < len(course.modules[place.module].topics):
        return Place(place.module, place.topic + 1)
    if place.module + 1 < len(course.modules):
        return Place(place.module + 1, 0)
    return None


def previous_topic(course: Course, place: Place) -> Place:
    """The begin of the topic before this one; of the first topic at the course's begin."""
    if place.topic > 0:
        return Place(place.module, place.topic - 1)
    if place.module > 0:
        return Place(place.module - 1, len(course.modules[place.module - 1].topics) - 1)
    return Place(0, 0)


def next_sentence(course: Course, place: Place) -> Place | None:
    """The begin of the sentence after this one, in the next topic if need be; None at the course's end."""
    if place.sentence + 1 < len(topic_at(course, place).sentences):
        return Place(place.module, place.topic, place.sentence + 1)
    return next_topic(course, place)


def previous_sentence(course: Course, place: Place) -> Place:
    """The begin of the sentence before this one, in the topic before if need be; of the first at the course's begin."""
    if place.sentence > 0:
        return Place(place.module, place.topic, place.sentence - 1)
    before = previous_topic(course, place)
    if before[:2] == place[:2]:
        return before
    return before._replace(sentence=len(topic_at(course, before).sentences) - 1)


def find(course: Course, module: str | None, topic: str | None) -> Place:
    """The begin of a module or topic named by its number from 1 or by a part of its title.

    A topic without a module is looked for in all modules when it is a title, and in the first module when
    it is a number; "4.2" is the second topic of the fourth. Raises CourseError, listing the choices.
    """
    if module is None and topic is not None and (both := re.fullmatch(r"\s*(\d+)\.(\d+)\s*", topic)):
        module, topic = both.groups()
    modules = range(len(course.modules))
    if module is not None:
        modules = range(m := _pick("module", module, [m.title for m in course.modules]), m + 1)
    if topic is None:
        return Place(modules[0], 0)
    if topic.strip().isdecimal():
        modules = modules[:1]
    places = [Place(m, t) for m in modules for t in range(len(course.modules[m].topics))]
    numbers = [f"{m + 1}.{t + 1}" if len(modules) > 1 else str(t + 1) for m, t, *_ in places]
    return places[_pick("topic", topic, [topic_at(course, p).title for p in places], numbers)]


def position(course: Course, place: Place) -> str:
    """For the learner: the topic, and which of how many it is."""
    number = sum(len(module.topics) for module in course.modules[: place.module]) + place.topic + 1
    count = sum(len(module.topics) for module in course.modules)
    return f"{topic_at(course, place).title} (topic {number} of {count})"


def _pick(what: str, wanted: str, titles: list[str], numbers: list[str] | None = None) -> int:
    key = wanted.strip().casefold()
    if key.isdecimal():
        if 1 <= int(key) <= len(titles):
            return int(key) - 1
    elif key:
        for match in (str.__eq__, str.startswith, str.__contains__):
            for number, title in enumerate(titles):
                if match(title.casefold(), key):
                    return number
    numbers = numbers or [str(number) for number, _ in enumerate(titles, 1)]
    choices = ", ".join(f"{number} {title}" for number, title in zip(numbers, titles, strict=True))
    raise CourseError(f"There is no {what} {wanted!r}; choose one of: {choices}.")

"""What a learner of a course is likely to say: its sentences and its terms. Pure."""

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from profai_cli.lesson.course import Course, Topic
from profai_cli.lesson.place import Place
from profai_cli.tutor.vocabulary import is_common, words

MOST_SENTENCES = 4_000
"""Enough for any course that a person can sit through; a language model of more takes long to build."""

MOST_TERMS = 50
"""Deepgram takes key terms of 500 tokens; a word of a course has two to four."""


def topics(course: Course) -> Iterable[Topic]:
    """All topics in order."""
    return (topic for module in course.modules for topic in module.topics)


def sentences(course: Course) -> tuple[str, ...]:
    """The spoken sentences and the check questions with their answers, at most `MOST_SENTENCES`."""
    found: list[str] = []
    for topic in topics(course):
        found += (sentence.text for sentence in topic.sentences)
        found += (text for check in topic.checks for text in (check.question, check.answer))
        if len(found) >= MOST_SENTENCES:
            break
    return tuple(found[:MOST_SENTENCES])


def terms(course: Course) -> tuple[str, ...]:
    """Titles, aliases, and words with a sound of their own: what questions are about, and what is misheard."""
    names = [course.title, *(module.title for module in course.modules), *(topic.title for topic in topics(course))]
    return tuple(dict.fromkeys([*names, *course.sounds, *course.aliases, *course.aliases.values()]))


def topic_terms(course: Course, place: Place) -> tuple[str, ...]:
    """The words that the topic at `place` is about, its title first: frequent here, rare elsewhere in the course."""
    topic = course.modules[place.module].topics[place.topic]
    holding = Counter(chain.from_iterable(set(_spoken(topic)) for topic in topics(course)))  # topics, by word
    here = Counter(word for word in _spoken(topic) if not is_common(word) and not word.isdigit())
    ranked = sorted(here, key=lambda word: -here[word] / holding[word])
    return (topic.title, *ranked[: MOST_TERMS - 1])


def _spoken(topic: Topic) -> Iterable[str]:
    return chain.from_iterable(words(sentence.text) for sentence in topic.sentences)

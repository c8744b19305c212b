"""What a learner of a course is likely to say: its sentences and its terms. Pure."""

from collections.abc import Iterable

from profai_cli.lesson.course import Course, Topic

MOST_SENTENCES = 4_000
"""Enough for any course that a person can sit through; a language model of more takes long to build."""


def topics(course: Course) -> Iterable[Topic]:
    """All topics in order."""
    return (topic for module in course.modules for topic in module.topics)


def sentences(course: Course) -> tuple[str, ...]:
    """The spoken sentences and the check questions, at most `MOST_SENTENCES`."""
    found: list[str] = []
    for topic in topics(course):
        found += (sentence.text for sentence in topic.sentences)
        found += (check.question for check in topic.checks)
        if len(found) >= MOST_SENTENCES:
            break
    return tuple(found[:MOST_SENTENCES])


def terms(course: Course) -> tuple[str, ...]:
    """Titles and aliases: the words questions are about."""
    names = [course.title, *(module.title for module in course.modules), *(topic.title for topic in topics(course))]
    return tuple(dict.fromkeys([*names, *course.aliases, *course.aliases.values()]))

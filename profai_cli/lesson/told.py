"""A topic as it is told: sentences made for the ear, each tied to the one of the text that it is about. Pure.

Places are kept in the teacher's text alone, since the next telling may be another one.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from profai_cli.lesson.course import Course, Topic
from profai_cli.lesson.place import Place, topic_at
from profai_cli.lesson.script import PARAGRAPH_PAUSE, SENTENCE_PAUSE, Sentence
from profai_cli.lesson.sentences import phrases

OWN: Final = 0
"""Stands for the sentence that a line is about, where it is about none: an example, a question to think about."""


def tell(
    course: Course, module: int, topic: int, lines: Sequence[tuple[str, int]], questions: Sequence[str] = ()
) -> Course:
    """The course with this topic told by these lines (text, and sentence of the text), after its title.

    questions: how a model puts its check questions; "" for one that is asked as before.
    """
    told = course.modules[module].topics[topic]
    checks = tuple(
        replace(check, question=asked, made=True) if asked else check
        for check, asked in zip(told.checks, questions, strict=False)
    )
    made = Topic(told.title, told.markdown, checks or told.checks, _sentences(told, lines))
    topics = [*course.modules[module].topics]
    topics[topic] = made
    modules = [*course.modules]
    modules[module] = replace(course.modules[module], topics=tuple(topics))
    return replace(course, modules=tuple(modules))


def in_text(course: Course, place: Place) -> Place:
    """Where in the teacher's text a place of what is told is: at the first phrase of a sentence that was not heard."""
    topic = topic_at(course, place)
    if not topic.told or not place.sentence:
        return place
    sentences = topic.sentences[place.sentence :]
    about = next((sentence.about for sentence in sentences if sentence.about != OWN), len(topic.text) - 1)
    return place._replace(sentence=about, phrase=0)


def in_telling(course: Course, place: Place) -> Place:
    """Where in what is told a place of the teacher's text is."""
    topic = topic_at(course, place)
    if not topic.told or not place.sentence:
        return place
    numbers = [n for n, sentence in enumerate(topic.sentences) if sentence.about >= place.sentence]
    return place._replace(sentence=min(numbers, default=len(topic.sentences) - 1), phrase=0)


def _sentences(topic: Topic, lines: Sequence[tuple[str, int]]) -> tuple[Sentence, ...]:
    """The title, and each line with the pause and the code of the sentence that it is about."""
    text = topic.text
    said = [text[0]]
    for number, (line, about) in enumerate(lines):
        source = text[about] if about else None
        following = lines[number + 1][1] if number + 1 < len(lines) else None
        pause = PARAGRAPH_PAUSE if source is None else SENTENCE_PAUSE if following == about else source.pause
        listing = source.listing if source else None
        said.append(
            Sentence(line, phrases(line), pause, listing, about=about, made=source is None or line != source.text)
        )
    return tuple(said)

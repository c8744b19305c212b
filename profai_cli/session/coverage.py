"""Which words of the lesson were heard, and how often: the events of a class against the course."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from profai_cli.events import Event, Heard, LessonTold, TeachingContent, TtsHeld, TtsInterrupted
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, next_sentence, sentence_at
from profai_cli.lesson.told import tell


@dataclass(frozen=True, slots=True)
class Coverage:
    """Words of the lesson from the first that was heard to the last: heard, never heard, heard again."""

    heard: int
    lost: int
    twice: int


def coverage(events: Sequence[Event], course: Course) -> Coverage:
    """Count, in a class that went through the course in order."""
    for event in events:
        if isinstance(event, LessonTold):  # what was said before stands in its lines too
            course = tell(course, event.module, event.topic, event.lines)
    spoken = [span for span in _spans(events) if span.heard]
    if not spoken:
        return Coverage(0, 0, 0)
    last = max((span.place.module, span.place.topic, span.place.sentence) for span in spoken)
    place: Place | None = spoken[0].place._replace(phrase=0)
    heard = lost = twice = 0
    while place is not None and place[:3] <= last:
        text, spans = sentence_at(course, place).text, [s.range(course) for s in spoken if s.place[:3] == place[:3]]
        end = max((end for _, end in spans), default=len(text)) if place[:3] == last else len(text)
        begin = spans[0][0] if place[:3] == spoken[0].place[:3] else 0
        for word in re.finditer(r"\S+", text):
            if begin <= word.start() and word.end() <= end:
                times = sum(first <= word.start() and word.end() <= to for first, to in spans)
                heard, lost, twice = heard + (times > 0), lost + (times == 0), twice + (times > 1)
        place = next_sentence(course, place)
    return Coverage(heard, lost, twice)


@dataclass(slots=True)
class _Span:
    """A sentence of the lesson as it was said once, from a phrase on, and its characters that were heard."""

    place: Place
    heard: int = 0

    def range(self, course: Course) -> tuple[int, int]:
        """In the whole sentence's characters."""
        begin = sentence_at(course, self.place).phrases[self.place.phrase]
        return begin, begin + self.heard


def _spans(events: Iterable[Event]) -> list[_Span]:
    spans: dict[tuple[int, int], _Span] = {}
    for event in events:
        if isinstance(event, TeachingContent) and event.place is not None:
            spans[event.reply, event.sentence] = _Span(Place(*event.place))
        elif isinstance(event, Heard | TtsHeld | TtsInterrupted):
            span = spans.get((event.reply, event.sentence))
            if span:
                span.heard = max(span.heard, event.char)
    return list(spans.values())

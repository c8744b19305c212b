"""What is worth keeping of a class for years, from its events. Pure: `storage.progress` keeps it."""

from dataclasses import dataclass

from profai_cli.events import (
    CheckJudged,
    ClassComplete,
    Decision,
    Event,
    Heard,
    LessonTold,
    ReplyFinished,
    TeachingContent,
    TtsHeld,
    TtsInterrupted,
    VoiceTuned,
)
from profai_cli.kinds import Verdict
from profai_cli.lesson.course import Course
from profai_cli.lesson.mark import Mark, TopicMark, mark, mark_topic
from profai_cli.lesson.place import Place, next_sentence, next_topic
from profai_cli.lesson.plain import plain
from profai_cli.lesson.told import tell

MOST_CHARACTERS = 2_000
"""Of a question, and of its answer: more than anybody says or listens to in one turn."""


@dataclass(frozen=True, slots=True)
class Note:
    """The root of all notes. t: seconds into the class."""

    t: float


@dataclass(frozen=True, slots=True)
class Moved(Note):
    """The next class goes on here; None: the course is over."""

    to: Mark | None


@dataclass(frozen=True, slots=True)
class TopicHeard(Note):
    """The last phrase of a topic was heard. A topic that was skipped is not noted."""

    topic: TopicMark


@dataclass(frozen=True, slots=True)
class Asked(Note):
    """A question, where in the course it was asked, and what was heard of its answer. cut: there was more to hear.

    It is noted as soon as it is asked, and again with what was heard. One that nobody has answered may also become a
    part of the next one, which begins with it.
    """

    topic: TopicMark
    question: str
    answer: str
    cut: bool


@dataclass(frozen=True, slots=True)
class Checked(Note):
    """What was said to a check question of a topic, and what it was judged to be."""

    topic: TopicMark
    question: str
    said: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Tuned(Note):
    """Speed and volume of the voice; 1.0 is its own."""

    speed: float
    volume: float


@dataclass(frozen=True, slots=True)
class Ended(Note):
    """The class is over; reason as in `ClassComplete`."""

    reason: str


class Notes:
    """Takes every event and every place of a class, in order, and gives what is to be kept.

    left: where the learner left off, in a class that only looks at another part of the course. That place stays until
    the lesson comes there, or a topic there or later was heard to its end and another one follows. None: the place
    goes with the class.
    """

    def __init__(self, course: Course, left: Place | None = None) -> None:
        self._course, self._left = course, left
        self._t = 0.0
        self._closing: TeachingContent | None = None  # the last sentence of a topic, which sounds
        self._asked: tuple[str, TopicMark] | None = None  # whose answer is not over
        self._finished = 0  # the last reply that was heard to its end
        self._tuned = (1.0, 1.0)

    def moved(self, place: Place | None) -> list[Note]:
        """The machine wants this place to be kept; None: the course is over."""
        if self._left is not None:
            if place is None or place[:2] != self._left[:2] or place < self._left:
                return []
            self._left = None
        return [Moved(self._t, None if place is None else mark(self._course, place))]

    def __call__(self, event: Event) -> list[Note]:
        """Take one event."""
        self._t = event.t
        notes: list[Note] = []
        match event:
            case TeachingContent():
                self._closing = event if self._closes(event) else self._closing
            case Heard() | TtsHeld() | TtsInterrupted():
                notes = self._heard(event)
            case LessonTold():
                self._course = tell(self._course, event.module, event.topic, event.lines)
            case CheckJudged():
                notes = self._checked(event)
            case ReplyFinished():
                self._finished = event.reply
            case Decision(command={"command": "answer", "question": question, "place": [module, topic, *_]}):
                self._asked = plain(question), mark_topic(self._course, module, topic)
                self._finished = 0
                notes = self._answered("", cut=True)
            case Decision(command={"command": "remember", "text": text}):
                notes = self._answered(plain(text), cut=not self._finished) if text else []
                self._asked = None
            case VoiceTuned(speed=speed, volume=volume) if (speed, volume) != self._tuned:
                self._tuned = (speed, volume)
                notes = [Tuned(event.t, speed, volume)]
            case ClassComplete():
                notes = [Ended(event.t, event.reason)]
        return notes

    def _checked(self, event: CheckJudged) -> list[Note]:
        if event.verdict == "question" or not event.said:  # it is asked again; nobody was there
            return []
        topic, said = mark_topic(self._course, *event.check[:2]), plain(event.said)[:MOST_CHARACTERS]
        return [Checked(event.t, topic, event.question, said, event.verdict)]

    def _closes(self, event: TeachingContent) -> bool:
        if event.place is None:
            return False
        following = next_sentence(self._course, Place(*event.place))
        return following is None or following[:2] != event.place[:2]

    def _heard(self, event: Heard | TtsHeld | TtsInterrupted) -> list[Note]:
        last = self._closing
        if last is None or last.place is None or (event.reply, event.sentence) != (last.reply, last.sentence):
            return []
        if event.char < len(last.text.rstrip()) and not (isinstance(event, Heard) and event.end):
            return []
        self._closing = None
        module, topic = last.place[:2]
        follows = next_topic(self._course, Place(module, topic)) is not None
        if self._left is not None and (module, topic) >= self._left[:2] and follows:
            self._left = None
        return [TopicHeard(event.t, mark_topic(self._course, module, topic))]

    def _answered(self, heard: str, *, cut: bool) -> list[Note]:
        if self._asked is None:
            return []
        question, topic = self._asked
        return [Asked(self._t, topic, question[:MOST_CHARACTERS], heard[:MOST_CHARACTERS], cut)]

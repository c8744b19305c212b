"""What a class came to, from its events: for the list of classes held. Pure."""

from dataclasses import dataclass

from profai_cli.events import (
    ClassComplete,
    Decision,
    Event,
    ReplyFinished,
    SpeechEnded,
    SpeechStarted,
    TeachingContent,
    TtsHeld,
    TtsInterrupted,
    TtsResumed,
)


@dataclass(frozen=True, slots=True)
class Summary:
    """A class in numbers.

    seconds: its length. topics: module and topic, from 0, of which a sentence sounded, in the order of their first.
    questions: those asked; one with which the learner went on before it was answered is the same one.
    interruptions: how often the learner's voice cut the tutor's for good. ended: see `ClassComplete`; empty where the
    end is missing. checks: how many check questions were asked.
    """

    seconds: float = 0.0
    topics: tuple[tuple[int, int], ...] = ()
    questions: int = 0
    interruptions: int = 0
    ended: str = ""
    checks: int = 0

    @property
    def worth_keeping(self) -> bool:
        """Something was taught, or asked."""
        return bool(self.topics or self.checks)


class Tally:
    """A reader that counts."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._topics: dict[tuple[int, int], None] = {}
        self._questions = self._interruptions = 0
        self._checks: set[int] = set()  # the replies that ask one
        self._asked = ""  # the question that is still being answered
        self._ended = ""
        self._speaking = False
        self._held = 0  # the reply that was held for the learner's voice

    def __call__(self, event: Event) -> None:
        """Take one event."""
        self._seconds = max(self._seconds, event.t)
        match event:
            case TeachingContent() if event.place:
                self._topics[event.place[:2]] = None
                self._asked = ""
            case TeachingContent(kind="check"):
                self._checks.add(event.reply)
            case Decision(command={"command": "answer", "question": question}):
                self._questions += not (self._asked and question.startswith(self._asked))
                self._asked = question
            case ReplyFinished():
                self._asked = ""
            case SpeechStarted() | SpeechEnded():
                self._speaking = isinstance(event, SpeechStarted)
            case TtsHeld():
                self._held = event.reply if self._speaking else 0
            case TtsResumed():
                self._held = 0
            case TtsInterrupted():
                self._interruptions += event.reply == self._held
            case ClassComplete():
                self._ended = event.reason

    @property
    def summary(self) -> Summary:
        """What it came to so far."""
        counts = (self._questions, self._interruptions, self._ended, len(self._checks))
        return Summary(round(self._seconds, 2), tuple(self._topics), *counts)

"""A learner who follows a script: reads the events of a class and breaks into the tutor's sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from profai_cli.events import Event, Heard, SttReady, TeachingContent, TutorState

COUGH: Final = "(a cough)"
"""Stands in a line for what has no words."""

MIDST: Final = 15
"""Characters of a sentence before and after the place where the learner breaks in."""


@dataclass(frozen=True, slots=True)
class Line:
    """What to say, one after the other, when the tutor has taught, or with `answers` answered, for `after` seconds."""

    after: float
    words: tuple[str, ...]
    answers: bool = False


class Script:
    """A reader of a class's events. `say(t, line)` is called when a line's time has come and returns its seconds.

    Nothing is said before the recogniser is ready. The last line is said again until the class is over: a
    person would do so too.
    """

    def __init__(self, lines: Sequence[Line], say: Callable[[float, Line], float]) -> None:
        self._lines = list(lines)
        self._say = say
        self._ready = False
        self._state = ""
        self._since = 0.0
        self._sentence: TeachingContent | None = None

    def __call__(self, event: Event) -> None:
        """Take one event."""
        match event:
            case SttReady():
                self._ready = True
            case TutorState():
                self._state = event.state
                self._since = max(self._since, event.t)
            case TeachingContent():
                self._sentence = event
            case Heard() if self._ready and self._in_the_midst(event):
                self._speak(event.t)

    def _in_the_midst(self, heard: Heard) -> bool:
        sentence = self._sentence
        return (
            sentence is not None
            and sentence.kind != "bridge"
            and (sentence.reply, sentence.sentence) == (heard.reply, heard.sentence)
            and MIDST <= heard.char <= len(sentence.text) - MIDST
        )

    def _speak(self, t: float) -> None:
        line = self._lines[0]
        states = ("teaching", "answering") if line.answers else ("teaching",)
        if self._state not in states or t - self._since < line.after:
            return
        self._since = t + self._say(t, line)
        if len(self._lines) > 1:
            self._lines.pop(0)

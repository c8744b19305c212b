"""The figures of a turn, from the events alone: how long the learner waited, and for what.

A turn is what the learner says from a silence to a question; its figures are `Metrics` whose `reply` is the answer's.
What is not measured has no figure: a typed question has no voice, a tutor that was silent cannot fall silent, and
orders, coughs and "mm-hm" are no questions.

Voiced is what the detector took for a voice. A soft first or last sound is not in that: in three questions of a
simulated class, a stopwatch on the samples gave 25 to 65 ms more for the barge-in, and 50 to 100 ms more end to end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from profai_cli.events import (
    AgentResponse,
    Decision,
    Event,
    FinalTranscript,
    Metrics,
    PartialTranscript,
    SpeechEnded,
    SpeechStarted,
    TeachingContent,
    TtsHeld,
    TutorState,
)
from profai_cli.ports import HANGOVER
from profai_cli.turns.states import State

BARGE_IN: Final = "barge_in_ms"
"""The learner's first voiced sample to the tutor's voice held."""
FIRST_PARTIAL: Final = "first_partial_ms"
"""The learner's first voiced sample to the first words that were recognised."""
END_OF_TURN: Final = "end_of_turn_ms"
"""The learner's last voiced sample to the question asked."""
FIRST_WORDS: Final = "first_token_ms"
"""The question asked to the first words of the answer."""
FIRST_SAMPLE: Final = "first_sample_ms"
"""The first words of the answer to its first sample at the speaker."""
END_TO_END: Final = "end_to_end_ms"
"""The learner's last voiced sample to the first sample of the answer."""

FIGURES: Final = (BARGE_IN, FIRST_PARTIAL, END_OF_TURN, FIRST_WORDS, FIRST_SAMPLE, END_TO_END)
"""All figures, in the order in which they are known."""

_OVER: Final = frozenset((State.TEACHING, State.ANSWERING, State.ASKING, State.PAUSED))
"""Where the tutor goes when a turn was no question."""


@dataclass(slots=True)
class _Turn:
    """What is known of the learner's turn: media times in seconds, of voiced samples where one can have a voice."""

    began: float | None = None
    ended: float | None = None
    held: float | None = None
    """The voice was held, in the stretch of speech that sounds now."""
    barge_in: float | None = None
    words: float | None = None


@dataclass(slots=True)
class _Answer:
    """What is known of the answer to a question that was asked."""

    reply: int
    asked: float
    turn_ended: float | None
    words: float | None = None


class Figures:
    """A reader of a class's events that gives `emit` each figure as soon as it is known."""

    def __init__(self, emit: Callable[[Metrics], None]) -> None:
        self._emit = emit
        self._turn = _Turn()
        self._speaking = False
        self._answer: _Answer | None = None

    def __call__(self, event: Event) -> None:
        """Take the next event, decisions too."""
        match event:
            case SpeechStarted():
                self._speaking, self._turn.held = True, None
            case TtsHeld() if self._speaking:
                self._turn.held = event.t
            case PartialTranscript() if event.text and self._turn.words is None:
                self._turn.words = event.t
            case SpeechEnded():
                self._pause(event)
            case FinalTranscript(source="typed") | Decision(command={"command": "discard_speech"}):
                self._turn = _Turn()
            case Decision(command={"command": "answer", "reply": int(reply)}):
                self._ask(event.t, reply)
            case TutorState() if event.state in _OVER:
                self._turn = _Turn()
            case AgentResponse() | TeachingContent(kind="answer"):
                self._hear(event)

    def _pause(self, event: SpeechEnded) -> None:
        """Only the end of a voice tells where it began."""
        self._speaking, turn = False, self._turn
        if not event.voiced:  # it was none
            return
        turn.ended = event.t - HANGOVER
        began = turn.ended - event.voiced
        if turn.began is None:
            turn.began = began
        if turn.held is not None and turn.barge_in is None:
            turn.barge_in = turn.held - began

    def _ask(self, now: float, reply: int) -> None:
        turn, self._turn = self._turn, _Turn()
        self._answer = _Answer(reply, now, turn.ended)
        if turn.barge_in is not None:
            self._tell(now, BARGE_IN, turn.barge_in, reply)
        if turn.words is not None and turn.began is not None:
            self._tell(now, FIRST_PARTIAL, turn.words - turn.began, reply)
        if turn.ended is not None:
            self._tell(now, END_OF_TURN, now - turn.ended, reply)

    def _hear(self, event: AgentResponse | TeachingContent) -> None:
        answer = self._answer
        if answer is None or answer.reply != event.reply or not event.text:
            return
        if answer.words is None:
            answer.words = event.t
            self._tell(event.t, FIRST_WORDS, event.t - answer.asked, answer.reply)
        if isinstance(event, TeachingContent):
            self._answer = None
            self._tell(event.t, FIRST_SAMPLE, event.t - answer.words, answer.reply)
            if answer.turn_ended is not None:
                self._tell(event.t, END_TO_END, event.t - answer.turn_ended, answer.reply)

    def _tell(self, t: float, figure: str, seconds: float, reply: int) -> None:
        self._emit(Metrics(t, figure, round(seconds * 1000, 1), reply))

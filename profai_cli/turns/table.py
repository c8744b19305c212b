"""The turn-taking of profai as data: for every state and event what the machine does and where that may lead.

Total: each state has a cell for each event, and "ignore" is written out. `machine.Machine` has a method for
each action; it checks that an action leads only where its cell says. Events of an old reply and of an old
timer never get here: the machine drops them by number.
"""

from dataclasses import dataclass
from typing import Final

from profai_cli.events import (
    AgentResponse,
    CheckJudged,
    Control,
    CourseInfo,
    Event,
    FinalTranscript,
    Heard,
    InputEnded,
    LessonTold,
    PartialTranscript,
    ReplyFinished,
    SpeechConfirmed,
    SpeechEnded,
    SpeechStarted,
    SttReady,
    TimerFired,
    TtsHeld,
)
from profai_cli.turns.states import State

S = State


@dataclass(frozen=True, slots=True)
class Cell:
    """The action's name, and the states it may lead to besides the one it is in."""

    action: str
    leads_to: frozenset[State] = frozenset()


def _cell(action: str, *leads_to: State) -> Cell:
    return Cell(action, frozenset(leads_to))


IGNORE: Final = _cell("ignore")
AFTER_WORDS = (S.TEACHING, S.ANSWERING, S.ASKING, S.LISTENING, S.THINKING, S.PAUSED, S.LEAVING, S.DONE)
"""Where the learner's words may lead."""

_WORDS = _cell("take_words", *AFTER_WORDS)
_CONTROL = _cell("control", *AFTER_WORDS)
_INPUT_ENDED = _cell("note_input_end")
_TOLD = _cell("take_telling")

_SPEAKING: Final[dict[type[Event], Cell]] = {
    CourseInfo: IGNORE,
    TtsHeld: _cell("fall_silent", S.HELD),
    SpeechStarted: _cell("learner_begins_over_voice"),
    SpeechConfirmed: _cell("learner_begins_over_voice"),
    SpeechEnded: _cell("forget_speech"),
    PartialTranscript: IGNORE,
    FinalTranscript: _WORDS,
    SttReady: IGNORE,
    AgentResponse: _cell("say_more"),
    CheckJudged: IGNORE,
    Heard: _cell("note_heard"),
    ReplyFinished: _cell("reply_finished", S.TEACHING, S.ANSWERING, S.ASKING, S.LISTENING, S.DONE),
    TimerFired: IGNORE,
    Control: _CONTROL,
    InputEnded: _INPUT_ENDED,
    LessonTold: _TOLD,
}
_SILENT: Final[dict[type[Event], Cell]] = {
    CourseInfo: IGNORE,
    TtsHeld: IGNORE,
    AgentResponse: IGNORE,
    CheckJudged: IGNORE,
    Heard: IGNORE,
    ReplyFinished: IGNORE,
    SttReady: IGNORE,
    Control: _CONTROL,
    InputEnded: _INPUT_ENDED,
    LessonTold: _TOLD,
}
_NOTHING: Final[dict[type[Event], Cell]] = dict.fromkeys(_SPEAKING, IGNORE)

TABLE: Final[dict[State, dict[type[Event], Cell]]] = {
    S.STARTING: _NOTHING
    | {
        CourseInfo: _cell("begin", S.TEACHING, S.ASKING, S.DONE),
        Control: _cell("control_early", S.DONE),
        InputEnded: _INPUT_ENDED,
        LessonTold: _TOLD,
    },
    S.TEACHING: _SPEAKING,
    S.ANSWERING: _SPEAKING,
    S.ASKING: _SPEAKING,
    S.HELD: {
        CourseInfo: IGNORE,
        TtsHeld: _cell("renew_hold"),
        SpeechStarted: _cell("learner_begins"),
        SpeechConfirmed: _cell("learner_is_sure"),
        SpeechEnded: _cell("learner_pauses_in_hold", *AFTER_WORDS),
        PartialTranscript: _cell("note_words"),
        FinalTranscript: _cell("judge_words", *AFTER_WORDS),
        SttReady: IGNORE,
        CheckJudged: IGNORE,
        AgentResponse: _cell("say_more"),
        Heard: _cell("note_heard"),
        ReplyFinished: IGNORE,
        TimerFired: _cell("hold_is_over", *AFTER_WORDS),
        Control: _CONTROL,
        InputEnded: _INPUT_ENDED,
        LessonTold: _TOLD,
    },
    S.LISTENING: _SILENT
    | {
        SpeechStarted: _cell("learner_begins"),
        SpeechConfirmed: _cell("learner_is_sure"),
        SpeechEnded: _cell("learner_pauses"),
        PartialTranscript: _cell("note_words"),
        FinalTranscript: _WORDS,
        SttReady: _cell("wait_for_words"),
        TimerFired: _cell("silence_is_over", *AFTER_WORDS),
    },
    S.THINKING: _SILENT
    | {
        SpeechStarted: _cell("learner_begins"),
        SpeechConfirmed: _cell("learner_asks_on", S.LISTENING),
        SpeechEnded: _cell("forget_speech"),
        PartialTranscript: IGNORE,
        FinalTranscript: _WORDS,
        AgentResponse: _cell("begin_answer", S.ANSWERING, S.ASKING, S.TEACHING, S.DONE),
        CheckJudged: _cell("note_judgement", S.THINKING),
        TimerFired: _cell("answer_is_late", S.ANSWERING),
    },
    S.PAUSED: _SILENT
    | {
        TtsHeld: _cell("renew_hold"),
        SpeechStarted: _cell("learner_begins"),
        SpeechConfirmed: _cell("learner_is_sure"),
        SpeechEnded: _cell("learner_pauses"),
        PartialTranscript: _cell("note_words"),
        FinalTranscript: _WORDS,
        SttReady: _cell("wait_for_words"),
        AgentResponse: _cell("say_more"),
        Heard: _cell("note_heard"),
        TimerFired: _cell("pause_goes_on", *AFTER_WORDS),
        InputEnded: _cell("note_input_end", S.DONE),
    },
    S.LEAVING: _NOTHING
    | {
        TtsHeld: _cell("leave", S.DONE),
        ReplyFinished: _cell("leave", S.DONE),
        FinalTranscript: _cell("take_words_instead", *AFTER_WORDS),
        LessonTold: _TOLD,
        Control: _CONTROL,
    },
    S.DONE: _NOTHING,
}

INPUTS: Final = tuple(_NOTHING)
"""The events that the machine takes; all others are for readers alone."""

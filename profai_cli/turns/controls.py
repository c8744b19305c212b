"""What the learner asks for by key, and the program by itself. Pure.

A key asks for what words can ask for, by the name of their meaning; where it does less than the words, it is written
here. In a pause, keys that move the lesson or tune the voice leave it silent. While the tutor says goodbye, any key
but "quit" means that the learner stays.
"""

from collections.abc import Callable
from typing import Final

from profai_cli.commands import MoveLesson
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, next_sentence, next_topic, previous_sentence, previous_topic
from profai_cli.turns import checking, lines, patience
from profai_cli.turns.orders import LOUDER, STEP, answer_with, close, end_class, go_on, obey, teach
from profai_cli.turns.states import State
from profai_cli.turns.turn import Turn
from profai_cli.turns.words import Meaning

MOVES: Final[dict[str, Callable[[Course, Place], Place | None]]] = {
    "next_sentence": next_sentence,
    "previous_sentence": previous_sentence,
    "next_topic": next_topic,
    "previous_topic": previous_topic,
}
FORWARD: Final = ("next_sentence", "next_topic")
TUNES: Final[dict[str, tuple[float, float]]] = {
    "faster": (STEP, 1.0),
    "slower": (1 / STEP, 1.0),
    "louder": (1.0, LOUDER),
    "quieter": (1.0, 1 / LOUDER),
}
"""Factors of speed and volume."""

JUST_BEGUN: Final = 15
"""Characters, a second of speech: of a sentence of which fewer were heard, the one before it is the one to repeat."""


def control(turn: Turn, action: str) -> None:
    """Carry out a `Control`. Raises KeyError for an action that there is not."""
    match action:
        case "time" | "stopped" | "failed":
            end_class(turn, action)
        case _ if turn.state is State.LEAVING:
            _instead_of_goodbye(turn, action)
        case "typing":
            _wait_for_enter(turn)
        case _ if action in MOVES and turn.examining and (action in FORWARD or turn.checking == "only"):
            _move_in_checks(turn, action)
        case _ if action in MOVES:
            _move(turn, action)
        case _ if action in TUNES and _must_wait(turn, *TUNES[action]):
            _tune(turn, *TUNES[action])
        case "repeat" if not turn.voice.answer and turn.check is None:
            _go(turn, _begin_of_sentence(turn))
        case "pause_or_go_on":
            turn.learner.dismiss()
            _order(turn, Meaning.GO_ON if turn.state is State.PAUSED else Meaning.PAUSE)
        case _:
            _order(turn, Meaning[action.upper()])


def _instead_of_goodbye(turn: Turn, action: str) -> None:
    """A class without the device that the goodbye needs is paused by the program; then it has been said."""
    if action in ("quit", "pause"):
        end_class(turn, "quit")
        return
    turn.voice.drop()
    go_on(turn)
    if turn.state in (State.TEACHING, State.ASKING) and action not in ("pause_or_go_on", "go_on"):
        control(turn, action)


def _must_wait(turn: Turn, speed: float, _volume: float) -> bool:
    """Neither what the learner says is ended for it, nor a pause. A noise, such as that of the key, is no words."""
    if turn.state is State.HELD:
        return turn.learner.confirmed or speed == 1.0
    return turn.state not in (State.TEACHING, State.ANSWERING, State.ASKING)


def _order(turn: Turn, meaning: Meaning) -> None:
    """What was being said is none of the order."""
    turn.learner.close_turn()
    obey(turn, meaning, "")


def _tune(turn: Turn, speed: float, volume: float) -> None:
    """What is made from now on has it; of a lesson that is paused, what was held as well."""
    reply = turn.voice.reply
    if speed != 1.0 and turn.state is State.PAUSED and reply is not None and reply.kind == "lesson":
        turn.voice.drop()
    turn.voice.tune(speed, volume)


def _wait_for_enter(turn: Turn) -> None:
    """The learner writes a line: it takes longer than the silence after which the tutor would go on."""
    if turn.state is State.LISTENING:
        turn.think_until = turn.now + patience.LONGEST_TURN
        turn.enter(State.LISTENING, patience.LONGEST_TURN)


def _move_in_checks(turn: Turn, action: str) -> None:
    """Forward is past the question; a quiz has nothing behind it, and asks once more."""
    paused = turn.state is State.PAUSED
    turn.learner.dismiss()
    if action in FORWARD:
        checking.skip(turn)
    else:
        turn.voice.drop()
        turn.question = ""
    if not paused:
        go_on(turn)


def _move(turn: Turn, action: str) -> None:
    voice, sentence = turn.voice, action.endswith("sentence")
    here = voice.ahead if sentence else voice.spot
    if here is None:  # the course is over
        to = voice.spot._replace(phrase=0) if action == "previous_sentence" else None
    else:
        to = MOVES[action](voice.course, here)
        to = voice.other_topic(to) if to and not sentence else to
    if to is not None and turn.state is State.PAUSED:
        turn.question, voice.answer = "", ()
        checking.forget(turn)
        voice.drop()
        voice.go(to)
        turn.out.append(MoveLesson(to))
    elif to is not None:
        _go(turn, to)
    elif turn.state is not State.PAUSED:
        _stay(turn, sentence=sentence)


def _go(turn: Turn, to: Place) -> None:
    """Teach from there."""
    turn.learner.dismiss()
    turn.question, turn.voice.answer = "", ()
    turn.voice.drop()
    turn.voice.go(to)
    teach(turn)


def _stay(turn: Turn, *, sentence: bool) -> None:
    """There is nothing to move to: after the course's last sentence comes what comes after the course."""
    turn.learner.dismiss()
    turn.question = ""
    turn.voice.drop()
    if sentence:
        turn.voice.go(None)
    if not sentence:
        answer_with(turn, lines.NO_NEXT)
    elif turn.interactive:
        close(turn)
    else:
        end_class(turn, "finished")


def _begin_of_sentence(turn: Turn) -> Place:
    """Of the one that sounds; of the one before, in its topic, where that one has just begun."""
    voice = turn.voice
    here = voice.ahead or voice.spot
    if here.phrase == 0 and voice.begun < JUST_BEGUN:
        return Place(here.module, here.topic, max(here.sentence - 1, 0))
    return here._replace(phrase=0)

"""What the tutor does when the learner's turn is over, by what the words ask for. Pure."""

from profai_cli.commands import EndClass, Hold
from profai_cli.kinds import EndReason
from profai_cli.lesson.place import Place, next_topic, previous_topic
from profai_cli.turns import checking, lines, patience
from profai_cli.turns.states import SOUNDING, State
from profai_cli.turns.turn import Turn
from profai_cli.turns.words import Meaning

STEP = 1.15
"""One "slower" or "faster": enough to be noticed at once."""
_SPEEDS = {Meaning.SLOWER: 1 / STEP, Meaning.FASTER: STEP}

LOUDER = 1.5
"""One "louder": 3.5 dB."""


def obey(turn: Turn, meaning: Meaning, words: str) -> None:
    """Carry out `meaning`; `words` are the question's where it is one, or the answer to a check question."""
    if checking.answers(turn, meaning, words):
        checking.examine(turn, meaning, words)
    else:
        _carry_out(turn, meaning, words)


def _carry_out(turn: Turn, meaning: Meaning, words: str) -> None:
    if meaning not in (Meaning.NOTHING, Meaning.MURMUR, Meaning.WAIT, Meaning.PAUSE, Meaning.GO_ON):
        turn.question = ""
    match meaning:
        case Meaning.NOTHING | Meaning.MURMUR:
            _no_words(turn)
        case Meaning.WAIT:
            turn.voice.drop()
            turn.bridge = lines.BACK
            turn.enter(State.LISTENING, checking.think(turn) if turn.check else patience.WAIT)
        case Meaning.PAUSE:
            _pause(turn)
        case Meaning.GO_ON:
            _go_on(turn)
        case Meaning.LESSON:
            _back_to_lesson(turn)
        case Meaning.REPEAT:
            _repeat(turn)
        case Meaning.SLOWER | Meaning.FASTER | Meaning.LOUDER | Meaning.QUIETER:
            _tune(turn, meaning)
        case Meaning.NEXT_TOPIC | Meaning.PREVIOUS_TOPIC:
            _change_topic(turn, meaning)
        case Meaning.WHERE:
            turn.voice.drop()
            answer_with(turn, lines.where(turn.voice.course, turn.voice.spot))
        case Meaning.QUIT:
            turn.voice.drop()
            turn.voice.say([lines.GOODBYE], "bridge")
            turn.enter(State.LEAVING)
        case _:
            turn.voice.drop()
            turn.question, turn.passage = words, None
            turn.voice.ask(words)
            turn.enter(State.THINKING, patience.ANSWER)


def end_class(turn: Turn, reason: EndReason) -> None:
    """Drop what is being said, keep the place, end."""
    turn.voice.drop()
    turn.out.append(EndClass(reason))
    turn.enter(State.DONE)


def answer_with(turn: Turn, *sentences: str) -> None:
    """Say something by itself, or a part of the last answer."""
    turn.voice.say(sentences, made=turn.voice.made)
    turn.enter(State.ANSWERING)


def go_on(turn: Turn, bridge: str = "") -> None:
    """Ask the next check question, or go on with the lesson where it was cut, or end the class, whatever is left."""
    if turn.check is not None or turn.checks:
        checking.ask(turn)
    elif turn.checking == "only":
        end_class(turn, "finished")
    else:
        teach(turn, bridge)


def teach(turn: Turn, bridge: str = "") -> None:
    """Go on with the lesson where it was cut; say so at the course's end, and end the class after that."""
    checking.forget(turn)
    if turn.voice.place is not None:
        turn.voice.teach(bridge, resumed=True)
        turn.enter(State.TEACHING)
    elif turn.closed:
        end_class(turn, "finished")
    else:
        close(turn)


def close(turn: Turn) -> None:
    """Nothing of the course is left: say so, and listen for a last question."""
    turn.closed = True
    answer_with(turn, *lines.LAST)


def _no_words(turn: Turn) -> None:
    """The learner had the floor and said nothing: answer the question before it, or go on."""
    if turn.question:
        obey(turn, Meaning.QUESTION, turn.question)
    else:
        turn.voice.drop()
        go_on(turn, turn.bridge)


def _pause(turn: Turn) -> None:
    reply = turn.voice.reply
    if reply is not None and turn.state is State.THINKING:
        turn.voice.drop()
    elif reply is not None and not reply.hold:
        turn.out.append(Hold(reply.number))
    if turn.input_ended:  # nobody is left who could say "go on"
        end_class(turn, "input_ended")
    else:
        turn.enter(State.PAUSED)


def _go_on(turn: Turn) -> None:
    if turn.state is State.PAUSED and turn.question:  # it was not answered before the pause
        obey(turn, Meaning.QUESTION, turn.question)
        return
    turn.question = ""
    if turn.check is not None and turn.state is not State.PAUSED:
        checking.skip(turn)
        go_on(turn)
        return
    if turn.state is State.THINKING:
        turn.voice.drop()
    _carry_on(turn)


def _back_to_lesson(turn: Turn) -> None:
    reply = turn.voice.reply
    if reply is not None and reply.kind == "lesson":
        _carry_on(turn)
    elif checking.skip(turn):
        go_on(turn)
    else:
        turn.voice.drop()
        teach(turn)


def _repeat(turn: Turn) -> None:
    voice = turn.voice
    answer = voice.answer
    voice.drop()
    if turn.check is not None:
        checking.ask(turn)
        return
    if turn.passage is not None:
        voice.go(turn.passage)
        teach(turn)
        return
    if answer:
        answer_with(turn, *answer)
        return
    place = voice.place or voice.spot
    if place.phrase > 0:
        voice.go(place._replace(phrase=0))
    else:
        voice.go(Place(place.module, place.topic, max(place.sentence - 1, 0)))
    teach(turn)


def _tune(turn: Turn, meaning: Meaning) -> None:
    """A new volume holds at once, so that what is being said goes on; a new speed needs it said anew."""
    volume = {Meaning.LOUDER: LOUDER, Meaning.QUIETER: 1 / LOUDER}.get(meaning)
    if volume or turn.state is State.THINKING:
        turn.voice.tune(volume=volume or 1.0, speed=_SPEEDS.get(meaning, 1.0))
        _carry_on(turn)
        return
    rest = turn.voice.drop()
    turn.voice.tune(speed=_SPEEDS[meaning])
    if rest and turn.check is None:
        answer_with(turn, *rest)
    else:
        go_on(turn)


def _carry_on(turn: Turn) -> None:
    """Go on with what was being said or done."""
    reply = turn.voice.reply
    if reply is None:
        go_on(turn)
    elif reply.hold:
        turn.voice.release()
        turn.enter(SOUNDING[reply.kind])


def _change_topic(turn: Turn, meaning: Meaning) -> None:
    if turn.examining and (meaning is Meaning.NEXT_TOPIC or turn.checking == "only"):
        checking.skip(turn)
        go_on(turn)
        return
    voice = turn.voice
    move = next_topic if meaning is Meaning.NEXT_TOPIC else previous_topic
    begin = move(voice.course, voice.spot)  # before the drop, which goes on to it where all of this one was heard
    to = voice.other_topic(begin) if begin else None
    voice.drop()
    if to is None:
        answer_with(turn, lines.NO_NEXT)
    else:
        voice.go(to)
        teach(turn)

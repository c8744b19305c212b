"""Who has the floor: what becomes of a held voice, and when the learner's turn is over. Pure."""

from typing import Final

from profai_cli.turns import lines, patience
from profai_cli.turns.orders import end_class, obey
from profai_cli.turns.states import SOUNDING, State
from profai_cli.turns.turn import Turn
from profai_cli.turns.words import Meaning, meaning, normal

LIKE_HOLD_ON: Final = "go on"
"""What a recogniser makes of "hold on": of 20, by five voices over the tutor's, pocketsphinx understood none. Nobody
asks for this while the tutor speaks, so it is taken for its opposite, which at worst is six seconds of silence."""


def judge(turn: Turn) -> None:
    """By its words, was the sound that the voice was held for an interruption?"""
    learner, reply = turn.learner, turn.voice.reply
    asked = reply is not None and reply.kind == "check"
    unsure = learner.partial if learner.owed else ""  # of a noise the recogniser makes words, too
    match meaning(learner.said or unsure):
        case Meaning.MURMUR if asked and reply and reply.heard_out:  # "yes", as soon as the question was over
            take_turn(turn)
        case Meaning.NOTHING | Meaning.MURMUR:
            rest = learner.ended + patience.RETURN - turn.now
            if learner.confirmed and learner.faint and rest > 0:
                turn.enter(State.HELD, rest)
            else:
                _release(turn)
        case Meaning.QUESTION:
            give(turn)
        case Meaning.GO_ON if normal(learner.said or unsure) == LIKE_HOLD_ON and not asked:
            learner.close_turn()
            obey(turn, Meaning.WAIT, "")
        case _:
            take_turn(turn)


def give(turn: Turn) -> None:
    """It is an interruption: the learner has the floor."""
    learner, reply = turn.learner, turn.voice.reply
    if learner.soon and reply is not None and reply.asked:  # the question was not over when its answer began
        learner.earlier = turn.answering
    turn.voice.drop()
    turn.bridge = lines.NOT_CAUGHT
    if learner.speaking:
        turn.enter(State.LISTENING, patience.LONGEST_TURN)
    elif learner.owed:
        turn.enter(State.LISTENING, patience.LOST_WORDS)
    else:
        silent = turn.now - learner.ended
        turn.enter(State.LISTENING, max(patience.after_interruption(learner.said) - silent, 0.0))


def _release(turn: Turn) -> None:
    """It was none: the voice goes on at the very sample."""
    turn.learner.discard()
    turn.voice.release()
    assert turn.voice.reply is not None
    turn.enter(SOUNDING[turn.voice.reply.kind])


def words_are_coming(turn: Turn) -> bool:
    """At the end of a wait: ask the recogniser for words it owes, once."""
    learner = turn.learner
    if learner.speaking and not learner.confirmed:  # noise that goes on and on
        learner.speaking = False
        learner.forget_noise()
    if not learner.owed or learner.asked:
        return False
    learner.ask_for_words()
    turn.enter(turn.state, patience.LOST_WORDS)
    return True


def take_turn(turn: Turn) -> None:
    """The learner's turn is over: do what its words ask for."""
    learner = turn.learner
    words, earlier = learner.said or learner.partial, learner.earlier
    learner.close_turn()
    asks = meaning(words)
    obey(turn, asks, f"{earlier} {words}".strip() if asks is Meaning.QUESTION else words)


def stay_paused(turn: Turn) -> None:
    """Nothing was said in a pause."""
    if turn.input_ended:  # nobody is left who could say "go on"
        end_class(turn, "input_ended")

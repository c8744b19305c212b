"""Check questions: asked one by one at a topic's end, answered or let go, before the lesson goes on. Pure.

What was said is judged elsewhere (`commands.Examine`) and comes back as `events.CheckJudged`.
"""

from math import inf
from typing import Final

from profai_cli.commands import ExpectWords
from profai_cli.events import CheckJudged
from profai_cli.lesson.place import CheckPlace, Place, check_at, checks_of
from profai_cli.lesson.script import spoken
from profai_cli.lesson.told import in_telling
from profai_cli.turns import patience
from profai_cli.turns.states import State
from profai_cli.turns.turn import Turn
from profai_cli.turns.words import Meaning, normal

MOST: Final = 3
"""Questions at a topic's end, and before a class begins: more would be an examination."""

_ALSO_AN_ANSWER: Final = frozenset(("no", "no no"))
"""Orders that are an answer to a question."""

_HESITATIONS: Final = frozenset(("mm-hm", "mhm", "mm", "mmm", "mm mm", "hm", "hmm", "uh-huh", "aha", "ah", "oh"))
"""Signs of listening that are none of having an answer."""


def prepare(turn: Turn) -> None:
    """The topic of `turn.voice.spot` was heard to its end: its questions are next, but for those that were answered."""
    turn.topic_heard = turn.voice.spot[:2]
    if turn.checking == "topics" and turn.interactive and not turn.input_ended:
        found = [check for check in checks_of(turn.voice.course, turn.voice.spot) if check not in turn.known]
        turn.checks.extend(found[:MOST])


def ask(turn: Turn, lead: str = "") -> None:
    """Ask the next question, or once more the one that was asked."""
    if turn.check is None:
        turn.check = turn.checks.popleft()
    turn.examining, turn.put_back, turn.think_until, turn.passage = True, False, inf, None
    turn.out.append(ExpectWords(turn.check[:2]))
    check = check_at(turn.voice.course, turn.check)
    question = spoken(check.question)
    turn.voice.say([lead, question] if lead else [question], "check", made=[question] if check.made else ())
    turn.enter(State.ASKING)


def think(turn: Turn) -> float:
    """The learner may think from now on; for how many seconds."""
    turn.think_until = turn.now + patience.CHECK_ANSWER
    return patience.CHECK_ANSWER


def skip(turn: Turn) -> bool:
    """Let go of the question that was asked, and of all others where a lesson waits; False where none are asked."""
    if not turn.examining:
        return False
    turn.voice.drop()
    turn.check = turn.passage = None
    turn.question, turn.put_back = "", False
    if turn.checking != "only":
        turn.checks.clear()
    return True


def forget(turn: Turn) -> None:
    """The lesson goes on: no question waits any more."""
    turn.checks.clear()
    turn.check = turn.passage = None
    turn.examining = turn.put_back = False


def answers(turn: Turn, asks: Meaning, words: str) -> bool:
    """Whether words with this meaning are the answer to the question that was asked, be it before one of the learner's.

    Where nobody is left who could answer, no question waits any more.
    """
    if turn.put_back and asks is Meaning.QUESTION:
        turn.check, turn.put_back = turn.checks.popleft(), False
    if turn.check is not None and turn.input_ended and not (words or turn.question):
        forget(turn)
    return turn.check is not None and (
        asks in (Meaning.QUESTION, Meaning.MURMUR, Meaning.NOTHING) or normal(words) in _ALSO_AN_ANSWER
    )


def examine(turn: Turn, asks: Meaning, words: str) -> None:
    """Have the answer judged; while the learner may think, no words and a hesitation are none.

    What was said over the question and not understood was perhaps its answer: it is asked again.
    """
    assert turn.check is not None
    rest = turn.think_until - turn.now
    if not turn.question and rest > 0 and (asks is Meaning.NOTHING or normal(words) in _HESITATIONS):
        turn.voice.drop()
        if rest == inf:
            ask(turn)
        else:
            turn.enter(State.LISTENING, think(turn) if turn.learner.confirmed else rest)
        return
    turn.voice.drop()
    turn.question = words or turn.question
    turn.voice.examine(turn.check, turn.question)
    turn.enter(State.THINKING, patience.ANSWER)


def judged(turn: Turn, event: CheckJudged) -> None:
    """Go by the judgement; what is said to it follows."""
    check, turn.check = CheckPlace(*event.check), None
    match event.verdict:
        case "right" | "partly":
            turn.known.add(check)
        case "question":  # it is answered, and then the check asked again, if that was not answered meanwhile
            turn.checks.appendleft(check)
        case _ if check[:2] == turn.topic_heard and turn.checking == "topics":
            turn.passage = in_telling(turn.voice.course, Place(*event.place))
    if event.verdict == "unanswered" and not event.said and turn.checking == "topics":
        turn.checks.clear()  # nobody answers: no more of them

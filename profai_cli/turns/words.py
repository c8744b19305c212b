"""What the learner's words ask for: a command, a murmur, or a question. Pure."""

import re
from enum import Enum, auto
from typing import Final


class Meaning(Enum):
    """What words ask of the tutor."""

    NOTHING = auto()
    """No words, or fillers alone."""
    MURMUR = auto()
    """A sign of listening, such as "mm-hm": the tutor goes on."""
    WAIT = auto()
    """The learner wants the floor and has not begun."""
    PAUSE = auto()
    GO_ON = auto()
    LESSON = auto()
    """Go on with the lesson, and drop the answer."""
    REPEAT = auto()
    SLOWER = auto()
    FASTER = auto()
    LOUDER = auto()
    QUIETER = auto()
    NEXT_TOPIC = auto()
    PREVIOUS_TOPIC = auto()
    WHERE = auto()
    QUIT = auto()
    QUESTION = auto()
    """Anything else."""


PHRASES: Final[dict[Meaning, str]] = {
    Meaning.MURMUR: "mm-hm, mhm, mm, mmm, mm mm, hm, hmm, uh-huh, aha, ah, oh, okay, ok, okay okay, yeah, yeah yeah, "
    "yes, yep, yup, right, alright, all right, sure, i see, got it, oh okay, good, great, nice, cool, wow, fine, "
    "interesting, thanks, thank you, thank you very much, achha, acha, haan, han ji, theek hai",
    Meaning.WAIT: "wait, wait wait, no, no no, no wait, hang on, hold on, one moment, one second, one minute, but, "
    "excuse me, sorry, i have a question, question, ruko, ek minute",
    Meaning.PAUSE: "stop, stop stop, pause, pause the lesson, stop talking, be quiet, take a break, bas",
    Meaning.GO_ON: "go on, go ahead, continue, carry on, keep going, resume",
    Meaning.LESSON: "back to the lesson, continue the lesson, go on with the lesson, never mind, nothing, no question",
    Meaning.REPEAT: "repeat, repeat that, say that again, say it again, what, what was that, again, "
    "once more, one more time, pardon",
    Meaning.SLOWER: "slower, slow down, speak slower, speak more slowly, more slowly, too fast",
    Meaning.FASTER: "faster, speed up, speak faster, too slow",
    Meaning.LOUDER: "louder, speak louder, speak up, too quiet, volume up",
    Meaning.QUIETER: "quieter, softer, speak softer, too loud, volume down",
    Meaning.NEXT_TOPIC: "next, next topic, next lesson, skip, skip this, skip this topic, go to the next topic",
    Meaning.PREVIOUS_TOPIC: "previous, previous topic, previous lesson, last topic, go back, go to the previous topic",
    Meaning.WHERE: "where are we, where am i, what topic is this, which topic is this, how far are we",
    Meaning.QUIT: "quit, exit, goodbye, good bye, bye, bye bye, end the class, stop the class, finish the class",
}
"""What may be said for each order, in the words of the recogniser: lower case, no punctuation."""

_FILLERS: Final = "um, uh, er, erm, please, tutor, hey, so, well, now, just, kindly, a, an, the, to, of, and, for"
"""The small ones are what a recogniser makes of a breath, or of the tutor's last sound."""
_NEGATIONS: Final = "don't, not, never, no"
_ORDER_WORDS: Final = 2
"""Orders of so many words or more are sure enough to be known behind another word."""
_OPENINGS: Final = "can you, could you, will you, let us, let's"


def phrases(listed: str) -> tuple[str, ...]:
    """The phrases of a list such as those in `PHRASES`."""
    return tuple(listed.split(", "))


_BY_PHRASE: Final = {phrase: meaning for meaning, listed in PHRASES.items() for phrase in phrases(listed)}


def normal(text: str) -> str:
    """The words alone: lower case, no punctuation but hyphens and apostrophes within words."""
    return " ".join(re.findall(r"[^\W_]+(?:['-][^\W_]+)*", text.casefold().replace("\u2019", "'")))


def meaning(text: str) -> Meaning:
    """What `text` asks for. Fillers and politeness at its ends do not count."""
    words = normal(text).split()
    if (exact := _BY_PHRASE.get(" ".join(words))) is not None:
        return exact
    fillers = phrases(_FILLERS)
    while words and words[0] in fillers:
        words.pop(0)
    while words and words[-1] in fillers:
        words.pop()
    if not words:
        return Meaning.NOTHING
    text = " ".join(words)
    for opening in phrases(_OPENINGS):
        text = text.removeprefix(f"{opening} ")
    if all(_BY_PHRASE.get(word) is Meaning.MURMUR for word in words):
        return Meaning.MURMUR
    if text not in _BY_PHRASE and len(words) > _ORDER_WORDS and words[0] not in phrases(_NEGATIONS):
        text = " ".join(words[1:])  # the first word over the tutor's voice is often misheard: "how next topic"
    return _BY_PHRASE.get(text, Meaning.QUESTION)

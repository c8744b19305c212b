"""How long the tutor waits, in seconds of media time, and for what. Pure.

The numbers differ by what the tutor is doing: hard to disturb for good while it teaches, quick to fall
silent, patient while the learner looks for words.
"""

from typing import Final

from profai_cli.turns.words import Meaning, meaning

UNCONFIRMED: Final = 0.40
"""A held voice goes on when nobody was heard to speak by then: the judge confirms 9 of 10 voices within
0.39 s of the onset at equal loudness of echo and learner (measured; shared facts on sound, section 4)."""

SUSTAINED: Final = 1.10
"""Speech that lasts this long, with the 0.2 s of silence that end it, is an interruption, whatever its words. The
voice is held meanwhile, so that waiting costs nothing. With 0.8 s, "um hum" and "okay" over the tutor became an
interruption 9 of 60 times, now never."""

RETURN: Final = 0.25
"""A person's voice that comes back so soon after its end goes on with what it said, and where it was faint, no sign of
listening lets the tutor go on before: parts of it were not heard. Of slow and soft speech over the tutor, heard as
"yeah", the next word came after 0.13 to 0.25 s; of voices that were not faint, none was taken for a murmur and came
back."""

FINAL_WORDS: Final = 1.5
"""A held voice goes on when the recogniser has no final words by then: it must have been no words."""

LOST_WORDS: Final = 4.0
"""The same for a turn of the learner's own: longer, since a question would be lost."""

TURN_END: Final = 0.5
"""Silence after speech, on top of the detector's own, that ends the learner's turn."""

UNFINISHED: Final = 1.3
"""The same when the words so far ask for more words."""

STATEMENT: Final = 0.3
"""The same, once the final words are there and are neither a whole question nor an order: half a second in all, in
which a person who looks for a word goes on."""

FIRST_WORD: Final = 1.0
"""The same after an interruption by one word with which questions begin: whoever has the floor now may look for the
next one."""

FOLLOW_UP: Final = 1.0
"""Silence after an answer in which the learner may ask on before the lesson goes on."""

CHECK_ANSWER: Final = 8.0
"""After a check question: how long the learner may think before the first word of an answer."""

OFFERED: Final = 2.5
"""Silence after an offer in which the learner may take it."""

LAST_QUESTION: Final = 6.0
"""The same after the last sentence of the course."""

WAIT: Final = 6.0
"""After "wait": how long the learner may take to find the words."""

NOISE: Final = 3.0
"""A sound nobody confirmed to be a voice is taken for noise after this, so that a fan cannot hold the
floor."""

LONGEST_TURN: Final = 30.0
"""After this the recogniser is asked for what it has."""

ANSWER: Final = 15.0
"""The first words of an answer must come by then."""

_OPEN_ENDS: Final = (
    " a an the and or but because so if when while that which who whose what why how where is are was were do does "
    "did can could would should will of to in on at by for from with about between into like than as my your "
    "its their this these me not um uh er "
)
_BEGINS: Final = (
    " what why how when where who whose which is are was were do does did can could will would should has have "
    "tell explain show describe define give compare teach "
)
"""First words of questions and requests."""
_LEADS: Final = " and but so okay ok well um uh er please now then hey sorry "
"""Words that may stand before them."""


def unfinished(words: str) -> float:
    """Seconds to wait for more when `words` ask for more words, else 0.

    One word is a turn of its own ("why"), and so is an order ("go on"); other words that end in a function
    word are not.
    """
    if meaning(words) is not Meaning.QUESTION:
        return 0.0
    spoken = words.casefold().rstrip("?.!, ").split()
    return UNFINISHED if len(spoken) > 1 and f" {spoken[-1]} " in _OPEN_ENDS else 0.0


def after_words(words: str) -> float:
    """Seconds of silence after which `words`, all of them final, are a turn: none where they are a whole question.

    An engine that punctuates says so by a question mark.
    """
    spoken = words.casefold().rstrip("?.!, ").split()
    if meaning(words) is not Meaning.QUESTION or len(spoken) == 1:
        return 0.0
    plain = (word.strip(",") for word in spoken)
    first = next((word for word in plain if f" {word} " not in _LEADS), "")
    whole = f" {first} " in _BEGINS or words.rstrip().endswith("?")
    return unfinished(words) or (0.0 if whole else STATEMENT)


def after_interruption(words: str) -> float:
    """The same where those words have just cut the tutor's."""
    spoken = words.casefold().rstrip("?.!, ").split()
    return FIRST_WORD if len(spoken) == 1 and f" {spoken[0]} " in _OPEN_ENDS else after_words(words)


def turn_end(words: str) -> float:
    """Seconds of silence that end a turn whose words so far are `words`."""
    return max(unfinished(words), TURN_END)

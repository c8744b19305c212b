"""The keys of the class screen, as data: the keyboard reads what they do, the foot and the help what they are. Pure."""

from typing import Final, NamedTuple


class Key(NamedTuple):
    """One key. label: as it is shown, and, but for names of more than one letter, as it is typed.

    back: the action that takes it back as if it had never been pressed; "" where there is none.
    """

    label: str
    action: str
    words: str
    back: str = ""


KEYS: Final = (
    Key("space", "pause_or_go_on", "pause, or go on"),
    Key("m", "mute", "mute; hold it to talk", back="mute_back"),
    Key("r", "repeat", "repeat the sentence"),
    Key("left", "previous_sentence", "back a sentence"),
    Key("right", "next_sentence", "on a sentence"),
    Key("n", "next_topic", "next topic"),
    Key("p", "previous_topic", "previous topic"),
    Key("+", "faster", "speak faster"),
    Key("-", "slower", "speak slower"),
    Key("t", "type", "type a question"),
    Key("f", "figures", "the last turn's figures"),
    Key("?", "help", "this help"),
    Key("q", "quit", "quit; the place is kept"),
)
"""All keys, in the order of the help."""

LOOKS: Final = ("figures", "help")
"""Actions that show something and leave the class as it is."""

FOOT: Final = (
    ("space", "pause"),
    ("q", "quit"),
    ("?", "help"),
    ("t", "type"),
    ("m", "mute"),
    ("r", "repeat"),
    ("left right", "sentence"),
    ("n p", "topic"),
    ("+ -", "speed"),
    ("f", "figures"),
)
"""Keys at the foot, the ones that must be known first: a narrow terminal shows as many as it has room for."""

ARROWS: Final = {"left": "←", "right": "→"}
"""How names of keys are drawn where the terminal can."""

TYPING: Final = "Just type: a letter is a key if no other follows at once."
SPOKEN: Final = 'Or say: "stop", "go on", "repeat", "next topic", "quit", or your question.'
"""What the help says below the keys."""

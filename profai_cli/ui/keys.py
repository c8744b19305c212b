"""The keys of the class screen, as data: the keyboard reads what they do, the foot and the help what they are. Pure."""

from typing import Final, NamedTuple


class Key(NamedTuple):
    """One key. label: as it is shown, and, but for names of more than one letter, as it is typed."""

    label: str
    action: str
    words: str


KEYS: Final = (
    Key("space", "pause_or_go_on", "pause, or go on"),
    Key("m", "mute", "mute; hold it to talk"),
    Key("r", "repeat", "repeat the sentence"),
    Key("left", "previous_sentence", "back a sentence"),
    Key("right", "next_sentence", "on a sentence"),
    Key("n", "next_topic", "next topic"),
    Key("p", "previous_topic", "previous topic"),
    Key("+", "faster", "speak faster"),
    Key("-", "slower", "speak slower"),
    Key("t", "type", "type a question"),
    Key("?", "help", "this help"),
    Key("q", "quit", "quit; the place is kept"),
)
"""All keys, in the order of the help."""

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
)
"""Keys at the foot, the ones that must be known first: a narrow terminal shows as many as it has room for."""

ARROWS: Final = {"left": "←", "right": "→"}
"""How names of keys are drawn where the terminal can."""

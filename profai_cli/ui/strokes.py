"""What was pressed, from what a terminal sends for it: characters, named keys, and pasted text. Pure."""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

PASTE_ON: Final = "\x1b[?2004h"
PASTE_OFF: Final = "\x1b[?2004l"
"""Have the terminal mark what is pasted (bracketed paste, of xterm), or not any more."""

_PASTE_BEGINS: Final = "\x1b[200~"
_PASTE_ENDS: Final = "\x1b[201~"

LONGEST: Final = 4000
"""Characters of a question. Of a longer paste the rest is let go, and "…" in its place says so."""

ESCAPE_SECONDS: Final = 0.05
"""An Escape after which nothing comes for so long is the key of that name: terminals send the rest of an arrow key
at once."""

PASTE_SECONDS: Final = 2.0
"""A paste of which nothing more comes for so long has ended, whether the terminal says so or not."""

_SEQUENCE: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^\[O\x1b])")
"""What begins with Escape: a control sequence (ECMA-48), an arrow of a keypad, or a key with Alt."""
_BEGUN: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?")
"""A begin of one."""
_NAMES: Final = {
    "\r": "enter",
    "\n": "enter",
    "\b": "backspace",
    "\x7f": "backspace",
    "\x15": "erase line",
    "\x17": "erase word",
    " ": "space",
}
_ARROWS: Final = {"D": "left", "C": "right"}


class Stroke(NamedTuple):
    """A character, with its name if it has one; a key that is none; or text that was pasted, in one line."""

    kind: Literal["character", "key", "paste"]
    text: str
    name: str = ""


class Strokes:
    """Takes what comes as it comes: sequences may be split anywhere."""

    def __init__(self) -> None:
        self._rest = ""
        self._pasted: str | None = None  # so far, of a paste whose end has not come

    @property
    def patience(self) -> float | None:
        """Seconds to wait for what may follow, before `settle`; None where nothing is awaited."""
        if self._pasted is not None:
            return PASTE_SECONDS
        return ESCAPE_SECONDS if _BEGUN.fullmatch(self._rest) else None

    def feed(self, text: str) -> Iterator[Stroke]:
        """What `text` completes."""
        self._rest += text
        while self._rest and (stroke := self._next()) is not None:
            yield from stroke

    def settle(self) -> Iterator[Stroke]:
        """Nothing has followed."""
        if self._pasted is not None:
            yield self._end_of_paste(self._rest, "")
        elif self.patience:
            self._rest = ""
            yield Stroke("key", "", "escape")

    def _next(self) -> list[Stroke] | None:
        """What the text begins with, taken from it; None where more must come."""
        rest = self._rest
        if self._pasted is None and rest.startswith(_PASTE_BEGINS):
            self._pasted, self._rest = "", rest.removeprefix(_PASTE_BEGINS)
        if self._pasted is not None:
            return self._paste(self._pasted)
        if rest[0] != "\x1b":
            self._rest = rest[1:]
            return [Stroke("character", rest[0], _NAMES.get(rest[0], ""))]
        if sequence := _SEQUENCE.match(rest):
            self._rest = rest[sequence.end() :]
            arrow = _ARROWS.get(sequence.group()[-1]) if sequence.group()[1] in "[O" else None
            return [Stroke("key", "", arrow)] if arrow else []
        if _BEGUN.fullmatch(rest):
            return None
        self._rest = rest[1:]
        return [Stroke("key", "", "escape")]

    def _paste(self, before: str) -> list[Stroke] | None:
        text, end, rest = self._rest.partition(_PASTE_ENDS)
        if end:
            return [self._end_of_paste(text, rest)]
        split = max(0, len(text) - len(_PASTE_ENDS) + 1)  # the end's mark may have begun
        self._pasted, self._rest = (before + text[:split])[: LONGEST + 1], text[split:]
        return None

    def _end_of_paste(self, text: str, rest: str) -> Stroke:
        text, self._pasted, self._rest = f"{self._pasted}{text}", None, rest
        return Stroke("paste", pasted(text))


def pasted(text: str) -> str:
    """Pasted text as one line that can be typed."""
    more = "…" if len(text) > LONGEST else ""
    words = " ".join(text[:LONGEST].split())
    return "".join(character for character in words if character.isprintable()) + more

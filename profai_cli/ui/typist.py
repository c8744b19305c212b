"""What the learner's keys mean: a command each, or letters of a question. Pure.

While no question is being typed, a key of the table acts at once, and any other character begins a question: it is
its first letter. A key that is a letter may be either: it stands in the line, as the first letter of a question, and
if it is still alone there after `LETTER_SECONDS` it was the key, which acts now. It acts earlier where it comes
again, as while it is held, or before a key that is no letter. A key that can be taken back acts at once, and is taken
back where another letter follows. So whatever is typed without a break is a question, and no word of it steers the
class.

`t` and Enter open an empty question, in which every key is text, until Enter sends it or Escape drops it. What is
pasted is always text, and is sent by Enter alone.
"""

import re
from collections.abc import Callable
from typing import Final

from profai_cli.ui.keys import KEYS
from profai_cli.ui.strokes import LONGEST, Stroke

ACTIONS: Final = {key.label: key.action for key in KEYS} | {"=": "faster"}
"""What keys do; "+" is "=" without the shift key on many keyboards."""

_BACK: Final = {key.label: key.back for key in KEYS if key.back}

TYPE: Final = "type"
"""The action that opens a question."""

LETTER_SECONDS: Final = 0.3
"""Longer than most people take to the next letter of a word: of 168,000, on average 0.24 s, with all their pauses
between words (Dhakal and others, "Observations on Typing from 136 Million Keystrokes", CHI 2018)."""

_TAKES_BACK: Final = ("escape", "backspace", "erase line", "erase word")


class Typist:
    """Call it with every stroke. act: does what a key stands for. ask: gets a question, or an order, when it is sent.

    show: gets the question so far whenever it changes; None where none is being typed.
    """

    def __init__(
        self, act: Callable[[str], None], ask: Callable[[str], None], show: Callable[[str | None], None]
    ) -> None:
        self._act, self._ask, self._show = act, ask, show
        self._line: str | None = None
        self._key = ""  # the letter that is alone in the line, and may be a key

    @property
    def patience(self) -> float | None:
        """Seconds to wait for another letter, before `settle`; None where none is awaited."""
        return LETTER_SECONDS if self._key else None

    def settle(self) -> None:
        """No other letter has followed: it was a key."""
        if self._key:
            key, self._key = self._key, ""
            action = ACTIONS[key]
            self._set("" if action == TYPE else None)
            if action != TYPE and key not in _BACK:
                self._act(action)

    def __call__(self, stroke: Stroke) -> None:
        """Take one stroke."""
        begins = stroke.kind == "paste" or (stroke.text.isalpha() and stroke.text != self._key)
        if self._key and (begins or stroke.name in _TAKES_BACK):
            if self._key in _BACK:
                self._act(_BACK[self._key])
            self._key = ""
        self.settle()
        if stroke.kind == "paste":
            self._set((self._line or "") + stroke.text)
        elif self._line is None:
            self._command(stroke)
        else:
            self._edit(self._line, stroke)

    def _command(self, stroke: Stroke) -> None:
        action = ACTIONS.get(stroke.name or stroke.text)
        if stroke.name == "enter":
            self._set("")
        elif action is not None and stroke.text.isalpha():
            self._key = stroke.text
            self._set(stroke.text)
            if stroke.text in _BACK:
                self._act(action)
        elif action is not None:
            self._act(action)
        elif stroke.text.isprintable() and stroke.text:
            self._set(stroke.text)

    def _edit(self, line: str, stroke: Stroke) -> None:
        match stroke.name:
            case "enter":
                self._set(None)
                if line.strip():
                    self._ask(line.strip())
            case "escape":
                self._set(None)
            case "backspace":
                self._set(line[:-1] if line else None)
            case "erase line":
                self._set("")
            case "erase word":
                self._set(re.sub(r"\S+\s*$", "", line))
            case _ if stroke.text.isprintable() and stroke.text:
                self._set(line + stroke.text)

    def _set(self, line: str | None) -> None:
        self._line = line if line is None else line[: LONGEST + 1]
        self._show(self._line)

"""What the learner's keys mean: a command each, or letters of a question. Pure.

While no question is being typed, a key of the table acts at once, and any other character begins a question: it is
its first letter. `t` and Enter open an empty one, in which every key is text, until Enter sends it or Escape drops
it. Questions that begin with a letter that is a key are opened in this way, or begun with a capital. What is pasted
is always text, and is sent by Enter alone.
"""

import re
from collections.abc import Callable
from typing import Final

from profai_cli.ui.keys import KEYS
from profai_cli.ui.strokes import Stroke

ACTIONS: Final = {key.label: key.action for key in KEYS} | {"=": "faster"}
"""What keys do; "+" is "=" without the shift key on many keyboards."""

TYPE: Final = "type"
"""The action that opens a question."""


class Typist:
    """Call it with every stroke. act: does what a key stands for. ask: gets a question, or an order, when it is sent.

    show: gets the question so far whenever it changes; None where none is being typed.
    """

    def __init__(
        self, act: Callable[[str], None], ask: Callable[[str], None], show: Callable[[str | None], None]
    ) -> None:
        self._act, self._ask, self._show = act, ask, show
        self._line: str | None = None

    def __call__(self, stroke: Stroke) -> None:
        """Take one stroke."""
        if stroke.kind == "paste":
            self._set((self._line or "") + stroke.text)
        elif self._line is None:
            self._command(stroke)
        else:
            self._edit(self._line, stroke)

    def _command(self, stroke: Stroke) -> None:
        action = ACTIONS.get(stroke.name or stroke.text)
        if action == TYPE or stroke.name == "enter":
            self._set("")
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
        self._line = line
        self._show(line)

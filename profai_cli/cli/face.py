"""What the learner sees and types on: the live screen and its keys on a terminal, plain lines elsewhere."""

import os
import sys
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import click

from profai_cli.cli.exits import can_draw
from profai_cli.events import Event
from profai_cli.lesson.course import Course
from profai_cli.ports import Frame
from profai_cli.ui.keyboard import Keyboard, LineKeyboard
from profai_cli.ui.keys import LOOKS
from profai_cli.ui.plain import PlainLines
from profai_cli.ui.typist import ACTIONS

if TYPE_CHECKING:
    from profai_cli.ui.screen import Screen

Note = Callable[[float, str, str], None]
"""Shows the learner a line that no event tells: media time, a label, and the text."""


class Face:
    """A context. live: the screen, where standard output is a terminal. types: the learner may type, if he can.

    heard: module and topic of those that the learner heard to their end in earlier classes.

    reader, note, watch: take events, lines that no event tells, and frames.
    """

    def __init__(
        self, course: Course, *, live: bool, types: bool, quiet: bool, heard: Collection[tuple[int, int]] = ()
    ) -> None:
        self.gone: Callable[[], None] = lambda: None
        """Called when nobody reads the lines any more, as after `| head`."""
        self.watch: Callable[[Frame], None] | None = None
        self._keyboard: Keyboard | LineKeyboard | None = None
        self._screen: Screen | None = None
        self._types = types and sys.stdin is not None and sys.stdin.isatty()
        self._shown = False
        self._look: Callable[[str], None] = lambda _action: None
        self.reader: Callable[[Event], None] = lambda _event: None
        self.note: Note = lambda _t, _label, _text: None
        if quiet:
            return
        shown: Screen | PlainLines
        if live and can_draw(sys.stdout):
            shown = self._screen = _screen(course, heard)
        else:
            shown = PlainLines(self._print)
        self.reader, self.note, self.watch, self._look = shown, shown.note, shown.watch, shown.look

    @property
    def live(self) -> bool:
        """The screen, of which nothing stays but what scrolled by."""
        return self._screen is not None

    def __enter__(self) -> "Face":
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

    def listen(self, act: Callable[[str], None], ask: Callable[[str], None]) -> None:
        """Show the class, and take keys and questions, where there is a terminal for them: see `Keyboard`."""

        def press(action: str) -> None:
            (self._look if action in LOOKS else act)(action)

        if self._types and (screen := self._screen):
            writes = False

            def show(line: str | None) -> None:
                nonlocal writes
                wrote, writes = writes, line is not None and (writes or line not in ACTIONS)  # alone it may be a key
                if writes and not wrote:
                    act("typing")  # the class waits for whoever writes
                screen.typing(line)

            self._keyboard = Keyboard(press, ask, show)
        elif self._types:
            self._keyboard = LineKeyboard(press, ask)
        self.show()

    def show(self) -> None:
        """Take the terminal, at the begin and after `hide`."""
        self._shown = True
        if self._keyboard:
            self._keyboard.start()
        if self._screen:
            self._screen.start()

    def hide(self) -> None:
        """Give the terminal back as it was. Idempotent."""
        if not self._shown:
            return
        self._shown = False
        try:
            if self._screen:
                self._screen.stop()
        finally:
            if self._keyboard:
                self._keyboard.stop()

    def _print(self, line: str) -> None:
        try:
            click.echo(line)
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the process ends
            self.gone()


def _screen(course: Course, heard: Collection[tuple[int, int]]) -> "Screen":
    from profai_cli.ui.screen import Screen  # noqa: PLC0415 - Rich takes 0.1 s that plain lines need not wait

    return Screen(course=course, heard=heard)

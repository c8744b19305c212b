"""The learner's switch of the microphone: one key to turn it off and on, and to talk while it is held.

A terminal tells that a key was pressed, and again and again while it is held, but never that it was let go. So a key
that comes again soon is a key that is held, until it has not come for a while.
"""

from collections.abc import Callable
from typing import Final

from profai_cli.session.pace import Schedule

AGAIN: Final = 0.7
"""Seconds in which a held key comes again: keyboards wait for 0.25 to 0.66 s (X11) before they repeat a key at all,
and then for 0.03 to 0.5 s (Windows at its slowest)."""


class Muting:
    """A tap turns the microphone off, and the next one on again. While the key is held it is on, and then as before.

    turn: called with whether it is off from now on.
    """

    def __init__(self, schedule: Schedule, turn: Callable[[bool], None]) -> None:
        self._schedule, self._turn = schedule, turn
        self._muted = False
        self._before = False  # whether it was off before this key was pressed
        self._presses = 0
        self._last = 0.0

    def press(self) -> None:
        """The key has come."""
        now = self._schedule.now
        self._presses = self._presses + 1 if self._presses and now - self._last <= AGAIN else 1
        self._last = now
        if self._presses == 1:
            self._before = self._muted
            self._set(not self._muted)
        else:
            self._set(False)
        presses = self._presses
        self._schedule.at(
            now + AGAIN, lambda: self._let_go() if (now, presses) == (self._last, self._presses) else None
        )

    def take_back(self) -> None:
        """It was no key, but the first letter of a word that is being typed."""
        self._presses = 0
        self._set(self._before)

    def _let_go(self) -> None:
        """No key has come for a while. Two presses may be two taps, of which the second takes back the first."""
        if self._presses > 1:
            self._set(self._before)
        self._presses = 0

    def _set(self, muted: bool) -> None:
        if muted is not self._muted:
            self._muted = muted
            self._turn(muted)

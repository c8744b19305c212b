"""When each word of a sentence begins to sound, from what an engine tells about some of them. Pure."""

import re
from typing import Final

from profai_cli.ports import WordTime

_WORD: Final = re.compile(r"[^\s\-\u2010-\u2015/]+")
"""Words end at spaces, hyphens, dashes and slashes."""


class WordTimes:
    """Follows an engine through a sentence.

    An engine tells of some words, and of symbols and parts of numbers. Words it is silent about ("the" in
    espeak's "of the") get the time between their neighbours' that corresponds to their place in the text.
    """

    def __init__(self, text: str) -> None:
        self._left = [m.span() for m in _WORD.finditer(text) if any(map(str.isalnum, m.group()))]
        self._last = (0, 0.0)

    def reach(self, position: int, at: float) -> tuple[WordTime, ...]:
        """The engine says the character at `position` from `at` s on: words that begin there or before it.

        Nothing, where it is no character of a word still to come.
        """
        count = sum(start <= position for start, _ in self._left)
        if count == 0 or position >= self._left[count - 1][1]:
            return ()
        return self._times(count, self._left[count - 1][0], at)

    def until(self, position: int, at: float) -> tuple[WordTime, ...]:
        """The sound of all characters before `position` ends `at` s: the words that are left of them."""
        return self._times(sum(start < position for start, _ in self._left), position, at)

    def _times(self, count: int, end: int, at: float) -> tuple[WordTime, ...]:
        """Times of the next `count` words, in proportion from the last known one to character `end`."""
        first, since = self._last
        seconds = (at - since) / max(end - first, 1)
        begun, self._left = self._left[:count], self._left[count:]
        self._last = (end, at)
        return tuple(WordTime(start, stop, at - (end - start) * seconds) for start, stop in begun)

"""Times of single characters, as ElevenLabs gives them, to times of words. Pure."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from profai_cli.ports import WordTime
from profai_cli.providers.tts.word_times import WordTimes

Characters = Sequence[tuple[str, float]]
"""Characters with the seconds at which each begins to sound."""

_WINDOW: Final = 16
"""Characters of the text that an alignment may leave out at once."""


def characters(alignment: object) -> Characters:
    """The characters of an alignment of the SDK; none, where it is missing or not in order."""
    signs = getattr(alignment, "characters", None)
    starts = getattr(alignment, "character_start_times_seconds", None)
    if not isinstance(signs, list) or not isinstance(starts, list) or len(signs) != len(starts):
        return ()
    if not all(isinstance(sign, str) for sign in signs) or not all(isinstance(at, int | float) for at in starts):
        return ()
    return list(zip(signs, starts, strict=True))


class CharacterTimes:
    """Follows an alignment through a sentence.

    text: the sentence. said: what the voice was given instead. origin: the position in `text` of each of its
    characters, see `tutor.numbers.in_words`.
    """

    def __init__(self, text: str, said: str, origin: Sequence[int]) -> None:
        self._words = WordTimes(text)
        self._end = len(text)
        self._said = said
        self._origin = origin
        self._next = 0
        self._base = self._last = 0.0

    def take(self, aligned: Characters, begin: float) -> tuple[WordTime, ...]:
        """The words of a piece's characters. The piece begins `begin` seconds into the sound.

        Times that jump back count from this piece: whether those of a stream run on is not documented.
        """
        if aligned and self._base + aligned[0][1] < self._last:
            self._base = begin
        return tuple(chain.from_iterable(self._reached(sign, at) for sign, at in aligned))

    def rest(self, end: float) -> tuple[WordTime, ...]:
        """The words without a time, spread over what is left of the sound, which is `end` seconds long."""
        return self._words.until(self._end, end)

    @property
    def begun(self) -> bool:
        """A time of any character has come."""
        return self._next > 0

    @property
    def whole(self) -> bool:
        """The last letter has come, or the one before it."""
        last = max((place for place, sign in enumerate(self._said) if sign.isalnum()), default=0)
        return self._next >= last

    def _reached(self, sign: str, at: float) -> tuple[WordTime, ...]:
        self._last = max(self._last, self._base + at)
        place = self._said.find(sign, self._next, self._next + _WINDOW) if sign.strip() else -1
        if place < 0:
            return ()
        self._next = place + 1
        return self._words.reach(self._origin[place], self._last)

"""The sounds that a teacher gives to words of a course, put into what a voice is given. Pure."""

import re
from collections.abc import Mapping
from typing import Final

_CAPITALS: Final = re.compile(r"[^\W\d_]{2,}")


class Sounds:
    """sounds: what to say instead, by the word or words; a word whose sound is itself stays as it is.

    A word in small letters is found in any letters ("brahe" in "BRAHE"), one with a capital only as it is written
    ("US", not "us"). Stress may be written in capitals ("KEP-ler"), which some voices would spell.
    """

    def __init__(self, sounds: Mapping[str, str]) -> None:
        given = {word: _uttered(sound) for word, sound in sounds.items() if word != sound and sound}
        self._exact = {word: sound for word, sound in given.items() if word != word.casefold()}
        self._any = {word: sound for word, sound in given.items() if word == word.casefold()}
        exact, small = (_alternatives(words) for words in (self._exact, self._any))
        ways = [way for way in (exact, f"(?i:{small})" if small else "") if way]
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)") if ways else None

    def of(self, word: str) -> str:
        """How a single word is given to a voice."""
        return self._exact.get(word) or self._any.get(word.casefold()) or word

    def said(self, text: str) -> tuple[str, list[int]]:
        """The text as a voice gets it, and for each of its characters the position in `text` that it stands for.

        The positions never go back.
        """
        parts: list[str] = []
        origin: list[int] = []
        done = 0
        for match in self._pattern.finditer(text) if self._pattern else ():
            start, end = match.span()
            sound = self.of(match[0])
            parts += text[done:start], sound
            origin += range(done, start)
            origin += (start + place * (end - start) // len(sound) for place in range(len(sound)))
            done = end
        return "".join([*parts, text[done:]]), [*origin, *range(done, len(text))]


def _alternatives(words: Mapping[str, str]) -> str:
    """A pattern of them, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _uttered(sound: str) -> str:
    """Without the capitals of stress; a letter that stands alone is meant as a letter."""
    return _CAPITALS.sub(lambda match: match[0].lower() if match[0].isupper() else match[0], sound)

"""How to say abbreviations: letter by letter. Pure."""

from collections.abc import Iterable
from string import ascii_uppercase
from typing import Final

_NAMES = (
    "EY, B IY, S IY, D IY, IY, EH F, JH IY, EY CH, AY, JH EY, K EY, EH L, EH M, EH N, OW, P IY, K Y UW, AA R, EH S, "
    "T IY, Y UW, V IY, D AH B AH L Y UW, EH K S, W AY, Z IY"
)
_LETTERS: Final = dict(zip(ascii_uppercase, _NAMES.split(", "), strict=True))
"""The names of the letters in ARPAbet (CMUdict)."""


def spelled_out(words: Iterable[str]) -> dict[str, str]:
    """ARPAbet phones, by the word in lower case, of the words that are said letter by letter.

    These are up to three capitals ("UDP"), or up to five with hardly a vowel among them ("HTTPS", "NADPH"): a
    synthesiser reads some of them as words.
    """
    return {
        word.lower(): " ".join(_LETTERS[letter] for letter in word)
        for word in words
        if _LETTERS.keys() >= set(word) and _by_letter(word)
    }


def _by_letter(word: str) -> bool:
    vowels = sum(letter in "AEIOU" for letter in word)
    return len(word) <= 3 or (len(word) <= 5 and vowels * 4 <= len(word))  # noqa: PLR2004 - the rule itself

"""The words of a course whose sound no dictionary may know. English. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from profai_cli.lesson.course import Course

_WORD: Final = re.compile(r"(?<!\w)[^\W\d_]+(?:'[^\W\d_]+)*(?!\w)")
_FEWEST: Final = 3  # letters of a stem, and of a part of a compound
_SUFFIXES: Final = (
    ("'s", ""), ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"),
    ("er", ""), ("er", "e"), ("ers", ""), ("ly", ""), ("ness", ""), ("less", ""), ("able", ""), ("able", "e"),
    ("our", "or"), ("ours", "ors"), ("oured", "ored"), ("ise", "ize"), ("ised", "ized"), ("isation", "ization"),
    ("re", "er"), ("res", "ers"), ("lt", "lled"), ("lling", "ling"), ("lled", "led"),
)  # fmt: skip
"""Endings, and what the word has without them; the last of them are British ways to write."""
_PREFIXES: Final = ("un", "re", "non", "mis", "pre", "sub", "over", "out", "inter", "multi", "micro", "super", "anti")


def words(course: Course) -> dict[str, str]:
    """The words of the course without digits, as first written, and for each a sentence in which it is spoken.

    Those that are spoken most come first.
    """
    found: dict[str, tuple[str, str]] = {}
    often: Counter[str] = Counter()
    for module in course.modules:
        for topic in module.topics:
            for sentence in topic.sentences:
                for word in _WORD.findall(sentence.text.replace("\u2019", "'")):
                    if len(word) > 1:
                        often[word.casefold()] += 1
                        found.setdefault(word.casefold(), (word, sentence.text))
    return dict(found[key] for key, _ in often.most_common())


def kin(word: str) -> set[str]:
    """Words from which this one would be said right: itself without endings and beginnings, in small letters."""
    word = word.casefold()
    found = {word[: -len(ending)] + instead for ending, instead in _SUFFIXES if word.endswith(ending)}
    found |= {stem[:-1] for stem in found if stem[-1:] == stem[-2:-1]}  # "stopped"
    found |= {stem.removeprefix(prefix) for stem in (word, *found) for prefix in _PREFIXES}
    return {stem for stem in found if len(stem) >= _FEWEST and stem != word}


def compounds(word: str) -> Iterable[tuple[str, str]]:
    """The ways in which a word of small letters may be made of two: "newline". A name is no compound."""
    cuts = range(_FEWEST, len(word) - _FEWEST + 1) if word.islower() else ()
    return [(word[:cut], word[cut:]) for cut in cuts]


def unsure(listed: Iterable[str], known: Callable[[str], bool]) -> list[str]:
    """Those of the words, which no dictionary has, that are not made of words that one has."""
    return [
        word
        for word in listed
        if not any(map(known, kin(word))) and not any(known(a) and known(b) for a, b in compounds(word))
    ]

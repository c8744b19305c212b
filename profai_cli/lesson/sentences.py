"""Where sentences and phrases begin. Pure.

A phrase is what the lesson goes back to after an interruption: a clause, short enough to hear twice.
"""

import re
from itertools import pairwise
from typing import Final

LONGEST: Final = 220
"""Characters of a sentence; a longer one is split between phrases, so that voices begin to speak early."""

_LONGEST_PHRASE: Final = 120  # characters; cut between any two words where the clause is longer
_FEWEST: Final = 3  # words of a phrase
_MANY: Final = 5  # words after which a conjunction begins a phrase
_VERY_MANY: Final = 9  # words after which a preposition does

_END: Final = re.compile(r"[.!?…।]+[\"')\]»”’]*(?=\s)|[。！？]+")  # noqa: RUF001 - full stops of other scripts
_DOTTED: Final = re.compile(r"(?:\w\.)+\w")  # U.S, a.m
_OPENING: Final = "\"'([\u00ab\u201c\u2018"  # quotation marks and brackets


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEVER_LAST: Final = _words("dr mr mrs ms prof st sri smt shri gen col capt sgt rev hon vs cf approx")
_BEFORE_NUMBERS: Final = _words("fig figs no eq sec ch vol p pp")
_SELDOM_LAST: Final = _words("etc jr sr inc ltd co corp dept est ph.d b.sc m.sc b.tech m.tech")
_STARTERS: Final = _words(
    "A All An And As At Because But By Each Every For From He Her Here His How I If In It Its Let My Most "
    "No Not Now On One Or Our She So Some That The Their Then There These They This Those To We What When "
    "Where Which While Who Why With Yes You Your"
)
_CONJUNCTIONS: Final = _words(
    "after although and because before but if nor since so that though unless until when where "
    "whereas which while who whose yet"
)
_PREPOSITIONS: Final = _words(
    "about above across against along among around as at below between by during for from in into like near "
    "of on onto over through to towards under with within without"
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a running text, in order, without the blanks between them.

    Does not split after abbreviations ("Dr.", "U.S."), after initials, or within numbers.
    """
    text = " ".join(text.split())
    starts = [0, *(m.end() for m in _END.finditer(text) if _ends(text, m)), len(text)]
    return tuple(part for start, end in pairwise(starts) if (part := text[start:end].strip()))


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether the mark ends a sentence."""
    if mark[0][0] in "。！？":  # noqa: RUF001 - full stops of other scripts
        return True
    following = text[mark.end() + 1 : mark.end() + LONGEST].lstrip(_OPENING).split(" ", 1)[0]
    if mark[0] != ".":  # not: "Why?" he asked; well... then
        return mark[0] in ("?", "!", "।") or not following[:1].islower()
    word = text[max(0, mark.start() - LONGEST) : mark.start()].rpartition(" ")[2].lstrip(_OPENING)
    if word.lower() in _NEVER_LAST or (word.lower() in _BEFORE_NUMBERS and following[:1].isdecimal()):
        return False
    if word.isdecimal() and mark.start() == len(word):  # "1. Open the door."
        return False
    if (len(word) == 1 and word.isupper()) or word.lower() in _SELDOM_LAST or _DOTTED.fullmatch(word):
        return re.split(r"\W", following, maxsplit=1)[0] in _STARTERS
    return True


def phrases(sentence: str) -> tuple[int, ...]:
    """Offsets at which the phrases of a sentence begin, ascending, the first 0.

    Each is the begin of a word. A phrase begins after a comma, colon, semicolon or dash, and in a long
    clause at a conjunction or, failing that, a preposition; it has three words or more, where there are
    as many.
    """
    words = [(m.start(), m.group()) for m in re.finditer(r"\S+", sentence)]
    cuts = [0]
    for index in range(1, len(words)):
        start, word = words[index]
        if start + len(word) - words[cuts[-1]][0] > _LONGEST_PHRASE or (
            index - cuts[-1] >= _FEWEST
            and len(words) - index >= _FEWEST
            and _begins(word, words[index - 1][1], index - cuts[-1])
        ):
            cuts.append(index)
    return (0, *(words[cut][0] for cut in cuts[1:]))


def _begins(word: str, before: str, so_far: int) -> bool:
    """Whether `word` begins a phrase, after `before` and `so_far` words of the phrase before it."""
    if before.rstrip("\"')]”’")[-1:] in ",;:—–" or before in ("-", "--") or before[-1] in ".!?":  # noqa: RUF001 - dash
        return True
    key = word.strip("\"'(").lower()
    return (so_far >= _MANY and key in _CONJUNCTIONS) or (so_far >= _VERY_MANY and key in _PREPOSITIONS)


def short(sentence: str) -> tuple[str, ...]:
    """The sentence, in about equal parts of whole phrases where it is longer than `LONGEST`."""
    if len(sentence) <= LONGEST:
        return (sentence,)
    target = len(sentence) / -(-len(sentence) // LONGEST)
    parts = [""]
    for start, end in pairwise((*phrases(sentence), len(sentence))):
        if parts[-1] and (len(parts[-1]) >= target or len(parts[-1]) + end - start > LONGEST):
            parts.append("")
        parts[-1] += sentence[start:end]
    return tuple(part.strip() for part in parts)

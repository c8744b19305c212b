"""The words that questions are made of, and how much each says. English. Pure.

Questions come from a recogniser: lower case, no punctuation, small words misheard ("you is a loop"). So
nothing here relies on grammar, only on which words occur.
"""

import re
from collections.abc import Mapping
from typing import Final

_APOSTROPHE: Final = "\u2019"
_WORD: Final = re.compile(rf"[^\W_]+(?:['{_APOSTROPHE}][^\W_]+)*")


def _all(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL: Final = _all(
    """
    a about above across actually after against all along also always am among an and another any anybody anyone
    anything are aren't around as at be because been before behind being below beside besides between beyond but by
    bye can can't cannot could couldn't despite did didn't do does doesn't doing don't done dont during either else
    er except for from generally had has hasn't have haven't having he hello her here hey hi him his hmm how however
    huh i i'd i'll i'm i've if in instead into is isn't it it's its itself just kindly let let's ma'am madam may
    maybe me might mine more most mostly much must my no nor normally not of oh ok okay on or our ours out outside
    over pardon past per perhaps please profai professor quite rather really shall she should shouldn't since sir so
    some somebody somehow someone something sometimes sorry such than thank thanks that that's the their them then
    there there's these they they're this those though through throughout till to too toward towards tutor uh um
    under until up upon us usually very via was wasn't we we're well were weren't what what's whatever when where
    where's whether which while who who's whom whose why will with within without won't would wouldn't yeah yes yet
    you you're your yours
    """
)
"""Words that say nothing about what is asked."""

_SOFT: Final = _all(
    """
    able again anyway ask asked asking asks away back become becomes becoming bit bits call called came come comes
    coming detail details difference different doing done each even ever every everything exactly explain far find
    full further gave get gets getting give given gives giving go goes going gone gonna good got guess happen
    happened happens help keep keeping keeps kept kind knew know knowing known lesson like little long look looked
    looking looks lot made make makes making many mean meaning means need never next now often one ones only other
    own part possible probably put question reason repeat right said same say says see seeing seem seen show showed
    shown shows sort still stuff take taken takes taking talk talking teach teacher tell tells thing things think
    thought time today told took topic tried try understand understood use used uses using want wanted wants way
    ways well went wonder wondering word words work working works
    """
)
"""Words that say little: the verbs of asking and explaining, and what stands for anything."""

_COMMON: Final = _all(
    """
    able add allow appear avoid bad beautiful begin belong best better big bigger biggest borrow break bring build
    buy calculate carry catch cause certain change cheap check choose clean clear climb close cold combine common
    compare complete compute connect consist construct contain continue control convert correct count cover create
    cross cut dangerous deal decide define delete describe die discover display divide draw dry early easily easy
    edit empty end enter escape exact exist fall famous far fast feel figure fill finally finish first fit fix float
    follow forget form free full get great grow handle happy hard heavy hide high hit hold huge important improve
    include increase insert inside instead invent join jump kill large largest last late learn leave let lift light
    likely live load lose loud low main matter measure meet mention merge mix modify move multiply name naturally
    new nice normal notice old open order originate outside pass pay people perfect person pick place play point
    press prevent print produce protect pull push quick quiet raise reach read ready real receive recognise
    recognize record reduce remain remember remove replace require return reverse rich ripe rise rough run safe save
    search send separate set shake shape share shine short simple simply size skip slightly slow small smallest
    smooth soft solve special speed spend split spread stand start stay steady step stop store strange strong
    succeed suddenly sure swap swim switch tall tear thick thin throw tight tiny together touch track travel true
    truly turn type understand useful usual visit wait walk warm warn watch weak wet wide wise work write wrong
    """
)
"""Everyday verbs and qualities. Found, they count like any word; a course without them may still answer."""

_ENDING: Final = re.compile(r"(?:s|es|d|ed|ing|er|est|ly)$")

SOFT_WEIGHT: Final = 0.3
"""How much a soft word counts, against 1."""

_COUNTING: Final = "zero one two three four five six seven eight nine ten eleven twelve"
DIGITS: Final = {word: str(number) for number, word in enumerate(_COUNTING.split())}
"""Number words that a text may write in digits."""

SHORTEST_CORRECTED: Final = 5
"""Letters; shorter words have too many neighbours to be corrected."""


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case, without punctuation."""
    return tuple(word.replace(_APOSTROPHE, "'") for word in _WORD.findall(text.casefold()))


def weight(word: str) -> float:
    """How much a word (lower case) says about what is asked: 0 to 1."""
    if word in _SMALL or (len(word) == 1 and not word.isdigit()):
        return 0.0
    return SOFT_WEIGHT if word in _SOFT else 1.0


def is_common(word: str) -> bool:
    """Whether it says little when a course lacks this word (lower case, in any of its forms)."""
    stem = _ENDING.sub("", word)
    return not _COMMON.isdisjoint((word, stem, stem + "e", stem[:-1])) or weight(word) < 1


def nearest(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """The commonest word of the vocabulary (word: count) that differs by one slip; None where there is none.

    A slip is a letter too many, too few or two swapped, inside the word, or a vowel for another. Other
    changes make other words ("invented", "indented").
    """
    if len(word) < SHORTEST_CORRECTED:
        return None
    halves = [(word[:i], word[i:]) for i in range(1, len(word))]
    near = {a + b[1:] for a, b in halves if len(b) > 1}
    near |= {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    near |= {a + c + b for a, b in halves for c in "abcdefghijklmnopqrstuvwxyz"}
    near |= {a[:-1] + c + b for a, b in halves if a[-1] in "aeiouy" for c in "aeiouy"}
    return max((n for n in near if n in vocabulary), key=lambda n: (vocabulary[n], n), default=None)

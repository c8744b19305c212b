"""Which sentence an answer should begin with: the one that says what the thing is, who made it, when. English. Pure.

A cue (`tutor.cues`) makes a sentence likelier; a lead names the very sentence. Where none has it, nothing changes.
"""

import re
from collections.abc import Sequence
from typing import Final

from profai_cli.lesson.course import Check
from profai_cli.lesson.script import ITEM_PAUSE, Sentence, spoken
from profai_cli.tutor.vocabulary import weight, words

_MADE: Final = frozenset(
    {"invent", "invented", "create", "created", "make", "made", "begin", "began", "begun", "start", "started"}
    | {"build", "built", "design", "designed", "develop", "developed", "write", "wrote"}
)
_DEEDS: Final = (
    _MADE,
    frozenset({"make", "create", "define"}),
    frozenset({"install", "download", "get"}),
    frozenset({"arrange", "order", "sort"}),
)
"""Words that are asked for one another; one may be in several rows."""

_NAME: Final = r"(?-i:[A-Z][\w-]+(?: (?:da|de|van|von|al))? [A-Z][\w-]+)"
_BEGUN: Final = r"(?:invented|created|began|begun|started|built|designed|developed|wrote|founded)"
_YEARS: Final = r"(?:[\w.,]+ ){1,6}years"
_BY: Final = rf"{_NAME},? (?:{_BEGUN}|made)\b|\b(?:{_BEGUN}|made) by (?:\w+ ){{0,4}}{_NAME}"
_DATE: Final = rf"\b{_BEGUN}\b.*\b[12]\d{{3}}\b|\b[12]\d{{3}}\b.*\b{_BEGUN}\b|\b{_BEGUN}\b.*\b{_YEARS} ago\b"

_HOW_OLD: Final = re.compile(r"^how old (?:is|are) (?:an? |the )?(\w+(?: \w+)?)$")
_WHO: Final = re.compile(r"^who\b")
_WHO_IS: Final = re.compile(r"^who(?: is|'s| was) (?!the\b)(\w+(?: \w+){0,3})$")
_WHEN: Final = re.compile(r"^(?:when|(?:in )?(?:what|which) year)\b")
_HOW_TO: Final = re.compile(r"^(?:how|where) (?:to|(?:do|can|could|should|would) (?:i|you|we|one)) (\w+) (.+)$")
_WHAT_IS: Final = re.compile(
    r"^(?:what(?: is|'s| are)(?: the meaning of| meant by)?|whats|what do you mean by|tell me (?:something )?about"
    r"|explain|define) (?:an? |the )?(\w+(?: \w+)?)$"
)
_MEANS: Final = re.compile(r"^what (?:does|do) (?:an? |the )?(\w+(?: \w+)?) mean$")
_ASIDE: Final = re.compile(
    r"^(?:(?:so|but|and|um|uh|okay|sir|madam|ma'am|please|kindly|can you|could you|do you know|i want to know"
    r"|tell me(?= (?:wh\w+|how)\b)) )+| (?:please|sir|madam|ma'am|please tell(?: me)?)$"
)
"""Words around a question."""

_CLAUSE: Final = re.compile(r" (?:so|when|while|if|unless|without|before|after|because|that|which|who)\b")
_LEANS: Final = re.compile(
    r"(?:(?:in|on|at|of|to|from|with|after) )?"
    r"(?:it|its|this|that|these|those|they|their|them|he|she|his|her|such|so|but|and|then)\b",
    re.IGNORECASE,
)
_MOST_WORDS: Final = 40
"""A question is cut off here: each of its words may become a part of the pattern."""

_STEPS: Final = 2
"""How many sentences an answer may begin earlier."""


def deeds(word: str) -> frozenset[str]:
    """The other words that may say the same as this one (lower case)."""
    return frozenset().union(*(row for row in _DEEDS if word in row)) - {word}


def lead(question: str) -> re.Pattern[str] | None:
    """What the first sentence of an answer looks like; None where the question does not tell.

    The pattern is for `search` in the sentence before, a line break, and the sentence.
    """
    asked = _ASIDE.sub("", " ".join(words(question)[:_MOST_WORDS]))
    made = not _MADE.isdisjoint(asked.split())
    if old := _HOW_OLD.match(asked):
        return _age(old[1])
    if made and _WHO.match(asked):
        return _maker(asked, _BY)
    if name := _WHO_IS.match(asked):
        return _person(name[1])
    if made and _WHEN.match(asked):
        return _maker(asked, _DATE)
    if to := _HOW_TO.match(asked):
        return _way(to[1], _CLAUSE.split(to[2])[0])
    thing = _WHAT_IS.match(asked) or _MEANS.match(asked)
    return _definition(thing[1]) if thing else None


def _pattern(*sentences: str, before: str = "") -> re.Pattern[str]:
    """Any of these, each from the begin of a sentence; `before`: of both sentences."""
    any_of = "|".join([*(rf"\n(?:{sentence})" for sentence in sentences), *([before] if before else [])])
    return re.compile(any_of, re.IGNORECASE)


def _things(asked: str) -> list[str]:
    """Patterns of the words that say what is asked about."""
    return [rf"{_single(word)}(?:e?s)?" for word in asked.split() if weight(word) == 1 and word not in {*_MADE, "year"}]


def _maker(asked: str, said: str) -> re.Pattern[str] | None:
    """ "Ada Byron wrote the program", or "Python is a language. Guido van Rossum began it in 1989"."""
    things = _things(asked)
    if not things:
        return None
    named = "".join(rf"(?=.*\b{thing}\b)" for thing in things)
    return _pattern(
        rf"{named}.*(?:{said})", before=rf"\A(?:an? |the )?{' '.join(things)}\b.*\n(?=.*\bit\b).*(?:{said})"
    )


def _person(name: str) -> re.Pattern[str]:
    """ "A Dutch programmer, Guido van Rossum, …", "Aryabhata, an Indian astronomer", "… was the first …"."""
    return _pattern(rf".*\ban? [\w -]+, {name}\b", rf".*\b{name}(?:,| is| was) (?:an?|the)\b")


def _age(thing: str) -> re.Pattern[str]:
    """ "The Earth is four billion years old", "It has done so for four billion years"."""
    return _pattern(
        rf".*\b{thing} (?:is|are) {_YEARS} old\b",
        before=rf"\b{thing}\b.*\n.*\bh(?:as|ave) (?:\w+ ){{1,2}}for {_YEARS}\b",
    )


def _way(verb: str, rest: str) -> re.Pattern[str] | None:
    """ "To sort a list, …", "To put a list in order, use sort", "If Python is not there, install it"."""
    named = "".join(rf"(?=[^,\n]*\b{thing}\b)" for thing in _things(rest))
    do = rf"(?:{'|'.join(sorted({verb} | deeds(verb)))})"
    return _pattern(rf"to\b{named}.*\b{do}\b", rf"{named}.*, {do} (?:it|them)\b") if named else None


def _definition(thing: str) -> re.Pattern[str]:
    """ "A list holds many values", "Such a note is called a comment", "The Moon is our nearest neighbour"."""
    one = rf"{_single(thing)}(?:e?s)?"
    last = rf".*\b(?:is|are) (?:an? |the )?{one}[,.]"
    is_what = r"(?:is|are)(?! (?:also|not|about|so|too|very|\w+ly)\b)"
    says = rf"(?:{is_what}|means|stands for|holds?|stores?|repeats?|keeps?|contains?)"
    return _pattern(
        rf"(?:an? |the )?{one} {says}\b", last, rf".*(?<!\bwas )(?<!\bwere )\bcalled (?:an? |the )?{one}(?![\w-])"
    )


def _single(word: str) -> str:
    if word.endswith("ies"):
        return f"{word.removesuffix('ies')}(?:y|ie)"
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word  # noqa: PLR2004 - "gas"


def opening(sentences: Sequence[Sentence], begin: int, end: int) -> int:
    """Where to begin rather than at `begin`, so that an answer up to `end` starts with no code and no pronoun.

    Code is passed over; for a pronoun the answer begins earlier, with the sentence that it stands for. The topic's
    first sentence, its title, is never read.
    """
    first = next((n for n in range(begin, end) if sentences[n].pause != ITEM_PAUSE), begin)
    for n in range(first, max(first - _STEPS - 1, 0), -1):
        if sentences[n].pause != ITEM_PAUSE and not _LEANS.match(sentences[n].text):
            return n
    return first


def by_itself(check: Check) -> str:
    """The answer of a check to another question: after its own one, where it begins with a word for that ("It is.")."""
    return spoken(f"{check.question} {check.answer}" if _LEANS.match(check.answer) else check.answer)

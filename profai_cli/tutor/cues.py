"""What a sentence that answers a question is likely to look like: a "why" wants a "because". English. Pure."""

import re
from typing import Final

from profai_cli.tutor.vocabulary import weight, words

EXAMPLE: Final = re.compile(
    r"\bfor (?:example|instance)\b|\bsuch as\b|\bimagine\b|\bsuppose\b|\bhere (?:is|are)\b", re.IGNORECASE
)
REASON: Final = re.compile(
    r"\bbecause\b|\bso that\b|\btherefore\b|\b(?:that|this) is why\b|\breasons?\b|\bcause[ds]?\b",
    re.IGNORECASE,
)

_COUNT: Final = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|half|quarter)"
)
_TIME: Final = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|centur(?:y|ies))"
_LENGTH: Final = r"(?:met(?:re|er)s?|\w+met(?:re|er)s?|miles?|feet|foot|inch(?:es)?|light years?|times)"
_MONTH: Final = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|century|ago)"
_UNITS: Final[tuple[tuple[str, str], ...]] = (
    (r"how (?:long|old|often)", rf"\b{_COUNT}\b.{{0,20}}\b{_TIME}\b|\b(?:once|twice|every)\b"),
    (
        r"how (?:far|big|large|tall|wide|high|deep|thick)|(?:distance|size|diameter) of",
        rf"\b{_COUNT}\b.{{0,20}}\b{_LENGTH}\b",
    ),
    (r"how (?:hot|cold|warm)|temperature", rf"\b{_COUNT}\b.{{0,20}}\bdegrees\b"),
    (r"how (?:fast|much|heavy)", rf"\b{_COUNT}\b"),
    (r"(?:when|what year|which year)", rf"\b[12]\d{{3}}\b|\b{_MONTH}\b"),
    (r"(?:where\b.* com(?:e|es|ing)|origin)", rf"\b(?:comes? from|named|took|began)\b|\b[12]\d{{3}}\b|\b{_MONTH}\b"),
    (r"(?:why|how come|reason)", REASON.pattern),
    (r"(?:^if|what if|what happens (?:if|when))", r"^(?:if|when)\b"),
    (r"(?:examples?|instance)", EXAMPLE.pattern),
    (r"how (?:do|can|could|should|would|to|did|does)", r"^(?:to|first)\b|\b(?:use|type|write|by \w+ing)\b"),
)
_CUES: Final = tuple((re.compile(rf"\b{asked}\b"), re.compile(said, re.IGNORECASE)) for asked, said in _UNITS)
_WHO: Final = re.compile(r"\bwho(?: \w+)? \w+ed\b|\bwho (?:made|found|began|wrote|built|first|was the first)\b")
_NAME: Final = re.compile(r"\b[A-Z][\w-]+(?: (?:da|de|van|von|al))? [A-Z]")
_HOW_MANY: Final = re.compile(r"\bhow many (\w{3,})")


def cue(question: str) -> re.Pattern[str] | None:
    """What an answering sentence is likely to hold; None where nothing is to be expected."""
    said = words(question)
    asked = " ".join(said)
    if counted := _HOW_MANY.search(asked):
        return re.compile(rf"\b{_COUNT} (?:\w+ ){{0,2}}{re.escape(counted[1].removesuffix('s'))}", re.IGNORECASE)
    if _WHO.search(asked):
        return _NAME
    for kind, answers in _CUES:
        if kind.search(asked):
            return answers
    about = " ".join(word for word in said if weight(word) == 1)
    return _definition(about) if about else None


def _definition(about: str) -> re.Pattern[str]:
    thing = rf"(?:an? |the )?{re.escape(about)}(?:e?s)?"
    return re.compile(rf"^{thing}\b|\bcalled {thing}\b|\b{thing} (?:is|are|was|means|stands for)\b", re.IGNORECASE)

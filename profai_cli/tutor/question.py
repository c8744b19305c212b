"""Whether a question goes on from what was heard last. English. Pure."""

import re
from typing import Final, Literal

from profai_cli.tutor.vocabulary import weight, words

FollowUp = Literal["more", "why", "again", "example", "simpler", "word"]

_FOLLOW_UPS: Final[dict[FollowUp, re.Pattern[str]]] = {
    "word": re.compile(r"\b(?:(?:that|this|the|last) (?:word|term|name)|what (?:word|term)|spell(?:ing|ed)?)\b"),
    "simpler": re.compile(
        r"\b(?:simpl(?:er|e|y|ify)|easier|(?:in )?(?:short|simple|other|plain) (?:words|terms)|in short|plainer"
        r"|(?:do not|don't|dont|didn't|did not) (?:get|understand))\b"
    ),
    "example": re.compile(r"\b(?:examples?|instances?)\b"),
    "again": re.compile(r"^what$|\b(?:again|repeat|pardon|sorry|huh|what was that|what did you say)\b"),
    "why": re.compile(r"\b(?:why|how come|reasons?)\b"),
    "more": re.compile(
        r"\b(?:more|go on|further|details?|elaborate|explain|(?:what|anything) else|(?:what|and) then"
        r"|what do you mean|what does that mean)\b"
    ),
}
"""What makes a question without content of its own a follow-up; the first that fits counts."""

_BACK: Final = frozenset({"it", "its", "it's", "that", "this", "these", "those", "they", "them", "their"})


def follow_up(text: str) -> FollowUp | None:
    """What the learner wants of what was heard last; None for a question of its own."""
    said = " ".join(words(text))
    for kind, hints in _FOLLOW_UPS.items():
        if hints.search(said):
            return kind if all(weight(word) < 1 for word in hints.sub(" ", said).split()) else None
    return None


def refers_back(text: str) -> bool:
    """Whether a question leans on what was said before: "how fast is it"."""
    said = words(text)
    return not _BACK.isdisjoint(said) and sum(weight(word) == 1 for word in said) <= 1

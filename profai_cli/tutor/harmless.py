"""What a model may write and no tutor says: web addresses, and marks of the talk between program and model. Pure.

A model that obeys a text it was only to teach may send the learner somewhere, or play another part.
"""

import re
from typing import Final

A_PAGE: Final = "a web page"
"""Is said instead of an address: the model has it from nowhere, as those of the course were read out in words."""

_ADDRESS: Final = re.compile(r"(?<!\]\()\b(?:(?:https?|ftp|file)://|www\.)[^\s<>()\]]*\w/?", re.IGNORECASE)
_TOKEN: Final = re.compile(r"<\|[^<>|]*\|>")
_PART: Final = re.compile(r"^\W*(?:system|developer|assistant|user|tool)\s*:\W*", re.IGNORECASE)


def harmless(sentence: str) -> str:
    """A raw sentence of a model, or a line of its lesson, without these."""
    return _PART.sub("", _ADDRESS.sub(A_PAGE, _TOKEN.sub(" ", sentence)))

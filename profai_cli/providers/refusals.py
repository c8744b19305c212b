"""What the refusals of all vendors have in common. Pure."""

import re
from typing import Final

from profai_cli.lesson.plain import plain
from profai_cli.settings import Key

PAUSE: Final = 10.0
"""Seconds to leave a busy vendor alone that does not say how long."""

LONGEST: Final = 120
"""Characters of a vendor's own words in an error."""


def pause(retry_after: object = None) -> float:
    """Seconds of the header Retry-After, at least 1; its other form, a date, is not worth a clock."""
    told = isinstance(retry_after, str) and re.fullmatch(r"[0-9]{1,5}(\.[0-9]+)?", retry_after)
    return max(float(told[0]), 1.0) if told else PAUSE


def short(key: Key, text: str) -> str:
    """A vendor's own words: on one line, without the key, and cut where they are long."""
    words = key.hide(plain(text)).rstrip(". ")
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"

"""The words around an answer that is read from the lesson. Pure."""

from collections.abc import Sequence
from typing import Final

NOTHING_MORE: Final = "The lesson has no more about that."
NO_REASON: Final = "The lesson gives no reason for that."
GOES_ON: Final = "The lesson goes on with that."
NO_EXAMPLE: Final = "The lesson has no example of that."


def from_lesson(sentences: Sequence[str], title: str, order: int) -> list[str]:
    """The sentences, the first of which says where they stand.

    order: 0 in the topic being taught, below 0 in one before it, above in one that is still to come.
    """
    place = "In this lesson" if order == 0 else f"In the lesson about {title}"
    if order > 0:
        place = f"That comes later, in the lesson about {title}"
    return [f"{place}: {sentences[0]}", *sentences[1:]]


def in_short(text: str) -> str:
    """The same, said shortly."""
    return f"In short: {text}"


def once_more(text: str) -> str:
    """Says it again, where the lesson has no simpler words."""
    return f"Once more, slowly: {text}"


def spelled(word: str) -> str:
    """Says a word and its letters."""
    return f"The word was {word}, spelled {', '.join(word.upper())}."


def offer(title: str) -> str:
    """Says that a second topic has an answer too."""
    return f"There is more about this in {title}; say: tell me more."


def no_answer(titles: Sequence[str]) -> str:
    """Says that the course does not hold the answer, and what could be asked instead."""
    return f"The lesson has no answer to that. Ask me about {' or '.join(titles)}."


def nothing_to_follow(title: str) -> str:
    """Says that there is no answer yet to go on from, and what could be asked instead."""
    return f"You have not asked me anything yet that I could go on from. Ask me about {title}."

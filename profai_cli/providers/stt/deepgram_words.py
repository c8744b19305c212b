"""Words as Deepgram takes and gives them. Pure."""

from collections.abc import Sequence
from typing import Final

MOST_TERMS: Final = 100
MOST_TOKENS: Final = 500
"""Deepgram's limit of key terms, and about how many terms that are."""

TOKEN: Final = 3
"""Letters of a token: fewer than in most words, so that the limit is kept."""


def key_terms(terms: Sequence[str]) -> list[str]:
    """The first of the terms, as many as Deepgram takes."""
    taken: list[str] = []
    tokens = 0
    for term in dict.fromkeys(" ".join(term.split()) for term in terms):
        tokens += 1 + len(term) // TOKEN
        if len(taken) == MOST_TERMS or tokens > MOST_TOKENS:
            break
        if term:
            taken.append(term)
    return taken


def joined(words: Sequence[str], text: str) -> list[str]:
    """The words as the text joins them: with a space in front, except where the text has none, as in Japanese."""
    found: list[str] = []
    at = 0
    for word in words:
        found.append(word if at and text.startswith(word, at) else f" {word}")
        place = text.find(word, at)
        at = place + len(word) if place >= 0 else at
    return found

"""How long an engine of the network may take before it counts as lost."""

from dataclasses import dataclass
from typing import Final

KEEP_ALIVE: Final = 600.0
"""Seconds for which an idle connection is kept; httpx's 5 would mean a new handshake for most replies."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds. No hang of a class may last longer than 3 s, and another engine needs up to 1 s to take over.

    connect: from the first packet to the end of the handshake. first: from a request to the first sound or word.
    gap: between two pieces of a reply, or two messages of a recogniser that gets sound. final: from the question for
    final words to them. close: for an orderly goodbye. lesson: to the first word of a lesson, and between two pieces of
    it: nobody waits for one.
    """

    connect: float = 2.0
    first: float = 2.0
    gap: float = 2.0
    final: float = 1.0
    close: float = 0.25
    lesson: float = 30.0

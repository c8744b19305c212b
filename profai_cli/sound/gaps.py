"""Where a recording of the tutor is silent: what a stopwatch would find, from the samples alone."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from profai_cli.pcm import SOUND_RATE

SHORTEST: Final = 0.1
"""Seconds of digital silence that count as a gap: longer than any within a word."""

PROMPT: Final = 0.5
"""A gap that begins later than so many seconds after the learner has another cause."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The tutor is silent from sample `begin` up to, not including, sample `end`."""

    begin: int
    end: int


def gaps(pcm: bytes) -> list[Gap]:
    """All gaps in mono PCM16 at 48 kHz, in order; its begin and its end are gaps too if they are silent."""
    sounding = np.flatnonzero(np.frombuffer(pcm, "<i2"))
    edges = np.concatenate([[-1], sounding, [len(pcm) // 2]])
    wide = np.flatnonzero(np.diff(edges) > SHORTEST * SOUND_RATE)
    return [Gap(int(edges[n]) + 1, int(edges[n + 1])) for n in wide]


def gap_at(found: list[Gap], sample: int) -> Gap | None:
    """The gap that the learner caused by speaking at `sample`, or spoke into; None if the tutor went on."""
    gap = next((gap for gap in found if gap.end > sample), None)
    return gap if gap and gap.begin - sample <= PROMPT * SOUND_RATE else None

"""Where the learner's voice starts, is confirmed, and ends: from votes of single blocks to changes."""

from collections import deque
from typing import Final, Literal

from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.ports import HANGOVER

Change = Literal["started", "confirmed", "ended"]

WINDOW: Final = 5
"""Blocks that are looked at for a start: 3 votes of 5 missed nothing and came after 36 ms (median)."""

HANGOVER_BLOCKS: Final = round(HANGOVER * BLOCKS_A_SECOND)


class Voice:
    """One call of `step` per block. A block has one change at most; a second one waits for the next block."""

    def __init__(self, votes: int) -> None:
        self._needed = votes
        self._votes: deque[bool] = deque([False] * WINDOW, maxlen=WINDOW)
        self._block = 0
        self._first = self._last = 0
        self._on = self._confirmed = False

    @property
    def on(self) -> bool:
        """It has started and not ended."""
        return self._on

    @property
    def voiced(self) -> float:
        """Seconds from the first to the last block that sounded like this voice."""
        return (self._last - self._first + 1) / BLOCKS_A_SECOND

    def step(self, vote: bool, sure: bool) -> Change | None:
        """Take the next block's vote, and whether the judge is sure at present."""
        self._block += 1
        self._votes.append(vote)
        if vote:
            self._last = self._block
        if not self._on:
            return self._start() if sum(self._votes) >= self._needed else None
        if sure and not self._confirmed:
            self._confirmed = True
            return "confirmed"
        if self._block - self._last >= HANGOVER_BLOCKS:
            self._on = False
            return "ended"
        return None

    def _start(self) -> Change:
        self._on, self._confirmed = True, False
        self._first = self._block - WINDOW + 1 + list(self._votes).index(True)
        return "started"

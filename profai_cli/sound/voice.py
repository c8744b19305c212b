"""Where the learner's voice starts, is confirmed, and ends: from votes of single blocks to changes."""

from collections import deque
from typing import Final, Literal

from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.ports import HANGOVER

Change = Literal["started", "confirmed", "ended"]

WINDOW: Final = 5
"""Blocks that are looked at for a start: 3 votes of 5 missed nothing and came after 36 ms (median)."""

HANGOVER_BLOCKS: Final = round(HANGOVER * BLOCKS_A_SECOND)

DOUBT: Final = 40
"""Blocks without the judge being sure after which a confirmed voice is taken for none while it sounds."""

SURE_SHARE: Final = 0.25
SURE_SOUNDING: Final = 13
SURE_ENDED: Final = 30
"""A person's voice is one for which the judge was sure in so large a part of it, or in so many blocks: few while it
sounds, since a breath may follow a word, and more once it has ended. Measured over a tutor in nine rooms: of 38 coughs,
doors, knocks and chords for which the judge was sure for a moment, 8 had that; of 321 beginnings by people, +12 to
-10 dB to the echo, all but one at -10 dB; of 168 short words all but one at 0 dB."""

LOUD: Final = 3
"""Blocks of a voice that must be loud: a click is shorter."""


class Voice:
    """One call of `step` per block. A block has one change at most; a second one waits for the next block."""

    def __init__(self, votes: int) -> None:
        self._needed = votes
        self._votes: deque[bool] = deque([False] * WINDOW, maxlen=WINDOW)
        self._block = 0
        self._first = self._last = 0
        self._sure = self._last_sure = self._loud = 0
        self._on = self._confirmed = self._refuted = False

    @property
    def on(self) -> bool:
        """It has started and not ended."""
        return self._on

    @property
    def voiced(self) -> float:
        """Seconds from the first to the last block that sounded like this voice; 0 once it was found to be none."""
        return 0.0 if self._refuted else (self._last - self._first + 1) / BLOCKS_A_SECOND

    @property
    def faint(self) -> bool:
        """It was so soft that parts of it may not have been heard."""
        return self._loud < LOUD

    def step(self, vote: bool, sure: bool, *, loud: bool = False) -> Change | None:
        """Take the next block's vote, whether the judge is sure at present, and whether the block is loud.

        A voice that was confirmed and turns out to be none ends at once, and what goes on sounding starts another one
        only where the judge is sure again.
        """
        self._block += 1
        self._votes.append(vote)
        if vote:
            self._last = self._block
        silent = self._block - self._last >= HANGOVER_BLOCKS
        if not self._on:
            self._refuted = self._refuted and not silent
            return self._start() if sum(self._votes) >= self._needed and (sure or not self._refuted) else None
        self._loud += loud
        if sure:
            self._sure, self._last_sure = self._sure + 1, self._block
            if not self._confirmed:
                self._confirmed = True
                return "confirmed"
        self._refuted = self._confirmed and self._doubtful(silent)
        if silent or self._refuted:
            self._on = False
            return "ended"
        return None

    def _start(self) -> Change:
        self._on, self._confirmed, self._refuted, self._sure, self._loud = True, False, False, 0, 0
        self._first = self._block - WINDOW + 1 + list(self._votes).index(True)
        return "started"

    def _doubtful(self, silent: bool) -> bool:
        if not silent and self._block - self._last_sure < DOUBT:
            return False
        enough = SURE_ENDED if silent else SURE_SOUNDING
        return self._sure < min(enough, SURE_SHARE * (self._last - self._first + 1))

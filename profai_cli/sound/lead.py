"""How much later a block of the speaker's is heard than the microphone's block that it is paired with was captured."""

from typing import Final

from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND, SOUND_RATE

FIRST: Final = BLOCKS_A_SECOND // 5
WINDOW: Final = BLOCKS_A_SECOND
"""Blocks of which the median counts, at the begin and afterwards: callbacks come some milliseconds early or late."""

SAME: Final = BLOCK
"""Samples within which a median is no news. On PulseAudio's null sink, which lets its monitor hear a block before it
says to have played it, it was 0 to 10 ms more than what a recording told. The microphone's own delay is not in it."""

LONGEST: Final = 2 * SOUND_RATE
"""Samples; no device is later than this, whatever it claims."""


class Lead:
    """One call of `step` per pair of blocks."""

    def __init__(self) -> None:
        self._told = 0
        self._window = FIRST
        self._seen: list[int] = []

    def step(self, lag: int, near: int, far: int) -> int:
        """Samples at 48 kHz; 0 at the begin, then what it said before, unless the devices' delay has changed.

        lag: samples that were rendered and have not left the speaker. near, far: blocks that wait behind the pair.
        """
        self._seen.append(min(max(0, lag + (near - far) * BLOCK), LONGEST))
        if len(self._seen) == self._window:
            median = sorted(self._seen)[self._window // 2]
            if abs(median - self._told) > SAME:
                self._told = median
            self._seen.clear()
            self._window = WINDOW
        return self._told

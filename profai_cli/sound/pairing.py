"""Which block of the speaker's sound goes with which block of the microphone's.

WebRTC's canceller finds the echo's delay by itself but cannot repair a reference that comes later than its
echo, and each change of the delay costs it up to two seconds. So the two streams of blocks are joined one
to one, and shifted only where one of them has fallen behind for good.
"""

from dataclasses import dataclass
from typing import Final

PATIENCE: Final = 4
"""Captured blocks that may wait (40 ms) for what the speaker got; after that they go without."""

WINDOW: Final = 30
"""Blocks (300 ms) over which a backlog must have stood before the streams are shifted."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What to do with the next captured block: first forget `drop` blocks of the speaker's sound, then take
    the next one, or, where it is `missing`, take silence."""

    drop: int = 0
    missing: bool = False

    @property
    def shifted(self) -> bool:
        """Whether the echo's delay may have changed."""
        return self.drop > 0 or self.missing


class Pairing:
    """Decides by the two backlogs alone. Its figure is the skew: how many blocks more of the speaker's
    sound wait than of the microphone's, which does not depend on how far behind the worker is."""

    def __init__(self) -> None:
        self._skews: list[int] = []
        self._drop = 0
        self._owed = 0

    def next(self, near: int, far: int) -> Pair | None:
        """The pair for the oldest of `near` captured blocks, while `far` blocks of the speaker's wait.

        None: wait for more.
        """
        if near == 0 or (far == 0 and not self._owed and near <= PATIENCE):
            return None
        if self._owed or far == 0:
            pair = Pair(missing=True)
            self._owed = max(0, self._owed - 1)
        else:
            pair = Pair(drop=min(self._drop, far - 1))
        self._drop = 0
        if near <= PATIENCE + 1:  # else the worker was late, and many blocks would tell of the same moment
            self._note(far - pair.drop - (not pair.missing) - (near - 1))
        return pair

    def _note(self, skew: int) -> None:
        """At the window's end: drop all but one block of a standing backlog of the speaker's sound, or go
        without it as often as makes up for a standing backlog of the microphone's.

        The lower quartile says what stands: unlike the minimum it does not wait for a window without any jitter,
        and between its two limits there is room for half a block of jitter either way. Unlike the median it leaves
        a speaker that asks for several blocks at once a backlog to live on (six, with a buffer of 200 ms): by
        that much its buffer is longer than the backlog, so that the reference is still earlier than its echo.

        Half of the middle spread is let be besides, which is none where blocks come one by one: with such bunches the
        quartile itself moves by a block or two, and each shift would cost a second of deafness."""
        self._skews.append(skew)
        if len(self._skews) < WINDOW:
            return
        self._skews.sort()
        standing, upper = self._skews[WINDOW // 4], self._skews[-1 - WINDOW // 4]
        if standing > 1 + (upper - standing) // 2:
            self._drop = standing - 1
        self._owed = max(0, -standing)
        self._skews.clear()

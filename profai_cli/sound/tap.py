"""The player's voice on its way out: each block handed out is kept for the echo canceller and counted."""

from typing import Final

from profai_cli.pcm import BLOCK
from profai_cli.sound.blocks import Blocks, Samples
from profai_cli.sound.player import VoicePlayer

_KEPT: Final = 200
"""Blocks (2 s) kept for a worker that is late."""

_MARKS: Final = 400
"""Blocks (4 s) whose position in the voice is remembered: more than any speaker's latency."""


class Tap:
    """Renders blocks (in one thread) and says what became of them (in the worker thread).

    far: the blocks handed out, silence too, for the canceller. lost: blocks that did not fit into it. awaited: the
    worker can do nothing before the next one is handed out.
    """

    def __init__(self, player: VoicePlayer) -> None:
        self._player = player
        self._marks = [0] * _MARKS
        self._blocks = 0
        self._played = 0
        self.far = Blocks(_KEPT, BLOCK)
        self.lost = 0
        self.awaited = False

    def render(self, out: Samples) -> None:
        """Fill `out`, 480 samples, with the next block of the voice, or with silence."""
        self._player.render(out)
        if not self.far.put(out):
            self.lost += 1
        self._marks[self._blocks % _MARKS] = self._player.rendered
        self._blocks += 1

    def rewind(self) -> None:
        """Let the voice go on where the speaker left off: what it was handed and did not play is rendered again.

        For a speaker that has died, after a last look at `played`, and while nobody renders.
        """
        self._player.rewind(self._played)
        self._marks = [min(mark, self._played) for mark in self._marks]

    def played(self, lag: int) -> int:
        """Voice samples that have left the speaker, if the newest `lag` samples have not. Never goes back.

        What was rendered `lag` samples ago is looked up, so that the figure is exact, and not behind, when
        the voice has been held for longer than that.
        """
        blocks = self._blocks
        oldest = max(0, blocks - _MARKS + 2)  # the mark before it may be being written
        whole, part = divmod(max(oldest * BLOCK, blocks * BLOCK - lag), BLOCK)
        before = self._marks[(whole - 1) % _MARKS] if whole else 0
        after = self._marks[whole % _MARKS] if whole < blocks else before
        self._played = max(self._played, min(before + part, after))
        return self._played

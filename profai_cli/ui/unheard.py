"""Tells when somebody speaks into a microphone that is muted. Pure."""

from typing import Final

from profai_cli.ports import Frame

LIKELY: Final = 0.7
"""How likely it must be that a person speaks."""

BLOCKS: Final = 40
"""Blocks of 10 ms in a row for which it must be so: a word or two, and no cough."""

FOR: Final = 4.0
"""Seconds for which it is worth saying after the last word."""

HINT: Final = "you are muted: press m"


class Unheard:
    """Call it with every frame. A muted microphone is heard by the detectors alone; nothing of it goes further."""

    def __init__(self) -> None:
        self._blocks = 0
        self._last = -FOR

    def __call__(self, frame: Frame, *, muted: bool) -> bool:
        """Whether somebody has just begun to speak in vain."""
        speaks = muted and frame.evidence is not None and frame.evidence.judge > LIKELY
        self._blocks = self._blocks + 1 if speaks else 0
        if self._blocks < BLOCKS:
            return False
        is_new = frame.t - self._last >= FOR
        self._last = frame.t
        return is_new

    def lately(self, t: float) -> bool:
        """Whether somebody did so a moment ago."""
        return t - self._last < FOR

"""What is heard in a simulated class: the tutor and the learner together, on a real speaker if there is one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BYTES_A_SAMPLE, SOUND_RATE
from profai_cli.sound.mouth import Mouth

if TYPE_CHECKING:
    from profai_cli.sound.card import SoundCard

CUSHION: Final = 0.2
"""Seconds of sound that wait in front of the speaker: its clock and the class's are two."""

Outlet = Callable[[bytes], None]
"""Takes mono PCM16 at 48 kHz."""


class Aloud:
    """The `simulated.Speaker` of a class: mixes `mouth` with the tutor for the outlets, and keeps the tutor."""

    def __init__(self, mouth: Mouth) -> None:
        self.outlets: list[Outlet] = []
        self.tutor = bytearray()
        """Mono PCM16 at 48 kHz: all that the tutor said, from the class's first sample on."""
        self._mouth = mouth

    def __call__(self, block: NDArray[np.int16]) -> None:
        """Take a block of the tutor's."""
        begin = len(self.tutor) // BYTES_A_SAMPLE
        self.tutor += block.astype("<i2").tobytes()
        both = block.astype(np.int32) + self._mouth.heard(begin, len(block))
        mixed = np.clip(both, -32768, 32767).astype("<i2").tobytes()
        for outlet in self.outlets:
            outlet(mixed)


def onto(card: "SoundCard") -> Outlet:
    """Start the card and let sound out through it. Raises DeviceError."""
    player = card.player
    card.start(lambda _frame: None)

    def play(pcm: bytes) -> None:
        if player.rendered == player.written:  # at the begin, and where the class was late
            player.silence(CUSHION)
        if player.free >= len(pcm) // BYTES_A_SAMPLE:
            player.write(pcm, SOUND_RATE)

    return play

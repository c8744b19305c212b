"""Takes the speaker's sound out of the microphone's.

The work is done by AEC3 of WebRTC. It finds the delay between speaker and microphone by itself (20 to
500 ms were measured), as long as it is given the block of the speaker not later than its echo arrives.
Noise suppression and gain control stay off: they slow the voice detector down and raise what is left of
the echo. It delays the microphone by 9 ms.
"""

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SOUND_RATE
from profai_cli.sound.levels import decibels, power

AUDIBLE: Final = 1e-5
"""Power of the speaker (-50 dBFS) from which there is an echo worth measuring."""

MEMORY: Final = 0.98
"""What a block keeps of the measured powers: a mean over about half a second."""

LEFT: Final = 1 / 30
"""Part of the microphone's power, after an echo was taken away, from which it is taken away well: 15 dB."""

INAUDIBLE: Final = 1e-6
"""Power (-60 dBFS) up to which it does not matter what is left."""

BLOCKS_TO_SETTLE: Final = 50
"""Audible blocks of the speaker in which the echo was taken away well, until it counts as known."""

LOST: Final = 1 / 4
"""The part from which the echo is not known any more: 6 dB. A sink that was moved left 1 to 15 dB for some seconds."""

BLOCKS_TO_LOSE: Final = 30
"""Audible blocks of the speaker's alone over which that is measured."""


class Engine(Protocol):
    """What takes the echo away: all that is used of pywebrtc's `AudioProcessor`. LiveKit's fits in too."""

    def process(self, near: NDArray[np.int16], far: NDArray[np.int16]) -> NDArray[np.int16]:
        """See `Canceller.process`."""


def aec3(cancel_echo: bool) -> Engine:
    """WebRTC's, from the package that is smallest and loads soonest."""
    from pywebrtc_audio import AudioProcessor  # noqa: PLC0415 - `profai --help` must not pay for it

    engine: Engine = AudioProcessor(SOUND_RATE, echo_cancellation=cancel_echo, high_pass_filter=True)
    return engine


class Canceller:
    """One call per block of 480 samples at 48 kHz. Without `cancel_echo` it removes only rumble."""

    def __init__(self, cancel_echo: bool, make: Callable[[bool], Engine] = aec3) -> None:
        self._cancel = cancel_echo
        self._engine = make(cancel_echo)
        self._before = self._after = self._far = 0.0
        self.powers = (0.0, 0.0)
        """Of the last block: the microphone's and the speaker's."""
        self._clean_blocks = 0
        self._alone: list[tuple[float, float]] = []

    def process(self, near: NDArray[np.int16], far: NDArray[np.int16], *, alone: bool = True) -> NDArray[np.int16]:
        """The microphone's block without the echo of `far`, the block that left the speaker meanwhile.

        alone: nobody is heard but the speaker, as far as is known.
        """
        cleaned = self._engine.process(near, far)
        self.powers = near_power, far_power = power(near), power(far)
        if far_power > AUDIBLE:  # else what the microphone hears is no echo
            self._before = MEMORY * self._before + (1 - MEMORY) * near_power
            cleaned_power = power(cleaned)
            self._after = MEMORY * self._after + (1 - MEMORY) * cleaned_power
            taken_away = self._after < max(LEFT * self._before, INAUDIBLE)
            self._clean_blocks += taken_away or not self._cancel
            self._doubt(near_power, cleaned_power, alone=alone)
        self._far = MEMORY * self._far + (1 - MEMORY) * far_power
        return cleaned

    def _doubt(self, before: float, after: float, *, alone: bool) -> None:
        """Does it still take the echo away? A learner's voice would lie on it; what they said before does not count."""
        self._alone.append((before, after))
        if not alone:
            self._alone.clear()
        if len(self._alone) == BLOCKS_TO_LOSE:
            before, after = (sum(powers) for powers in zip(*self._alone, strict=True))
            if self._cancel and after > max(LOST * before, INAUDIBLE * BLOCKS_TO_LOSE):
                self.unsettle()
            self._alone.clear()

    @property
    def speaker_sounds(self) -> bool:
        """The speaker was audible within the last half second or so."""
        return self._far > AUDIBLE

    @property
    def settled(self) -> bool:
        """The echo, if there is one, was measured to be taken away well: for half a second of the speaker's sound."""
        return self._clean_blocks >= BLOCKS_TO_SETTLE

    def unsettle(self) -> None:
        """The echo comes at another time from now on, or another way."""
        self._clean_blocks = 0

    @property
    def echo_db(self) -> float | None:
        """What is taken away, over the last half second of the speaker; None where it is off or the speaker is silent.

        The learner's own voice, which stays, lowers it.
        """
        if not self._cancel or not self.speaker_sounds or not self._before:
            return None
        return max(0.0, decibels(self._before) - decibels(self._after))

    @property
    def echo_dbfs(self) -> float | None:
        """Level at the microphone while the speaker sounds, dBFS, where and as long as `echo_db` is one.

        The learner's voice raises it.
        """
        return None if self.echo_db is None else decibels(self._before)

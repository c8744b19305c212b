"""Takes the speaker's sound out of the microphone's.

The work is done by AEC3 of WebRTC. It finds the delay between speaker and microphone by itself (20 to
500 ms were measured), as long as it is given the block of the speaker not later than its echo arrives.
Noise suppression and gain control stay off: they slow the voice detector down and raise what is left of
the echo. It delays the microphone by 9 ms.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SOUND_RATE
from profai_cli.sound.levels import decibels, power

AUDIBLE: Final = 1e-5
"""Power of the speaker (-50 dBFS) from which there is an echo worth measuring."""

MEMORY: Final = 0.98
"""What a block keeps of the measured powers: a mean over about half a second."""

BLOCKS_TO_SETTLE: Final = 300
"""Audible blocks of the speaker (3 s) after which AEC3 was found to leave no more than it ever will."""


class Canceller:
    """One call per block of 480 samples at 48 kHz. Without `cancel_echo` it removes only rumble."""

    def __init__(self, cancel_echo: bool) -> None:
        from pywebrtc_audio import AudioProcessor  # noqa: PLC0415 - `profai --help` must not pay for it

        self._cancel = cancel_echo
        self._engine = AudioProcessor(SOUND_RATE, echo_cancellation=cancel_echo, high_pass_filter=True)
        self._before = self._after = self._far = 0.0
        self._audible_blocks = 0

    def process(self, near: NDArray[np.int16], far: NDArray[np.int16]) -> NDArray[np.int16]:
        """The microphone's block without the echo of `far`, the block that left the speaker meanwhile."""
        cleaned: NDArray[np.int16] = self._engine.process(near, far)
        far_power = power(far)
        self._audible_blocks += far_power > AUDIBLE
        self._before = MEMORY * self._before + power(near)
        self._after = MEMORY * self._after + power(cleaned)
        self._far = MEMORY * self._far + (1 - MEMORY) * far_power
        return cleaned

    @property
    def speaker_sounds(self) -> bool:
        """The speaker was audible within the last half second or so."""
        return self._far > AUDIBLE

    @property
    def settled(self) -> bool:
        """The speaker sounded long enough for its echo to be known well."""
        return self._audible_blocks >= BLOCKS_TO_SETTLE

    def unsettle(self) -> None:
        """Samples were lost: the echo comes at another time from now on."""
        self._audible_blocks = 0

    @property
    def echo_db(self) -> float | None:
        """What is taken away, over the last half second; None where it is off or the speaker is silent.

        The learner's own voice, which stays, lowers it.
        """
        if not self._cancel or not self.speaker_sounds or not self._before:
            return None
        return max(0.0, decibels(self._before) - decibels(self._after))

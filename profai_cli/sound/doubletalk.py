"""Does somebody speak while the tutor does? What AEC3's output cannot say: it dims whoever speaks at the same time.

A second detector listens to the linear canceller, and counts only where the sound is more than the echo that may be
left in it. The same measure tells whether the echo explains what AEC3 lets through in its first second.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SPEECH_BLOCK, SPEECH_RATE
from profai_cli.sound.activity import ABOVE_NOISE_DB
from profai_cli.sound.levels import NoiseFloor, decibels
from profai_cli.sound.linear import LinearCanceller
from profai_cli.sound.resample import to_int16

MILD: Final = 1
"""WebRTC's mode: strictness is left to the echo's own measure. Stricter ones came 8 ms later and missed more."""

BAND: Final = slice(4, 100)
"""Bins of 50 Hz in which voices are looked for: 200 to 5,000 Hz."""

FULL_SCALE_POWER: Final = SPEECH_BLOCK * SPEECH_BLOCK
"""Sum over half of a transform of 320 for one block of mean square 1."""

CLEARLY: Final = np.float32(8)
"""Times the expected rest of the echo that a bin must have to be no echo."""

MOSTLY: Final = 0.5
"""Share of the block's power that must be in such bins."""

BEST_DB: Final = -30.0
"""What is left of the echo at best, against the echo: loudspeakers distort."""

RISE_DB: Final = 2.0
SINK_DB: Final = 0.02
"""By which the level of what a loudspeaker's distortion leaves is corrected, a block: 99 of 100 stay below it."""

ABOVE_LEFT_DB: Final = 6.0
"""What a voice stands above it."""

FALL: Final = 0.85
"""What is left of an echo a block later, in the rooms with the longest ones."""

AUDIBLE: Final = 1e-6
"""Power of the echo (-60 dBFS) from which the learner can be dimmed for it."""


class DoubleTalk:
    """One call of `hear` per block."""

    def __init__(self, gate_dbfs: float) -> None:
        import webrtcvad  # noqa: PLC0415 - 100 ms that `profai --help` must not pay

        self._linear = LinearCanceller()
        self._detector = webrtcvad.Vad(MILD)
        self._noise = NoiseFloor()
        self._gate_dbfs = gate_dbfs
        self._echo = 0.0
        self._left_db = BEST_DB
        self._foreign = False
        self.voice = False
        """Someone else than the tutor spoke in the last block, while the tutor did."""
        self.possible = True
        """Something in the last two blocks is no echo: AEC3's sound is a block late."""

    def forget(self) -> None:
        """Samples were lost: the echo comes at another time from now on."""
        self._linear.forget()

    def hear(self, near: NDArray[np.float32], far: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take a block of the microphone and of the speaker: shapes (160,), samples in [-1, 1) at 16 kHz.

        Returns the microphone's without what is known of the echo.
        """
        cleaned = self._linear.process(near, far)
        echo = float(self._linear.echo @ self._linear.echo) / SPEECH_BLOCK
        self._echo = max(FALL * self._echo, echo)
        level = decibels(float(self._linear.rest[BAND].sum()) / FULL_SCALE_POWER)
        noise = self._noise.step(level)
        is_voice = self._detector.is_speech(to_int16(cleaned).tobytes(), SPEECH_RATE)
        left = decibels(self._echo) + self._left_db
        foreign = self._is_foreign()
        loud = level > max(self._gate_dbfs, noise + ABOVE_NOISE_DB, left + ABOVE_LEFT_DB)
        if self._echo > AUDIBLE:
            rises = level > left and foreign
            self._left_db = max(BEST_DB, self._left_db + (RISE_DB if rises else -SINK_DB))
        self.voice = is_voice and loud and self._echo > AUDIBLE and foreign
        self.possible = self._foreign or foreign
        self._foreign = foreign
        return cleaned

    def _is_foreign(self) -> bool:
        """Most of the block's power is where the expected rest of the echo is clearly exceeded."""
        rest = self._linear.rest[BAND]
        foreign = np.maximum(rest - CLEARLY * self._linear.expected[BAND], 0)
        return float(foreign.sum()) > MOSTLY * float(rest.sum())

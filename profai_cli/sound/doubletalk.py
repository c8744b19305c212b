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
from profai_cli.sound.linear import SMALLEST, LinearCanceller
from profai_cli.sound.resample import to_int16

MILD: Final = 1
"""WebRTC's mode: strictness is left to the echo's own measure. Stricter ones came 8 ms later and missed more."""

BAND: Final = slice(4, 100)
"""Bins of 50 Hz in which voices are looked for: 200 to 5,000 Hz."""

FULL_SCALE_POWER: Final = SPEECH_BLOCK * SPEECH_BLOCK
"""Sum over half of a transform of 320 for one block of mean square 1."""

CLEARLY: Final = 8
"""Times the expected rest of the echo that a bin must have to be no echo."""

MOSTLY: Final = 0.5
"""Share of the block's power that must be above it in such bins."""

POSSIBLY: Final = 0.25
"""The same, from which the echo does not explain all that AEC3 lets through."""

LEFT_DB: Final = (-30.0, -12.0)
"""What is left of the echo, against the echo, at best and at worst: loudspeakers distort."""

LEFT_RISES_DB: Final = 1.0
LEFT_SINKS_DB: Final = 0.05
"""By which that level is corrected, a block: 19 of 20 stay below it."""

LESS_DB: Final = -12.0
"""How much less may be left than the linear canceller expects, which errs on the safe side in its first seconds."""

LESS_RISES_DB: Final = 0.3
LESS_SINKS_DB: Final = 0.05
"""By which that is corrected, a block: 6 of 7 stay below it."""

ABOVE_LEFT_DB: Final = 6.0
"""What a voice stands above it."""

FALL: Final = 0.85
"""What is left of an echo a block later, in the rooms with the longest ones."""

AUDIBLE: Final = 1e-6
"""Power of the echo (-60 dBFS) from which the learner can be dimmed for it, and the tutor be heard in it."""


class DoubleTalk:
    """One call of `hear` per block."""

    def __init__(self, gate_dbfs: float) -> None:
        import webrtcvad  # noqa: PLC0415 - 100 ms that `profai --help` must not pay

        self._linear = LinearCanceller()
        self._detector = webrtcvad.Vad(MILD)
        self._noise = NoiseFloor()
        self._gate_dbfs = gate_dbfs
        self._echo = 0.0
        self._left_db = LEFT_DB[1]
        self._less_db = 0.0
        self._possible = False
        self._foreign_powers = np.zeros(BAND.stop - BAND.start, np.float32)
        self.share = 0.0
        """Part of the last block's power that is clearly no echo."""
        self.pcm = b""
        """What `hear` returned last, as PCM16."""
        self.voice = False
        """Someone else than the tutor spoke in the last block, while the tutor did."""
        self.possible = True
        """Something in the last two blocks is no echo: AEC3's sound is a block late."""

    def forget(self) -> None:
        """Samples were lost: the echo comes at another time from now on."""
        self._linear.forget()

    @property
    def knows_echo(self) -> bool:
        """There is an echo, and the linear canceller subtracts it. It knows none that comes later than 250 ms."""
        return self._echo > AUDIBLE

    def hear(self, near: NDArray[np.float32], far: NDArray[np.float32], *, alone: bool) -> NDArray[np.float32]:
        """Take a block of the microphone and of the speaker: shapes (160,), samples in [-1, 1) at 16 kHz.

        alone: AEC3 left nothing of the block before, so that it was echo. Only from such blocks is learnt what the
        echo leaves; else each learner would hide the next one.
        Returns the microphone's without what is known of the echo.
        """
        cleaned = self._linear.process(near, far)
        echo = float(self._linear.echo @ self._linear.echo) / SPEECH_BLOCK
        self._echo = max(FALL * self._echo, echo)
        power = float(np.add.reduce(self._linear.rest[BAND]))
        level = decibels(power / FULL_SCALE_POWER)
        noise = self._noise.step(level)
        self.pcm = to_int16(cleaned).tobytes()
        is_voice = self._detector.is_speech(self.pcm, SPEECH_RATE)
        left = decibels(self._echo) + self._left_db
        self.share = self._foreign() / (power + SMALLEST)
        loud = level > max(self._gate_dbfs, noise + ABOVE_NOISE_DB, left + ABOVE_LEFT_DB)
        if alone and self.knows_echo:
            self._learn(level, left, noise)
        self.voice = is_voice and loud and self.knows_echo and self.share > MOSTLY
        before, self._possible = self._possible, self.share > POSSIBLY
        self.possible = before or self._possible
        return cleaned

    def _learn(self, level: float, left: float, noise: float) -> None:
        """How much the echo leaves, from the level of a block that is nothing else."""
        rises = level > left and self.share > MOSTLY
        left_db = self._left_db + (LEFT_RISES_DB if rises else -LEFT_SINKS_DB)
        self._left_db = min(max(left_db, LEFT_DB[0]), LEFT_DB[1])
        expected = decibels(float(np.add.reduce(self._linear.expected[BAND])) / FULL_SCALE_POWER)
        if expected > noise:
            rises = level - expected > self._less_db
            less_db = self._less_db + (LESS_RISES_DB if rises else -LESS_SINKS_DB)
            self._less_db = min(max(less_db, LESS_DB), 0.0)

    def _foreign(self) -> float:
        """The power that is above the expected rest of the echo, in bins where it clearly is."""
        powers = self._foreign_powers
        np.multiply(self._linear.expected[BAND], np.float32(CLEARLY * 10 ** (self._less_db / 10)), out=powers)
        np.subtract(self._linear.rest[BAND], powers, out=powers)
        np.maximum(powers, 0, out=powers)
        return float(np.add.reduce(powers))

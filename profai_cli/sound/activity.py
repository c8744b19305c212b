"""Does this block of 10 ms sound like a voice? Quick, and easily fooled: `judge` is the second opinion.

WebRTC's detector votes on the cancelled microphone. Two gates keep out what it takes for a voice: sound
that is too weak, and sound that does not stand out of the room's noise, unless the judge hears a voice.
The second also makes the first seconds safe, when the detector does not know the noise of the room yet.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SOUND_RATE
from profai_cli.settings import Sensitivity
from profai_cli.sound.levels import SILENCE_DBFS, NoiseFloor, dbfs


@dataclass(frozen=True, slots=True)
class Limits:
    """gate_dbfs: weakest level of a voice. votes: how many of five blocks must sound like one.
    sure: probability from which the judge confirms it."""

    gate_dbfs: float
    votes: int
    sure: float


LIMITS: Final[dict[Sensitivity, Limits]] = {
    # For loud places: people at the next table stay below the gate, more of the voice is waited for.
    "low": Limits(gate_dbfs=-40, votes=4, sure=0.7),
    # Measured: what AEC3 leaves of an echo stays below -50 dBFS nearly always, near speech above it.
    "normal": Limits(gate_dbfs=-50, votes=3, sure=0.5),
    # For soft voices and weak microphones in quiet places.
    "high": Limits(gate_dbfs=-58, votes=2, sure=0.35),
}

STRICT: Final = 3
QUICK: Final = 2
"""WebRTC's strictest mode, and the one below it. Measured in simulated rooms over the tutor's voice: the
quick one fires 11 to 18 ms earlier and misses nobody who is as loud as the echo (the strict one: 2 of 36),
but takes what a canceller leaves of the tutor's first words for a voice, twice in 12 minutes."""

ABOVE_NOISE_DB: Final = 10.0
"""What a voice stands above that noise. Steady noise, even deep rumble, varies by 3 dB."""

SPAN_DB: Final = 25.0
"""From a person's loudest sounds to the soft ones within words. Of people over a tutor, 0 and -10 dB to the echo, 43
voices came back within 0.3 s of their end, and none of these had stood so far above the weakest level that counts."""


class Activity:
    """One call of `votes` per block."""

    def __init__(self, gate_dbfs: float) -> None:
        import webrtcvad  # noqa: PLC0415 - 100 ms that `profai --help` must not pay

        self._detector = webrtcvad.Vad(STRICT)
        self._noise = NoiseFloor()
        self.gate_dbfs = gate_dbfs
        self.level_dbfs = self.noise_dbfs = SILENCE_DBFS
        """Of the last block, and of the room."""
        self.detected = False
        """The detector took the last block for a voice."""
        self.loud = False
        """The last block's level is that of a person whose soft sounds would be heard, too."""

    def votes(self, cleaned: NDArray[np.int16], *, sure: bool, settled: bool) -> bool:
        """Whether the block, shape (480,) at 48 kHz, sounds like a voice.

        sure: the judge hears one. settled: the canceller knows the room, so that little echo is left.
        """
        self.level_dbfs = dbfs(cleaned)
        self.noise_dbfs = self._noise.step(self.level_dbfs)
        self._detector.set_mode(QUICK if settled else STRICT)
        self.detected = bool(self._detector.is_speech(cleaned.tobytes(), SOUND_RATE))
        weakest = max(self.gate_dbfs, self.noise_dbfs + ABOVE_NOISE_DB)
        self.loud = self.level_dbfs > weakest + SPAN_DB
        stands_out = self.level_dbfs > self.noise_dbfs + ABOVE_NOISE_DB
        return self.detected and self.level_dbfs > self.gate_dbfs and (stands_out or sure)

"""What is heard at the microphone: the learner without the tutor's echo, and the changes of their voice."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.ports import Evidence
from profai_cli.settings import Sensitivity
from profai_cli.sound.activity import LIMITS, Activity
from profai_cli.sound.canceller import Canceller
from profai_cli.sound.judge import Judge, silero
from profai_cli.sound.resample import Decimator, to_int16
from profai_cli.sound.voice import Change, Voice

GUARD_BLOCKS: Final = 120
"""Blocks after lost samples in which an echo may be taken for a voice: AEC3 was measured to find a delay
that jumped within 1.1 s."""

Heard = tuple[bytes, bytes, Change | None]
"""A block as PCM16 at 16 kHz without echo, the same with it, and a change of the learner's voice. Where nothing
is cancelled the second is empty."""


class Ears:
    """One call of `hear` per block. Raises EngineError where no voice detector can be loaded."""

    def __init__(self, cancel_echo: bool, sensitivity: Sensitivity) -> None:
        limits = LIMITS[sensitivity]
        self.canceller = Canceller(cancel_echo)
        self.voice = Voice(limits.votes)
        self._activity = Activity(limits.gate_dbfs)
        self._judge = Judge(silero())
        self._decimator = Decimator()
        self._raw = Decimator() if cancel_echo else None
        self._sure = limits.sure
        self._vote = False
        self._guard = 0

    @property
    def evidence(self) -> Evidence:
        """Why the last block did or did not count as a voice."""
        activity = self._activity
        return Evidence(
            level_dbfs=activity.level_dbfs,
            gate_dbfs=activity.gate_dbfs,
            noise_dbfs=activity.noise_dbfs,
            detector=activity.detected,
            vote=self._vote,
            judge=self._judge.probability,
        )

    @property
    def guarded(self) -> bool:
        """Samples were lost a moment ago: what seems to be a voice may be an echo."""
        return self._guard > 0

    def hear(self, near: NDArray[np.int16], far: NDArray[np.int16], guard: bool) -> Heard:
        """Take a block of the microphone and of the speaker; what comes back of the sound is 11 ms late."""
        self._guard = max(0, self._guard - 1)
        if guard:
            self._guard = GUARD_BLOCKS
            self.canceller.unsettle()
        cleaned = self.canceller.process(near, far)
        speech = self._decimator.process(cleaned)
        self._judge.hear(speech)
        sure = self._judge.probability > self._sure
        vote = self._activity.votes(cleaned, sure=sure, settled=self.canceller.settled)
        may_be_echo = self.guarded and self.canceller.speaker_sounds
        self._vote = vote and not may_be_echo
        raw = to_int16(self._raw.process(near)).tobytes() if self._raw else b""
        return to_int16(speech).tobytes(), raw, self.voice.step(self._vote, sure)

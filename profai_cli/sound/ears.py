"""What is heard at the microphone: the learner without the tutor's echo, and the changes of their voice."""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SPEECH_BLOCK
from profai_cli.ports import Evidence
from profai_cli.settings import Sensitivity
from profai_cli.sound.activity import LIMITS, Activity
from profai_cli.sound.canceller import Canceller
from profai_cli.sound.doubletalk import DoubleTalk
from profai_cli.sound.judge import Judge, silero
from profai_cli.sound.resample import Decimator, to_int16
from profai_cli.sound.voice import WINDOW, Change, Voice

GUARD_BLOCKS: Final = 120
"""Blocks after lost samples in which an echo may be taken for a voice: AEC3 was measured to find a delay
that jumped within 1.1 s."""

DIMMED_DB: Final = 4.5
"""What AEC3 leaves of a learner whom it dims, above the noise: of the tutor alone it leaves nothing."""

NOTHING_DBFS: Final = -80.0
"""Level of a microphone's noise at the lowest; what AEC3 makes of digital silence is no voice."""

SLOPE: Final = np.linspace(0, 1, SPEECH_BLOCK, endpoint=False, dtype=np.float32)
"""From one block's weight to the next one's, without a step."""

Heard = tuple[bytes, bytes, bytes, Change | None]
"""A block as PCM16 at 16 kHz without echo, the same with it, the same with what of it a linear canceller leaves, and a
change of the learner's voice. Where nothing is cancelled the second and the third are empty."""


class Ears:
    """One call of `hear` per block. Raises EngineError where no voice detector can be loaded."""

    def __init__(self, cancel_echo: bool, sensitivity: Sensitivity) -> None:
        limits = LIMITS[sensitivity]
        self.canceller = Canceller(cancel_echo)
        self.voice = Voice(limits.votes)
        self._activity = Activity(limits.gate_dbfs)
        self._judge = Judge(silero())
        self._decimator = Decimator(3 if cancel_echo else 1)
        self._double_talk = DoubleTalk(limits.gate_dbfs) if cancel_echo else None
        self._was_left = False
        self._weight = np.float32(0)
        self._sure = limits.sure
        self._needed = limits.votes
        self._votes = deque([False] * WINDOW, maxlen=WINDOW)
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
            vote=self._votes[-1],
            judge=self._judge.probability,
        )

    @property
    def ahead(self) -> int:
        """In how many blocks the voice can change at the earliest; 1 is the next one."""
        if self.voice.on:
            return 1
        votes = list(self._votes)
        return next(blocks for blocks in range(1, WINDOW + 1) if sum(votes[blocks:]) + blocks >= self._needed)

    def hear(self, near: NDArray[np.int16], far: NDArray[np.int16], guard: bool, *, muted: bool = False) -> Heard:
        """Take a block of the microphone and of the speaker; what comes back of the sound is 11 ms late.

        muted: nothing is heard, and silence comes back; what is known of the room is kept up to date.
        """
        self._guard = max(0, self._guard - 1)
        if guard:
            self._guard = GUARD_BLOCKS
            self.canceller.unsettle()
            if self._double_talk:
                self._double_talk.forget()
        cleaned = self.canceller.process(near, far, alone=not self.voice.on)
        raw = undimmed = b""
        if self._double_talk:
            sounds = self._decimator.process(cleaned, near, far)
            linear = self._double_talk.hear(sounds[1], sounds[2], alone=not self._was_left)
            weighed = self._weigh(linear, self._double_talk.share)
            self._judge.hear(weighed if self._double_talk.knows_echo else sounds[0])
            pcm, raw = (sound.tobytes() for sound in to_int16(sounds[:2]))
            undimmed = self._double_talk.pcm
        else:
            sounds = self._decimator.process(cleaned)
            self._judge.hear(sounds[0])
            pcm = to_int16(sounds[0]).tobytes()
        sure = self._judge.probability > self._sure
        vote = self._activity.votes(cleaned, sure=sure, settled=self.canceller.settled)
        if self._double_talk:
            vote = self._agree(vote, self._double_talk)
        may_be_echo = self._guard > 0 and self.canceller.speaker_sounds
        self._votes.append(vote and not may_be_echo and not muted)
        change = self.voice.step(self._votes[-1], sure and not muted, loud=self._activity.loud)
        if muted:
            pcm, raw, undimmed = (bytes(len(sound)) for sound in (pcm, raw, undimmed))
        return pcm, raw, undimmed, change

    def listen_afresh(self) -> None:
        """After a voice that has just started: its first words are not to be judged by all that was before them."""
        self._judge.listen_afresh()

    def _weigh(self, linear: NDArray[np.float32], share: float) -> NDArray[np.float32]:
        """What the judge hears while there is an echo: not AEC3's sound, which is dimmed, and little of the tutor."""
        before, self._weight = self._weight, np.float32(share * share)
        return linear * (before + (self._weight - before) * SLOPE)

    def _agree(self, vote: bool, second: DoubleTalk) -> bool:
        """Whether AEC3's sound has a voice that the echo does not explain, or the linear one has and AEC3 left some."""
        nothing = max(self._activity.noise_dbfs, NOTHING_DBFS)
        before, self._was_left = self._was_left, self._activity.level_dbfs > nothing + DIMMED_DB
        return (vote and second.possible) or (second.voice and (before or self._was_left))

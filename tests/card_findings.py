"""What the benchmark reads out of a class on the virtual card that people's recordings have interrupted."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from profai_cli.events import Metrics, TeachingContent, TtsHeld, TtsResumed
from profai_cli.pcm import BLOCK
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from tests import rig
from tests.card_class import Seen
from tests.measure_turns import SPOKEN
from tests.measuring import Samples, last_sample, sounds_at

EARLY = rig.RATE
"""Samples before a learner in which a hold is not told from an interruption."""
LAG = round(0.06 * rig.RATE)
"""Samples by which the recording may be behind when an event is read, so that it seems to be earlier."""
AHEAD = round(0.06 * rig.RATE)
"""Samples by which the canceller is given the speaker's sound before the recording has it, as on the card."""

Voice = tuple[str, float]
"""Whose recording, and the second in it at which the clip begins."""


@dataclass(frozen=True, slots=True)
class Said:
    """A clip, its level against the echo, and at which sample of the recording it begins."""

    voice: Voice
    above_echo: int
    begin: int


@dataclass(frozen=True)
class Interrupted:
    """A class that is over: what left the speaker and came to the microphone, its events, and what was said in it."""

    speaker: Samples
    microphone: Samples
    seen: Seen
    said: list[Said]

    def delay(self, said: Said) -> float | None:
        """Seconds from the learner's first sample to the tutor's last; None where the tutor was silent anyway."""
        if not sounds_at(self.speaker, said.begin):
            return None
        texts = {(x.reply, x.sentence): x.text for x in self.seen.of(TeachingContent)}
        holds = self._holds(said)
        if holds and holds[0].char == len(texts.get((holds[0].reply, holds[0].sentence), "")):
            return None  # the sentence had just ended by itself
        return (last_sample(self.speaker, said.begin) - said.begin) / rig.RATE

    def missed(self, said: Said, delay: float) -> bool:
        """The tutor spoke on, or soon went on."""
        return delay > SPOKEN or any(hold.hold in self._released for hold in self._holds(said))

    def false_holds(self) -> tuple[int, int]:
        """Holds for which no learner was there: all, and those that were not released and became interruptions."""
        real = [hold for said in self.said for hold in self._holds(said)]
        early = [hold for said in self.said for hold in self.seen.of(TtsHeld, said.begin - EARLY, said.begin - LAG)]
        false = [hold for hold in self.seen.of(TtsHeld) if hold not in real]
        return len(false), sum(hold.hold not in self._released and hold not in early for hold in false)

    def story(self, said: Said, delay: float) -> str:
        """What happened around it, for a case that needs a look; times in seconds from the learner's first sample."""
        near = range(said.begin - 2 * rig.RATE, said.begin + 3 * rig.RATE)
        kinds = ("speech_", "tts_", "final_", "metrics")
        listed = [
            f"{event.figure if isinstance(event, Metrics) else event.name} {(at - said.begin) / rig.RATE:+.2f}"
            for at, event in self.seen.all
            if at in near and event.name.startswith(kinds)
        ]
        how = "missed" if self.missed(said, delay) else f"{1000 * delay:.0f} ms"
        return f"{said.voice} {said.above_echo:+d} dB at {said.begin / rig.RATE:.2f} s: {how}; {', '.join(listed)}"

    def detected(self, said: Said) -> float | None:
        """Seconds from the learner's first sample to the begin of a voice for the detectors alone, as the recording
        says when it is heard again on the samples' clock: no device and no other program has a part in it."""
        return next(((at - said.begin) / rig.RATE for at in self._voices if at >= said.begin), None)

    @cached_property
    def _voices(self) -> list[int]:
        path = SoundPath(VoicePlayer())
        far = np.append(self.speaker[AHEAD:], np.zeros(AHEAD, np.int16))
        voices = []
        for at in range(0, len(far) - BLOCK, BLOCK):
            frame = path.process(self.microphone[at : at + BLOCK], far[at : at + BLOCK], played=0)
            if frame.voice == "started":
                voices.append(at + BLOCK)
        return voices

    @cached_property
    def _released(self) -> set[int]:
        return {x.hold for x in self.seen.of(TtsResumed)}

    def _holds(self, said: Said) -> list[TtsHeld]:
        """Those in the time of the clip."""
        return self.seen.of(TtsHeld, said.begin - LAG, said.begin + round((SPOKEN + 0.3) * rig.RATE))

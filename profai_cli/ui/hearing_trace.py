"""Why the voice detector did or did not open, for `profai listen --vad`: a tenth of a second at a time."""

from dataclasses import asdict, dataclass
from typing import Any, Final

from profai_cli.ports import Evidence, Frame

STEP: Final = 10
"""Blocks (100 ms) that one line tells of."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was measured up to `t`. Levels in dBFS; of the loudest block, after echo cancelling.

    detector, votes: blocks of ten that the detector took for a voice, and that counted as one. judge: how likely
    a person spoke. voice: the voice is on at `t`. reason: why it is, or is not.
    """

    t: float
    level_dbfs: float
    gate_dbfs: float
    noise_dbfs: float
    detector: int
    votes: int
    judge: float
    voice: bool
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """The JSON form, of the same shape as an event's."""
        values = {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}
        return {"event": "voice_activity", **values}

    def __str__(self) -> str:
        return (
            f"{self.level_dbfs:6.1f} dBFS, gate {self.gate_dbfs:.0f}, noise {self.noise_dbfs:6.1f}, "
            f"detector {self.detector:2}/{STEP}, votes {self.votes:2}/{STEP}, judge {self.judge:.2f}: {self.reason}"
        )


class Trace:
    """Gathers frames; every tenth gives a step."""

    def __init__(self) -> None:
        self._gathered: list[Evidence] = []
        self._voice = False

    def __call__(self, frame: Frame) -> Step | None:
        """Take a frame."""
        if frame.voice is not None:
            self._voice = frame.voice != "ended"
        if frame.evidence is not None:
            self._gathered.append(frame.evidence)
        if len(self._gathered) < STEP:
            return None
        blocks, self._gathered = self._gathered, []
        loudest = max(blocks, key=lambda each: each.level_dbfs)
        return Step(
            t=frame.t,
            level_dbfs=round(loudest.level_dbfs, 1),
            gate_dbfs=loudest.gate_dbfs,
            noise_dbfs=round(loudest.noise_dbfs, 1),
            detector=sum(each.detector for each in blocks),
            votes=sum(each.vote for each in blocks),
            judge=max(each.judge for each in blocks),
            voice=self._voice,
            reason=self._reason(loudest, blocks),
        )

    def _reason(self, loudest: Evidence, blocks: list[Evidence]) -> str:
        if self._voice:
            return "voice"
        if loudest.level_dbfs <= loudest.gate_dbfs:
            return "no: below the gate"
        if not any(each.detector for each in blocks):
            return "no: the detector hears no voice"
        if not any(each.vote for each in blocks):
            return "no: too little above the noise"
        return "no: too few votes"

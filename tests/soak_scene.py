"""What happens in `measure_soak`: a learner who speaks, and emulators that fail, both by a seeded chance."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from profai_cli.pcm import SOUND_RATE
from tests.compressed import CompressedEmulators
from tests.measuring import Samples

QUESTIONS: Final = (
    "What is a comment for?",
    "Is Python named after the snake?",
    "What is a variable?",
    "How do I write a loop?",
    "What does a function return?",
    "Why is it warm in summer?",
    "How far away is the moon?",
    "What is a list good for?",
)

FAULTS: Final[dict[str, Sequence[dict[str, Any]]]] = {
    "deepgram": (
        *({"kind": "abort", "seconds": s} for s in (0.5, 4.0, 9.0, 14.0, 20.0)),
        *({"kind": "close", "status": status, "seconds": 5.0} for status in (1000, 1008, 1011, 1012)),
        {"kind": "refuse", "status": 503},
        {"kind": "refuse", "status": 500},
        {"kind": "busy", "seconds": 5.0},
        {"kind": "stall_before"},
        {"kind": "stall_after"},
        {"kind": "no_final"},
        {"kind": "malformed"},
        {"kind": "garbage"},
        {"kind": "slow_drip"},
    ),
    "elevenlabs": (
        {"kind": "refuse", "status": 500},
        {"kind": "refuse", "status": 503},
        {"kind": "busy", "seconds": 4.0},
        *({"kind": kind} for kind in (
            "stall_before", "stall_after", "abort", "odd_chunks", "no_alignment", "restart_times", "null_audio",
            "malformed", "garbage", "no_audio", "slow_drip", "short", "blip", "no_base64",
        )),
    ),
    "openai": (
        {"kind": "refuse", "status": 500},
        {"kind": "refuse", "status": 503},
        {"kind": "busy", "seconds": 6.0},
        {"kind": "error_in_band", "status": 500},
        *({"kind": kind} for kind in (
            "stall_before", "stall_after", "abort", "malformed", "garbage", "no_answer", "slow_drip", "html",
        )),
    ),
}  # fmt: skip
"""What passes by: an engine may be used again after it."""

STRIKES: Final = ("abort", "close", "no_final", "malformed", "garbage", "slow_drip", "stall_after")
"""Those that may also befall a socket that is open."""

FOR_GOOD: Final = (
    {"vendor": "elevenlabs", "kind": "refuse", "status": 401, "code": "quota_exceeded"},
    {"vendor": "openai", "kind": "refuse", "status": 401},
    {"vendor": "deepgram", "kind": "refuse", "status": 402},
)
"""The end of the class begins with these, so that it is held by the local engines."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the learner does: a question, or a cough without words. interrupted: by the next question."""

    at: float
    end: float
    text: str = ""
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to the emulators at a media time."""

    at: float
    do: Callable[[], None]


def plan_learner(chance: random.Random, end: float, sounds: dict[str, Samples]) -> list[Line]:
    """A question about every 25 s; one in three answers is interrupted by another one; some coughs."""
    lines: list[Line] = []
    at = 12.0
    while at < end - 25:
        if chance.random() < 0.3:
            lines.append(Line(at, at + _length(sounds[""])))
            at += chance.uniform(6, 9)
        first, second = chance.sample(QUESTIONS, 2)
        interrupted = chance.random() < 0.3
        stop = at + _length(sounds[first])
        lines.append(Line(at, stop, first, interrupted))
        if interrupted:
            at = stop + chance.uniform(6.5, 9)
            stop = at + _length(sounds[second])
            lines.append(Line(at, stop, second))
        at = stop + chance.uniform(18, 26)
    return lines


def _length(samples: Samples) -> float:
    return len(samples) / SOUND_RATE


class Microphone:
    """The learner's lines as one endless recording at 48 kHz, in a room with some hiss."""

    def __init__(self, lines: Sequence[Line], sounds: dict[str, Samples]) -> None:
        self._ahead = [(round(line.at * SOUND_RATE), sounds[line.text]) for line in lines]
        self._hiss = (np.random.default_rng(0).standard_normal(SOUND_RATE) * 10 ** (-65 / 20) * 32768).astype(np.int16)
        self._at = 0

    def read(self, count: int) -> Samples:
        """See `clips.Clip`."""
        begin, self._at = self._at, self._at + count
        piece: Samples = np.take(self._hiss, range(begin, self._at), mode="wrap")
        for first, samples in self._ahead[:2]:
            low, high = max(first, begin), min(first + len(samples), self._at)
            if low < high:
                piece[low - begin : high - begin] += samples[low - first : high - first]
        while self._ahead and self._ahead[0][0] + len(self._ahead[0][1]) <= self._at:
            self._ahead.pop(0)
        return piece


class Director(threading.Thread):
    """Does what was planned to the emulators, beside the class: faults, freezes, and the words that are heard."""

    def __init__(
        self, emulators: CompressedEmulators, chance: random.Random, lines: Sequence[Line], end: float
    ) -> None:
        super().__init__(name="director", daemon=True)
        self.now = 0.0
        """Media time, which the class tells."""
        self.ordered: Counter[str] = Counter()
        self.over = threading.Event()
        self.broken: OSError | None = None
        self._emulators, self._chance = emulators, chance
        acts = list(self._faults(end))
        frozen = [act.at for act in acts if act.do == self._freeze]
        for line in lines:
            at = line.at - 1.0
            at = min([at, *(begin - 0.3 for begin in frozen if begin - 0.3 < at < begin + 4.5)])
            acts.append(Act(at, partial(emulators.set, script=[line.text] * (4 if line.text else 1))))
        self._acts = sorted(acts, key=lambda act: act.at)

    def run(self) -> None:
        """Until the class is over."""
        try:
            for act in self._acts:
                while self.now < act.at:
                    if self.over.wait(0.005):
                        return
                act.do()
        except OSError as error:  # told at the end, where there is somebody to tell
            self.broken = error

    def _faults(self, end: float) -> Iterator[Act]:
        chance, at = self._chance, 15.0
        last = end * 0.9
        while at < last:
            if chance.random() < 0.15:
                length = chance.uniform(0.3, 4.0)
                yield Act(at, self._freeze)
                yield Act(at + length, self._emulators.thaw)
                at += length
            else:
                vendor = chance.choice(("deepgram", "deepgram", "elevenlabs", "openai"))
                fault = {"vendor": vendor, **chance.choice(FAULTS[vendor])}
                yield Act(at, partial(self._order, fault, chance.random() < 0.5))
            at += chance.uniform(10, 40)
        for fault in FOR_GOOD:
            yield Act(last, partial(self._order, fault, False))

    def _freeze(self) -> None:
        self.ordered["freeze"] += 1
        self._emulators.freeze()

    def _order(self, fault: dict[str, Any], now: bool) -> None:
        """now: to the socket that is open, where its vendor has one; else to the next request.

        What was ordered of the vendor and not shown yet is replaced: after a rest there must be no row of faults.
        """
        self.ordered[f"{fault['vendor']} {fault['kind']}"] += 1
        if now and fault["kind"] in STRIKES and fault["vendor"] == "deepgram":
            self._emulators.set(strike=fault | {"seconds": 0.0}, seen=[])
            return
        others = [waiting for waiting in self._emulators.waiting() if waiting["vendor"] != fault["vendor"]]
        self._emulators.set(faults=[*others, fault], seen=[])

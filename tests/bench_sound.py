"""How fast the reflex is, how often it is fooled, and what it costs: python -m tests.bench_sound

Everything runs on the samples' clock in simulated rooms, so that the figures are the same on every machine,
except the last one. A barge-in is measured as in the design: from the first sample of the learner to the
last sample of the tutor at the speaker.
"""

import itertools
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCKS_A_SECOND, SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.sound.simulated import Clip, SimulatedSound
from tests.sounds import ONSETS, RECORDED_AT, at_level, clip, noise, recording, room

ROOMS = list(itertools.product((0.1, 0.2, 0.3), (-6, -12, -20)))
TUTORS = ("lj050_0131", "arctic_a0024")
TUTOR_DBFS = -20
NOISE_DBFS = -65


class Class:
    """A tutor who never stops, in a room."""

    def __init__(
        self, t60: float, echo_db: float, seed: int, clips: Sequence[Clip] = (), tutors: Sequence[str] = TUTORS
    ) -> None:
        self.left: list[NDArray[np.int16]] = []
        response = room(t60, echo_db, delay=(0.002, 0.01, 0.04)[seed % 3], seed=seed)
        hiss = clip(noise(70, NOISE_DBFS, seed=seed), rate=SOUND_RATE)
        self.sound = SimulatedSound([hiss, *clips], room=response, speaker=lambda far: self.left.append(far.copy()))
        voices = [at_level(recording(name), TUTOR_DBFS).tobytes() for name in tutors]
        self._voices = itertools.cycle(voices[seed % len(voices) :] + voices[: seed % len(voices)])

    def step(self) -> Frame:
        player = self.sound.player
        if player.written - player.rendered < SOUND_RATE:
            player.write(next(self._voices), RECORDED_AT, last=True)
            player.silence(0.4)
        return self.sound.step()


def barge_in(t60: float, echo_db: float, above_echo: float, name: str, seed: int) -> float | None:
    """Seconds from the learner's first sample to the tutor's last; None: the tutor goes on; -1: held before."""
    at = 3.0 + 0.613 * (seed % 7)
    begin = ONSETS[name]
    speech = at_level(recording(name, begin, begin + 1.5), TUTOR_DBFS + echo_db + above_echo)
    lesson = Class(t60, echo_db, seed, [clip(speech, at)])
    while True:
        frame = lesson.step()
        if frame.hold and frame.t < at:
            return -1.0
        if frame.hold:
            lesson.sound.step()
            sounding = np.flatnonzero(np.concatenate(lesson.left))
            return max(0.0, float(sounding[-1] + 1) / SOUND_RATE - at)  # 0: the tutor had paused anyway
        if frame.t > at + 1.5:
            return None


def barge_ins() -> None:
    for above_echo in (12, 0):
        delays = [
            barge_in(*place, above_echo, name, 4 * i + j)
            for i, place in enumerate(ROOMS)
            for j, name in enumerate(ONSETS)
        ]
        real = [delay for delay in delays if delay is not None and delay >= 0]
        print(
            f"barge-in, learner {above_echo:+d} dB to the echo: {len(delays)} tried, "
            f"{delays.count(None)} missed, {delays.count(-1.0)} too early, "
            f"median {1000 * np.median(real):.0f} ms, 90 % {1000 * np.quantile(real, 0.9):.0f} ms, "
            f"worst {1000 * max(real):.0f} ms"
        )


def false_holds(minutes: float = 10) -> None:
    holds = []
    each = minutes * 60 / len(ROOMS)
    begin = time.process_time()
    for seed, place in enumerate(ROOMS):
        lesson = Class(*place, seed, tutors=(*TUTORS, "austen_0870", "austen_0880", "austen_0930"))
        for _ in range(round(each * BLOCKS_A_SECOND)):
            frame = lesson.step()
            if frame.hold:
                holds.append((place, frame.t))
                lesson.sound.player.release(frame.hold)
    cost = (time.process_time() - begin) / (minutes * 60 * BLOCKS_A_SECOND)
    print(f"tutor alone, {minutes:g} min in {len(ROOMS)} rooms: {len(holds)} false holds {holds}")
    print(f"one block of 10 ms, with room and player: {1000 * cost:.2f} ms of processor")


if __name__ == "__main__":
    barge_ins()
    false_holds()

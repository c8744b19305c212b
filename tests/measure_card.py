"""Barge-in on a virtual sound card: the real command, live, with an echo; measured from the card's recording."""

import subprocess
from collections.abc import Iterator

import soxr

from tests import rig
from tests.measure_class import LEARNERS, CannotMeasure, class_command, environment, hold_class, learner, tutor_dbfs
from tests.measure_turns import ABOVE_ECHO_DB, SPOKEN, Row, ms
from tests.measuring import Samples, find, last_sample, sounds_at
from tests.sounds import RECORDED_AT

ECHO_DB, ECHO_MS = -6, 30
TRIES = 8
FIRST, BETWEEN = 12, 22
"""Seconds."""


def card(notes: list[str]) -> Iterator[Row]:
    if rig.MISSING:
        raise CannotMeasure(rig.MISSING)
    hold_class(1)  # fills the cache
    for above_echo in ABOVE_ECHO_DB:
        clips = [_at_card_rate(learner(name, SPOKEN, tutor_dbfs() + ECHO_DB + above_echo)) for name in LEARNERS]
        recording, said = _class_on_card([clips[k % len(clips)] for k in range(TRIES)])
        begins = [find(recording.microphone, clip, at, at + rig.RATE) for at, clip in said]
        real = [at for at in begins if sounds_at(recording.speaker, at)]
        delays = [(last_sample(recording.speaker, at) - at) / rig.RATE for at in real]
        stopped = [delay for delay in delays if delay <= SPOKEN]
        notes.append(
            f"virtual card {above_echo:+d} dB: " + ", ".join(f"{1000 * delay:.0f}" for delay in delays) + " ms"
        )
        measured = f"{ms(stopped)}; {len(real) - len(stopped)} of {len(real)} missed, {TRIES - len(real)} excluded"
        yield (
            f"barge-in on a virtual card, real time, learner {above_echo:+d} dB to the echo",
            measured,
            "median 110, worst 200 ms",
        )


def _at_card_rate(samples: Samples) -> Samples:
    resampled: Samples = soxr.resample(samples, RECORDED_AT, rig.RATE)
    return resampled


def _class_on_card(clips: list[Samples]) -> tuple[rig.Recording, list[tuple[int, Samples]]]:
    """The card's recording of a class, and from which of its samples on each clip was said."""
    said = []
    with (
        rig.Rig(ECHO_MS, ECHO_DB) as card,
        card.recording() as recording,
        subprocess.Popen(
            class_command(),
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as process,
    ):
        for number, clip in enumerate(clips):
            recording.wait((FIRST + BETWEEN * number) * rig.RATE)
            said.append((recording.length, clip))
            card.say(clip).wait()
        recording.wait(recording.length + 2 * rig.RATE)
        if process.poll() is not None:
            raise CannotMeasure(f"the class ended: {process.stderr.read()[-300:].decode()}" if process.stderr else "")
        process.terminate()
    return recording, said

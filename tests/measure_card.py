"""Barge-in on a virtual sound card: the real command in a terminal, live, with an echo; read from the card's recording.

People's recordings interrupt the lesson. As soon as the tutor has something to answer, the learner types that they do
not want it, so that an interruption takes about eight seconds.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import soxr

from profai_cli.events import (
    AudioGenerationComplete,
    Event,
    LessonResumed,
    SttReady,
    TeachingContent,
    TutorState,
)
from tests import rig
from tests.card_class import CardClass, card_class
from tests.card_findings import Interrupted, Said, Voice
from tests.measure_class import LEARNERS, CannotMeasure, hold_class, learner, onsets, tutor_dbfs
from tests.measure_turns import SPOKEN, Row, ms
from tests.measuring import Samples, find
from tests.scripted import PROFAI
from tests.sounds import RECORDED_AT

ECHO_MS = 30
ABOVE_ECHO_DB = (12, 0)
"""Levels of the learner against the echo."""
QUIETER = {-6: (0, 0.0), 0: (4, -12.0)}
"""The echoes in dB, each with how often the learner types "quieter" at the begin, and what that makes of the tutor's
level in dB: over an echo as loud as the tutor, a learner who is louder still would overdrive the microphone."""

TRIES, TRIES_WITH_HOGS = 34, 14
"""Interruptions in a class; those that hit a pause of the tutor's are left out."""
HOGS = 2
LOADED = 60.0
"""Seconds within which the recogniser is loaded."""
ROOM_KNOWN = 5.0
"""Seconds from there to the first interruption."""
LESSON, VARIED = 2.5, 1.3
"""Seconds of the lesson between an interruption and the next, and what is added at most."""
STARTS_WITHIN = 2.0
"""Seconds in which a program that is to play a clip begins to; without other work on the machine it takes 0.2."""
INSIDE = 0.8
"""Seconds for which a sentence must go on when that program is started."""
TURN = 8.0
"""Seconds in which a learner's turn has led to something."""
BACK = ("Never mind\r", "Never mind\r", "Next topic\r")
"""What the learner types in turn: without the last one, all would happen in one sentence. Capitals are no keys."""
WORTH_A_LOOK = 0.2
"""Seconds of delay from which a try is told of."""


def card(notes: list[str]) -> Iterator[Row]:
    if rig.MISSING:
        raise CannotMeasure(rig.MISSING)
    hold_class(1)  # fills the cache
    for echo_db in QUIETER:
        held = interrupted(echo_db, TRIES)
        for above_echo in ABOVE_ECHO_DB:
            said = [said for said in held.said if said.above_echo == above_echo]
            what = f"barge-in on a virtual card, real time, echo {echo_db} dB, learner {above_echo:+d} dB to it"
            yield what, delays(what, held, said, notes), "median 110, worst 200 ms, 0 missed"
        yield f"the tutor's own voice in that class, echo {echo_db} dB", _false(held), "0 holds, 0 interruptions"
    with hogs(HOGS):
        held = interrupted(min(QUIETER), TRIES_WITH_HOGS)
    what = f"barge-in on a virtual card, echo {min(QUIETER)} dB, beside {HOGS} processes that use all of the processor"
    yield what, delays(what, held, held.said, notes), ""
    yield "the tutor's own voice in that class", _false(held), "0 interruptions"


@contextmanager
def hogs(count: int) -> Iterator[None]:
    """So many processes that each use all of a core that they get."""
    running = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def delays(what: str, held: Interrupted, said: list[Said], notes: list[str]) -> str:
    after = {number: delay for number, x in enumerate(said) if (delay := held.delay(x)) is not None}
    stopped = [delay for number, delay in after.items() if not held.missed(said[number], delay)]
    listed = ", ".join(f"{1000 * delay:.0f}" for delay in after.values())
    detected = [held.detected(said[number]) for number in after]
    alone = ms([seconds for seconds in detected if seconds is not None and seconds <= SPOKEN])
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    notes.append(f"{what}: {listed} ms{load}")
    notes += [held.story(said[number], delay) for number, delay in after.items() if delay > WORTH_A_LOOK]
    missed, silent = len(after) - len(stopped), len(said) - len(after)
    measured = f"{ms(stopped)} (the detectors alone: {alone}); {missed} of {len(after)} missed"
    return f"{measured}, {silent} excluded (tutor silent)"


def _false(held: Interrupted) -> str:
    holds, cuts = held.false_holds()
    minutes = len(held.speaker) / rig.RATE / 60
    return (
        f"{holds} false holds, {cuts} false interruptions, {held.seen.faults} under- and overflows in {minutes:.1f} min"
    )


def interrupted(echo_db: int, tries: int, *options: str, program: Sequence[str] = PROFAI) -> Interrupted:
    """A class that was interrupted so often. program: as in `card_class`."""
    times, change_db = QUIETER[echo_db]
    level = tutor_dbfs() + change_db + echo_db
    clips = {(voice, above): _clip(voice, level + above) for voice in _voices() for above in ABOVE_ECHO_DB}
    begun = []
    with rig.Rig(ECHO_MS, echo_db) as sound_card, card_class(sound_card, *options, program=program) as class_:
        class_.wait(lambda event: isinstance(event, SttReady), LOADED)
        for _ in range(times):
            class_.terminal.press("Quieter\r")
        class_.run(ROOM_KNOWN)
        for number in range(tries):
            above = ABOVE_ECHO_DB[number % len(ABOVE_ECHO_DB)]
            voice = _voices()[number // len(ABOVE_ECHO_DB) % len(_voices())]
            while not _goes_on(class_, INSIDE):
                class_.run(0.05)
            begun.append((voice, above, class_.recording.length))
            with sound_card.say(clips[voice, above]):
                _turn(class_, BACK[number % len(BACK)])
            class_.run(LESSON + 0.4137 * number % VARIED)
    microphone = class_.recording.microphone
    within = round(STARTS_WITHIN * rig.RATE)
    said = [Said(voice, above, find(microphone, clips[voice, above], at, at + within)) for voice, above, at in begun]
    return Interrupted(class_.recording.speaker, microphone, class_.seen, said)


def _goes_on(class_: CardClass, seconds: float) -> bool:
    """The sentence that sounds has so much left of it."""
    lengths = {(x.reply, x.sentence): x.seconds for x in class_.seen.of(AudioGenerationComplete)}
    begun = [(at, (x.reply, x.sentence)) for at, x in class_.seen.all if isinstance(x, TeachingContent)]
    if not begun or begun[-1][1] not in lengths:
        return False
    begin, sentence = begun[-1]
    return (class_.recording.length - begin) / rig.RATE + seconds < lengths[sentence]


def _turn(class_: CardClass, back: str) -> None:
    """From the learner's first word until the lesson goes on; nothing is typed where it went on by itself."""

    def led_to_something(event: Event) -> bool:
        return isinstance(event, TutorState) and event.state in ("thinking", "teaching")

    class_.wait(led_to_something, TURN)
    states = class_.seen.of(TutorState)
    if states and states[-1].state != "teaching":
        class_.terminal.press(back)
        class_.wait(lambda event: isinstance(event, LessonResumed), TURN)


@cache
def _voices() -> list[Voice]:
    """First each person's first words, then what they say after a pause."""
    voices = [(number, name, at) for name in LEARNERS for number, at in enumerate(onsets(name, SPOKEN))]
    return [(name, at) for _, name, at in sorted(voices)]


def _clip(voice: Voice, level: float) -> Samples:
    name, onset = voice
    resampled: Samples = soxr.resample(learner(name, SPOKEN, level, onset), RECORDED_AT, rig.RATE)
    return resampled

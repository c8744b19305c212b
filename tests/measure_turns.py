"""How soon the tutor falls silent for a learner, over nine rooms, and whether any word of the lesson is lost by it."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain

import numpy as np

from profai_cli.events import Event, FinalTranscript, TeachingContent, TtsHeld, TtsInterrupted, TtsResumed
from profai_cli.pcm import SOUND_RATE
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.turns.words import Meaning, meaning
from tests.measure_class import (
    LEARNERS,
    ROOMS,
    TUTORS,
    Held,
    Room,
    Topic,
    hold_class,
    learner,
    onsets,
    side_by_side,
    tutor_dbfs,
)
from tests.measuring import last_sample, lesson_words, sounds_at
from tests.natural_voice import TUTOR_DBFS

Row = tuple[str, str, str]
"""What, measured, goal."""

ABOVE_ECHO_DB = (12, 0, -10)
GOALS = {12: "median 80, worst 150 ms, 0 missed", 0: "median 80, worst 150 ms, 0 missed", -10: "2 of 44 missed"}
VOICES = {"the machine's": False, "a natural": True}
"""The tutor's voice, and whether people's recordings are."""
MOVES = (Meaning.NEXT_TOPIC, Meaning.PREVIOUS_TOPIC, Meaning.REPEAT)
"""Orders after which words are not heard, or heard again, because the learner wants it so."""
SPOKEN = 1.5
"""Seconds of each interruption; a tutor that still sounds after it was not interrupted."""
TRIES = 8
"""In each of nine rooms: 72, of which at least 44 fall on a sentence and not between two."""
FIRST, BETWEEN, AFTER = 7.0, 15.31, 8.0
"""Seconds to the first interruption, from each to the next, and after the last."""
SLOW = 0.15


def ms(seconds: list[float]) -> str:
    """Median and worst."""
    if not seconds:
        return "none"
    return f"median {1000 * statistics.median(seconds):.0f}, worst {1000 * max(seconds):.0f} ms"


@dataclass(frozen=True, slots=True)
class Interruption:
    """One try. delay: from the learner's first sample to the tutor's last; None where the tutor was silent anyway."""

    name: str
    place: Room
    events: list[Event]
    at: float
    delay: float | None
    back: bool
    """The tutor went on with the sentence though the learner spoke."""

    @property
    def missed(self) -> bool:
        return self.back or (self.delay is not None and self.delay > SPOKEN)

    def story(self) -> str:
        """What happened around it, for a case that needs a look."""
        kinds = ("speech_", "tts_", "final_")
        events = [
            f"{x.name} {x.t - self.at:+.2f}"
            for x in self.events
            if x.name.startswith(kinds) and self.at - 0.5 <= x.t < self.at + 2.5
        ]
        how = "missed" if self.missed else "tutor silent" if self.delay is None else f"{1000 * self.delay:.0f} ms"
        return f"{self.name} at {self.at:.2f} s, room {self.place}: {how}; {', '.join(events)}"


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A class with interruptions. early: holds with no learner near."""

    held: Held
    tries: list[Interruption]
    early: int


@cache
def disturbed(above_echo: int, natural: bool) -> list[Disturbed]:
    """A class in each of the nine rooms."""
    tutor_dbfs()
    return side_by_side([partial(_disturbed, number, above_echo, natural) for number in range(len(ROOMS))])


def _disturbed(number: int, above_echo: int, natural: bool) -> Disturbed:
    """Each class of the nine begins at another topic and has its own learners, onsets and times."""
    place = ROOMS[number]
    tutor = TUTORS[number % len(TUTORS)] if natural else ()
    people = [(name, onset) for name in LEARNERS if name not in tutor for onset in onsets(name, SPOKEN)]
    shift = number * TRIES + ABOVE_ECHO_DB.index(above_echo)
    chosen = [people[(shift + 5 * k) % len(people)] for k in range(TRIES)]
    times = [FIRST + 0.4137 * number + BETWEEN * k for k in range(TRIES)]
    level = (TUTOR_DBFS if natural else tutor_dbfs()) + place[1] + above_echo
    clips = [(at, learner(name, SPOKEN, level, onset)) for at, (name, onset) in zip(times, chosen, strict=True)]
    held = hold_class(times[-1] + AFTER, said=clips, place=place, begin=topic(number), tutor=tutor)
    ends = [*times[1:], times[-1] + AFTER]
    tries = [
        _interruption(f"{name} from {onset:.2f} s", place, held, at, end)
        for (name, onset), at, end in zip(chosen, times, ends, strict=True)
    ]
    early = sum(not any(at <= hold.t < at + SPOKEN + 0.5 for at in times) for hold in held.of(TtsHeld))
    return Disturbed(replace(held, speaker=np.zeros(0, np.int16)), tries, early)


def topic(number: int) -> Topic:
    """Some topic of the first course: another one for each of thirteen numbers in a row."""
    modules = load_course(shipped_courses(), "1").modules
    topics = [(1, m + 1, t + 1) for m, module in enumerate(modules) for t in range(len(module.topics))]
    return topics[number % len(topics)]


def _interruption(name: str, place: Room, held: Held, at: float, end: float) -> Interruption:
    first = round(at * SOUND_RATE)
    holds = held.of(TtsHeld, at, at + SPOKEN)
    texts = {(x.reply, x.sentence): x.text for x in held.of(TeachingContent)}
    silent = not sounds_at(held.speaker, first)
    if holds and holds[0].char == len(texts.get((holds[0].reply, holds[0].sentence), "")):
        silent = True  # the sentence had just ended by itself
    delay = None if silent else (last_sample(held.speaker, first) - first) / SOUND_RATE
    ended = [x.t for x in held.of(TtsInterrupted, at, end)]
    back = bool(not silent and held.of(TtsResumed, at, ended[0] if ended else end))
    return Interruption(name, place, held.events, at, delay, back)


def barge_in(notes: list[str]) -> Iterator[Row]:
    """People's recordings over the tutor, three levels and two kinds of voice: ten minutes on two cores."""
    for (voice, natural), above_echo in ((v, level) for v in VOICES.items() for level in ABOVE_ECHO_DB):
        classes = disturbed(above_echo, natural)
        tries = list(chain.from_iterable(x.tries for x in classes))
        real = [x for x in tries if x.delay is not None]
        stopped = [x.delay or 0.0 for x in real if not x.missed]
        slow = sum(delay > SLOW for delay in stopped)
        title = f"over {voice} voice, learner {above_echo:+d} dB to the echo"
        notes += [f"{title}: {x.story()}" for x in real if x.missed or (x.delay or 0) > SLOW]
        measured = f"{ms(stopped)}, {slow} of {len(stopped)} over 150 ms; {len(real) - len(stopped)} of {len(real)} "
        measured += f"missed, {len(tries) - len(real)} excluded (tutor silent); "
        measured += f"{sum(x.early for x in classes)} holds without a learner"
        yield f"barge-in {title}", measured, GOALS[above_echo]


def words(notes: list[str]) -> Iterator[Row]:
    """The lesson's words around the interruptions of `barge-in`, whose classes it shares."""
    course = load_course(shipped_courses(), "1")
    every = [x.held for natural in VOICES.values() for level in ABOVE_ECHO_DB for x in disturbed(level, natural)]
    classes = [held for held in every if not any(meaning(x.text) in MOVES for x in held.of(FinalTranscript))]
    found = [lesson_words(held.events, course) for held in classes]
    cuts = sum(len(held.of(TtsInterrupted)) for held in classes)
    lost, twice, strays = (sum(len(getattr(x, name)) for x in found) for name in ("lost", "twice", "strays"))
    notes += [f"lost {x.lost}, twice without a cut {x.strays}" for x in found if x.lost or x.strays]
    measured = f"{lost} lost, {twice} twice in cut phrases, {strays} twice elsewhere, "
    measured += f"of {sum(x.count for x in found)} words with {cuts} cuts, "
    measured += f"in {len(classes)} of {len(every)} classes (in the others an order was heard that moves the lesson)"
    yield "lesson words around interruptions", measured, "0 lost, 0 twice elsewhere"

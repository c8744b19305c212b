"""How the tutor takes turns: stops for a learner, goes on after a noise, loses no word, answers soon."""

import asyncio
import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from profai_cli.events import (
    AgentResponse,
    Decision,
    FinalTranscript,
    TeachingContent,
    TtsHeld,
    TtsInterrupted,
    TtsResumed,
)
from profai_cli.pcm import SOUND_RATE
from profai_cli.providers.llm.course_search import CourseSearch
from profai_cli.providers.tts.local import BestLocal
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.turns.words import normal
from tests.measure_class import LEARNERS, ROOMS, CannotMeasure, Held, hold_class, learner, tutor_dbfs, voiced
from tests.measuring import Samples, first_sample, holes, last_sample, lesson_words, sounds_at
from tests.sounds import RECORDED_AT, noise

Row = tuple[str, str, str]
"""What, measured, goal."""

ABOVE_ECHO_DB = (12, 0)
SPOKEN = 1.5
"""Seconds of each interruption; a tutor that still sounds after it was not interrupted."""
BETWEEN = 25.0
"""Seconds from one interruption to the next: turn, answer and the way back into the lesson fit in."""
QUIET_PLACE = (0.2, -12)
QUESTIONS = Path(__file__).parent / "questions" / "course1.jsonl"
VOICES = ("flite:rms", "flite:awb", "espeak")


def ms(seconds: list[float]) -> str:
    """Median and worst."""
    if not seconds:
        return "none"
    return f"median {1000 * statistics.median(seconds):.0f}, worst {1000 * max(seconds):.0f} ms"


@dataclass(frozen=True, slots=True)
class Interruption:
    """One try. delay: from the learner's first sample to the tutor's last; None where the tutor was silent anyway."""

    name: str
    place: tuple[float, float]
    held: Held
    at: float
    delay: float | None
    back: bool
    """The tutor went on with the sentence though the learner spoke."""

    @property
    def missed(self) -> bool:
        return self.back or (self.delay is not None and self.delay > SPOKEN)

    def story(self) -> str:
        """What happened around it, for a case that needs a look."""
        kinds = ("speech_", "tts_", "final_", "control", "timer_")
        events = [
            f"{x.name} {x.t - self.at:+.2f}"
            for x in self.held.events
            if x.name.startswith(kinds) and self.at - 1 <= x.t < self.at + 4
        ]
        how = "missed" if self.missed else f"{1000 * (self.delay or 0):.0f} ms"
        return f"{self.name} at {self.at:.2f} s, room {self.place}: {how}; {', '.join(events)}"


@cache
def interruptions(above_echo: int) -> list[Interruption]:
    """Three people in each of nine rooms."""
    tries = []
    for number, place in enumerate(ROOMS):
        names = [LEARNERS[(number + k) % len(LEARNERS)] for k in range(3)]
        times = [8 + 0.4137 * number + BETWEEN * k for k in range(3)]
        level = tutor_dbfs() + place[1] + above_echo
        clips = [(at, learner(name, SPOKEN, level)) for at, name in zip(times, names, strict=True)]
        held = hold_class(times[-1] + BETWEEN, said=clips, place=place)
        tries += [_interruption(name, place, held, at) for at, name in zip(times, names, strict=True)]
    return tries


def _interruption(name: str, place: tuple[float, float], held: Held, at: float) -> Interruption:
    first = round(at * SOUND_RATE)
    holds = held.of(TtsHeld, at, at + SPOKEN)
    texts = {(x.reply, x.sentence): x.text for x in held.of(TeachingContent)}
    silent = not sounds_at(held.speaker, first)
    if holds and holds[0].char == len(texts.get((holds[0].reply, holds[0].sentence), "")):
        silent = True  # the sentence had just ended by itself
    delay = None if silent else (last_sample(held.speaker, first) - first) / SOUND_RATE
    ended = [x.t for x in held.of(TtsInterrupted, at, at + BETWEEN)]
    back = bool(not silent and held.of(TtsResumed, at, ended[0] if ended else at + BETWEEN))
    return Interruption(name, place, held, at, delay, back)


def barge_in(notes: list[str]) -> Iterator[Row]:
    for above_echo in ABOVE_ECHO_DB:
        tries = interruptions(above_echo)
        real = [x for x in tries if x.delay is not None]
        stopped = [x for x in real if not x.missed]
        early = sum(
            not any(x.at <= hold.t < x.at + SPOKEN + 0.5 for x in tries if x.held is held)
            for held in {id(x.held): x.held for x in tries}.values()
            for hold in held.of(TtsHeld)
        )
        notes += [x.story() for x in real if x.missed or (x.delay or 0) > 0.15]
        measured = f"{ms([x.delay or 0 for x in stopped])}; {len(real) - len(stopped)} of {len(real)} missed, "
        measured += f"{len(tries) - len(real)} excluded (tutor silent), {early} holds without a learner"
        yield f"barge-in, learner {above_echo:+d} dB to the echo", measured, "median 80, worst 150 ms, 0 missed"


def words(notes: list[str]) -> Iterator[Row]:
    course = load_course(shipped_courses(), "1")
    classes = {id(x.held): x.held for level in ABOVE_ECHO_DB for x in interruptions(level)}.values()
    found = [lesson_words(held.events, course) for held in classes]
    cuts = sum(len(held.of(TtsInterrupted)) for held in classes)
    lost, twice, strays = (sum(len(getattr(x, name)) for x in found) for name in ("lost", "twice", "strays"))
    notes += [f"lost {x.lost}, twice without a cut {x.strays}" for x in found if x.lost or x.strays]
    measured = f"{lost} lost, {twice} twice in cut phrases, {strays} twice elsewhere, "
    measured += f"of {sum(x.count for x in found)} words with {cuts} cuts"
    yield "lesson words around interruptions", measured, "0 lost, 0 twice elsewhere"


def _noises() -> dict[str, Samples]:
    at = np.arange(RECORDED_AT // 2) / RECORDED_AT
    cough = np.minimum(at / 0.005, 1) * np.exp(-at / 0.06) * noise(0.5, -15, RECORDED_AT, seed=5)
    keys = np.zeros_like(at)
    for number, begin in enumerate((0.0, 0.13, 0.24)):
        stroke = noise(0.003, -12, RECORDED_AT, seed=number)
        keys[round(begin * RECORDED_AT) :][: len(stroke)] = stroke
    thud = np.minimum(at / 0.001, 1) * np.exp(-at / 0.02) * np.sin(2 * np.pi * 180 * at) * 12_000
    knocks = thud + np.roll(thud, RECORDED_AT // 6) + np.roll(thud, RECORDED_AT // 3)
    waves = {"cough": cough, "key strokes": keys, "knocks": knocks}
    level = tutor_dbfs() + QUIET_PLACE[1] + 6
    murmurs = {"uh-huh": voiced("uh huh", "espeak", level), "okay": voiced("okay", "flite:rms", level)}
    return {name: samples.astype(np.int16) for name, samples in waves.items()} | murmurs


def noises(notes: list[str]) -> Iterator[Row]:
    seconds, times = 60.0, [6 + 4.0073 * k for k in range(13)]
    undisturbed = hold_class(seconds, place=QUIET_PLACE).speaker
    for name, samples in _noises().items():
        held = hold_class(seconds, said=[(at, samples) for at in times], place=QUIET_PLACE)
        end = round((seconds - 0.1) * SOUND_RATE)
        found = holes(held.speaker[:end], undisturbed[:end])
        silences = [hole.length / SOUND_RATE for hole in found if hole.exact]
        astray = [hole for hole in found if not hole.exact]
        notes += [f"{name}: not as undisturbed after {hole.begin / SOUND_RATE:.2f} s" for hole in astray]
        cut = len(held.of(TtsInterrupted, end=seconds - 1))
        measured = f"{ms(silences)} in {len(silences)} silences, each resumed at the very sample; "
        measured += f"{cut} of {len(times)} became interruptions" + (", compared up to the first" if astray else "")
        yield f"{name} while teaching", measured, "600 ms, very sample, 0 interruptions"


@dataclass(frozen=True, slots=True)
class Answered:
    """Seconds from the learner's last sample: finalize asked, final words, answer asked, its text, its first sample."""

    marks: tuple[float, ...]
    asked: str
    heard: str

    @property
    def first_words(self) -> bool:
        """The first two words of the question reached the recogniser and were understood."""
        return normal(self.heard).split()[:2] == normal(self.asked).split()[:2]


def answers(notes: list[str]) -> Iterator[Row]:
    yield from _answers(notes, fast=True, classes=3)


def live_answers(notes: list[str]) -> Iterator[Row]:
    yield from _answers(notes, fast=False, classes=1)


def _answers(notes: list[str], *, fast: bool, classes: int) -> Iterator[Row]:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [entry["question"] for entry in map(json.loads, lines) if entry["topic"]]
    level = tutor_dbfs() + QUIET_PLACE[1] + 12
    answered: list[Answered] = []
    asked = 0
    for number in range(classes):
        texts = questions[4 * number : 4 * number + 4]
        clips = [(8 + 30.0 * k, voiced(text, VOICES[number], level)) for k, text in enumerate(texts)]
        held = hold_class(8 + 30.0 * len(clips), said=clips, place=QUIET_PLACE, fast=fast)
        for text, (at, samples) in zip(texts, clips, strict=True):
            asked += 1
            try:
                answered.append(_answered(held, text, at, at + len(samples) / RECORDED_AT))
            except CannotMeasure as reason:
                notes.append(f"{text!r} by {VOICES[number]}: {reason}")
                continue
            if not answered[-1].first_words:
                notes.append(f"{text!r} by {VOICES[number]} was heard as {answered[-1].heard!r}")
    if not answered:
        raise CannotMeasure(f"none of {asked} questions was answered in its turn")
    clock = "samples' clock, engines' stated delays" if fast else "real time"
    parts = dict(zip(("patience", "recogniser", "decision", "answerer", "voice"), _parts(answered), strict=True))
    split = " + ".join(f"{name} {1000 * statistics.median(part):.0f}" for name, part in parts.items())
    total = f"{ms([x.marks[-1] for x in answered])} = {split} (medians), {len(answered)} of {asked} questions"
    yield f"question's last sample to answer's first ({clock})", total, "see the next row"
    if fast:
        engines = asyncio.run(_stated())
        above = [x.marks[4] - x.marks[1] - engines for x in answered]
        yield "the same, above patience and the engines", ms(above), "50 ms"
    reached = sum(x.first_words for x in answered)
    yield f"first two words of the question recognised ({clock})", f"{reached} of {len(answered)}", "all"


def _parts(answered: list[Answered]) -> Iterator[list[float]]:
    for number in range(5):
        yield [x.marks[number] - (x.marks[number - 1] if number else 0.0) for x in answered]


def _answered(held: Held, text: str, at: float, end: float) -> Answered:
    """Raises CannotMeasure where the question was no turn of its own."""
    decisions = held.of(Decision, at, at + 30)
    asks = [x for x in decisions if x.command["command"] == "answer"]
    if not asks:
        raise CannotMeasure("it was not taken for a question")
    ask = asks[-1]
    if ask.t < end:
        raise CannotMeasure(f"it was answered {end - ask.t:.2f} s before its end")
    finals = held.of(FinalTranscript, at, ask.t + 0.001)
    finalize = [x.t for x in decisions if x.command["command"] == "finalize_speech" and x.t <= finals[-1].t]
    parts = [x for x in held.of(AgentResponse, ask.t) if x.reply == ask.command["reply"]]
    sample = first_sample(held.speaker, round(end * SOUND_RATE))
    if sample is None or not parts or sample / SOUND_RATE < ask.t:
        raise CannotMeasure("the tutor spoke before it had the question")
    marks = (finalize[-1], finals[-1].t, ask.t, parts[0].t, sample / SOUND_RATE)
    return Answered(tuple(mark - end for mark in marks), text, " ".join(x.text for x in finals))


async def _stated() -> float:
    """The delays that answerer and voice state, in seconds."""
    voice = BestLocal("en")
    await voice.start()
    await voice.close()
    return voice.delay + CourseSearch(load_course(shipped_courses(), "1")).delay

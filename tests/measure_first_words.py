"""Whether an interruption's first words are kept: their sound reaches the recogniser, whole, and they are recognised.

Lead is the sound before the learner's first sample that the recogniser is given with an utterance; where it is
negative, the begin was lost. Of a recogniser on the network, which is sent everything, it is how far before the
learner's first sample its words begin to count. Dimmed is the learner's own sound in it, against the sound that left
the learner's mouth, over the first 200 ms: what the canceller took away, by projection.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path

import numpy as np

from profai_cli.events import FinalTranscript, SpeechStarted
from profai_cli.providers.stt.utterances import PRE_ROLL
from profai_cli.turns.words import normal
from tests.kept_ears import WORDS
from tests.measure_class import LEARNERS, Ear, Held, Room, hold_class, learner, side_by_side, tutor_dbfs, voiced
from tests.measure_turns import Row, topic
from tests.measuring import Samples, find
from tests.sounds import RECORDED_AT, RECORDINGS

PLACES = ((0.2, -6), (0.2, -12), (0.3, -12))
ABOVE_ECHO_DB = (12, 0)
SPOKEN = 4.0
FIRST, BETWEEN = 7.3, 17.31
VOICES = ("flite:rms", "flite:awb", "espeak")
QUESTIONS = Path(__file__).parent / "questions" / "course1.jsonl"
BEGIN = RECORDED_AT // 5
PATH = 0.011
"""Seconds by which the sound path is late."""


@dataclass(frozen=True, slots=True)
class Said:
    """An interruption: what it says, and its sound."""

    words: str
    samples: Samples


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of it. lead in s and dimmed in dB: None where no final words were asked for."""

    words: str
    heard: str
    lead: float | None
    dimmed: float | None

    def first(self, count: int) -> bool:
        """Its first words were recognised."""
        return normal(self.heard).split()[:count] == normal(self.words).split()[:count]


def first_words(notes: list[str]) -> Iterator[Row]:
    """36 recordings of people and 36 questions, each with both kinds of recogniser: five minutes on two cores."""
    tutor_dbfs()
    for above_echo in ABOVE_ECHO_DB:
        level = f"learner {above_echo:+d} dB to the echo"
        for what, make in (("people's recordings", _people), ("synthetic questions", _questions)):
            found = _interrupt(make, above_echo, "local")
            notes += [f"{level}: {x.words!r} was heard as {x.heard!r}" for x in found if not x.first(2)]
            shares = " and ".join(f"{count}: {sum(x.first(count) for x in found)} of {len(found)}" for count in (1, 2))
            yield f"first words recognised, {what}, {level}", shares, "all"
            yield f"their sound, sent to the local recogniser, {what}, {level}", _sound(found), "lead over 0"
            sent = _interrupt(make, above_echo, "network")
            whole = sum(x.heard.startswith(WORDS[0]) for x in sent)
            measured = f"{_sound(sent)}; {whole} of {len(sent)} finals begin with the first word"
            yield f"the same, sent to one on the network, {what}, {level}", measured, "lead over 0, all"


def _sound(found: Sequence[Kept]) -> str:
    leads = [1000 * x.lead for x in found if x.lead is not None]
    dimmed = [x.dimmed for x in found if x.dimmed is not None]
    if not leads:
        return "nothing was asked for"
    return (
        f"lead median {np.median(leads):.0f}, least {min(leads):.0f} ms; dimmed by {np.median(dimmed):.1f}, "
        f"at most {max(dimmed):.1f} dB; {len(found) - len(leads)} of {len(found)} never asked for"
    )


def _interrupt(make: Callable[[float], Iterator[Said]], above_echo: int, ear: Ear) -> list[Kept]:
    """One class in each of the places, in which all is said."""
    jobs = []
    for number, place in enumerate(PLACES):
        said = list(make(tutor_dbfs() + place[1] + above_echo))
        jobs.append(partial(_class, number, place, said[number % 2 :] + said[: number % 2], ear))
    return list(chain.from_iterable(side_by_side(jobs)))


def _people(level: float) -> Iterator[Said]:
    """Each from the begin of the recording, with the words that are said in all of it."""
    table = (RECORDINGS / "README.md").read_text(encoding="utf-8") if RECORDINGS.is_dir() else ""
    for name in LEARNERS:
        row = re.search(rf"^\| {name}\.wav \|[^|]*\|([^|]*)\|", table, re.MULTILINE)
        yield Said(row[1] if row else "", learner(name, SPOKEN, level))


def _questions(level: float) -> Iterator[Said]:
    entries = map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
    asked = islice((entry["question"] for entry in entries if entry["topic"]), 2 * len(VOICES))
    for number, question in enumerate(asked):
        yield Said(question, voiced(question, VOICES[number % len(VOICES)], level))


def _class(number: int, place: Room, said: Sequence[Said], ear: Ear) -> list[Kept]:
    times = [FIRST + 0.731 * number + BETWEEN * k for k in range(len(said))]
    clips = [(at, each.samples) for at, each in zip(times, said, strict=True)]
    held = hold_class(times[-1] + BETWEEN, said=clips, place=place, begin=topic(number), keep=ear)
    return [_kept(held, each, at, ear) for at, each in zip(times, said, strict=True)]


def _kept(held: Held, said: Said, at: float, ear: Ear) -> Kept:
    """Of the first final words after `at`: those in which its begin must be."""
    finals = held.of(FinalTranscript, at, at + BETWEEN - 1)
    if not finals:
        return Kept(said.words, "", None, None)
    head = said.samples[: 3 * BEGIN]
    if ear == "network":
        begun = next(x.t for x in held.of(SpeechStarted, at - 1))
        pcm = held.kept[0.0]
        begins = find(pcm, head, round((at - 0.1) * RECORDED_AT), round((at + 0.1) * RECORDED_AT))
        lead = at + PATH - (begun - PRE_ROLL)
    else:
        asked = min(t for t in held.kept if t > at)
        before = np.zeros(RECORDED_AT, np.int16)  # so that a begin that was lost has a place
        pcm = np.concatenate([before, held.kept[asked]])
        begins = find(pcm, head, 0, 2 * RECORDED_AT)
        lead = begins / RECORDED_AT - 1
    begin = said.samples[:BEGIN].astype(float)
    sent = pcm[begins : begins + BEGIN].astype(float)
    gain = abs(float(sent @ begin)) / float(begin @ begin)
    return Kept(said.words, finals[0].text, lead, float(-20 * np.log10(gain)))

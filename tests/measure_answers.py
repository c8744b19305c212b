"""How soon the tutor answers a question, on the samples' clock and in real time, and whether it heard its begin."""

import asyncio
import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from profai_cli.events import AgentResponse, Decision, FinalTranscript
from profai_cli.pcm import SOUND_RATE
from profai_cli.providers.llm.course_search import CourseSearch
from profai_cli.providers.tts.local import BestLocal
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.turns.words import normal
from tests.measure_class import CannotMeasure, Held, hold_class, tutor_dbfs, voiced
from tests.measure_turns import Row, ms
from tests.measuring import first_sample
from tests.sounds import RECORDED_AT

PLACE = (0.2, -12)
QUESTIONS = Path(__file__).parent / "questions" / "course1.jsonl"
VOICES = ("flite:rms", "flite:awb", "espeak")


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
    """Twelve questions by three voices, on the samples' clock: two minutes."""
    yield from _answers(notes, fast=True, classes=3)


def live_answers(notes: list[str]) -> Iterator[Row]:
    """Four questions in real time: two minutes."""
    yield from _answers(notes, fast=False, classes=1)


def _answers(notes: list[str], *, fast: bool, classes: int) -> Iterator[Row]:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [entry["question"] for entry in map(json.loads, lines) if entry["topic"]]
    level = tutor_dbfs() + PLACE[1] + 12
    answered: list[Answered] = []
    asked = 0
    for number in range(classes):
        texts = questions[4 * number : 4 * number + 4]
        clips = [(8 + 30.0 * k, voiced(text, VOICES[number], level)) for k, text in enumerate(texts)]
        held = hold_class(8 + 30.0 * len(clips), said=clips, place=PLACE, fast=fast)
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

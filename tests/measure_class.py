"""Classes held for the benchmark: the real command in a process of its own, scripted learners, simulated rooms."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import soxr

from profai_cli.events import Event
from profai_cli.pcm import SOUND_RATE
from profai_cli.providers.tts.local import named
from profai_cli.storage.event_log import read_events
from tests.measuring import Samples, voice_onsets, voice_span
from tests.sounds import RECORDED_AT, RECORDINGS, at_level, loudness, noise, recording, room

FOLDER = tempfile.TemporaryDirectory(prefix="profai-bench-")
FILES = Path(FOLDER.name)
ENVIRONMENT = {"PROFAI_DATA": str(FILES / "data"), "PROFAI_CACHE": str(FILES / "cache")}
"""A cache of its own: the first class fills it."""

PROFAI = [sys.executable, "-m", "profai_cli.cli.main"]
SIMULATED = [sys.executable, "-m", "tests.simulated_class"]
HISS_DBFS = -65
LEARNERS = ("jfk", "austen_0870", "austen_0880", "austen_0930", "lj050_0131", "arctic_a0024")

Room = tuple[float, float]
"""T60 in seconds, and the level of the tutor's echo in the microphone against the speaker in dB."""

ROOMS: Sequence[Room] = [(t60, echo_db) for t60 in (0.1, 0.2, 0.3) for echo_db in (-6, -12, -20)]

TUTORS = (("lj050_0131", "arctic_a0024"), ("austen_0870", "austen_0880", "austen_0930"))
"""People who lend the tutor a natural voice; while one of these two does, the other's recordings are the learner."""

Topic = tuple[int, int, int]
"""Course, and module and topic in it, from 1."""

Ear = Literal["local", "network"]

E = TypeVar("E", bound=Event)
T = TypeVar("T")


class CannotMeasure(Exception):
    """Why there is no figure, in one sentence."""


@dataclass(frozen=True, slots=True)
class Held:
    """A class that was held: its events, what left the speaker at 48 kHz, and how long the process ran.

    kept: what the recogniser was sent, at 16 kHz, by the second at which it was asked for the words; all at 0.0 where
    it gets all.
    """

    events: list[Event]
    speaker: Samples
    seconds: float
    kept: Mapping[float, Samples] = field(default_factory=dict)

    def of(self, kind: type[E], begin: float = 0.0, end: float = float("inf")) -> list[E]:
        """Its events of a kind in a stretch of media time."""
        return [event for event in self.events if isinstance(event, kind) and begin <= event.t < end]


def class_command(*options: str) -> list[str]:
    """The command of an interactive class on course 1."""
    return [*PROFAI, "class", "--course", "1", "--from-start", "--interactive", "--plain", *options]


def environment() -> dict[str, str]:
    """This process's, with the benchmark's own folders."""
    return {**os.environ, **ENVIRONMENT}


def hold_class(
    seconds: float,
    *,
    said: Iterable[tuple[float, Samples]] = (),
    place: Room | None = None,
    fast: bool = True,
    begin: Topic = (1, 1, 1),
    tutor: Sequence[str] = (),
    keep: Ear | None = None,
) -> Held:
    """Hold a class. `said`: when, and samples at 16 kHz. `place` brings echo and a little hiss.

    tutor: recordings of people who lend the tutor the voice, instead of the machine's own. keep: what this recogniser
    is sent. Both need `fast`. Raises CannotMeasure where the class ends with an error.
    """
    folder = Path(tempfile.mkdtemp(dir=FILES))
    events, speaker = folder / "events.jsonl", folder / "speaker.wav"
    course, module, topic = map(str, begin)
    options = ["--course", course, "--module", module, "--topic", topic, "--minutes", f"{seconds / 60:.6f}"]
    options += ["--events", str(events), "--output", str(speaker), *_heard(folder, seconds, said, place)]
    if tutor or keep:
        program = SIMULATED + [part for name in tutor for part in ("--tutor", name)]
        program += ["--kept", str(folder)] if keep else []
        program += ["--stream"] if keep == "network" else []
    else:
        program = [*PROFAI, "class", "--interactive", "--plain", *(["--fast"] if fast else [])]
    start = time.perf_counter()
    done = subprocess.run([*program, *options], env=environment(), capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    if done.returncode:
        raise CannotMeasure(f"the class ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    kept = {float(path.stem): read(path) for path in folder.glob("*.??.wav")}
    held = Held(read_events(events), read(speaker), took, kept)
    shutil.rmtree(folder)
    return held


def _heard(folder: Path, seconds: float, said: Iterable[tuple[float, Samples]], place: Room | None) -> Iterator[str]:
    """The options for what the microphone hears."""
    clips = list(said)
    if place:
        clips.append((0.0, noise(seconds, HISS_DBFS, RECORDED_AT)))
        response = np.rint(room(*place) * 32767).astype(np.int16)
        yield from ("--room", str(write(folder / "room.wav", response, SOUND_RATE)))
    for number, (at, samples) in enumerate(clips):
        yield from ("--input", f"{at:.4f}:{write(folder / f'{number}.wav', samples, RECORDED_AT)}")


def side_by_side(jobs: Iterable[Callable[[], T]]) -> list[T]:
    """Do jobs that hold classes, as many at a time as there are processors; their results in order."""
    _fill_cache()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(lambda job: job(), jobs))


@cache
def _fill_cache() -> None:
    hold_class(1)


def write(path: Path, samples: Samples, rate: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def read(path: Path) -> Samples:
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


@cache
def tutor_dbfs() -> float:
    """Loudness of the machine's own voice at the speaker. That of people's is `natural_voice.TUTOR_DBFS`."""
    return loudness(hold_class(20).speaker)


def learner(name: str, seconds: float, level: float, onset: float | None = None) -> Samples:
    """The first seconds of a person's speech, from its first voiced sample or an onset, at a loudness in dBFS."""
    samples = _recording(name)
    begin = voice_span(samples, RECORDED_AT)[0] if onset is None else round(onset * RECORDED_AT)
    return at_level(samples[begin : begin + round(seconds * RECORDED_AT)], level)


@cache
def onsets(name: str, rest: float) -> list[float]:
    """Seconds at which a person begins to speak after a silence, with at least so many seconds to come."""
    samples = _recording(name)
    return [at / RECORDED_AT for at in voice_onsets(samples, RECORDED_AT) if at + rest * RECORDED_AT <= len(samples)]


def _recording(name: str) -> Samples:
    if not RECORDINGS.is_dir():
        raise CannotMeasure(f"there are no recordings of people in {RECORDINGS}")
    return recording(name)


def voiced(text: str, voice: str, level: float) -> Samples:
    """A text said by a local voice, from its first voiced sample to its last, at 16 kHz and a loudness in dBFS."""
    samples = _spoken(text, voice)
    begin, end = voice_span(samples, RECORDED_AT)
    return at_level(samples[begin:end], level)


def said_aloud(text: str, voice: str, level: float) -> Samples:
    """As `voiced`, but with the weak sounds at its ends, such as an s: all within 40 dB of the strongest."""
    samples = _spoken(text, voice)
    audible = np.flatnonzero(np.abs(samples.astype(int)) > np.abs(samples.astype(int)).max() / 100)
    return at_level(samples[audible[0] : audible[-1] + 1], level)


@cache
def _spoken(text: str, voice: str) -> Samples:
    """At 16 kHz."""
    samples, rate = asyncio.run(_said(text, voice))
    resampled: Samples = soxr.resample(samples, rate, RECORDED_AT)
    return resampled


async def _said(text: str, voice: str) -> tuple[Samples, int]:
    engine = named(voice)
    await engine.start()
    try:
        speech = [piece async for piece in engine.speak(text, 1.0)]
    finally:
        await engine.close()
    return np.frombuffer(b"".join(piece.pcm for piece in speech), np.int16), speech[0].rate

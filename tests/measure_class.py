"""Classes held for the benchmark: the real command in a process of its own, scripted learners, simulated rooms."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import soxr

from profai_cli.events import Event
from profai_cli.pcm import SOUND_RATE
from profai_cli.providers.tts.local import named
from profai_cli.storage.event_log import read_events
from tests.measuring import Samples, voice_span
from tests.sounds import RECORDED_AT, RECORDINGS, at_level, loudness, noise, recording, room

FOLDER = tempfile.TemporaryDirectory(prefix="profai-bench-")
FILES = Path(FOLDER.name)
ENVIRONMENT = {"PROFAI_DATA": str(FILES / "data"), "PROFAI_CACHE": str(FILES / "cache")}
"""A cache of its own: the first class fills it."""

PROFAI = [sys.executable, "-m", "profai_cli.cli.main"]
HISS_DBFS = -65
LEARNERS = ("jfk", "austen_0870", "austen_0880", "austen_0930", "lj050_0131", "arctic_a0024")

Room = tuple[float, float]
"""T60 in seconds, and the level of the tutor's echo in the microphone against the speaker in dB."""

ROOMS: Sequence[Room] = [(t60, echo_db) for t60 in (0.1, 0.2, 0.3) for echo_db in (-6, -12, -20)]

E = TypeVar("E", bound=Event)


class CannotMeasure(Exception):
    """Why there is no figure, in one sentence."""


@dataclass(frozen=True, slots=True)
class Held:
    """A class that was held: its events, what left the speaker at 48 kHz, and how long the process ran."""

    events: list[Event]
    speaker: Samples
    seconds: float

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
    seconds: float, *, said: Iterable[tuple[float, Samples]] = (), place: Room | None = None, fast: bool = True
) -> Held:
    """Hold a class. `said`: when, and samples at 16 kHz. `place` brings echo and a little hiss.

    Raises CannotMeasure where it ends with an error.
    """
    folder = Path(tempfile.mkdtemp(dir=FILES))
    events, speaker = folder / "events.jsonl", folder / "speaker.wav"
    command = class_command("--minutes", f"{seconds / 60:.6f}", "--events", str(events), "--output", str(speaker))
    if fast:
        command.append("--fast")
    clips = list(said)
    if place:
        clips.append((0.0, noise(seconds, HISS_DBFS, RECORDED_AT)))
        response = np.rint(room(*place) * 32767).astype(np.int16)
        command += ["--room", str(write(folder / "room.wav", response, SOUND_RATE))]
    for number, (at, samples) in enumerate(clips):
        command += ["--input", f"{at:.4f}:{write(folder / f'{number}.wav', samples, RECORDED_AT)}"]
    begin = time.perf_counter()
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    took = time.perf_counter() - begin
    if done.returncode:
        raise CannotMeasure(f"the class ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    return Held(read_events(events), read(speaker), took)


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
    """Loudness of the tutor at the speaker."""
    return loudness(hold_class(20).speaker)


def learner(name: str, seconds: float, level: float) -> Samples:
    """The first seconds of a person's speech, from its first voiced sample, at a loudness in dBFS."""
    if not RECORDINGS.is_dir():
        raise CannotMeasure(f"there are no recordings of people in {RECORDINGS}")
    samples = recording(name)
    begin, _ = voice_span(samples, RECORDED_AT)
    return at_level(samples[begin : begin + round(seconds * RECORDED_AT)], level)


def voiced(text: str, voice: str, level: float) -> Samples:
    """A text said by a local voice, from its first voiced sample to its last, at 16 kHz and a loudness in dBFS."""
    samples, rate = asyncio.run(_said(text, voice))
    begin, end = voice_span(samples, rate)
    return at_level(soxr.resample(samples[begin:end], rate, RECORDED_AT), level)


async def _said(text: str, voice: str) -> tuple[Samples, int]:
    engine = named(voice)
    await engine.start()
    try:
        speech = [piece async for piece in engine.speak(text, 1.0)]
    finally:
        await engine.close()
    return np.frombuffer(b"".join(piece.pcm for piece in speech), np.int16), speech[0].rate

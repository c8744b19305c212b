"""Classes held by the real command in a process of its own, for the tests from end to end."""

import asyncio
import os
import subprocess
import sys
import wave
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
import soxr
from numpy.typing import NDArray

from profai_cli.errors import EngineError
from profai_cli.events import Event
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import TextToSpeech
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.providers.tts.flite import Flite
from profai_cli.storage.event_log import read_events
from tests.sounds import at_level, noise

PROFAI = (sys.executable, "-m", "profai_cli.cli.main")

Samples = NDArray[np.int16]
E = TypeVar("E", bound=Event)


@cache
def said(text: str, level: float = -20.0) -> Samples:
    """A learner's line at 48 kHz: flite's man where this machine has him, else espeak's."""
    pcm, rate = asyncio.run(_said(text))
    speech = soxr.resample(np.frombuffer(pcm, np.int16), rate, 16_000)
    return soxr.resample(at_level(speech, level), 16_000, SOUND_RATE)


async def _said(text: str) -> tuple[bytes, int]:
    voice: TextToSpeech = Flite("rms")
    try:
        await voice.start()
    except EngineError:
        voice = Espeak(voice="en-us+m3")
        await voice.start()
    pieces = [piece async for piece in voice.speak(text, 1.0)]
    await voice.close()
    return b"".join(piece.pcm for piece in pieces), pieces[0].rate


def cough() -> Samples:
    """A burst of noise: sudden, loud, and soon over."""
    fall = np.exp(-np.arange(round(0.25 * SOUND_RATE)) / (0.06 * SOUND_RATE))
    return (noise(0.25, -14) * fall).astype(np.int16)


def write_wav(path: Path, samples: Samples, rate: int = SOUND_RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def read_wav(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, SOUND_RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)

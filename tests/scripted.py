"""Classes held by the real command in a process of its own, for the tests from end to end."""

import asyncio
import os
import subprocess
import sys
import wave
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from profai_cli.errors import EngineError
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import TextToSpeech
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.providers.tts.flite import Flite
from tests.sounds import RECORDED_AT, at_level, noise

ROOT = Path(__file__).parent.parent
PROFAI = (sys.executable, "-m", "profai_cli.cli.main")
LEARNER_DBFS = -20.0

Samples = NDArray[np.int16]


def environment(folder: Path, cache_folder: Path | None = None) -> dict[str, str]:
    """This process's without keys, with progress in `folder`, and derived data in `cache_folder` or there as well."""
    own = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {
        **own,
        "PROFAI_SETTINGS": str(folder / "settings.toml"),
        "PROFAI_DATA": str(folder / "data"),
        "PROFAI_CACHE": str(cache_folder or folder / "cache"),
    }


def begin(
    command: Sequence[object], env: Mapping[str, str], stdin: int = subprocess.DEVNULL
) -> "subprocess.Popen[str]":
    """Start `profai` with these arguments; its output is kept for `communicate`."""
    return subprocess.Popen(
        [*PROFAI, *map(str, command)],
        env=env,
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: "subprocess.Popen[str]") -> str:
    """What a process that did well wrote to standard output."""
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    return out


@cache
def said(text: str, level: float = LEARNER_DBFS) -> Samples:
    """A learner's line at 48 kHz: by a man of flite's where this machine has him, else of espeak's."""
    pcm, rate = asyncio.run(_said(text))
    speech = soxr.resample(np.frombuffer(pcm, np.int16), rate, RECORDED_AT)
    return at_48k(at_level(speech, level))


def at_48k(recorded: Samples) -> Samples:
    """Samples at 16 kHz as samples at 48 kHz."""
    resampled: Samples = soxr.resample(recorded, RECORDED_AT, SOUND_RATE)
    return resampled


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


def fruit_course(folder: Path) -> Path:
    """A folder with a small course, whose answers are short."""
    topic = folder / "1-fruit" / "1-sweet" / "1-kiwi.md"
    topic.parent.mkdir(parents=True)
    (folder / "1-fruit" / "course.toml").write_text(
        'title = "Fruit"\nlanguage = "en"\nsummary = "Of fruit."\n[[modules]]\nfolder = "1-sweet"\ntitle = "Sweet"\n'
    )
    topic.write_text(FRUIT)
    return folder


FRUIT = """# All about fruit

People have always loved sweet fruit, and they carried it over every sea.

A kiwi is a small brown berry. A bird has the same name.

In cold countries the harvest comes in autumn, when the days are short, and all of the village helps to bring it in.

Then the baskets are carried to the market, where they are weighed and sold, and in the evening there is music.

What is left over is dried or cooked with sugar, so that there is something sweet to eat when snow covers the fields.

Whoever plants a tree needs patience, because some trees give their first fruit after seven years, and others later.
"""

"""Sounds for the tests of the sound path: recordings of people, rooms, and plain signals."""

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.pcm import SOUND_RATE
from profai_cli.sound.clips import Clip

RECORDINGS = Path(__file__).parents[2] / "shared" / "speech"
RECORDED_AT = 16_000

ONSETS = {"jfk": 0.325, "austen_0870": 0.245, "austen_0880": 0.266, "austen_0930": 0.285}
"""Where the first word begins, in seconds, found by eye: breath and hiss come before."""

needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason=f"no recordings of people in {RECORDINGS}")


def recording(name: str, begin: float = 0.0, end: float | None = None) -> NDArray[np.int16]:
    with wave.open(str(RECORDINGS / f"{name}.wav")) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return samples[round(begin * RECORDED_AT) : None if end is None else round(end * RECORDED_AT)]


def loudness(samples: NDArray[np.int16]) -> float:
    """RMS in dBFS of the blocks of 10 ms that are above -50 dBFS."""
    blocks = samples[: len(samples) // 160 * 160].reshape(-1, 160) / 32768
    powers = (blocks**2).mean(axis=1)
    return float(10 * np.log10(powers[powers > 1e-5].mean()))


def at_level(samples: NDArray[np.int16], level: float) -> NDArray[np.int16]:
    """The samples with a loudness of `level` dBFS, limited to full scale."""
    gain = 10 ** ((level - loudness(samples)) / 20)
    return np.clip(samples * gain, -32768, 32767).astype(np.int16)


def clip(samples: NDArray[np.int16], at: float = 0.0, rate: int = RECORDED_AT) -> Clip:
    rest = samples

    def read(count: int) -> NDArray[np.int16]:
        nonlocal rest
        piece, rest = rest[:count], rest[count:]
        return piece

    return Clip(at, rate, read)


def room(t60: float, echo_db: float, delay: float = 0.005, seed: int = 0) -> NDArray[np.float32]:
    """An impulse response at 48 kHz: a direct path, and reflections that decay by 60 dB in `t60` s.

    The reflections have a quarter of the direct path's energy; together they attenuate by `echo_db`.
    """
    rng = np.random.default_rng(seed)
    length = round(1.2 * t60 * SOUND_RATE)
    tail = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / (t60 * SOUND_RATE))
    tail *= 0.5 / np.linalg.norm(tail)
    tail[0] += 1.0
    tail *= 10 ** (echo_db / 20) / np.linalg.norm(tail)
    return np.concatenate([np.zeros(round(delay * SOUND_RATE)), tail]).astype(np.float32)


def noise(seconds: float, level: float, rate: int = SOUND_RATE, seed: int = 0) -> NDArray[np.int16]:
    """White noise of `level` dBFS."""
    samples = np.random.default_rng(seed).standard_normal(round(seconds * rate)) * 10 ** (level / 20)
    return np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16)

"""Sounds that nobody recorded: a room, its noise, a cough, and a tone. The same numbers on every run."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SOUND_RATE
from profai_cli.sound.clips import Clip

DIRECT: Final = 0.003
"""Seconds from speaker to microphone: a metre."""


def room(t60: float, echo_db: float) -> NDArray[np.float32]:
    """An impulse response at 48 kHz, floats of shape (n,), whose energy is `echo_db`.

    The direct sound, and noise that decays by 60 dB in `t60` seconds with a quarter of its energy (Moorer,
    "About this reverberation business", 1979).
    """
    at = np.arange(round(t60 * SOUND_RATE)) / SOUND_RATE
    tail = np.random.default_rng(1).standard_normal(len(at)) * 10 ** (-3 * at / t60)
    tail *= 0.5 / np.linalg.norm(tail)
    tail[0] += 1.0
    tail *= 10 ** (echo_db / 20) / np.linalg.norm(tail)
    return np.concatenate([np.zeros(round(DIRECT * SOUND_RATE)), tail]).astype(np.float32)


def noise(level: float) -> Clip:
    """White noise of `level` dBFS that never ends: no room is as silent as digits can be."""
    source = np.random.default_rng(2)
    scale = 10 ** (level / 20) * 32768
    return Clip(0.0, SOUND_RATE, lambda count: np.rint(source.standard_normal(count) * scale).astype(np.int16))


def cough() -> bytes:
    """Mono PCM16 at 48 kHz: a burst of noise, 5 ms up, then down by half every 40 ms, without the highest tones."""
    at = np.arange(round(0.35 * SOUND_RATE)) / SOUND_RATE
    noise = np.convolve(np.random.default_rng(5).standard_normal(len(at)), np.ones(8) / 8, mode="same")
    burst = noise * np.minimum(at / 0.005, 1) * np.exp(-at / 0.06) * 12_000
    return burst.astype("<i2").tobytes()


def tone() -> bytes:
    """Mono PCM16 at 48 kHz: a second of 660 Hz, which every speaker plays, at -20 dBFS; it swells and fades."""
    at = np.arange(SOUND_RATE) / SOUND_RATE
    swell = np.minimum(np.minimum(at, 1 - at) / 0.02, 1)
    samples: NDArray[np.int16] = (np.sin(2 * np.pi * 660 * at) * swell * 0.1 * 2**0.5 * 32767).astype("<i2")
    return samples.tobytes()

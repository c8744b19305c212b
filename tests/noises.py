"""Noises of a room that are no words to the tutor, each in as many variations as there are seeds: mono, 16 kHz.

All are made, but for the radio's speech. Levels are dBFS of the loudest 10 ms, except fan, music and radio, where they
are the loudness. A learner half a metre from the microphone has -26 dBFS.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SOUND_RATE
from tests.sounds import RECORDED_AT as RATE
from tests.sounds import at_level, recording, room

Sound = NDArray[np.float64]

RADIO_T60, RADIO_DBFS = 0.8, -46.0
"""A radio in the next room: 20 dB under the learner."""


def _time(seconds: float) -> Sound:
    return np.arange(round(seconds * RATE)) / RATE


def _coloured(rng: np.random.Generator, seconds: float, low: float, high: float, tilt: float) -> Sound:
    """Noise between two frequencies, falling by `tilt` dB an octave."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    gain = 10 ** (-tilt * np.log2(np.maximum(frequency, low) / low) / 20)
    sound: Sound = np.fft.irfft(
        spectrum * gain / (1 + (frequency / high) ** 8) / (1 + (low / (frequency + 1)) ** 4), count
    )
    return sound


def _hit(rng: np.random.Generator, decay: float, low: float, high: float, ring: float) -> Sound:
    """Something struck: a burst of noise and the tone at which the thing rings."""
    at = _time(8 * decay)
    tone = np.sin(2 * np.pi * rng.uniform(low, (low + high) / 2) * at) * np.exp(-at / (2 * decay))
    burst = _coloured(rng, 8 * decay, low, high, rng.uniform(0, 6)) * np.exp(-at / decay)
    struck: Sound = np.minimum(at / 0.001, 1) * (burst / np.abs(burst).max() + ring * tone)
    return struck


def _repeated(rng: np.random.Generator, strokes: Sequence[Sound], gap: tuple[float, float]) -> Sound:
    begins = np.cumsum([0, *(round(rng.uniform(*gap) * RATE) for _ in strokes[1:])])
    sound = np.zeros(int(max(b + len(s) for b, s in zip(begins, strokes, strict=True))))
    for begin, stroke in zip(begins, strokes, strict=True):
        sound[begin : begin + len(stroke)] += rng.uniform(0.5, 1) * stroke
    return sound


def cough(rng: np.random.Generator) -> Sound:
    """One or two: a burst, breath after it, and mostly a short voiced end."""

    def once() -> Sound:
        seconds = rng.uniform(0.2, 0.45)
        at = _time(seconds)
        formant = rng.uniform(500, 1500)
        breath = _coloured(rng, seconds, 200, rng.uniform(2500, 6000), rng.uniform(3, 9))
        breath /= np.abs(breath).max()
        shape = np.minimum(at / 0.004, 1) * (np.exp(-at / 0.04) + 0.35 * np.exp(-at / rng.uniform(0.08, 0.15)))
        throat = np.sin(2 * np.pi * rng.uniform(110, 260) * at) * np.sin(2 * np.pi * formant * at)
        voiced = throat * np.exp(-(((at - 0.7 * seconds) / 0.05) ** 2))
        one: Sound = breath * shape + rng.choice([0.0, 0.1, 0.2]) * voiced
        return one

    return _repeated(rng, [once() for _ in range(rng.integers(1, 3))], (0.3, 0.5))


def clap(rng: np.random.Generator) -> Sound:
    """One to three claps of hands."""
    hits = [_hit(rng, rng.uniform(0.004, 0.012), 700, 5000, 0.2) for _ in range(rng.integers(1, 4))]
    return _repeated(rng, hits, (0.2, 0.4))


def keys(rng: np.random.Generator) -> Sound:
    """Three to twelve strokes, each with its release."""
    strokes = [_hit(rng, rng.uniform(0.002, 0.006), 1500, 7000, 0.3) for _ in range(2 * rng.integers(3, 13))]
    return _repeated(rng, strokes, (0.05, 0.15))


def door(rng: np.random.Generator) -> Sound:
    """A latch and a thud."""
    thud = _hit(rng, rng.uniform(0.04, 0.12), 50, rng.uniform(200, 800), 1.0)
    return _repeated(rng, [0.3 * _hit(rng, 0.005, 1500, 6000, 0.5), thud], (0.05, 0.25))


def knocks(rng: np.random.Generator) -> Sound:
    """Two to four knocks on wood."""
    hits = [_hit(rng, rng.uniform(0.01, 0.03), 120, 1200, 1.0) for _ in range(rng.integers(2, 5))]
    return _repeated(rng, hits, (0.15, 0.3))


def music(rng: np.random.Generator) -> Sound:
    """Three seconds of plucked chords."""
    sound = np.zeros(3 * RATE)
    for begin in np.arange(0, 2.7, rng.uniform(0.25, 0.5)):
        at = _time(3 - begin)
        for step in rng.choice([0, 3, 4, 7, 9, 12, 16], 3):
            note = 110 * 2 ** ((step + rng.integers(0, 3) * 12) / 12)
            tones = sum(np.sin(2 * np.pi * k * note * at) / k for k in range(1, 6))
            sound[len(sound) - len(at) :] += tones * np.exp(-at / 0.4) * np.minimum(at / 0.005, 1)
    return sound


def fan(rng: np.random.Generator) -> Sound:
    """Three seconds of air, with the hum of blades, coming and going."""
    at = _time(3)
    air = _coloured(rng, 3, 60, rng.uniform(800, 4000), rng.uniform(3, 9))
    air /= np.sqrt((air**2).mean())
    hum = np.sin(2 * np.pi * rng.uniform(60, 240) * at)
    return (air + rng.uniform(0, 1) * hum) * np.minimum(np.minimum(at, 3 - at) / 0.3, 1)


def radio(rng: np.random.Generator) -> Sound:
    """Three seconds of a person's speech at the end of a long reverberant room. These are words."""
    name = ("jfk", "austen_0870", "lj050_0131")[rng.integers(3)]
    said = recording(name)
    begin = int(rng.integers(0, max(len(said) - 3 * RATE, 1)))
    echo = room(RADIO_T60, 0.0, seed=int(rng.integers(100)))[:: SOUND_RATE // RATE]
    return np.convolve(said[begin : begin + 3 * RATE].astype(float), echo)[: 3 * RATE]


NOISES: dict[str, tuple[Callable[[np.random.Generator], Sound], float, float]] = {
    "coughs": (cough, -30, -12),
    "claps": (clap, -25, -6),
    "key strokes": (keys, -45, -22),
    "doors": (door, -35, -12),
    "knocks": (knocks, -32, -12),
    "music": (music, -50, -35),
    "fan": (fan, -58, -42),
    "radio voice": (radio, RADIO_DBFS, RADIO_DBFS),
}
"""How each is made, and between which levels."""

STEADY = ("music", "fan", "radio voice")


def noise_of(kind: str, seed: int) -> NDArray[np.int16]:
    """A variation: PCM16 at 16 kHz."""
    make, weakest, strongest = NOISES[kind]
    rng = np.random.default_rng([list(NOISES).index(kind), seed])
    sound, level = make(rng), rng.uniform(weakest, strongest)
    if kind in STEADY:
        return at_level((sound / np.abs(sound).max() * 30_000).astype(np.int16), level)
    blocks = np.append(sound, np.zeros(-len(sound) % 160)).reshape(-1, 160)
    loudest = np.sqrt((blocks**2).mean(axis=1).max())
    samples: NDArray[np.int16] = np.clip(sound / loudest * 10 ** (level / 20) * 32768, -32768, 32767).astype(np.int16)
    return samples

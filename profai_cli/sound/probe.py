"""What a test sound tells of speaker, room and microphone: round trip, echo, what cancelling takes away. Pure.

Samples are floats in [-1, 1], mono, at 16 kHz where nothing else is said; powers are mean squares, 1.0 being a
square wave at full scale.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCKS_A_SECOND, SPEECH_RATE
from profai_cli.sound.levels import decibels

Samples = NDArray[np.float64]

CHIRP_SECONDS: Final = 0.15
LOWEST: Final = 500
HIGHEST: Final = 6_000
"""Hz of a chirp's begin and end: what laptop speakers play, and what is left of a microphone at 16 kHz. In noise as
loud as the echo the product of time and band, 825, still lifts the echo by 29 dB (Klauder and others, "The theory and
design of chirp radars", 1960)."""

EDGE: Final = 0.01
"""Seconds in which a chirp swells and fades, so that it does not click."""

AMPLITUDE: Final = 0.25
"""Of a chirp: -15 dBFS RMS, a little louder than the tutor."""

DETECTION: Final = 10.0
"""A correlation's peak counts as an echo from this multiple of its median. Gaussian noise has its median at 0.67 sigma;
among the 6,000 independent lags of half a second its greatest value stays below 5.5 sigma (8 medians) in all but
one of 4,000 windows, and below 10 medians (6.7 sigma) in all but one of ten million."""

LIKENESS: Final = 0.2
"""And it must be this much of what sounds there: the coefficient of correlation. In 70 windows with people's speech,
whose loudness varies too much for the median to tell anything, it reached 0.14 at most; simulated rooms have 0.9, with
no direct sound at all 0.2 to 0.4, and an echo in noise that is 14 dB louder has 0.2."""

AGREEMENT: Final = 0.05
"""Seconds: what a voice or a door in the room puts at random lags does not agree within this. Devices that lose
samples move the echo by less."""

TAIL: Final = 0.1
"""Seconds of reverberation that are counted into the echo."""

ABOVE_NOISE: Final = 10.0
"""Blocks with this multiple (10 dB) of the noise's power show the echo and not the room."""

FAINTEST: Final = 1e-8
"""Power (-80 dBFS) below which nothing is an echo, however silent the room: it disturbs nobody."""

LEAST_BLOCKS: Final = 100
"""Blocks (1 s) with an echo that a figure needs."""

FULL: Final = 0.995
"""A sample from here on (-0.04 dBFS) is at full scale: resampling moves clipped ones a little."""


STANDS_OUT_DB: Final = 15.0
"""A block this much louder than the quietest ones is no steady noise of the room."""

BEYOND_ECHO_DB: Final = 10.0
"""And one this much louder than the echo can be is none: rooms carry some pitches better than others, by half of it."""

DECAY_DB: Final = 0.4
"""By which an echo may become weaker in 10 ms: 60 dB in 1.5 s, as in a hall."""

TAKEN_DB: Final = 15.0
LEFT_DB: Final = 6.0
"""A canceller that makes most blocks weaker by the first, and one by less than the second, has another sound in it."""

INAUDIBLE_DBFS: Final = -60.0
"""What is weaker disturbs no figure."""


def chirp(rate: int) -> Samples:
    """The test sound at `rate` samples a second, floats of shape (0.15 * rate,): a tone that rises evenly."""
    at = np.arange(round(CHIRP_SECONDS * rate)) / rate
    phase = 2 * np.pi * (LOWEST * at + (HIGHEST - LOWEST) / (2 * CHIRP_SECONDS) * at**2)
    edges = np.clip(np.minimum(at, CHIRP_SECONDS - at) / EDGE, 0, 1)
    swell: Samples = AMPLITUDE * np.sin(phase) * np.sin(np.pi / 2 * edges) ** 2
    return swell


@dataclass(frozen=True, slots=True)
class Echo:
    """Of one sound: seconds of `delay` to its strongest arrival; `gain`, a ratio of powers, over all arrivals."""

    delay: float
    gain: float


def find_echo(sent: Samples, heard: Samples, noise: float) -> Echo | None:
    """The echo of `sent`, shape (n,), in `heard`, shape (m,), m > n, whose first sample was captured as that of
    `sent` was handed out; None where there is none. noise: the room's power.

    The delay is at most m - n samples.
    """
    correlation = np.abs(np.correlate(heard, sent, "valid"))
    at = int(np.argmax(correlation))
    if correlation[at] <= DETECTION * np.median(correlation):  # also where both are 0: a silent microphone
        return None
    energy = float(sent @ sent)
    there = heard[at : at + len(sent)]
    if correlation[at] ** 2 <= LIKENESS**2 * energy * float(there @ there):
        return None
    direct = (float(correlation[at]) / energy) ** 2
    arrivals = heard[at : at + len(sent) + round(TAIL * SPEECH_RATE)]
    excess = (float(arrivals @ arrivals) - noise * len(arrivals)) / energy
    return Echo(at / SPEECH_RATE, max(excess, direct))  # the excess of a weak echo is lost in the noise's own variance


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """What several sounds say together. ms: median from a sample's handing out to its capture; spread_ms: from the
    shortest to the longest; echo_db: median level of the echo against what was played; found: sounds that agree."""

    ms: float
    spread_ms: float
    echo_db: float
    found: int


def round_trip(echoes: Sequence[Echo | None]) -> RoundTrip | None:
    """Join what was found of each sound; None where not more than half of them agree."""
    delays = [echo.delay for echo in echoes if echo]
    if not delays:
        return None
    middle = float(np.median(delays))
    agreeing = [echo for echo in echoes if echo and abs(echo.delay - middle) <= AGREEMENT]
    if len(agreeing) <= len(echoes) / 2:
        return None
    times = np.array([echo.delay for echo in agreeing]) * 1000
    gain = float(np.median([echo.gain for echo in agreeing]))
    return RoundTrip(float(np.median(times)), float(np.ptp(times)), decibels(gain), len(agreeing))


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Echo of speech. heard_dbfs: with it; erle_db: what cancelling takes away (echo return loss enhancement, ITU-T
    G.168: power before over power after); left_dbfs: loudest level that is left, but for one block of twenty."""

    heard_dbfs: float
    erle_db: float
    left_dbfs: float


def cancelled(raw: Samples, cleaned: Samples, levels: Samples, noise: float) -> Cancelled | None:
    """Compare the microphone before and after cancelling, both of shape (blocks, 160), where there is an echo.

    levels: what the voice detector is given, dBFS, shape (blocks,). noise: the room's power. None with less than a
    second of echo. Cancelling delays by 9 ms, so that each block is compared with the next one, and with a silent
    room the figure is limited by nothing but the canceller.
    """
    before = np.mean(raw**2, axis=1)[:-1]
    after = np.mean(cleaned**2, axis=1)[1:]
    echo = before > max(ABOVE_NOISE * noise, FAINTEST)
    if np.count_nonzero(echo) < LEAST_BLOCKS:
        return None
    heard, left = decibels(float(before[echo].mean())), decibels(float(after[echo].mean()))
    return Cancelled(heard, heard - left, float(np.percentile(levels[1:][echo], 95)))


def of_others(heard: Samples, played: Samples, taken: Samples, trip: RoundTrip | None) -> float:
    """Seconds with a sound that the speaker did not make: somebody spoke, or a door fell shut.

    heard, played: levels of the microphone's blocks, and of what left the speaker meanwhile, dBFS, shape (blocks,).
    taken: by how many dB cancelling made each block weaker, infinity where that says nothing. trip: of the echo;
    without one whatever sounds is another's. A block is another's if no echo is as loud, or if cancelling, which takes
    away most of the others, leaves it.
    """
    floor = max(float(np.percentile(heard, 5)) + STANDS_OUT_DB, INAUDIBLE_DBFS)
    sounding = heard > floor
    beyond = np.full(len(heard), floor)
    if trip:
        late = round(trip.ms / 1000 * BLOCKS_A_SECOND)
        echo = -math.inf
        for at in range(len(heard)):
            sent = played[max(at - late - 1, 0) : max(at - late + 2, 1)].max()
            echo = max(echo - DECAY_DB, float(sent) + trip.echo_db)
            beyond[at] = max(floor, echo + BEYOND_ECHO_DB)
    strange = heard > beyond
    if np.count_nonzero(known := sounding & np.isfinite(taken)) and np.median(taken[known]) >= TAKEN_DB:
        strange |= sounding & (taken < LEFT_DB)
    return float(np.count_nonzero(strange)) / BLOCKS_A_SECOND


def at_full_scale(samples: Samples) -> int:
    """How many samples are clipped."""
    return int(np.count_nonzero(np.abs(samples) >= FULL))

"""The canceller's one-method seam: LiveKit's build of WebRTC fits in where pywebrtc-audio should be abandoned."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.sound.canceller import Canceller, Engine, aec3
from profai_cli.sound.levels import decibels, power
from profai_cli.sound.room import Room
from tests.sounds import noise, room

rtc = pytest.importorskip("livekit.rtc", reason="livekit is not installed")


class LiveKit:
    """An `Engine`: what was played goes in by another door, and the microphone's block is changed in place."""

    def __init__(self, cancel_echo: bool) -> None:
        self._apm = rtc.AudioProcessingModule(echo_cancellation=cancel_echo, high_pass_filter=True)

    def process(self, near: NDArray[np.int16], far: NDArray[np.int16]) -> NDArray[np.int16]:
        self._apm.process_reverse_stream(rtc.AudioFrame(far.tobytes(), SOUND_RATE, 1, BLOCK))
        frame = rtc.AudioFrame(bytearray(near.tobytes()), SOUND_RATE, 1, BLOCK)
        self._apm.process_stream(frame)
        return np.frombuffer(frame.data, np.int16)


def left(make: Callable[[bool], Engine], seconds: int = 4) -> tuple[float, Canceller]:
    """The echo's level in the last second over what is left of it, dB; and the canceller."""
    canceller = Canceller(True, make)
    place = Room(room(0.2, -12, 0.03))
    before = after = 0.0
    for number, far in enumerate(noise(seconds, -20).reshape(-1, BLOCK)):
        near = np.rint(place.echo(far)).astype(np.int16)
        cleaned = canceller.process(near, far)
        if number * BLOCK >= (seconds - 1) * SOUND_RATE:
            before, after = before + power(near), after + power(cleaned)
    return decibels(before) - decibels(after), canceller


def voices_db(samples: NDArray[np.int16]) -> float:
    """The level from 200 to 8,000 Hz: LiveKit's build takes away what is above 16 kHz."""
    bins = np.fft.rfftfreq(len(samples), 1 / SOUND_RATE)
    spectrum = np.abs(np.fft.rfft(samples)) ** 2
    return float(10 * np.log10(spectrum[(bins >= 200) & (bins < 8_000)].sum()))


def test_it_takes_as_much_of_the_echo_away() -> None:
    (by_livekit, canceller), (by_pywebrtc, _) = left(LiveKit), left(aec3)
    print(f"LiveKit {by_livekit:.0f} dB, pywebrtc {by_pywebrtc:.0f} dB")
    assert by_livekit > 25
    assert by_livekit > by_pywebrtc - 6
    assert canceller.settled


def test_it_leaves_who_speaks_alone() -> None:
    engine: Engine = LiveKit(True)
    voice, silence = noise(2, -25, seed=4).reshape(-1, BLOCK), np.zeros(BLOCK, np.int16)
    said, heard = voice.reshape(-1), np.concatenate([engine.process(block, silence) for block in voice])
    assert voices_db(heard[SOUND_RATE:]) == pytest.approx(voices_db(said[SOUND_RATE:]), abs=1)

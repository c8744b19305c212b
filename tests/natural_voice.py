"""A tutor's voice that sounds like a person, for the benchmark: recordings of people, coded as a cloud voice's MP3."""

import io
from collections.abc import AsyncGenerator, Sequence
from itertools import cycle
from typing import Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from profai_cli.pcm import BYTES_A_SAMPLE
from profai_cli.ports import Speech
from profai_cli.providers.tts.word_times import WordTimes
from tests.measuring import voice_span
from tests.sounds import RECORDED_AT, at_level, recording

RATE: Final = 24_000
"""Samples a second, as cloud voices send them; the recordings have nothing above 8 kHz."""

TUTOR_DBFS: Final = -20.0
SECONDS_A_CHARACTER: Final = 0.062
"""How fast these people speak."""


class NaturalVoice:
    """A `ports.TextToSpeech`. What it says are not the words of the text, but as long: whole recordings, in turn.

    It has one speed. The words of the text are spread over the sound.
    """

    name = "people's recordings"
    delay = 0.3

    def __init__(self, names: Sequence[str]) -> None:
        self._sounds = cycle([_coded(name) for name in names])

    async def start(self) -> None:
        """See `ports.TextToSpeech`."""

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
        """See `ports.TextToSpeech`."""
        del speed
        wanted = len(text) * SECONDS_A_CHARACTER * RATE * BYTES_A_SAMPLE
        pcm = b""
        while len(pcm) < wanted:
            pcm += next(self._sounds)
        seconds = len(pcm) / BYTES_A_SAMPLE / RATE
        yield Speech(pcm, RATE, WordTimes(text).until(len(text), seconds))

    async def close(self) -> None:
        """See `ports.TextToSpeech`."""


def _coded(name: str) -> bytes:
    """A recording from its first voiced sample to its last, through MP3."""
    samples = recording(name)
    begin, end = voice_span(samples, RECORDED_AT)
    spoken: NDArray[np.int16] = soxr.resample(at_level(samples[begin:end], TUTOR_DBFS), RECORDED_AT, RATE)
    file = io.BytesIO()
    soundfile.write(file, spoken, RATE, format="MP3")
    file.seek(0)
    decoded: NDArray[np.int16] = soundfile.read(file, dtype="int16")[0]
    return decoded.tobytes()

"""Sound files as the sound path wants them: bytes from storage to arrays."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from profai_cli.errors import SoundFileError
from profai_cli.sound.clips import Clip

LONGEST_RESPONSE = 10.0
"""Seconds: a longer file is no impulse response of a room, but a recording given by mistake."""

Read = Callable[[int], bytes]
"""At most so many samples of mono PCM16, as bytes; none at the end."""


def pcm_clip(at: float, rate: int, read: Read) -> Clip:
    """A clip for `simulated.SimulatedSound` that begins at `at` seconds."""
    return Clip(at, rate, lambda samples: np.frombuffer(read(samples), "<i2"))


def room_response(rate: int, read: Read) -> NDArray[np.float32]:
    """The impulse response in a file: floats of shape (n,), 1.0 being full scale. Raises SoundFileError."""
    samples = np.frombuffer(read(round(LONGEST_RESPONSE * rate) + 1), "<i2")
    if len(samples) > LONGEST_RESPONSE * rate:
        raise SoundFileError(f"The file of --room is longer than {LONGEST_RESPONSE:g} s: name an impulse response.")
    return samples.astype(np.float32) / np.float32(-np.iinfo(np.int16).min)

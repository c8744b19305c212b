"""The tutor's voice on its way to the speaker: can be held and goes on at the very sample.

Three threads meet here. One session thread writes, releases and flushes; the audio worker holds; the
audio callback renders. `hold`, `release` and `flush` only leave a note (one integer each) that the next
`render` obeys, so that the callback never waits and alone decides which sample sounds.
"""

import threading
from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import SOUND_RATE
from profai_cli.sound.resample import Resampler
from profai_cli.sound.ring import Ring

FADE: Final = SOUND_RATE * 5 // 1000
"""Samples of a fade: 5 ms, short enough to count as silence at once, long enough not to click."""

ROOM_SECONDS: Final = 60

KEPT_SECONDS: Final = 2
"""More than any speaker holds back."""


class VoicePlayer:
    """A `ports.Player` at 48 kHz; it also works where one thread writes, holds and renders in turn."""

    def __init__(self) -> None:
        self._ring = Ring(ROOM_SECONDS * SOUND_RATE, KEPT_SECONDS * SOUND_RATE)
        self._resampler: Resampler | None = None
        self._notes = threading.Lock()  # between worker and session; render never takes it
        self._held = 0
        self._holds = 0
        self._cut = 0
        self._gain = 1.0
        self._in_sentence = False
        # The following belong to `render` alone.
        self._flowing = False
        self._fade_in = False
        self._rendered_gain = 1.0
        self.starved = 0
        """How often the voice ran out of samples in the middle of a sentence."""

    @property
    def written(self) -> int:
        """Voice samples accepted so far. The resampler may still hold back up to 40 ms of a sentence."""
        return self._ring.written

    @property
    def rendered(self) -> int:
        """Voice samples handed to the speaker so far; during a hold, where the voice will go on."""
        return max(self._ring.read, self._cut)

    @property
    def free(self) -> int:
        """Samples at 48 kHz for which there is room."""
        return self._ring.free

    @property
    def sounding(self) -> bool:
        """There is something to hold: voice sounds, or will in the next block."""
        return not self._held and (self.rendered < self.written or (self._flowing and self._cut <= self._ring.read))

    def write(self, pcm: bytes, rate: int, last: bool = False) -> None:
        """Append mono PCM16 at `rate` samples a second; `last` ends a sentence (empties the resampler).

        Raises RuntimeError where it does not fit: a fault of the caller, who is to look at `free`.
        """
        if self._resampler is None or self._resampler.rate != rate:
            self._resampler = Resampler(rate)
        samples = self._resampler.process(np.frombuffer(pcm, np.int16), last)
        self._ring.write(samples)
        if len(samples) or last:
            self._in_sentence = not last
        if last:
            self._resampler = None

    def silence(self, seconds: float) -> None:
        """Append silence, as part of the voice."""
        self._ring.write(np.zeros(round(seconds * SOUND_RATE), np.int16))

    def hold(self) -> int:
        """Fade and fall silent from the next block on, and return the hold's number (> 0)."""
        with self._notes:
            if not self._held:
                self._holds += 1
                self._held = self._holds
            return self._held

    def release(self, hold: int) -> None:
        """Go on at the very sample, if `hold` is the number of the present hold."""
        with self._notes:
            if hold == self._held:
                self._held = 0

    def flush(self) -> None:
        """Drop all that is written and not rendered, with a short fade, and end any hold.

        To be called by the thread that writes.
        """
        with self._notes:
            self._resampler = None
            self._in_sentence = False
            self._cut = self._ring.written
            self._held = 0

    def volume(self, gain: float) -> None:
        """Set a factor on all samples rendered from now on (limited to full scale)."""
        self._gain = gain

    def rewind(self, place: int) -> None:
        """Render once more from sample `place` on, or from the last flush, where that was later.

        For the thread that renders.
        """
        self._ring.back(self._ring.read - max(place, self._cut))

    def render(self, out: NDArray[np.int16]) -> None:
        """Fill the block `out`, shape (480,), with the voice at 48 kHz, or with silence.

        For the audio callback: copies, never waits.
        """
        held, cut = self._held, self._cut
        out[:] = 0
        if cut > self._ring.read:
            self._fall_silent(out, cut - self._ring.read)
            self._ring.skip(cut - self._ring.read)
            self._fade_in = False
        elif held:
            self._fall_silent(out, self._ring.filled)
        else:
            self._play(out)

    def _play(self, out: NDArray[np.int16]) -> None:
        count = self._ring.copy_to(out)
        if count < len(out) and self._flowing and self._in_sentence:
            self.starved += 1
        if count:
            self._amplify(out)
        if count and self._fade_in:
            fade = out[: min(FADE, count)]
            fade[:] = fade * np.linspace(0, 1, len(fade), endpoint=False)
            self._fade_in = False
        self._ring.skip(count)
        self._flowing = count == len(out)

    def _fall_silent(self, out: NDArray[np.int16], limit: int) -> None:
        """Let what sounds fade over at most `limit` samples, which are not taken from the ring."""
        if not self._flowing:
            return
        fade = out[: min(FADE, limit)]
        self._ring.copy_to(fade)
        self._amplify(fade)
        fade[:] = fade * np.linspace(1, 0, len(fade), endpoint=False)
        self._flowing = False
        self._fade_in = True

    def _amplify(self, out: NDArray[np.int16]) -> None:
        """Apply the volume, sliding from the last one in use."""
        last, gain = self._rendered_gain, self._gain
        if last == gain == 1.0:
            return
        out[:] = np.clip(np.rint(out * np.linspace(last, gain, len(out))), -32768, 32767)
        self._rendered_gain = gain

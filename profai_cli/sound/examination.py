"""Plays a test through a sound and notes what comes back: silence, the tutor's own voice, and chirps.

The voice comes before the chirps, as in a class: AEC3, which had heard chirps first, was found to let the first words
pass that it stops otherwise.

Only what every `ports.Sound` tells is used, so that a simulated room is examined as a sound card is. Frames say how
loud the block was that left the speaker with each block of the microphone: a chirp begins where that level rises
after silence, which stays right where the devices lose samples.
"""

import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND, SOUND_RATE, SPEECH_BLOCK, SPEECH_RATE
from profai_cli.ports import Frame, Player
from profai_cli.sound.levels import SILENCE_DBFS, decibels
from profai_cli.sound.probe import (
    CHIRP_SECONDS,
    Cancelled,
    RoundTrip,
    Samples,
    at_full_scale,
    cancelled,
    chirp,
    find_echo,
    of_others,
    round_trip,
)
from profai_cli.sound.resample import FULL_SCALE, Decimator, to_int16

QUIET: Final = 1.5
"""Seconds of silence at the begin."""

ROUSING: Final = BLOCKS_A_SECOND // 2
"""Blocks in which devices are starting; they count for nothing."""

CHIRPS: Final = 5
GAP: Final = 0.6
"""Seconds of silence before and after a chirp: the longest round trip that is found, and the echo's tail."""

LEARNING: Final = BLOCKS_A_SECOND
"""Blocks of the voice in which the canceller still learns the room."""

AFTERWARDS: Final = 0.7
"""Seconds that the last echo may take."""

AUDIBLE: Final = -60.0
"""dBFS from which the speaker sounds."""

STILL: Final = 30
"""Blocks without a sound before a chirp; a hold of the reflex is shorter, the gap longer."""

_CHIRP_BLOCKS: Final = round(CHIRP_SECONDS * BLOCKS_A_SECOND)
_WINDOW_BLOCKS: Final = round((CHIRP_SECONDS + GAP) * BLOCKS_A_SECOND)
_LATE: Final = Decimator.TAPS // 2 * SPEECH_RATE // SOUND_RATE
"""Samples by which the way to 16 kHz delays the microphone (2 ms)."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was measured; levels in dBFS.

    silent: the microphone gave only digital zeros. noise_dbfs: of the room, as the voice detector hears it; None
    without a microphone. chirps: how many were played whole. speech: seconds of the tutor's voice. holds: how often
    the tutor fell silent for its own voice. clipped: samples at full scale. faults: under- and overflows. disturbed:
    seconds with a sound that the speaker did not make.
    """

    silent: bool
    noise_dbfs: float | None
    chirps: int
    round_trip: RoundTrip | None
    cancelled: Cancelled | None
    speech: float
    holds: int
    clipped: int
    faults: int
    disturbed: float


class Examination:
    """Give it to `Sound.start` as the sink, or call it with the frames of `Sound.step`, until it is `done`."""

    def __init__(self, player: Player, speech: bytes, rate: int) -> None:
        """Write the whole test into a new player. speech: mono PCM16; where it is empty there is only silence."""
        self.done = threading.Event()
        self.frames: list[Frame] = []
        self._player = player
        self._left = round(AFTERWARDS * BLOCKS_A_SECOND)
        player.silence(QUIET)
        if speech:
            player.write(speech, rate, last=True)
            player.silence(-player.written % BLOCK / SOUND_RATE)  # a chirp shall begin with a block
            for _ in range(CHIRPS):
                player.silence(GAP)
                player.write(to_int16(chirp(SOUND_RATE).astype(np.float32)).tobytes(), SOUND_RATE, last=True)

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return self._player.written / SOUND_RATE + AFTERWARDS

    def __call__(self, frame: Frame) -> None:
        """Note a frame. The voice goes on after a hold: what is left of the echo is to be measured."""
        if self.done.is_set():
            return
        self.frames.append(frame)
        if frame.hold:
            self._player.release(frame.hold)
        if self._player.rendered >= self._player.written:
            self._left -= 1
            if not self._left:
                self.done.set()

    def findings(self) -> Findings:
        """What the frames show, once it is done."""
        frames = self.frames
        raw = _samples([frame.raw or frame.pcm for frame in frames])
        played = np.array([frame.speaker_dbfs for frame in frames])
        far = played > AUDIBLE
        begins = [int(at) for at in np.flatnonzero(far) if not far[max(at - STILL, 0) : at].any()]
        voice, end = (begins[0], begins[-CHIRPS]) if len(begins) > CHIRPS else (len(frames), len(frames))
        quiet, spoken, known = slice(ROUSING, voice), slice(voice, end), slice(voice + LEARNING, end)
        noise = float(np.mean(raw[quiet] ** 2))
        levels = np.array([frame.evidence.level_dbfs if frame.evidence else SILENCE_DBFS for frame in frames])
        chirps = [at for at in begins[-CHIRPS:] if at >= end and far[at : at + _CHIRP_BLOCKS].all()]
        sent = chirp(SPEECH_RATE)
        cleaned = _samples([frame.pcm for frame in frames])
        cancels = any(frame.raw for frame in frames)
        trip = round_trip([find_echo(sent, _window(raw, at), noise) for at in chirps])
        heard = _decibels(raw)
        taken = np.full(len(frames), np.inf)
        if cancels:
            taken[known] = (heard - np.append(_decibels(cleaned)[1:], SILENCE_DBFS))[known]  # it comes a block later
        return Findings(
            silent=all(frame.microphone_dbfs <= SILENCE_DBFS for frame in frames),
            noise_dbfs=_noise_dbfs(levels[quiet]) if frames[-1].evidence else None,
            chirps=len(chirps),
            round_trip=trip,
            cancelled=cancelled(raw[known], cleaned[known], levels[known], noise) if cancels else None,
            speech=float(np.count_nonzero(far[spoken])) / BLOCKS_A_SECOND,
            holds=sum(frame.hold > 0 for frame in frames[spoken]),
            clipped=at_full_scale(raw),
            faults=frames[-1].faults - frames[ROUSING].faults,
            disturbed=of_others(heard[ROUSING:], played[ROUSING:], taken[ROUSING:], trip),
        )


def _samples(blocks: list[bytes]) -> Samples:
    """Blocks of PCM16 at 16 kHz as floats, shape (blocks, 160)."""
    pcm: NDArray[np.int16] = np.frombuffer(b"".join(blocks), "<i2")
    return pcm.reshape(-1, SPEECH_BLOCK) / FULL_SCALE


def _decibels(blocks: Samples) -> Samples:
    """The level of each block, dBFS, shape (blocks,)."""
    return np.array([decibels(float(power)) for power in np.mean(blocks**2, axis=1)])


def _window(raw: Samples, block: int) -> Samples:
    """What was heard from the moment on in which a chirp was handed out as block number `block`."""
    return raw[block : block + _WINDOW_BLOCKS].ravel()[_LATE:]


def _noise_dbfs(levels: Samples) -> float:
    """The mean power of the quieter half of the blocks: a noise that comes and goes is none of the room's."""
    quieter = np.sort(levels)[: len(levels) // 2 + 1]
    return decibels(float(np.mean(10 ** (quieter / 10))))

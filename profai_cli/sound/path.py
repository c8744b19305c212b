"""The path of sound, block by block: microphone, canceller, voice activity, and the reflex.

The reflex is here because it must not wait for anybody: as soon as the learner's voice starts, the player
is held, whatever the rest of the program is busy with. Whether that was an interruption is decided later,
by the class, from the frames that this path gives.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from profai_cli.pcm import BLOCKS_A_SECOND, BYTES_A_SAMPLE, SPEECH_BLOCK
from profai_cli.ports import Frame
from profai_cli.settings import Sensitivity
from profai_cli.sound.ears import Ears
from profai_cli.sound.levels import SILENCE_DBFS, dbfs, decibels
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.voice import Change

ATTENTION: Final = 2 * BLOCKS_A_SECOND
"""Blocks after the learner's voice in which each one counts: a turn's end is waited for."""


class SoundPath:
    """Turns blocks into frames and holds the player. One call of `process` per block, from one thread.

    With `listening` off there is no microphone: no voice is ever heard. With `cancel_echo` off (headphones)
    the microphone is taken as it is.
    """

    def __init__(
        self,
        player: VoicePlayer,
        *,
        cancel_echo: bool = True,
        listening: bool = True,
        sensitivity: Sensitivity = "normal",
    ) -> None:
        self._player = player
        self._blocks = 0
        self._ears = Ears(cancel_echo, sensitivity) if listening else None
        self._quiet = 0  # blocks since the learner's voice
        self.muted = False
        """Frames have silence in place of the microphone. May be set from any thread."""

    @property
    def silent(self) -> bool:
        """Neither the tutor's voice sounds nor the learner's."""
        return not self._player.sounding and not (self._ears and self._ears.voice.on)

    @property
    def ahead(self) -> int:
        """So many blocks may be gathered and processed at once: in none but the last can anything happen."""
        return self._ears.ahead if self._ears and self._quiet >= ATTENTION else 1

    def process(
        self,
        near: NDArray[np.int16],
        far: NDArray[np.int16],
        *,
        played: int,
        lead: int = 0,
        faults: int = 0,
        input_ended: bool = False,
        guard: bool = False,
    ) -> Frame:
        """Take a block of the microphone and the block that left the speaker in the same time.

        Both have the shape (480,) at 48 kHz. `played` and `lead` are what the frame is to say of the voice; `guard`
        means that samples were lost, so that echo and speaker no longer fit for a while.
        """
        self._blocks += 1
        t = self._blocks / BLOCKS_A_SECOND
        ears = self._ears
        if ears is None:
            silence = bytes(SPEECH_BLOCK * BYTES_A_SAMPLE)
            return Frame(
                t,
                silence,
                played,
                speaker_dbfs=dbfs(far),
                faults=faults,
                input_ended=input_ended,
                near=near.tobytes(),
                far=far.tobytes(),
                lead=lead,
            )
        muted = self.muted
        pcm, raw, undimmed, change = ears.hear(near, far, guard, muted=muted)
        near_power, far_power = ears.canceller.powers
        hold = self._reflex(ears, change)
        self._quiet = 0 if ears.voice.on else self._quiet + 1
        return Frame(
            t=t,
            pcm=pcm,
            raw=raw,
            undimmed=undimmed,
            played=played,
            voice=change,
            hold=hold,
            voiced=ears.voice.voiced if change == "ended" else 0.0,
            faint=change == "ended" and ears.voice.faint,
            microphone_dbfs=SILENCE_DBFS if muted else decibels(near_power),
            speaker_dbfs=decibels(far_power),
            echo_db=ears.canceller.echo_db,
            echo_dbfs=ears.canceller.echo_dbfs,
            settled=ears.canceller.settled,
            faults=faults,
            input_ended=input_ended,
            evidence=ears.evidence,
            near=bytes(near.nbytes) if muted else near.tobytes(),
            far=far.tobytes(),
            lead=lead,
        )

    def _reflex(self, ears: Ears, change: Change | None) -> int:
        """Hold the voice where the learner begins to speak over it; the number of the hold, 0 for none."""
        hold = 0
        if change in ("started", "confirmed") and self._player.sounding:
            hold = self._player.hold()
        if change == "started":  # only now: it takes a third of a millisecond
            ears.listen_afresh()
        return hold

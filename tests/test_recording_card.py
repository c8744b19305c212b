"""The recording of a class on a sound card: both channels have one time. Measured by the tutor's echo in it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.sound.card import SoundCard
from profai_cli.storage.recording import ClassRecording
from tests.rig import MISSING, Rig
from tests.test_card import Frames
from tests.test_storage_recording import lag, no_fault

pytestmark = [
    pytest.mark.xdist_group("card"),
    pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}"),
]

SECONDS = 4
ECHO_MS = 60

TOLERANCE = 1.5 * BLOCK
"""Samples: PulseAudio told 3 to 10 ms more than its own delay; without any regard to it, they were 30 ms apart."""


def test_the_echo_is_as_late_in_the_recording_as_it_is_in_the_room(tmp_path: Path) -> None:
    """What the room does is taken from the rig, which hears loudspeaker and microphone with one clock."""
    noise = np.random.default_rng(3).integers(-6000, 6000, SECONDS * SOUND_RATE, np.int16)
    with Rig(echo_ms=ECHO_MS, echo_db=-6) as rig, rig.recording() as room:
        card = SoundCard()
        frames = Frames()
        recording = ClassRecording(tmp_path / "sound.flac", no_fault)
        card.start(lambda frame: (recording.watch(frame), frames(frame)))
        try:
            frames.pass_by(2)
            card.player.write(noise.tobytes(), SOUND_RATE)
            frames.wait(lambda frame: frame.played == len(noise))
            frames.pass_by(0.5)
        finally:
            card.close()
            recording.close()
    both, _ = soundfile.read(tmp_path / "sound.flac", dtype="float64")
    told = lag(both[:, 0], both[:, 1])
    real = lag(room.microphone.astype(float), room.speaker.astype(float))
    assert abs(told - real) <= TOLERANCE

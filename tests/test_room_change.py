"""A stream that the sound server moves to another speaker or microphone: the echo takes another way from then on."""

import numpy as np
import pytest

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.room import Room
from tests.sounds import RECORDED_AT, at_level, needs_recordings, noise, recording, room

CHANGE = 4.0
"""Seconds until the room changes."""


def moved(before: Room, after: Room) -> list[Frame]:
    """The frames of nine seconds in which the tutor speaks; a hold is let go when the voice has ended."""
    player, far = VoicePlayer(), np.zeros(BLOCK, np.int16)
    path = SoundPath(player)
    tutor = at_level(recording("lj050_0131"), -20)
    player.write(np.concatenate([tutor, tutor]).tobytes(), RECORDED_AT, last=True)
    hiss = noise(9, -65).reshape(-1, BLOCK)
    frames: list[Frame] = []
    for number, quiet in enumerate(hiss):
        player.render(far)
        place = before if number < CHANGE * SOUND_RATE / BLOCK else after
        near = np.rint(quiet + place.echo(far)).astype(np.int16)
        frames.append(path.process(near, far, played=player.rendered))
        if frames[-1].voice == "ended":
            player.release(player.hold())
    return frames


@needs_recordings
@pytest.mark.parametrize(
    ("before", "after"),
    [((0.065, -12), (0.005, -12)), ((0.005, -12), (0.065, -6))],
    ids=["60 ms earlier", "60 ms later and louder"],
)
def test_the_tutor_takes_a_moved_echo_for_a_voice_once_at_most(
    before: tuple[float, float], after: tuple[float, float]
) -> None:
    """Nothing tells PortAudio of the move, and in its first blocks an echo that is not expected is a voice."""
    frames = moved(*(Room(room(0.25, db, delay, seed=at)) for at, (delay, db) in enumerate((before, after))))
    changes = [(round(frame.t - CHANGE, 2), frame.voice) for frame in frames if frame.voice and frame.t > 1]
    assert [change for _, change in changes].count("started") <= 1
    assert all(0 < t < 1 for t, _ in changes)
    measured = [frame.echo_db for frame in frames[-100:] if frame.echo_db is not None]
    assert min(measured) > 10

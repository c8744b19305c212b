"""A stream that the sound server moves to another speaker or microphone: the echo takes another way from then on."""

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.room import Room
from tests.sounds import ONSETS, RECORDED_AT, at_level, needs_recordings, noise, recording, room

CHANGE = 4.0
"""Seconds until the room changes."""

NOBODY = np.zeros(0, np.int16)


def moved(before: Room, after: Room, learner: NDArray[np.int16] = NOBODY) -> list[Frame]:
    """The frames of nine seconds in which the tutor speaks; a hold is let go when the voice has ended. The learner, at
    48 kHz, begins when the room changes.
    """
    player, far = VoicePlayer(), np.zeros(BLOCK, np.int16)
    path = SoundPath(player)
    tutor = at_level(recording("lj050_0131"), -20)
    player.write(np.concatenate([tutor, tutor]).tobytes(), RECORDED_AT, last=True)
    heard = noise(9, -65)
    at = round(CHANGE * SOUND_RATE)
    heard[at : at + len(learner)] += learner
    frames: list[Frame] = []
    for number, quiet in enumerate(heard.reshape(-1, BLOCK)):
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
    settled = {second: {frame.settled for frame in frames if second <= frame.t < second + 1} for second in range(9)}
    assert settled[3] == {True}
    assert False in settled[4] | settled[5]
    assert settled[8] == {True}


@needs_recordings
def test_who_speaks_over_the_tutor_does_not_make_the_room_unknown() -> None:
    place, above_echo = Room(room(0.25, -12)), 6
    learner = at_level(recording("jfk", ONSETS["jfk"], ONSETS["jfk"] + 2), -20 - 12 + above_echo)
    frames = moved(place, place, np.repeat(learner, SOUND_RATE // RECORDED_AT))
    assert [frame.voice for frame in frames if frame.voice][:2] == ["started", "confirmed"]
    assert all(frame.settled for frame in frames if frame.t > 2)

"""The linear canceller and the second detector: the echo is found and subtracted, the learner is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.pcm import SPEECH_BLOCK, SPEECH_RATE
from profai_cli.sound.doubletalk import DoubleTalk
from profai_cli.sound.linear import LinearCanceller
from tests.sounds import needs_recordings, recording

Floats = NDArray[np.float32]

DIRECT = 0.25


def white(seconds: float, dbfs: float, seed: int = 0) -> Floats:
    samples = np.random.default_rng(seed).standard_normal(round(seconds * SPEECH_RATE)) * 10 ** (dbfs / 20)
    return samples.astype(np.float32)


def path(delay: float = 0.02, seed: int = 1) -> Floats:
    """A response of -12 dB at 16 kHz that begins after `delay` seconds and decays by 60 dB in 0.15 s."""
    length = round(0.15 * SPEECH_RATE)
    tail = np.random.default_rng(seed).standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    tail[0] += 5
    response = np.concatenate([np.zeros(round(delay * SPEECH_RATE)), tail])
    return (response * DIRECT / np.linalg.norm(response)).astype(np.float32)


def echo(far: Floats, response: Floats) -> Floats:
    return np.convolve(far, response)[: len(far)].astype(np.float32) + white(len(far) / SPEECH_RATE, -75, seed=9)


def run(canceller: LinearCanceller, near: Floats, far: Floats) -> Floats:
    pairs = zip(near.reshape(-1, SPEECH_BLOCK), far.reshape(-1, SPEECH_BLOCK), strict=True)
    return np.concatenate([canceller.process(*pair) for pair in pairs])


def db(samples: Floats) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=float)) + 1e-12))


def taken_away(near: Floats, cleaned: Floats, begin: float, end: float) -> float:
    span = slice(round(begin * SPEECH_RATE), round(end * SPEECH_RATE))
    return db(near[span]) - db(cleaned[span])


def tutor(seconds: float) -> Floats:
    speech = recording("lj050_0131")[: round(seconds * SPEECH_RATE)].astype(np.float32) / 32768
    return speech[: len(speech) // SPEECH_BLOCK * SPEECH_BLOCK]


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.09])
def test_a_known_echo_is_found_within_a_second(delay: float) -> None:
    far = white(2, -20)
    near = echo(far, path(delay))
    assert taken_away(near, run(LinearCanceller(), near, far), 1, 2) > 25


@needs_recordings
def test_the_echo_of_a_voice_is_found_within_two_seconds() -> None:
    far = tutor(5)
    near = echo(far, path())
    cleaned = run(LinearCanceller(), near, far)
    assert taken_away(near, cleaned, 1, 2) > 8
    assert taken_away(near, cleaned, 2, 5) > 15


def test_not_less_is_expected_to_be_left_than_is() -> None:
    far = white(2, -20)
    near = echo(far, path())
    canceller, rest, expected = LinearCanceller(), 0.0, 0.0
    for begin in range(0, len(far), SPEECH_BLOCK):
        canceller.process(near[begin : begin + SPEECH_BLOCK], far[begin : begin + SPEECH_BLOCK])
        if begin >= len(far) // 2:
            rest += float(canceller.rest.sum())
            expected += float(canceller.expected.sum())
    echo_power = float(np.square(near[len(near) // 2 :]).sum()) * SPEECH_BLOCK
    assert rest < expected < echo_power / 3


def test_who_speaks_with_the_tutor_is_not_dimmed_and_the_path_is_kept() -> None:
    far, learner = white(4, -20), white(4, -32, seed=2)
    learner[: 2 * SPEECH_RATE] = 0
    learner[3 * SPEECH_RATE :] = 0
    near = echo(far, path())
    cleaned = run(LinearCanceller(), near + learner, far)
    both = slice(2 * SPEECH_RATE, 3 * SPEECH_RATE)
    assert db(cleaned[both]) == pytest.approx(db(learner[both]), abs=0.5)
    assert db(cleaned[both] - learner[both]) < db(near[both]) - 15
    assert taken_away(near, cleaned, 3.2, 4) > 25


def test_a_jump_of_the_delay_is_found_out() -> None:
    far = white(5, -20)
    near = np.concatenate([echo(far, path(0.02))[: 2 * SPEECH_RATE], echo(far, path(0.07))[2 * SPEECH_RATE :]])
    assert taken_away(near, run(LinearCanceller(), near, far), 3, 5) > 20


def test_silence_stays_silence_and_teaches_nothing() -> None:
    silence = np.zeros(SPEECH_RATE, np.float32)
    canceller = LinearCanceller()
    assert not run(canceller, silence, silence).any()
    assert not run(canceller, silence, white(1, -20)).any()
    learner = white(1, -30)
    assert np.allclose(run(LinearCanceller(), learner, silence), learner)


def test_full_scale_and_clipping_do_no_lasting_harm() -> None:
    far = white(6, -20)
    near = echo(far, path())
    near[SPEECH_RATE : 2 * SPEECH_RATE] = np.clip(1000 * near[SPEECH_RATE : 2 * SPEECH_RATE], -1, 1)
    cleaned = run(LinearCanceller(), near, far)
    assert np.isfinite(cleaned).all()
    assert taken_away(near, cleaned, 4, 6) > 15


def test_the_same_sound_gives_the_same_samples() -> None:
    far = white(0.5, -20)
    near = echo(far, path())
    assert np.array_equal(run(LinearCanceller(), near, far), run(LinearCanceller(), near, far))


def detected(near: Floats, far: Floats, alone: int = 0) -> list[tuple[bool, bool]]:
    """What is found of `near`, of which AEC3 leaves nothing up to sample `alone`."""
    detector, heard = DoubleTalk(-50), []
    for begin in range(0, len(far), SPEECH_BLOCK):
        detector.hear(near[begin : begin + SPEECH_BLOCK], far[begin : begin + SPEECH_BLOCK], alone=begin < alone)
        heard.append((detector.voice, detector.possible))
    return heard


@needs_recordings
def test_the_second_detector_hears_the_learner_over_the_tutor_but_not_the_tutor() -> None:
    far = tutor(6)
    near = echo(far, path())
    assert sum(voice for voice, _ in detected(near, far)) < 5
    learner = np.zeros_like(far)
    said = recording("arctic_a0024", 0.21, 1.21).astype(np.float32) / 32768
    learner[4 * SPEECH_RATE : 4 * SPEECH_RATE + len(said)] = said * np.float32(10 ** ((db(near) - db(said)) / 20))
    heard = detected(near + learner, far)
    assert sum(voice for voice, _ in heard[400:420]) >= 10
    assert all(possible for voice, possible in heard if voice)


@needs_recordings
def test_the_second_detector_leaves_to_aec3_who_speaks_alone() -> None:
    learner = tutor(2)
    heard = detected(learner, np.zeros_like(learner))
    assert not any(voice for voice, _ in heard)
    assert all(possible for _, possible in heard)


@needs_recordings
def test_a_learner_does_not_teach_the_second_detector_to_ignore_learners() -> None:
    far = tutor(6)
    near = echo(far, path())
    begin, soft = 4 * SPEECH_RATE, -10
    said = recording("arctic_a0024", 0.21, 2.1).astype(np.float32) / 32768
    learner = np.zeros_like(far)
    learner[begin : begin + len(said)] = said * np.float32(10 ** ((db(near) - db(said) + soft) / 20))
    known, mistaken, untaught = (
        sum(voice for voice, _ in detected(near + learner, far, alone)[400:]) for alone in (begin, len(far), 0)
    )
    assert known > 1.2 * mistaken
    assert known > 1.2 * untaught

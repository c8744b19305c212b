"""The sound path: people hold the tutor and are confirmed; silence, noise, coughs and echoes are not."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND, SOUND_RATE, SPEECH_BLOCK
from profai_cli.ports import HANGOVER, Frame
from profai_cli.settings import Sensitivity
from profai_cli.sound.ears import Ears
from profai_cli.sound.judge import GAIN, RECALLED, WINDOW, Judge, silero
from profai_cli.sound.path import ATTENTION, SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.resample import Decimator
from profai_cli.sound.simulated import SimulatedSound
from profai_cli.sound.voice import HANGOVER_BLOCKS, Voice
from tests.scripted import said
from tests.sounds import ONSETS, RECORDED_AT, at_level, clip, loudness, needs_recordings, noise, recording, room

SILENT = np.zeros(BLOCK, np.int16)


def run(path: SoundPath, near: NDArray[np.int16]) -> list[Frame]:
    blocks = near[: len(near) // BLOCK * BLOCK].reshape(-1, BLOCK)
    return [path.process(block, SILENT, played=0) for block in blocks]


def changes(frames: list[Frame]) -> list[str]:
    return [frame.voice for frame in frames if frame.voice]


def first(frames: list[Frame], change: str) -> Frame:
    return next(frame for frame in frames if frame.voice == change)


def coughs() -> NDArray[np.int16]:
    """Bursts of noise with the shape of a cough: 5 ms up, then 250 ms down; one every two seconds."""
    at = np.arange(2 * SOUND_RATE) / SOUND_RATE
    shape = np.minimum(at / 0.005, 1) * np.exp(-at / 0.06)
    burst = np.random.default_rng(5).standard_normal(len(at)) * shape * 6000
    return np.tile(burst.astype(np.int16), 5)


def clicks() -> NDArray[np.int16]:
    samples = np.zeros(10 * SOUND_RATE, np.int16)
    for begin in range(SOUND_RATE, len(samples), SOUND_RATE // 2):
        samples[begin : begin + 144] = noise(0.003, -12, seed=begin)
    return samples


def loudness_of(blocks: list[bytes]) -> float:
    return loudness(np.frombuffer(b"".join(blocks), np.int16))


def learner(name: str, at: float, **options) -> SimulatedSound:
    speech = recording(name, ONSETS[name], ONSETS[name] + 2)
    return SimulatedSound([clip(speech, at), clip(noise(at + 3, -70), rate=SOUND_RATE)], **options)


@needs_recordings
@pytest.mark.parametrize("name", ONSETS)
def test_a_learner_holds_the_tutor_and_is_confirmed(name: str) -> None:
    sound = learner(name, 0.8)
    sound.player.silence(10)
    frames = [sound.step() for _ in range(350)]
    assert changes(frames)[:2] == ["started", "confirmed"]
    started, confirmed = first(frames, "started"), first(frames, "confirmed")
    assert 0.8 < started.t <= 0.95
    assert started.hold > 0
    assert confirmed.t - started.t <= 0.4
    assert confirmed.hold == 0
    assert sound.player.rendered == started.played


@needs_recordings
def test_a_voice_ends_and_says_how_long_it_was() -> None:
    sound = learner("austen_0930", 1.0)
    frames = [sound.step() for _ in range(380)]
    started, ended = first(frames, "started"), frames[-1 - [f.voice for f in frames[::-1]].index("ended")]
    assert 3.0 < ended.t < 3.4
    assert ended.t - started.t == pytest.approx(ended.voiced + HANGOVER, abs=0.06)
    assert {frame.hold for frame in frames} == {0}


@needs_recordings
def test_a_learner_who_speaks_from_the_first_sample_on_is_heard() -> None:
    sound = learner("austen_0880", 0.0)
    frames = [sound.step() for _ in range(60)]
    assert changes(frames)[:2] == ["started", "confirmed"]


@pytest.mark.parametrize("level", [-70, -50, -40, -30])
def test_steady_noise_holds_nobody(level: float) -> None:
    assert not changes(run(SoundPath(VoicePlayer()), noise(20, level)))


def test_rumble_and_hum_hold_nobody() -> None:
    rumble = np.cumsum(noise(20, -40).astype(float))
    rumble = 2000 * rumble / np.abs(rumble).max()
    hum = 1000 * np.sin(2 * np.pi * 100 * np.arange(len(rumble)) / SOUND_RATE)
    assert not changes(run(SoundPath(VoicePlayer()), (rumble + hum).astype(np.int16)))


def test_it_is_silent_while_neither_tutor_nor_learner_speaks() -> None:
    player = VoicePlayer()
    path = SoundPath(player)
    assert path.silent
    player.silence(5)
    assert not path.silent
    run(path, np.concatenate([np.zeros(SOUND_RATE, np.int16), said("what is an apple")[: SOUND_RATE // 2]]))
    assert (player.sounding, path.silent) == (False, False)  # the reflex
    run(path, np.zeros(SOUND_RATE, np.int16))
    assert path.silent


def test_digital_silence_gives_silent_frames() -> None:
    frames = run(SoundPath(VoicePlayer()), np.zeros(3 * SOUND_RATE, np.int16))
    assert not changes(frames)
    assert {frame.pcm for frame in frames} == {bytes(2 * SPEECH_BLOCK)}
    assert {(frame.microphone_dbfs, frame.speaker_dbfs, frame.echo_db) for frame in frames} == {(-120, -120, None)}
    assert [frame.t for frame in frames] == [n / BLOCKS_A_SECOND for n in range(1, 301)]


@pytest.mark.parametrize("samples", [coughs(), clicks()], ids=["coughs", "clicks"])
def test_coughs_and_clicks_are_never_confirmed(samples: NDArray[np.int16]) -> None:
    floor = noise(len(samples) / SOUND_RATE, -65)
    assert "confirmed" not in changes(run(SoundPath(VoicePlayer()), samples + floor))


@needs_recordings
def test_the_same_sound_gives_the_same_frames() -> None:
    def frames() -> list[Frame]:
        sound = learner("jfk", 0.5, room=room(0.2, -12))
        sound.player.write(recording("lj050_0131").tobytes(), RECORDED_AT, last=True)
        return [sound.step() for _ in range(250)]

    assert frames() == frames()


@needs_recordings
@pytest.mark.parametrize(("t60", "echo_db"), [(0.1, -6), (0.3, -12)])
def test_the_tutor_does_not_interrupt_itself(t60: float, echo_db: float) -> None:
    sound = SimulatedSound([clip(noise(20, -65), rate=SOUND_RATE)], room=room(t60, echo_db))
    for name in ("lj050_0131", "arctic_a0024"):
        sound.player.write(at_level(recording(name), -20).tobytes(), RECORDED_AT, last=True)
    frames = [sound.step() for _ in range(1160)]
    assert not changes(frames)
    assert max(frame.echo_db or 0 for frame in frames) > 20


@needs_recordings
@pytest.mark.parametrize(("name", "t60", "echo_db"), [("jfk", 0.3, -20), ("austen_0930", 0.2, -12)])
def test_the_third_learner_is_heard_as_soon_as_the_first(name: str, t60: float, echo_db: float) -> None:
    """Neither what the second detector learns of the echo nor the judge's memory may wear out."""
    times = (3.0, 7.0, 11.0)
    speech = at_level(recording(name, ONSETS[name], ONSETS[name] + 1), -20 + echo_db)
    hiss = clip(noise(13, -65), rate=SOUND_RATE)
    sound = SimulatedSound([hiss, *(clip(speech, at) for at in times)], room=room(t60, echo_db))
    for tutor in ("lj050_0131", "arctic_a0024"):
        sound.player.write(at_level(recording(tutor), -20).tobytes(), RECORDED_AT, last=True)
    frames = []
    for _ in range(1250):
        frames.append(sound.step())
        if frames[-1].voice == "ended":
            sound.player.release(max(frame.hold for frame in frames))
    for at in times:
        said = [frame for frame in frames if at < frame.t <= at + 1]
        assert first(said, "started").t <= at + 0.08
        assert first(said, "confirmed").t <= at + 0.2


@needs_recordings
@pytest.mark.parametrize("name", ONSETS)
def test_the_judge_hears_soft_voices_as_soon_as_loud_ones(name: str) -> None:
    judge = Judge(silero())
    speech = at_level(recording(name, ONSETS[name], ONSETS[name] + 0.16), -50)
    near = np.concatenate([np.zeros(RECORDED_AT, np.int16), speech]) + noise(1.16, -65, RECORDED_AT)
    heard = []
    for block in near.reshape(-1, SPEECH_BLOCK) / np.float32(32768):
        judge.hear(block.astype(np.float32))
        heard.append(judge.probability)
    assert max(heard[:BLOCKS_A_SECOND]) < 0.5 < max(heard[BLOCKS_A_SECOND:])


@needs_recordings
@pytest.mark.parametrize("name", ONSETS)
def test_a_learner_as_loud_as_the_echo_is_heard_at_once_and_not_dimmed(name: str) -> None:
    at, echo_db = 5.0, -12
    speech = at_level(recording(name, ONSETS[name], ONSETS[name] + 1), -20 + echo_db)
    sound = SimulatedSound([clip(speech, at), clip(noise(7, -65), rate=SOUND_RATE)], room=room(0.2, echo_db))
    sound.player.write(at_level(recording("lj050_0131"), -20).tobytes(), RECORDED_AT, last=True)
    frames = [sound.step() for _ in range(560)]
    started = first(frames, "started")
    assert at < started.t <= at + 0.15
    assert started.hold > 0
    assert first(frames, "confirmed").t <= started.t + 0.4
    spoken = [frame for frame in frames if started.t < frame.t <= started.t + 0.2]
    cleaned, undimmed = (loudness_of([getattr(frame, kind) for frame in spoken]) for kind in ("pcm", "undimmed"))
    assert undimmed > cleaned - 0.5


@needs_recordings
def test_without_cancelling_the_tutor_is_taken_for_a_learner() -> None:
    sound = SimulatedSound([], room=room(0.2, -6), cancel_echo=False)
    sound.player.write(at_level(recording("lj050_0131"), -20).tobytes(), RECORDED_AT, last=True)
    frames = [sound.step() for _ in range(100)]
    assert first(frames, "started").hold > 0
    assert {frame.echo_db for frame in frames} == {None}


@needs_recordings
def test_after_lost_samples_the_tutor_is_not_held_for_a_while() -> None:
    player = VoicePlayer()
    path = SoundPath(player)
    player.silence(60)
    far = noise(0.01, -20)
    near = at_level(np.repeat(recording("arctic_a0024", 0.21), 3), -20)
    blocks = itertools.cycle(near[: len(near) // BLOCK * BLOCK].reshape(-1, BLOCK))
    frames = [path.process(next(blocks), far, played=0, guard=number == 0) for number in range(200)]
    assert 1.2 <= first(frames, "started").t <= 1.4


@needs_recordings
def test_who_does_not_listen_hears_nothing() -> None:
    path = SoundPath(VoicePlayer(), listening=False)
    near = np.repeat(recording("arctic_a0024"), 3)
    frames = run(path, near)
    assert not changes(frames)
    assert {frame.pcm for frame in frames} == {bytes(2 * SPEECH_BLOCK)}


@needs_recordings
def test_a_low_sensitivity_overhears_what_a_high_one_hears() -> None:
    near = np.repeat(at_level(recording("arctic_a0024"), -48), 3)
    low = run(SoundPath(VoicePlayer(), sensitivity="low"), near)
    high = run(SoundPath(VoicePlayer(), sensitivity="high"), near)
    assert not changes(low)
    assert changes(high)[:2] == ["started", "confirmed"]


@needs_recordings
@pytest.mark.parametrize(("level", "faint"), [(-26, False), (-44, True)])
def test_a_voice_far_from_the_microphone_is_faint(level: float, faint: bool) -> None:
    near = np.repeat(at_level(recording("arctic_a0024"), level), 3)
    frames = run(SoundPath(VoicePlayer()), np.append(near, np.zeros(SOUND_RATE // 2, np.int16)))
    assert {frame.faint for frame in frames if frame.voice == "ended"} == {faint}


def test_a_change_that_coincides_with_another_comes_in_the_next_block() -> None:
    voice = Voice(3)
    votes = [True] * 3 + [False] * (HANGOVER_BLOCKS + 1)
    assert [voice.step(vote, sure=True) for vote in votes][2:] == (
        ["started", "confirmed", *[None] * (HANGOVER_BLOCKS - 2), "ended", None]
    )
    assert voice.voiced == 0.03


def test_the_judge_keeps_its_word_until_the_next_window() -> None:
    class Counting:
        windows = 0

        def reset(self) -> None:
            self.windows = 0

        def probability(self, window: NDArray[np.float32]) -> float:
            assert np.array_equal(np.diff(window), np.full(WINDOW - 1, GAIN))
            self.windows += 1
            return float(self.windows)

    judge, heard = Judge(Counting()), []
    for number in range(10):
        judge.hear(np.arange(number * SPEECH_BLOCK, (number + 1) * SPEECH_BLOCK, dtype=np.float32))
        heard.append(judge.probability)
    assert heard == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]
    for number in range(10, 16):
        judge.hear(np.arange(number * SPEECH_BLOCK, (number + 1) * SPEECH_BLOCK, dtype=np.float32))
    judge.listen_afresh()
    assert judge.probability == RECALLED


def test_the_decimator_keeps_speech_and_drops_what_would_alias() -> None:
    at = np.arange(SOUND_RATE) / SOUND_RATE

    def gain(hertz: float) -> float:
        blocks = (10_000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16).reshape(-1, BLOCK)
        decimator = Decimator()
        out = np.concatenate([decimator.process(block)[0] for block in blocks])[1600:]
        return float(20 * np.log10(np.sqrt(2 * (out**2).mean()) * 32768 / 10_000))

    assert [abs(gain(hertz)) < 0.1 for hertz in (100, 1000, 6500)] == [True] * 3
    assert gain(9_000) < -70


@needs_recordings
@pytest.mark.parametrize(("sensitivity", "most"), [("low", 4), ("normal", 3), ("high", 2)])
def test_blocks_are_gathered_only_where_nothing_can_happen_in_all_but_the_last(
    sensitivity: Sensitivity, most: int
) -> None:
    ears, earliest, seen = Ears(False, sensitivity), 0, set()
    speech = np.repeat(recording("jfk"), SOUND_RATE // RECORDED_AT)
    for number, block in enumerate(speech[: len(speech) // BLOCK * BLOCK].reshape(-1, BLOCK)):
        if ears.hear(block, SILENT, False)[-1]:
            assert number >= earliest
        seen.add(ears.ahead)
        earliest = max(earliest, number + ears.ahead)
    assert seen == set(range(1, most + 1))


def test_each_block_counts_while_the_learner_speaks_and_for_a_while_afterwards() -> None:
    path = SoundPath(VoicePlayer(), cancel_echo=False)

    def ahead(blocks: int) -> list[int]:
        return [path.ahead for _ in range(blocks) if path.process(SILENT, SILENT, played=0)]

    assert ahead(ATTENTION + 1) == [1] * (ATTENTION - 1) + [3] * 2
    assert SoundPath(VoicePlayer(), listening=False).ahead == 1

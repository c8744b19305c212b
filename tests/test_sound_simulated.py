"""The simulated microphone and speaker keep time to the sample."""

import subprocess
import sys
import threading

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.ports import Frame, Sound
from profai_cli.sound.clips import Clip, Clips
from profai_cli.sound.resample import at_sound_rate
from profai_cli.sound.room import Room
from profai_cli.sound.simulated import SimulatedSound
from tests.sounds import clip, noise, room


def heard(*clips: Clip, blocks: int) -> NDArray[np.int32]:
    mixed = Clips(clips)
    return np.concatenate([mixed.block() for _ in range(blocks)])


def pulse(rate: int, at: int) -> NDArray[np.int16]:
    """A smooth pulse with its top at sample `at`."""
    distance = (np.arange(rate) - at) / rate * 1000
    return (20_000 * np.exp(-(distance**2))).astype(np.int16)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("at", [0.0, 0.1234])
def test_a_clip_enters_at_its_sample(rate: int, at: float) -> None:
    out = heard(clip(pulse(rate, rate // 2), at, rate), blocks=120)
    assert abs(int(out.argmax()) - round((0.5 + at) * SOUND_RATE)) <= 1
    assert abs(int(out.max()) - 20_000) < 200


def test_clips_at_the_sound_rate_are_unchanged_and_added() -> None:
    one, two = noise(0.5, -20, seed=1), noise(0.3, -20, seed=2)
    out = heard(clip(one, 0.0, SOUND_RATE), clip(two, 0.1, SOUND_RATE), blocks=60)
    expected = np.zeros(60 * BLOCK, int)
    expected[: len(one)] += one
    expected[4800 : 4800 + len(two)] += two
    assert np.array_equal(out, expected)


def test_a_long_clip_is_read_piece_by_piece() -> None:
    asked: list[int] = []

    def endless(count: int) -> NDArray[np.int16]:
        asked.append(count)
        return np.ones(count, np.int16)

    heard(Clip(0.0, 44_100, endless), blocks=100)
    assert sum(asked) < 44_100 * 1.2
    assert max(asked) <= 44_100 // 10


def test_input_ends_after_the_last_clip() -> None:
    sound = SimulatedSound([clip(noise(0.05, -40), 0.0, SOUND_RATE), clip(noise(0.02, -40), 0.1, SOUND_RATE)])
    frames = [sound.step() for _ in range(20)]
    ended = [frame.input_ended for frame in frames]
    assert ended == sorted(ended)
    assert ended.index(True) in (12, 13)


def test_a_microphone_that_is_missing_does_not_end() -> None:
    sound = SimulatedSound()
    assert not any(sound.step().input_ended for _ in range(10))


def test_the_speaker_gets_what_the_player_renders() -> None:
    left: list[NDArray[np.int16]] = []
    sound: Sound = SimulatedSound(speaker=lambda far: left.append(far.copy()))
    samples = noise(0.1, -20)
    sound.player.write(samples.tobytes(), SOUND_RATE, last=True)
    frames = [sound.step() for _ in range(12)]
    assert np.array_equal(np.concatenate(left)[: len(samples)], samples)
    assert [frame.played for frame in frames[:11]] == [*range(480, 4801, 480), 4800]
    assert frames[0].speaker_dbfs == pytest.approx(-20, abs=1)


@pytest.mark.parametrize("length", [1, 480, 481, 5000])
def test_a_room_is_a_convolution(length: int) -> None:
    rng = np.random.default_rng(3)
    response = rng.standard_normal(length).astype(np.float32)
    far = noise(0.3, -20)
    filtered = Room(response)
    out = np.concatenate([filtered.echo(block) for block in far.reshape(-1, BLOCK)])
    assert np.allclose(out, np.convolve(far.astype(float), response)[: len(far)], atol=1e-3)


def test_a_room_measured_at_another_rate_is_as_loud() -> None:
    response = np.zeros(1600, np.float32)
    response[160] = 0.5
    there = at_sound_rate(response, 16_000)
    assert abs(int(there.argmax()) - 480) <= 1
    assert there.sum() == pytest.approx(0.5, abs=0.01)


def test_the_microphone_hears_the_tutor_in_a_room_and_the_canceller_removes_it() -> None:
    def levels(cancel_echo: bool) -> tuple[float, float]:
        sound = SimulatedSound(room=room(0.2, -12), cancel_echo=cancel_echo)
        sound.player.write(noise(4, -20).tobytes(), SOUND_RATE, last=True)
        frames = [sound.step() for _ in range(400)][300:]
        speech = np.frombuffer(b"".join(frame.pcm for frame in frames), np.int16).astype(float)
        return frames[-1].microphone_dbfs, float(20 * np.log10(np.sqrt((speech**2).mean()) / 32768 + 1e-6))

    microphone, raw = levels(cancel_echo=False)
    assert microphone == pytest.approx(-32, abs=2)
    assert raw > -42  # noise reaches beyond what 16 kHz can hold
    assert levels(cancel_echo=True)[1] < raw - 10  # AEC3 puts back a quiet copy of steady noise


def test_real_time_runs_in_a_thread_until_it_is_closed() -> None:
    frames: list[Frame] = []
    enough = threading.Event()

    def sink(frame: Frame) -> None:
        frames.append(frame)
        if len(frames) == 5:
            enough.set()

    sound = SimulatedSound(listening=False)
    sound.start(sink)
    with pytest.raises(RuntimeError):
        sound.step()
    assert enough.wait(60)
    sound.close()
    sound.close()
    count = len(frames)
    assert [frame.t for frame in frames] == [n / 100 for n in range(1, count + 1)]


def test_close_may_come_from_the_sink() -> None:
    sound, done = SimulatedSound(listening=False), threading.Event()

    def sink(frame: Frame) -> None:
        sound.close()
        done.set()

    sound.start(sink)
    assert done.wait(60)
    sound.close()


def test_a_closed_sound_that_a_thread_still_holds_leaves_no_complaint_at_the_programs_end() -> None:
    program = """
import threading, time
import numpy as np
from profai_cli.sound.clips import Clip
from profai_cli.sound.simulated import SimulatedSound
sound = SimulatedSound([Clip(0.0, 44_100, lambda count: np.zeros(count, np.int16))])
sound.step()
threading.Thread(target=lambda held: time.sleep(99), args=(sound,), daemon=True).start()
sound.close()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""

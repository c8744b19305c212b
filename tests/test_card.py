"""The sound card on a virtual one, in real time. What is asserted is read from its recording, not timed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Condition, Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.errors import DeviceError
from profai_cli.pcm import SOUND_RATE, SPEECH_RATE
from profai_cli.ports import DeviceChange, Frame
from profai_cli.sound.blocks import Wake
from profai_cli.sound.card import SoundCard
from profai_cli.sound.devices import Device, Kind, find, pick
from profai_cli.sound.microphone import Microphone
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import FADE, VoicePlayer
from profai_cli.sound.speaker import Speaker
from profai_cli.sound.tap import Tap
from profai_cli.sound.worker import Worker
from tests.rig import MISSING, Recording, Rig, look_again
from tests.sounds import ONSETS, RECORDED_AT, at_level, needs_recordings, noise, recording

pytestmark = [
    pytest.mark.xdist_group("card"),
    pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}"),
]


class Frames:
    """A sink that can be waited for."""

    def __init__(self) -> None:
        self.all: list[Frame] = []
        self._more = Condition()

    def __call__(self, frame: Frame) -> None:
        with self._more:
            self.all.append(frame)
            self._more.notify_all()

    def wait(self, enough: Callable[[Frame], bool]) -> Frame:
        """The next frame that is `enough`."""
        begin = len(self.all)
        with self._more:
            self._more.wait_for(lambda: any(map(enough, self.all[begin:])), 60)
        return next(filter(enough, self.all[begin:]))

    def pass_by(self, seconds: float) -> None:
        """Wait so long, in media time."""
        end = (self.all[-1].t if self.all else 0.0) + seconds
        self.wait(lambda frame: frame.t >= end)


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with Rig(echo_ms=30, echo_db=-6) as rig:
        yield rig


@contextmanager
def running(card: SoundCard) -> Iterator[Frames]:
    frames = Frames()
    card.start(frames)
    try:
        yield frames
    finally:
        card.close()


def sounding(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    """From the first to the last sample that is not zero."""
    places = np.flatnonzero(samples)
    return samples[places[0] : places[-1] + 1] if len(places) else samples[:0]


def likeness(heard: NDArray[np.int16], said: NDArray[np.int16]) -> float:
    """The best normalised correlation of `said`, cut out of its middle, with a place in `heard`."""
    middle = said[len(said) // 4 : len(said) // 2].astype(float)
    size = 1 << (len(heard) + len(middle)).bit_length()
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.fft.rfft(middle, size).conj())[: len(heard)]
    at = int(np.argmax(products[: len(heard) - len(middle)]))
    found = heard[at : at + len(middle)].astype(float)
    return float(found @ middle / np.sqrt((found @ found) * (middle @ middle)))


def undisturbed(run: Callable[[], tuple[Recording, Frames]]) -> tuple[Recording, Frames]:
    """What came of `run`; once more where a busy machine let a device run dry, which leaves gaps."""
    for _ in range(3):
        recorded, frames = run()
        if not frames.all[-1].faults:
            return recorded, frames
    pytest.skip("this machine is too busy for sound in real time")


def hiss(seconds: float) -> NDArray[np.int16]:
    """Noise without a single sample of silence."""
    samples = noise(seconds, -20)
    samples[samples == 0] = 1
    return samples


def test_the_voice_leaves_the_speaker_to_the_sample(rig: Rig) -> None:
    voice = hiss(0.5)

    def run() -> tuple[Recording, Frames]:
        card = SoundCard(listening=False)
        assert (card.speaker, card.microphone) == ("default", "")
        with rig.recording() as recorded, running(card) as frames:
            card.player.write(voice.tobytes(), SOUND_RATE, last=True)
            frames.wait(lambda frame: frame.played == len(voice))
            frames.pass_by(0.1)
        return recorded, frames

    recorded, frames = undisturbed(run)
    assert np.array_equal(sounding(recorded.speaker), voice)
    played = [frame.played for frame in frames.all]
    assert played == sorted(played)
    assert [round(frame.t * 100) for frame in frames.all] == list(range(1, len(frames.all) + 1))


def test_a_hold_silences_the_speaker_and_nothing_is_lost(rig: Rig) -> None:
    voice, place = hiss(1), 0

    def run() -> tuple[Recording, Frames]:
        nonlocal place
        card = SoundCard(listening=False)
        with rig.recording() as recorded, running(card) as frames:
            card.player.write(voice.tobytes(), SOUND_RATE, last=True)
            frames.wait(lambda frame: frame.played > SOUND_RATE // 4)
            hold = card.player.hold()
            frames.pass_by(0.4)
            place = card.player.rendered
            assert frames.all[-1].played == place
            card.player.release(hold)
            frames.wait(lambda frame: frame.played == len(voice))
            frames.pass_by(0.1)
        return recorded, frames

    recorded, _ = undisturbed(run)
    heard, rest = sounding(recorded.speaker), len(voice) - place
    silence = heard[place + FADE : -rest]
    assert len(silence) > SOUND_RATE // 5
    assert not silence.any()
    assert np.array_equal(heard[:place], voice[:place])
    assert np.array_equal(heard[-rest + FADE :], voice[place + FADE :])


@needs_recordings
def test_the_learner_silences_the_tutor_and_the_tutor_never_itself(rig: Rig) -> None:
    tutor = at_level(recording("lj050_0131"), -22)
    learner = at_level(recording("jfk", ONSETS["jfk"], ONSETS["jfk"] + 2), -22)
    question = np.repeat(learner, SOUND_RATE // RECORDED_AT)  # rough, and a person's voice all the same
    card = SoundCard()
    with rig.recording() as recorded, running(card) as frames:
        frames.pass_by(2.5)
        for _ in range(2):
            card.player.write(tutor.tobytes(), RECORDED_AT, last=True)
        frames.wait(lambda frame: frame.played >= 8 * SOUND_RATE)
        assert [frame for frame in frames.all if frame.hold or frame.voice] == []
        cancelled = frames.all[-1].echo_db
        speaking = rig.say(question)
        frames.wait(lambda frame: frame.voice == "ended")
        assert speaking.wait() == 0
        frames.pass_by(0.1)
    assert cancelled is not None
    assert cancelled > 20
    changes = [frame for frame in frames.all if frame.voice]
    assert [frame.voice for frame in changes[:2]] == ["started", "confirmed"]
    assert changes[-1].voice == "ended"
    assert changes[-1].voiced > 0.3
    held = next(frame for frame in changes if frame.hold)
    assert 0 < held.played <= card.player.rendered < card.player.written
    assert not recorded.speaker[-SOUND_RATE // 10 :].any()
    assert likeness(recorded.microphone, question) > 0.7


def chirp(seconds: float) -> NDArray[np.int16]:
    """From 200 to 2000 Hz, so that each moment sounds different."""
    times = np.arange(round(seconds * SOUND_RATE)) / SOUND_RATE
    return (8000 * np.sin(2 * np.pi * (200 + 900 / seconds * times) * times)).astype(np.int16)


@contextmanager
def joined(player: VoicePlayer, tap: Tap, wake: Wake, device: Microphone | Speaker) -> Iterator[Frames]:
    """A worker with one device alone, as the card makes it."""
    path = SoundPath(player, cancel_echo=False, listening=isinstance(device, Microphone))
    worker, frames = Worker([device], player, tap, path, wake), Frames()
    thread = Thread(target=worker.run, args=(frames, print))
    thread.start()
    device.start()
    try:
        yield frames
    finally:
        worker.stop()
        thread.join()
        device.close()


def default(kind: Kind) -> Device:
    device = pick(kind, None, find())
    assert device
    return device


# No device here refuses 48 kHz, so the two parts are told to open theirs at another rate.


def test_a_speaker_with_another_rate_plays_the_voice(rig: Rig) -> None:
    def run() -> tuple[Recording, Frames]:
        player, wake = VoicePlayer(), Wake()
        tap = Tap(player)
        with (
            rig.recording() as recorded,
            joined(player, tap, wake, Speaker(default("speaker"), tap, wake, rates=(44_100,))) as frames,
        ):
            player.write(chirp(1).tobytes(), SOUND_RATE, last=True)
            frames.wait(lambda frame: frame.played == player.written)
            frames.pass_by(0.1)
        return recorded, frames

    recorded, _ = undisturbed(run)
    assert likeness(recorded.speaker, chirp(1)) > 0.99
    assert len(sounding(recorded.speaker)) == pytest.approx(SOUND_RATE, abs=SOUND_RATE // 100)


def test_a_microphone_with_another_rate_hears_the_learner_and_no_speaker_is_needed(rig: Rig) -> None:
    def run() -> tuple[Recording, Frames]:
        player, wake = VoicePlayer(), Wake()
        microphone = Microphone(default("microphone"), wake, rates=(44_100,))
        with rig.recording() as recorded, joined(player, Tap(player), wake, microphone) as frames:
            player.write(chirp(0.3).tobytes(), SOUND_RATE, last=True)
            frames.wait(lambda frame: frame.played == player.written)
            assert rig.say(chirp(1)).wait() == 0
            frames.pass_by(0.3)
        return recorded, frames

    recorded, frames = undisturbed(run)
    heard = np.frombuffer(b"".join(frame.pcm for frame in frames.all), np.int16)
    assert likeness(heard, chirp(1)[:: SOUND_RATE // SPEECH_RATE]) > 0.98  # the clocks may be half a sample apart
    assert not recorded.speaker.any()


def test_without_devices_that_stopped_time_goes_on_and_so_does_a_voice_that_is_released() -> None:
    told: list[DeviceChange] = []
    with Rig() as rig:
        card = SoundCard()
        card.on_device = told.append
        with running(card) as frames:
            frames.pass_by(0.2)
            card.player.silence(2)
            rig.stop()
            frames.pass_by(0.5)
            assert sorted(change.kind for change in told) == ["microphone", "speaker"]
            assert frames.all[-1].played < card.player.written
            card.player.release(max(change.hold for change in told))
            frames.wait(lambda frame: frame.played == card.player.written)
        assert all(change.trouble.endswith("plugged in.") for change in told)
        assert len(told) == 2
    card.close()


def test_a_fault_of_profai_in_the_cards_own_thread_is_handed_over(rig: Rig) -> None:
    faults = SimpleQueue[Exception]()

    def broken(_frame: Frame) -> None:
        raise ZeroDivisionError

    card = SoundCard()
    card.on_fault = faults.put
    card.start(broken)
    fault = faults.get(timeout=60)
    card.close()
    assert isinstance(fault, ZeroDivisionError)


def test_real_devices_have_no_samples_clock(rig: Rig) -> None:
    card = SoundCard()
    with pytest.raises(RuntimeError):
        card.step()
    card.close()
    card.close()


def test_a_name_that_matches_nothing_lists_the_choices(rig: Rig) -> None:
    with pytest.raises(DeviceError, match=r"No microphone matches 'nowhere': choose from 0 \(pulse\), 1 "):
        SoundCard(microphone="nowhere")
    with pytest.raises(DeviceError, match="No speaker matches '7'"):
        SoundCard(speaker="7")


def test_part_of_a_name_or_a_number_is_enough(rig: Rig) -> None:
    card = SoundCard(microphone="PUL", speaker="0")
    assert (card.microphone, card.speaker) == ("pulse", "pulse")
    card.close()


def test_a_sound_server_that_is_not_there_is_one_sentence() -> None:
    with Rig() as rig:
        rig.stop()
        look_again()
        assert find() == ()
        with pytest.raises(DeviceError, match=r"No sound device was found: .*\.$"):
            SoundCard()

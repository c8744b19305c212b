"""The switch of the microphone: by one key, off and on, and to talk while it is held; and what is heard meanwhile."""

import io

import numpy as np
import pytest

from profai_cli import events as e
from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.session.muting import AGAIN, Muting
from profai_cli.session.pace import Schedule
from profai_cli.sound.made import room
from profai_cli.sound.simulated import Clip, SimulatedSound
from tests.fakes import FakeEar, FakeSound
from tests.scripted import said
from tests.test_session import run


def turned(*presses: float, until: float = 20.0, back: float | None = None) -> list[tuple[float, bool]]:
    """When the microphone is turned off (True) and on, by key presses at these times; back: the last is taken back."""
    schedule = Schedule()
    told: list[tuple[float, bool]] = []
    muting = Muting(schedule, lambda muted: told.append((round(schedule.now, 2), muted)))
    for t in presses:
        schedule.at(t, muting.press)
    if back is not None:
        schedule.at(back, muting.take_back)
    for block in range(round(until * 100)):
        schedule.advance(block / 100)
    return told


def held(begin: float, end: float) -> list[float]:
    """A key that is held: half a second, and then thirty times a second."""
    return [begin, *np.arange(begin + 0.5, end, 1 / 30).tolist()]


def test_a_tap_turns_it_off_and_the_next_one_on() -> None:
    assert turned(1.0, 5.0, 9.0) == [(1.0, True), (5.0, False), (9.0, True)]


def test_held_while_it_is_off_it_is_on_for_as_long() -> None:
    times = held(5.0, 8.0)
    assert turned(1.0, *times) == [(1.0, True), (5.0, False), (pytest.approx(times[-1] + AGAIN, abs=0.02), True)]


def test_held_while_it_is_on_it_is_on_afterwards() -> None:
    assert turned(*held(5.0, 8.0)) == [(5.0, True), (5.5, False)]


def test_two_quick_taps_change_nothing() -> None:
    assert turned(1.0, 1.3)[-1][1] is False
    assert turned(1.0, 5.0, 5.3)[-1][1] is True


def test_a_press_that_was_the_letter_of_a_word_is_taken_back() -> None:
    assert turned(1.0, back=1.2) == [(1.0, True), (1.2, False)]
    assert turned(1.0, 5.0, back=5.2) == [(1.0, True), (5.0, False), (5.2, True)]


def test_it_can_be_held_again_and_again() -> None:
    told = turned(1.0, *held(3.0, 5.0), *held(8.0, 9.0), until=12)
    assert [muted for _, muted in told] == [True, False, True, False, True]


def test_a_class_tells_it_and_hears_nothing_until_it_is_on_again() -> None:
    sound = FakeSound([(5.0, 6.5), (10.0, 11.5)])
    done = run(sound, ear=FakeEar(["what is an apple"]), at={4.0: "mute", 8.0: "mute"})
    assert done.of(e.MicrophoneMuted) == [e.MicrophoneMuted(4.0, True), e.MicrophoneMuted(8.0, False)]
    assert [x.t for x in done.of(e.SpeechStarted)] == [10.0]
    assert [x.text for x in done.of(e.FinalTranscript)] == ["what is an apple"]


def test_a_class_tells_that_it_was_taken_back() -> None:
    done = run(FakeSound(), at={4.0: "mute", 4.2: "mute_back"})
    assert done.of(e.MicrophoneMuted) == [e.MicrophoneMuted(4.0, True), e.MicrophoneMuted(4.2, False)]


def test_a_lecture_has_no_microphone_to_turn_off() -> None:
    done = run(FakeSound(), interactive=False, at={2.0: "mute", 3.0: "mute_back"})
    assert not done.of(e.MicrophoneMuted)


# --- the sound -------------------------------------------------------------------------------------


def frames_of(sound: SimulatedSound, seconds: float, *, muted: bool = False) -> list[Frame]:
    sound.mute(muted)
    return [sound.step() for _ in range(round(seconds * 100))]


def talking(at: float) -> Clip:
    file = io.BytesIO(said("what is the difference between a number and a text").tobytes())
    return Clip(at, SOUND_RATE, lambda count: np.frombuffer(file.read(2 * count), np.int16))


@pytest.mark.parametrize("cancel_echo", [True, False])
def test_a_muted_microphone_gives_silence_has_no_voice_and_holds_nothing(cancel_echo: bool) -> None:
    sound = SimulatedSound([talking(0.5)], cancel_echo=cancel_echo)
    sound.player.write(bytes(6 * SOUND_RATE), SOUND_RATE)
    muted = frames_of(sound, 2.0, muted=True)
    assert not any(any(frame.pcm) or any(frame.raw) or any(frame.undimmed) or any(frame.near) for frame in muted)
    assert {len(frame.pcm) for frame in muted} == {320}
    assert {len(frame.near) for frame in muted} == {2 * BLOCK}
    assert not [frame for frame in muted if frame.voice or frame.hold or frame.microphone_dbfs > -120]
    on = frames_of(sound, 2.0)
    sound.close()
    assert any(any(frame.pcm) for frame in on)
    assert next(frame.voice for frame in on if frame.voice) == "started"


def test_a_voice_that_is_muted_has_ended() -> None:
    sound = SimulatedSound([talking(0.5)])
    before = frames_of(sound, 1.2)
    after = frames_of(sound, 1.0, muted=True)
    sound.close()
    assert next(frame.voice for frame in before if frame.voice) == "started"
    assert [frame.voice for frame in after if frame.voice] == ["ended"]


def test_the_canceller_learns_the_room_behind_a_muted_microphone() -> None:
    sound = SimulatedSound([], room=room(0.25, -18), microphone_name="a microphone")
    voice = said("what is the difference between a number and a text")
    sound.player.write(np.tile(voice, 4)[: 8 * SOUND_RATE].tobytes(), SOUND_RATE)
    muted = frames_of(sound, 5.0, muted=True)
    sound.close()
    assert muted[-1].settled

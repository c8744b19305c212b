"""Devices that are lost in mid-class: on a virtual sound card whose server ends, comes back, or stands still."""

import signal
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest

from profai_cli.cli.exits import INTERRUPTED
from profai_cli.errors import DeviceError
from profai_cli.events import (
    Control,
    CourseInfo,
    DeviceLost,
    DeviceReady,
    Heard,
    SpeechStarted,
    TtsHeld,
    TtsResumed,
    TutorState,
)
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import DeviceChange
from profai_cli.sound.blocks import Wake
from profai_cli.sound.card import SoundCard
from profai_cli.sound.devices import Device, Kind
from profai_cli.sound.keeper import Keeper
from profai_cli.sound.microphone import Microphone
from profai_cli.sound.player import FADE, VoicePlayer
from profai_cli.sound.speaker import Speaker
from profai_cli.sound.tap import Tap
from profai_cli.storage.courses import load_course
from tests.live import Live, needs_proc
from tests.measuring import lesson_words
from tests.rig import MISSING, Rig
from tests.test_card import hiss, running

pytestmark = [
    pytest.mark.xdist_group("card"),
    pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}"),
]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with Rig(echo_ms=30, echo_db=-6) as rig:
        yield rig


def test_a_lost_card_holds_the_voice_where_it_was_heard_and_both_devices_come_back(rig: Rig) -> None:
    voice, told = hiss(3), SimpleQueue[DeviceChange]()
    card = SoundCard()
    card.on_device = told.put
    with running(card) as frames:
        card.player.write(voice.tobytes(), SOUND_RATE, last=True)
        with rig.recording() as before:
            frames.wait(lambda frame: frame.played > SOUND_RATE)
            rig.stop()
            lost = [told.get(), told.get()]
        assert {change.kind for change in lost} == {"microphone", "speaker"}
        assert all(change.trouble.endswith("plugged in.") for change in lost)
        place = card.player.rendered
        assert place >= frames.all[-1].played
        frames.pass_by(0.2)
        rig.start()
        with rig.recording() as after:
            back = [told.get(), told.get()]
            assert {(change.kind, change.trouble) for change in back} == {("microphone", ""), ("speaker", "")}
            assert card.player.rendered == place
            card.player.release(sum(change.hold for change in lost))
            frames.wait(lambda frame: frame.played == len(voice))
            frames.pass_by(0.1)
    gap = place - len(np.trim_zeros(before.speaker))
    assert abs(gap) < SOUND_RATE // 25  # what the recorder itself had not got when the server ended
    rest = np.trim_zeros(after.speaker)
    assert np.array_equal(rest[FADE:], voice[-len(rest) + FADE :])
    assert len(voice) - place - 2 <= len(rest) <= len(voice) - place  # it begins with a fade from zero
    faults = [frame.faults for frame in frames.all]
    assert faults == sorted(faults)
    times = [round(frame.t * 100) for frame in frames.all]
    assert times == list(range(1, len(times) + 1))


def test_a_speaker_that_lives_is_opened_anew_so_that_portaudio_sees_a_new_microphone(rig: Rig) -> None:
    player, wake, given = VoicePlayer(), Wake(), SimpleQueue[Microphone | Speaker]()
    there = True

    def make(kind: Kind, device: Device) -> Microphone | Speaker:
        if kind == "speaker":
            return Speaker(device, Tap(player), wake)
        if not there:
            raise DeviceError("There is none.")
        return Microphone(device, wake)

    keeper = Keeper({"microphone": None, "speaker": None}, make, lambda: True)
    speaker, microphone = keeper.open("speaker"), keeper.open("microphone")
    assert speaker
    assert microphone
    keeper.start(given.put)
    there = False
    keeper.lost("microphone")
    anew = given.get(timeout=60)
    assert anew.kind == "speaker"
    assert (speaker.closing, speaker.dead, microphone.closing) == (True, False, True)
    there = True
    while given.get(timeout=60).kind != "microphone":
        pass  # the speaker once more, on a slow machine
    keeper.close()


def the_words_are_whole(live: Live, class_: list[object]) -> None:
    course = load_course(Path(str(class_[2])), live.of(CourseInfo)[0].course)
    words = lesson_words(live.events, course)
    assert words.count > 20
    assert (words.lost, words.strays) == ((), ())


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("interactive", [True, False], ids=["interactive", "lecture"])
def test_a_class_pauses_without_its_card_and_goes_on_when_it_is_back(
    rig: Rig, log: Path, class_: list[object], env: dict[str, str], interactive: bool
) -> None:
    kinds = {"speaker", "microphone"} if interactive else {"speaker"}
    with Live(log, [*class_, *["--interactive"] * interactive], env) as live:
        live.wait(Heard, 3.0, lambda x: x.sentence >= 1 and x.char > 10)
        rig.stop()
        lost = live.wait(DeviceLost)
        held = live.wait(TtsHeld, lost.t)
        assert live.wait(TutorState, lost.t).state == "paused"
        rig.start()
        for kind in kinds:
            live.wait(DeviceReady, lost.t, lambda x, kind=kind: x.kind == kind)  # type: ignore[misc]
        back = live.wait(TtsResumed, lost.t)
        assert (back.reply, back.hold) == (held.reply, held.hold)
        live.wait(Heard, back.t, lambda x: x.sentence >= held.sentence + 2)
        assert {event.kind for event in live.of(DeviceLost)} == kinds
        assert len(live.of(DeviceReady)) == len(kinds)
        assert [event.action for event in live.of(Control)] == ["pause", "go_on"]
        assert live.of(SpeechStarted, lost.t) == []
        the_words_are_whole(live, class_)
        assert live.errors == ""


@pytest.mark.slow
@needs_proc
def test_a_class_pauses_while_the_sound_server_stands_still(
    rig: Rig, log: Path, class_: list[object], env: dict[str, str]
) -> None:
    with Live(log, [*class_, "--interactive"], env) as live:
        live.wait(Heard, 3.0, lambda x: x.sentence >= 1 and x.char > 10)
        with rig.stalled():
            lost = live.wait(DeviceLost, such=lambda x: x.kind == "speaker")
            live.wait(DeviceLost, such=lambda x: x.kind == "microphone")
            live.wait(TutorState, lost.t, lambda x: x.state == "paused")
        back = live.wait(TtsResumed, lost.t)
        held = live.wait(TtsHeld, lost.t)
        live.wait(Heard, back.t, lambda x: x.sentence >= held.sentence + 2)
        assert len(live.of(DeviceReady)) == 2
        assert live.of(SpeechStarted, lost.t) == []
        the_words_are_whole(live, class_)
        assert live.errors == ""


@pytest.mark.slow
@needs_proc
def test_a_class_ends_although_the_sound_server_stands_still(
    rig: Rig, log: Path, class_: list[object], env: dict[str, str]
) -> None:
    with Live(log, class_, env) as live:
        live.wait(Heard, 1.0)
        with rig.stalled():
            live.wait(DeviceLost)
            live.process.send_signal(signal.SIGINT)
            assert live.ends() == INTERRUPTED
        assert live.errors == ""

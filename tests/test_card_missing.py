"""Devices that are missing when the sound begins: told, done without, and used as soon as they are there."""

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from profai_cli.errors import DeviceError
from profai_cli.events import Control, DeviceLost, DeviceReady, EchoMeasured, Heard, TtsHeld
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import DeviceChange
from profai_cli.sound.card import SoundCard
from profai_cli.sound.levels import SILENCE_DBFS
from tests.live import Live, needs_proc
from tests.rig import MISSING, Rig, look_again
from tests.scripted import begin
from tests.test_card import chirp, likeness, running

pytestmark = [
    pytest.mark.xdist_group("card"),
    pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}"),
]

NAMED = [["--microphone", "studio"], ["--speaker", "studio"]]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with Rig(echo_ms=30, echo_db=-12) as rig:
        yield rig


def patient() -> tuple[SoundCard, SimpleQueue[DeviceChange]]:
    told = SimpleQueue[DeviceChange]()
    card = SoundCard(patient=True)
    card.on_device = told.put
    return card, told


def test_without_a_sound_server_the_voice_goes_nowhere_until_there_is_one(rig: Rig) -> None:
    rig.stop()
    look_again()
    card, told = patient()
    assert (card.microphone, card.speaker, card.hears) == ("", "", True)
    with running(card) as frames:
        card.player.silence(30)
        missing = [told.get(), told.get()]
        assert {change.kind for change in missing} == {"microphone", "speaker"}
        assert all(change.device == "" and change.trouble.endswith("was found: plug one in.") for change in missing)
        frames.wait(lambda frame: frame.played > SOUND_RATE // 2)
        rig.start()
        with rig.recording() as recorded:
            ready = [told.get(), told.get()]
            assert {(change.kind, change.trouble) for change in ready} == {("microphone", ""), ("speaker", "")}
            assert "" not in (card.microphone, card.speaker)
            card.player.flush()
            card.player.write(chirp(1).tobytes(), SOUND_RATE, last=True)
            frames.wait(lambda frame: frame.played == card.player.written)
            frames.pass_by(0.1)
    assert likeness(recorded.speaker, chirp(1)) > 0.99
    assert told.empty()


def test_a_microphone_that_is_no_default_yet_is_heard_as_soon_as_it_is_there(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "late")
    card, told = patient()
    with rig.recording() as recorded, running(card) as frames:
        lost = told.get()
        assert (lost.kind, lost.device) == ("microphone", "")
        assert "cannot be opened" in lost.trouble
        card.player.write(chirp(1).tobytes(), SOUND_RATE, last=True)
        frames.wait(lambda frame: frame.played == card.player.written)
        rig.plug_in("late")
        assert told.get() == DeviceChange("microphone", card.microphone)
        begun = len(frames.all)
        assert rig.say(chirp(1)).wait() == 0
        frames.pass_by(0.3)
    assert likeness(recorded.speaker, chirp(1)) > 0.99
    assert max(frame.microphone_dbfs for frame in frames.all[:begun]) == SILENCE_DBFS
    assert max(frame.microphone_dbfs for frame in frames.all[begun:]) > -30


def test_a_sound_server_without_a_microphone_gives_none_until_one_is_plugged_in(rig: Rig) -> None:
    """It offers what the speaker plays instead, in which there is the tutor and nobody else."""
    rig.unplug_the_microphone()
    card, told = patient()
    assert (card.microphone, card.hears) == ("", True)
    with running(card):
        lost = told.get()
        assert (lost.kind, lost.device) == ("microphone", "")
        assert "is none, but gives back what the speaker plays: plug one in" in lost.trouble
        rig.plug_in("mic")
        assert told.get() == DeviceChange("microphone", card.microphone)
        assert card.microphone


def test_who_is_not_patient_is_told_at_once(rig: Rig) -> None:
    rig.stop()
    look_again()
    with pytest.raises(DeviceError, match=r"No sound device was found: plug one in\."):
        SoundCard()


def test_a_device_that_may_be_replaced_and_is_missing_or_refuses_is_given_up_for_the_default(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "late")
    with pytest.raises(DeviceError, match="cannot be opened"):
        SoundCard(microphone="pulse", replaceable=["speaker"])
    card = SoundCard(microphone="pulse", speaker="attic", replaceable=["microphone", "speaker"])
    card.close()
    assert card.replaced == {"microphone": "pulse", "speaker": "attic"}
    assert (card.microphone, card.speaker) == ("", "default")
    assert list(card.troubles) == ["microphone"]  # here the default refuses as well


@pytest.mark.parametrize("named", NAMED, ids=["microphone", "speaker"])
@pytest.mark.parametrize("server", [True, False], ids=["with a server", "without one"])
def test_a_device_that_was_named_and_does_not_exist_is_bad_usage(
    rig: Rig, class_: list[object], env: dict[str, str], named: list[str], server: bool
) -> None:
    if not server:
        rig.stop()
    process = begin([*class_, "--interactive", *named], env)
    out, errors = process.communicate()
    assert process.returncode == 2
    assert f"No {named[0][2:]} matches 'studio': " in " ".join(errors.split())
    assert out == ""


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("interactive", [True, False], ids=["interactive", "lecture"])
def test_a_class_begins_without_devices_and_takes_them_without_a_pause(
    rig: Rig, log: Path, class_: list[object], env: dict[str, str], interactive: bool
) -> None:
    rig.stop()
    with Live(log, [*class_, *["--interactive"] * interactive], env) as live:
        live.wait(Heard, 2.0)
        messages = {event.kind: event.message for event in live.of(DeviceLost)}
        assert messages["speaker"] == "No speaker was found: plug one in. Until then the class has captions."
        assert ("microphone" in messages) == interactive
        rig.start()
        with rig.recording() as recorded:
            back = live.wait(DeviceReady, such=lambda x: x.kind == "speaker")
            live.wait(Heard, back.t + 6)
            if interactive:
                assert live.wait(EchoMeasured, back.t, lambda x: x.settled).erle_db > 10
        assert {event.kind for event in live.of(DeviceReady)} == set(messages)
        assert (live.of(Control), live.of(TtsHeld)) == ([], [])
        assert live.errors == ""
    assert recorded.speaker.any()

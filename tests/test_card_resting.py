"""A sound card that rests while the process is stopped by Ctrl-Z: its devices are free, and no time passes."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from profai_cli.events import DeviceReady, Error, Heard
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import DeviceChange
from profai_cli.sound.blocks import Wake
from profai_cli.sound.card import SoundCard
from profai_cli.sound.devices import Device, Kind
from profai_cli.sound.keeper import Keeper
from profai_cli.sound.microphone import Microphone
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.speaker import Speaker
from profai_cli.sound.tap import Tap
from tests.live import Live, needs_proc
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


def opened(kind: str) -> int:
    """How many streams of other programs the sound server has: "source-outputs" record, "sink-inputs" play."""
    done = subprocess.run(["pactl", "list", "short", kind], capture_output=True, text=True, check=True)
    return sum("PortAudio" in line or "protocol-native" in line for line in done.stdout.splitlines())


def test_devices_that_rest_are_free_and_the_voice_goes_on_at_the_very_sample(rig: Rig) -> None:
    voice, told = hiss(3), SimpleQueue[DeviceChange]()
    before = opened("source-outputs"), opened("sink-inputs")
    card = SoundCard()
    card.on_device = told.put
    with running(card) as frames:
        card.player.write(voice.tobytes(), SOUND_RATE, last=True)
        frames.wait(lambda frame: frame.played > SOUND_RATE)
        hold = card.player.hold()
        frames.pass_by(0.3)
        assert (opened("source-outputs"), opened("sink-inputs")) == (before[0] + 1, before[1] + 1)
        card.rest()
        assert (opened("source-outputs"), opened("sink-inputs")) == before
        faults, place = frames.all[-1].faults, card.player.rendered
        card.wake()
        frames.pass_by(0.3)
        assert card.player.rendered == place
        card.player.release(hold)
        frames.wait(lambda frame: frame.played == len(voice))
    assert frames.all[-1].faults == faults
    times = [round(frame.t * 100) for frame in frames.all]
    assert times == list(range(1, len(times) + 1))
    assert told.empty()


def test_a_device_that_is_gone_after_the_rest_is_told_and_comes_back(rig: Rig) -> None:
    told = SimpleQueue[DeviceChange]()
    card = SoundCard()
    card.on_device = told.put
    with running(card) as frames:
        frames.pass_by(0.2)
        card.rest()
        rig.stop()
        card.wake()
        lost = [told.get(), told.get()]
        assert {change.kind for change in lost if change.trouble} == {"microphone", "speaker"}
        rig.start()
        back = [told.get(), told.get()]
        assert {change.kind for change in back if not change.trouble} == {"microphone", "speaker"}


def test_after_the_rest_the_microphone_comes_first(rig: Rig) -> None:
    """The tutor does not go on before the learner is heard."""
    wake, given = Wake(), SimpleQueue[Microphone | Speaker]()

    def make(kind: Kind, device: Device) -> Microphone | Speaker:
        return Microphone(device, wake) if kind == "microphone" else Speaker(device, Tap(VoicePlayer()), wake)

    keeper = Keeper({"microphone": None, "speaker": None}, make, lambda: True)
    assert keeper.open("speaker")
    assert keeper.open("microphone")
    keeper.start(given.put)
    keeper.rest()
    keeper.wake()
    assert [given.get(timeout=60).kind for _ in range(2)] == ["microphone", "speaker"]
    keeper.close()


def test_a_fault_in_the_keepers_thread_is_handed_over_and_the_devices_are_freed(rig: Rig) -> None:
    before = opened("source-outputs")
    fault, faults = RuntimeError("broken"), SimpleQueue[Exception]()
    made = iter([Microphone])

    def make(_kind: Kind, device: Device) -> Microphone | Speaker:
        for each in made:
            return each(device, Wake())
        raise fault

    keeper = Keeper({"microphone": None}, make, lambda: True)
    assert keeper.open("microphone")
    keeper.start(lambda _device: None, broken=faults.put)
    keeper.lost("microphone")
    assert faults.get(timeout=60) is fault
    keeper.close()
    assert opened("source-outputs") == before


def test_a_card_that_has_not_begun_has_nothing_to_rest(rig: Rig) -> None:
    card = SoundCard()
    card.rest()
    card.close()


@pytest.mark.slow
@needs_proc
def test_a_kept_device_that_is_not_there_is_told_and_the_systems_own_is_used(
    rig: Rig, log: Path, class_: list[object], env: dict[str, str]
) -> None:
    Path(env["PROFAI_SETTINGS"]).write_text('microphone = "studio"\nspeaker = "attic"\n')
    with Live(log, [*class_, "--interactive"], env) as live:
        live.wait(Heard, 1.0)
        told = [event.message for event in live.of(Error)]
        for kind, name in (("microphone", "studio"), ("speaker", "attic")):
            sentence = (
                f"The {kind} {name!r} of your settings cannot be used now, so the system's own is: plug it in, "
                f"or close what uses it, before the next class, or run 'profai settings unset {kind}'."
            )
            assert told.count(sentence) == 1
        assert live.of(DeviceReady) == []

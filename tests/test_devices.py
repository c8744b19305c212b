"""`profai devices`, and picking a device by number or name."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from profai_cli.cli.devices import devices
from profai_cli.cli.trial import Trial, verdict
from profai_cli.errors import DeviceError
from profai_cli.ports import Evidence, Frame
from profai_cli.sound import portaudio
from profai_cli.sound.devices import Device, Kind, find, is_monitor, pick, serving
from profai_cli.sound.simulated import SimulatedSound
from tests.rig import MISSING, Rig, look_again
from tests.scripted import begin, finish, said
from tests.terminal import Terminal, needs_pty

on_a_rig = pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}")
pytestmark = pytest.mark.xdist_group("card")


def device(number: int, name: str, inputs: int, outputs: int, default: bool = False) -> Device:
    return Device(
        number=number,
        name=name,
        host="ALSA",
        inputs=inputs,
        outputs=outputs,
        rate=48_000,
        default_input=default and inputs > 0,
        default_output=default and outputs > 0,
    )


CHOICES = (
    device(0, "Headset", 1, 0),
    device(1, "Headset", 0, 2),
    device(2, "Laptop", 2, 2, default=True),
    device(3, "USB Headset 2", 1, 2),
    device(4, "Laptop Pro", 2, 2),
)


@pytest.mark.parametrize(
    ("kind", "wanted", "number"),
    [
        ("microphone", None, 2),
        ("speaker", None, 2),
        ("microphone", "headset", 0),
        ("speaker", "headset", 1),
        ("speaker", "usb", 3),
        ("speaker", " 3 ", 3),
        ("microphone", "lap", 2),  # the default of two that match
        ("microphone", "laptop pro", 4),
    ],
)
def test_a_device_is_picked(kind: Kind, wanted: str | None, number: int) -> None:
    picked = pick(kind, wanted, CHOICES)
    assert picked
    assert picked.number == number


@pytest.mark.parametrize("wanted", ["1", "9", "", "studio", "[red]\x1b[31m\nx"])
def test_what_matches_nothing_is_one_printable_sentence_with_the_choices(wanted: str) -> None:
    with pytest.raises(DeviceError) as caught:
        pick("microphone", wanted, CHOICES)
    sentence = str(caught.value)
    assert sentence.endswith(": choose from 0 (Headset), 2 (Laptop), 3 (USB Headset 2), 4 (Laptop Pro).")
    assert sentence.isprintable()


def test_where_there_is_none_the_sentence_says_so() -> None:
    assert pick("microphone", None, ()) is None
    with pytest.raises(DeviceError, match="plug one in"):
        pick("microphone", "usb", CHOICES[1:2])


def test_a_missing_portaudio_is_one_sentence_and_exit_code_3() -> None:
    program = (
        "import ctypes.util, sys; ctypes.util.find_library = lambda name: None\n"
        "from profai_cli.cli.main import main; main(['devices'])"
    )
    if sys.platform != "linux":
        pytest.skip("sounddevice's wheels bring PortAudio along here")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "sudo apt install libportaudio2" in done.stderr


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with Rig() as rig:
        yield rig


@on_a_rig
def test_devices_are_listed_with_the_default_marked(rig: Rig) -> None:
    shown = CliRunner().invoke(devices)
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["Microphones:", "Speakers:"]
    assert sum("*" in line for line in lines) == 2
    assert any("0  pulse (ALSA, " in line for line in lines)


@on_a_rig
def test_devices_are_listed_as_json(rig: Rig) -> None:
    listed = json.loads(CliRunner().invoke(devices, ["--json"]).output)
    assert [entry["name"] for entry in listed] == ["pulse", "default"]
    assert [entry["default_input"] for entry in listed] == [False, True]


@on_a_rig
def test_a_monitor_is_no_microphone(rig: Rig, env: dict[str, str]) -> None:
    """What PulseAudio and PipeWire give where none is plugged in."""
    with Rig() as bare:
        bare.default_microphone("speaker.monitor")
        look_again()
        there = {**env, "PULSE_SERVER": os.environ["PULSE_SERVER"]}
        assert all(is_monitor(device) for device in find())
        with pytest.raises(DeviceError, match="No microphone was found: what is listed only gives back"):
            serving("microphone")
        assert len(serving("speaker")) == 2
        assert CliRunner().invoke(devices).output.count("it is no microphone, but what the speaker plays") == 2
        assert [each["monitor"] for each in json.loads(CliRunner().invoke(devices, ["--json"]).output)] == [True, True]
        named = ["--microphone", "default"]
        tested, examined = begin(["devices", "--test", *named], there), begin(["doctor", *named], there)
        assert finish(tested).splitlines()[-1].startswith("default: it is no microphone, but what the speaker plays:")
        out, _ = examined.communicate()
        bare.default_microphone("mic")
        assert not any(is_monitor(device) for device in find())
    assert examined.returncode == 0
    assert "default: it is no microphone, but what the speaker plays: plug one in" in out
    assert "Without a microphone you can only type" in out
    assert "Round trip" not in out


@on_a_rig
def test_a_look_that_failed_does_not_hinder_the_next_one(rig: Rig) -> None:
    portaudio.load()._terminate()
    portaudio.look_again()
    assert find()


def test_a_monitor_is_known_by_its_name() -> None:
    names = ("Monitor of Built-in Audio", "alsa_output.pci.monitor", "Monitor stand")
    assert [is_monitor(device(0, name, 2, 0)) for name in names] == [True, True, False]
    assert not is_monitor(device(0, "Monitor of TV", 0, 2))


@on_a_rig
def test_without_a_sound_server_there_is_none(rig: Rig) -> None:
    with Rig() as gone:
        gone.stop()
        look_again()
        shown = CliRunner().invoke(devices)
    assert shown.exit_code == 0
    assert shown.output.count("none") == 2


@on_a_rig
def test_a_trial_shows_the_level_and_plays_a_tone(rig: Rig, env: dict[str, str]) -> None:
    with rig.recording() as recording:
        process = begin(["devices", "--test"], {**env, "PULSE_SERVER": os.environ["PULSE_SERVER"]})
        assert process.stdout
        assert process.stdout.readline().startswith("default plays a tone: where you do not hear it")
        assert process.stdout.readline() == "default: speak, and look at the level.\n"
        person = rig.say(said("what is a list and how do I use it"))
        *levels, verdict = finish(process).splitlines()
        person.wait()
    assert all(re.fullmatch(r"-\d+ dBFS(, a voice)?", level) for level in levels)
    assert 1 <= sum("a voice" in level for level in levels) < len(levels)
    assert verdict.startswith("default hears you, up to -1")
    loud = np.flatnonzero(np.abs(recording.speaker) > 500)
    assert 0.9 < (loud[-1] - loud[0]) / 48_000 < 1.2


@needs_pty
@on_a_rig
def test_a_trial_in_a_terminal_has_a_bar_and_ends_with_ctrl_c(rig: Rig, env: dict[str, str]) -> None:
    with Terminal(["devices", "--test"], {**env, "PULSE_SERVER": os.environ["PULSE_SERVER"]}) as terminal:
        terminal.wait("dBFS")
        assert terminal.raw.rindex("\x1b[?25h") > terminal.raw.rindex("\x1b[?25l")  # a kill leaves a cursor
        terminal.press("\x03")
        assert terminal.ends() == 130
        assert terminal.settings == terminal.before
        assert "\x1b[?25h" in terminal.raw  # the cursor is shown again


@pytest.mark.parametrize(
    ("level", "voice", "told"),
    [
        (-120, False, "a gives nothing but silence: switch it on"),
        (-58, False, "a heard nothing louder than -58 dBFS: speak louder"),
        (-11, False, "a hears, up to -11 dBFS, but no voice: say a whole sentence"),
        (-18, True, "a hears you, up to -18 dBFS."),
        (-4, True, "a hears you, up to -4 dBFS, which is too loud: lower its level"),
    ],
)
def test_what_a_trial_tells(level: float, voice: bool, told: str) -> None:
    trial = Trial(SimulatedSound([]).player, 1.0, after=0.1)
    for block in range(110):
        evidence = Evidence(level, -50, -70, voice, voice, 0.0)
        tone = block < 10  # which is louder, and does not count
        trial(Frame(block / 100 + 0.01, b"", 0, microphone_dbfs=0 if tone else level, evidence=evidence))
    assert trial.done.is_set()
    assert verdict(trial, "a").startswith(told)


def test_a_trial_without_devices_is_one_sentence(env: dict[str, str], tmp_path: Path) -> None:
    silent = {**env, "PULSE_SERVER": f"unix:{tmp_path / 'none'}"}
    for arguments, code, words in (
        (["--test"], 3, "No sound device was found: plug one in."),
        (["--test", "--speaker", "usb"], 2, "No speaker matches 'usb'"),
        (["--test", "--json"], 2, "--test and --json exclude each other"),
        (["--speaker", "usb"], 2, "--microphone and --speaker go with --test"),
    ):
        process = begin(["devices", *arguments], silent)
        out, err = process.communicate()
        assert (process.returncode, out, err.count("\n")) == (code, "", 1)
        assert words in err

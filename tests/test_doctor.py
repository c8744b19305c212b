"""`profai doctor`: what it measures against what is known, what it advises, and how it ends."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from profai_cli.cli.doctor import examined as measured_place
from profai_cli.cli.main import main
from profai_cli.cli.measured import Place, figures
from profai_cli.pcm import BLOCKS_A_SECOND, SOUND_RATE, SPEECH_RATE
from profai_cli.ports import Frame
from profai_cli.sound.advice import CLIPPED, DISTURBED, advice
from profai_cli.sound.examination import CHIRPS, Examination, Findings
from profai_cli.sound.made import noise as endless_noise
from profai_cli.sound.made import room as made_room
from profai_cli.sound.probe import (
    Cancelled,
    Echo,
    RoundTrip,
    at_full_scale,
    cancelled,
    chirp,
    find_echo,
    round_trip,
)
from profai_cli.sound.simulated import Clip, SimulatedSound
from tests.rig import MISSING, Rig, look_again
from tests.scripted import ROOT, begin, said, write_wav
from tests.sounds import ONSETS, needs_recordings, recording

on_a_rig = pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}")
pytestmark = pytest.mark.xdist_group("card")

Doctor = Callable[..., tuple[int, str, str]]


@pytest.fixture
def doctor(capfd: pytest.CaptureFixture[str]) -> Doctor:
    """Run `profai doctor`; gives the exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main(["doctor", *map(str, arguments)])
        out, err = capfd.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return run


# --- the measuring ---------------------------------------------------------------------------------


def heard(delay: float, gain_db: float, noise_dbfs: float, seed: int = 0) -> NDArray[np.float64]:
    """0.75 s of a microphone at 16 kHz: an echo of the chirp, in noise."""
    samples = np.random.default_rng(seed).standard_normal(12_000) * 10 ** (noise_dbfs / 20)
    at, sent = round(delay * SPEECH_RATE), chirp(SPEECH_RATE)
    samples[at : at + len(sent)] += sent * 10 ** (gain_db / 20)
    return samples


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.25, 0.6])
@pytest.mark.parametrize(("gain_db", "noise_dbfs"), [(0, -80), (-12, -60), (-30, -60), (-40, -55)])
def test_delay_and_gain_of_an_echo_are_found_in_noise(delay: float, gain_db: float, noise_dbfs: float) -> None:
    echoes = [
        find_echo(chirp(SPEECH_RATE), heard(delay, gain_db, noise_dbfs, seed), 10 ** (noise_dbfs / 10))
        for seed in range(CHIRPS)
    ]
    trip = round_trip(echoes)
    assert trip
    assert trip.found == CHIRPS
    assert trip.ms == pytest.approx(delay * 1000, abs=0.1)
    assert trip.spread_ms <= 0.1
    assert trip.echo_db == pytest.approx(gain_db, abs=1)


def test_no_echo_is_invented() -> None:
    sent, at = chirp(SPEECH_RATE), np.arange(12_000) / SPEECH_RATE
    silence = np.zeros(12_000)
    hum = 0.3 * np.sin(2 * np.pi * 50 * at) + 0.1 * np.sin(2 * np.pi * 1000 * at)
    assert find_echo(sent, silence, 0.0) is None
    assert find_echo(sent, hum, 0.05) is None
    for seed in range(100):
        assert find_echo(sent, heard(0.0, -200, -20, seed), 0.01) is None


@needs_recordings
def test_people_who_speak_are_no_echo() -> None:
    for name in ONSETS:
        speech = recording(name) / 32768
        for at in range(0, len(speech) - 12_000, 6_000):
            assert find_echo(chirp(SPEECH_RATE), speech[at : at + 12_000], 0.0) is None


def test_a_round_trip_needs_more_than_half_of_the_chirps() -> None:
    echo, stray = Echo(0.03, 0.1), Echo(0.4, 0.1)
    assert round_trip([]) is None
    assert round_trip([echo, echo, None, None]) is None
    assert round_trip([echo, stray, None, None, None]) is None
    assert round_trip([echo, echo, Echo(0.032, 0.1), stray, None]) == RoundTrip(
        pytest.approx(30), pytest.approx(2), pytest.approx(-10), 3
    )


def test_what_cancelling_takes_away() -> None:
    source = np.random.default_rng(1)
    quiet, loud = source.standard_normal((150, 160)) * 1e-4, source.standard_normal((300, 160)) * 0.1
    raw = np.concatenate([quiet, loud])
    levels = np.full(len(raw), -60.0)
    found = cancelled(raw, raw / 100, levels, 1e-8)
    assert found
    assert found.erle_db == pytest.approx(40, abs=0.5)
    assert found.heard_dbfs == pytest.approx(-20, abs=0.5)
    assert found.left_dbfs == -60
    assert cancelled(quiet, quiet, levels[:150], 1e-8) is None


def test_samples_at_full_scale_are_counted() -> None:
    assert at_full_scale(np.array([[0.9, -0.999], [1.0, 0.0]])) == 2


# --- the simulated room ----------------------------------------------------------------------------


def impulse(ms: float, db: float) -> NDArray[np.float32]:
    response = np.zeros(round(ms * 48) + 1, np.float32)
    response[-1] = 10 ** (db / 20)
    return response


def examined(room: NDArray[np.float32] | None, *clips: Clip) -> Findings:
    sound = SimulatedSound(clips, room=room)
    examination = Examination(sound.player, said("The tide comes in twice a day.", -20).tobytes(), SOUND_RATE)
    while not examination.done.is_set():
        examination(sound.step())
    return examination.findings()


def test_a_room_is_measured() -> None:
    found = examined(impulse(150, -20), endless_noise(-65))
    assert found.round_trip
    assert found.round_trip.ms == pytest.approx(150, abs=1)
    assert found.round_trip.echo_db == pytest.approx(-20, abs=1)
    assert found == examined(impulse(150, -20), endless_noise(-65)), "it is the same every time"


def test_the_report_of_a_room(doctor: Doctor, tmp_path: Path) -> None:
    room = write_wav(tmp_path / "room.wav", (impulse(30, -6) * 32768).astype(np.int16))
    code, out, err = doctor("--room", room, "--json")
    assert (code, err) == (0, "")
    report = json.loads(out)
    found = report["measured"]
    assert found["round_trip"]["found"] == found["chirps"] == CHIRPS
    assert found["round_trip"]["ms"] == pytest.approx(30, abs=1)
    assert found["round_trip"]["echo_db"] == pytest.approx(-6, abs=1)
    assert found["noise_dbfs"] == pytest.approx(-65, abs=2)
    assert found["cancelled"]["erle_db"] > 25
    assert (found["holds"], found["faults"], found["clipped"], found["silent"]) == (0, 0, 0, False)
    assert (report["simulated"], report["microphone"], report["advice"]) == (True, None, [])
    assert str(tmp_path) not in out


def test_a_room_with_reverberation_is_measured() -> None:
    trip = examined(made_room(0.3, -10), endless_noise(-60)).round_trip
    assert trip
    assert trip.ms == pytest.approx(3, abs=1)
    assert trip.echo_db == pytest.approx(-10, abs=1)


def test_without_an_echo_none_is_found_and_headphones_are_named(doctor: Doctor, tmp_path: Path) -> None:
    room = write_wav(tmp_path / "room.wav", np.zeros(100, np.int16))
    code, out, err = doctor("--room", room)
    assert (code, err) == (0, "")
    assert "no echo found" in out
    assert out.splitlines()[-1].startswith("No echo reaches the microphone: with headphones use --headphones")


def test_when_all_is_well_one_line_says_so(doctor: Doctor, tmp_path: Path) -> None:
    room = write_wav(tmp_path / "room.wav", (impulse(30, -6) * 32768).astype(np.int16))
    figures, _, advised = doctor("--room", room)[1].partition("\n\n")
    assert "30.0 ms (5 of 5 chirps" in figures
    assert "-6.0 dB" in figures
    assert advised == "All is well: the tutor does not hear itself.\n"


def keys(found: Findings) -> list[str]:
    return [each.key for each in advice(found, "normal", microphone=True, speaker=True)]


def test_a_muted_microphone_is_told_from_one_without_an_echo() -> None:
    assert keys(examined(None)) == ["microphone silent"]


def test_a_microphone_that_clips_and_a_room_that_is_loud_are_told() -> None:
    assert keys(examined(impulse(20, 14), endless_noise(-65)))[:2] == ["clipping", "loud echo"]
    assert "noise" in keys(examined(impulse(20, -6), endless_noise(-40)))


def spoken(at: float, level: float = -26) -> Clip:
    """Somebody speaks."""
    speech = io.BytesIO(said("what is a list and how do I use it", level).tobytes())
    return Clip(at, SOUND_RATE, lambda count: np.frombuffer(speech.read(2 * count), np.int16))


@pytest.mark.parametrize("room", [made_room(0.6, -6), impulse(150, -20)])
def test_the_tutor_and_the_noise_of_the_room_are_no_others(room: NDArray[np.float32]) -> None:
    assert examined(room, endless_noise(-55)).disturbed < DISTURBED / 10


@pytest.mark.parametrize("at", [0.8, 4.0])  # before the tutor, and between the chirps
@pytest.mark.parametrize("room", [made_room(0.3, -10), None])
def test_somebody_else_who_speaks_is_noticed(room: NDArray[np.float32] | None, at: float) -> None:
    found = examined(room, endless_noise(-65), spoken(at))
    assert found.disturbed > 2 * DISTURBED
    told = keys(found)
    assert "disturbed" in told
    assert not {"interrupts itself", "weak cancelling", "no echo"} & set(told)


class Swift(SimulatedSound):
    """In place of devices: a room whose time flies."""

    def start(self, sink: Callable[[Frame], None]) -> None:
        for _ in range(15 * BLOCKS_A_SECOND):
            sink(self.step())


def test_what_was_disturbed_is_measured_once_more(capsys: pytest.CaptureFixture[str]) -> None:
    clips = [[spoken(4.0)], []]

    def open_place() -> Place:
        sound = Swift([endless_noise(-65), *clips.pop(0)], room=impulse(30, -12), microphone_name="a", speaker_name="b")
        return Place(sound, {})

    _, found = measured_place(open_place)
    assert (clips, found.disturbed) == ([], 0)
    err = capsys.readouterr().err
    assert err.count("please be quiet") == 2
    assert err.count(" s, such as a voice: this is measured once more.") == 1
    assert "Disturbed" not in dict(figures(found, "normal"))
    assert dict(figures(replace(found, disturbed=1.0), "normal"))["Disturbed"] == "1.0 s of another's sound"


# --- the advice ------------------------------------------------------------------------------------

WELL = Findings(
    silent=False,
    noise_dbfs=-65.0,
    chirps=5,
    round_trip=RoundTrip(60.0, 0.1, -12.0, 5),
    cancelled=Cancelled(-30.0, 33.0, -62.0),
    speech=6.0,
    holds=0,
    clipped=0,
    faults=0,
    disturbed=0.0,
)


@pytest.mark.parametrize(
    ("found", "listed"),
    [
        (WELL, []),
        (replace(WELL, silent=True, round_trip=None, cancelled=None), ["microphone silent"]),
        (replace(WELL, noise_dbfs=-85.0, round_trip=None, cancelled=None), ["too quiet", "no echo"]),
        (replace(WELL, noise_dbfs=-85.0), []),  # noise suppression of the system: the echo is heard well
        (replace(WELL, clipped=CLIPPED), ["clipping"]),
        (replace(WELL, noise_dbfs=-49.0), ["noise"]),
        (replace(WELL, round_trip=None, cancelled=None), ["no echo"]),
        (replace(WELL, round_trip=RoundTrip(60.0, 0.1, -2.9, 5)), ["loud echo"]),
        (replace(WELL, round_trip=RoundTrip(251.0, 0.1, -12.0, 5)), ["long round trip"]),
        (replace(WELL, cancelled=Cancelled(-30.0, 14.0, -44.0)), ["weak cancelling"]),
        (replace(WELL, cancelled=Cancelled(-52.0, 8.0, -60.0)), []),  # there is not more to take away
        (replace(WELL, holds=1), ["interrupts itself"]),
        (replace(WELL, holds=1, cancelled=Cancelled(-30.0, 14.0, -44.0)), ["weak cancelling"]),
        (replace(WELL, faults=2), ["sound lost"]),
        (replace(WELL, disturbed=1.0, holds=3, cancelled=Cancelled(-30.0, 4.0, -20.0)), ["disturbed"]),
    ],
)
def test_each_fault_has_its_advice(found: Findings, listed: list[str]) -> None:
    given = advice(found, "normal", microphone=True, speaker=True)
    assert [each.key for each in given] == listed
    for each in given:
        assert each.sentence.isprintable()
        assert each.sentence.endswith(".")
        assert len(each.sentence) < 180


def test_a_missing_device_is_told_first_and_nothing_is_said_of_what_it_would_do() -> None:
    unheard = replace(WELL, noise_dbfs=None, round_trip=None, cancelled=None, silent=True)
    assert [a.key for a in advice(unheard, "normal", microphone=False, speaker=True)] == ["no microphone"]
    unsaid = replace(WELL, round_trip=None, cancelled=None)
    assert [a.key for a in advice(unsaid, "normal", microphone=True, speaker=False)] == ["no speaker"]


def test_the_gate_is_that_of_the_sensitivity() -> None:
    noisy = replace(WELL, noise_dbfs=-45.0)
    assert advice(noisy, "low", microphone=True, speaker=True) == ()
    (told,) = advice(noisy, "high", microphone=True, speaker=True)
    assert "--sensitivity low" in told.sentence


# --- the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["--room", "none.wav"], ["--room", "none.wav", "--speaker", "1"], ["--sensitivity", "very"]]
)
def test_bad_input_is_one_sentence_and_exit_code_2(doctor: Doctor, arguments: list[str]) -> None:
    code, out, err = doctor(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_a_missing_portaudio_is_one_sentence_and_exit_code_3() -> None:
    if sys.platform != "linux":
        pytest.skip("sounddevice's wheels bring PortAudio along here")
    program = (
        "import ctypes.util; ctypes.util.find_library = lambda name: None\n"
        "from profai_cli.cli.main import main; main(['doctor'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "sudo apt install libportaudio2" in done.stderr


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with Rig(echo_ms=30, echo_db=-12) as rig:
        yield rig


@on_a_rig
def test_a_sound_card_is_measured_and_the_report_has_no_secrets(rig: Rig, doctor: Doctor) -> None:
    code, out, err = doctor("--json")
    assert code == 0
    assert "please be quiet" in err
    report = json.loads(out)
    assert report["microphone"]["host"] == report["speaker"]["host"] == "ALSA"
    assert report["sound_server"].startswith("pulseaudio")
    assert set(report["versions"]) >= {"profai", "Python", "system", "sounddevice", "PortAudio"}
    for secret in (str(Path.home()), str(ROOT), os.uname().nodename, *filter(None, [os.environ.get("USER")])):
        assert secret not in out
    trip = report["measured"]["round_trip"]
    assert 30 <= trip["ms"] <= 200
    assert trip["echo_db"] == pytest.approx(-12.5, abs=1.5)  # the shared facts have -13.1 for noise of all pitches
    if not report["measured"]["faults"]:  # what a stalled machine loses, the canceller cannot know
        assert report["measured"]["cancelled"]["erle_db"] > 15
        assert report["measured"]["holds"] == 0


@on_a_rig
def test_a_device_that_does_not_exist_is_bad_input(rig: Rig, doctor: Doctor) -> None:
    code, out, err = doctor("--microphone", "studio")
    assert (code, out) == (2, "")
    assert "No microphone matches 'studio'" in err


@on_a_rig
@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C cannot be sent to one process here")
def test_ctrl_c_ends_it_quietly(rig: Rig) -> None:
    process = begin(["doctor"], dict(os.environ))
    assert process.stderr
    assert "please be quiet" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, "", "")


@on_a_rig
def test_without_a_sound_server_there_is_one_sentence_and_exit_code_3(rig: Rig, doctor: Doctor) -> None:
    with Rig() as gone:
        gone.stop()
        look_again()
        code, out, err = doctor()
    assert (code, out, err.count("\n")) == (3, "", 1)

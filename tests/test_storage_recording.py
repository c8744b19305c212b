"""The recording of a class: both voices aligned, a muted microphone silent, and a disk that fills up told once."""

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import pytest
import soundfile

from profai_cli.errors import SoundFileError
from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.sound.made import noise, room
from profai_cli.sound.simulated import SimulatedSound
from profai_cli.storage.recording import ClassRecording, Delay
from tests.scripted import ROOT, Samples

SECONDS = 3


def no_fault(fault: SoundFileError) -> None:
    raise AssertionError(fault)


def record(path: Path, sound: SimulatedSound, *, muted_from: float | None = None) -> Samples:
    """Both channels of `SECONDS` in which the tutor makes a noise of his own: shape (samples, 2)."""
    sound.player.write(
        np.random.default_rng(3).integers(-3000, 3000, SECONDS * SOUND_RATE, np.int16).tobytes(), SOUND_RATE
    )
    recording = ClassRecording(path, no_fault)
    for block in range(SECONDS * 100):
        if muted_from is not None and block == muted_from * 100:
            sound.mute(True)
        recording.watch(sound.step())
    recording.close()
    recording.close()
    both, rate = soundfile.read(path, dtype="int16")
    assert (rate, both.shape) == (SOUND_RATE, (SECONDS * SOUND_RATE, 2))
    return both


def lag(of: Samples, behind: Samples) -> int:
    """By how many samples `of` follows what is in `behind`, at the peak of their correlation."""
    size = 2 * len(of)
    found = np.fft.irfft(np.fft.rfft(of, size) * np.conj(np.fft.rfft(behind, size)))
    return int(np.argmax(found[: len(of)]))


def test_the_right_channel_is_the_speaker_and_the_left_one_hears_its_echo_where_the_room_puts_it(
    tmp_path: Path,
) -> None:
    left_speaker: list[bytes] = []
    response = np.zeros(2000, np.float32)
    response[960] = 0.25
    sound = SimulatedSound(speaker=lambda block: left_speaker.append(block.tobytes()), room=response)
    both = record(tmp_path / "sound.flac", sound)
    assert both[:, 1].tobytes() == b"".join(left_speaker)
    assert lag(both[:, 0].astype(float), both[:, 1].astype(float)) == 960


def test_the_left_channel_is_the_microphone_before_any_echo_is_taken_away(tmp_path: Path) -> None:
    silent = record(tmp_path / "room.flac", SimulatedSound(room=room(0.2, -12)))
    spoken = record(tmp_path / "voice.flac", SimulatedSound([noise(-30)], room=room(0.2, -12)))
    plain = record(tmp_path / "plain.flac", SimulatedSound([noise(-30)]))
    learner = spoken[:, 0].astype(int) - silent[:, 0]
    assert np.abs(learner - plain[:, 0]).max() <= 1


def test_a_muted_microphone_is_not_recorded(tmp_path: Path) -> None:
    both = record(tmp_path / "sound.flac", SimulatedSound([noise(-30)]), muted_from=1)
    assert both[: SOUND_RATE - BLOCK, 0].any()
    assert not both[SOUND_RATE:, 0].any()
    assert both[SOUND_RATE:, 1].any()


def test_the_speaker_is_as_late_as_its_echo_and_follows_a_device_that_changes() -> None:
    """From 300 samples to 700 (a gap of silence) and to 100 (the newest that wait are left out), block by block."""
    speaker = np.arange(1, 12 * BLOCK + 1, dtype=np.int16)
    leads = [300] * 4 + [700] * 4 + [100] * 4
    delay = Delay()
    blocks = [speaker[at * BLOCK :][:BLOCK].tobytes() for at in range(12)]
    out = np.frombuffer(b"".join(map(delay.step, blocks, leads)), np.int16)
    assert len(out) == len(speaker)
    changes = ((0, 4 * BLOCK, 300), (4 * BLOCK, 8 * BLOCK - 600, 700), (8 * BLOCK, 12 * BLOCK - 100, 100))
    for begin, end, lead in changes:
        assert (out[begin + lead : end + lead] == speaker[begin:end]).all()
    assert not out[4 * BLOCK + 300 : 4 * BLOCK + 700].any()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no file that is being written")
def test_a_folder_that_is_removed_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    faults: SimpleQueue[SoundFileError] = SimpleQueue()
    recording = ClassRecording(tmp_path / "class" / "sound.flac", faults.put)
    frame = Frame(0.0, b"", 0, near=bytes(2 * BLOCK), far=bytes(2 * BLOCK))
    shutil.rmtree(tmp_path / "class")
    for _ in range(10):
        recording.watch(frame)
    assert re.fullmatch(
        r"'.*sound\.flac' was deleted while it was written; start anew .*\.", str(faults.get(timeout=60))
    )
    for _ in range(50):
        recording.watch(frame)
    recording.close()
    assert faults.empty()


def test_a_file_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SoundFileError, match=r"^Cannot write .*; name another file\.$"):
        ClassRecording(tmp_path / "no" / "sound.flac", no_fault)


@pytest.mark.skipif(sys.platform == "win32", reason="only POSIX limits the size of a file")
def test_a_disk_that_fills_up_is_told_once_and_leaves_what_was_recorded(tmp_path: Path) -> None:
    code = (
        "import random, resource, sys; from pathlib import Path; from profai_cli.ports import Frame\n"
        "from profai_cli.storage.recording import ClassRecording\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "recording, noise = ClassRecording(Path(sys.argv[1]), print), random.Random(1)\n"
        "for _ in range(200): recording.watch(Frame(0.0, b'', 0, near=noise.randbytes(960), far=bytes(960)))\n"
        "recording.close()"
    )
    path = tmp_path / "sound.flac"
    run = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    (line,) = run.stdout.splitlines()
    assert line.startswith("Cannot go on writing ")
    assert line.endswith("; make room there.")
    both, _ = soundfile.read(path, dtype="int16")
    near = np.frombuffer(random.Random(1).randbytes(200 * 960), np.int16)
    assert 70_000 < 2 * len(both) < 100_000
    assert (both[:, 0] == near[: len(both)]).all()
    assert not both[:, 1].any()


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_kill_leaves_a_whole_file_but_for_its_end(tmp_path: Path) -> None:
    code = (
        "import os, random, sys; from pathlib import Path; from profai_cli.storage.flac import FlacWriter\n"
        "writer = FlacWriter(Path(sys.argv[1]), 48_000, channels=2)\n"
        "writer.write(random.Random(2).randbytes(4 * 96_000)); os.kill(os.getpid(), 9)"
    )
    path = tmp_path / "sound.flac"
    assert subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False).returncode == -9
    with soundfile.SoundFile(path) as file:
        assert 96_000 - 0.3 * 48_000 < file.frames < 96_000
        file.seek(file.frames - 4_800)
        end = file.read(dtype="int16")
    written = np.frombuffer(random.Random(2).randbytes(4 * 96_000), np.int16).reshape(-1, 2)
    assert (end == written[file.frames - 4_800 : file.frames]).all()

"""Sound files: every kind of WAV in, a WAV that is valid at every moment out."""

import math
import struct
import subprocess
import sys
import wave
from array import array
from pathlib import Path

import pytest
import soundfile

from profai_cli.errors import SoundFileError
from profai_cli.storage import wav
from profai_cli.storage.wav import WavWriter, open_wav

RAMP = [0, 16384, -16384, 32767, -32768, 8192, -1, 1]


def header(size, *, form=1, channels=1, rate=16_000, bits=16):
    width = channels * bits // 8
    fmt = struct.pack("<IHHIIHH", 16, form, channels, rate, rate * width, width, bits)
    return b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + fmt + b"data" + struct.pack("<I", size)


def samples(path: Path, frames: int = 1 << 20) -> list[int]:
    source = open_wav(path)
    pcm = source.read(frames)
    assert source.read(1) == b""
    source.close()
    values = array("h", pcm)
    if sys.byteorder == "big":
        values.byteswap()
    return values.tolist()


def pcm(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}h", *values)


# --- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["WAV", "WAVEX", "RF64"])
@pytest.mark.parametrize("width", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_wide_samples_come_back_to_the_bit(tmp_path, kind, width):
    path = tmp_path / "x.wav"
    soundfile.write(path, [value / 32768 for value in RAMP], 48_000, format=kind, subtype=width)
    assert samples(path) == RAMP


@pytest.mark.parametrize(
    ("width", "error"),
    [("PCM_U8", 256), ("ULAW", 700), ("ALAW", 700), ("MS_ADPCM", 300), ("IMA_ADPCM", 1500)],
)
def test_narrow_samples_come_back_as_well_as_they_were_kept(tmp_path, width, error):
    slow = [round(16_000 * math.sin(n * math.tau / 40)) for n in range(4_000)]
    path = tmp_path / "x.wav"
    soundfile.write(path, [value / 32768 for value in slow], 8_000, subtype=width)
    got = samples(path)[: len(slow)]
    assert len(got) == len(slow)
    settled = list(zip(got, slow, strict=True))[100:]  # ADPCM's encoder needs a moment to find the step
    assert max(abs(a - b) for a, b in settled) <= error


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_the_rate_is_the_files_own(tmp_path, rate):
    path = tmp_path / "x.wav"
    soundfile.write(path, [0.5] * rate, rate)
    source = open_wav(path)
    assert source.rate == rate
    assert source.seconds == 1.0
    source.close()


@pytest.mark.parametrize("width", ["PCM_16", "PCM_24", "FLOAT"])
def test_channels_are_averaged(tmp_path, width):
    soundfile.write(tmp_path / "2.wav", [[0.5, 0.25], [1.0, -1.0], [-0.5, 0.0]], 48_000, subtype=width)
    assert samples(tmp_path / "2.wav")[0::2] == [12288, -8192]
    assert abs(samples(tmp_path / "2.wav")[1]) <= 1
    centre = [[0.0, 0.0, 0.75, 0.0, 0.0, 0.0]] * 3
    soundfile.write(tmp_path / "51.wav", centre, 48_000, format="WAVEX", subtype=width)
    assert samples(tmp_path / "51.wav") == [4096] * 3


def test_float_samples_beyond_full_scale_are_clipped_and_no_numbers_are_silent(tmp_path):
    values = [1.5, -1.5, float("inf"), float("-inf"), float("nan"), 0.5]
    data = struct.pack("<6f", *values)
    (tmp_path / "x.wav").write_bytes(header(len(data), form=3, bits=32) + data)
    assert samples(tmp_path / "x.wav") == [32767, -32768, 32767, -32768, 0, 16384]


@pytest.mark.parametrize("promised", [100_000, 0xFFFF_FFFF - 36])
def test_a_file_that_was_cut_off_gives_what_is_there(tmp_path, promised):
    (tmp_path / "x.wav").write_bytes(header(promised) + pcm(RAMP) + b"\x01")
    assert samples(tmp_path / "x.wav") == RAMP


def test_a_file_is_read_piece_by_piece(tmp_path):
    (tmp_path / "x.wav").write_bytes(header(16) + pcm(RAMP))
    source = open_wav(tmp_path / "x.wav")
    pieces = [source.read(3) for _ in range(4)]
    source.close()
    source.close()
    assert [len(piece) for piece in pieces] == [6, 6, 4, 0]
    assert b"".join(pieces) == pcm(RAMP)


def _flac(path: Path) -> None:
    soundfile.write(path, [0.0] * 100, 16_000, format="FLAC")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "There is no file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b""), "is not a WAV file"),
        (lambda path: path.write_bytes(b"RIFF"), "is not a WAV file"),
        (lambda path: path.write_text("What is a loop? " * 100), "is not a WAV file"),
        (lambda path: path.write_bytes(header(0)[:36]), "is not a WAV file"),
        (lambda path: path.write_bytes(header(16, channels=0) + pcm(RAMP)), "is not a WAV file"),
        (lambda path: path.write_bytes(header(16, rate=0) + pcm(RAMP)), "is not a WAV file"),
        (lambda path: path.write_bytes(header(16, rate=1) + pcm(RAMP)), "has 1 samples a second"),
        (lambda path: path.write_bytes(header(0)), "holds no sound"),
        (_flac, "is FLAC, not WAV"),
    ],
)
def test_what_is_no_wav_is_one_sentence_that_names_it(tmp_path, make, sentence):
    path = tmp_path / "q\x1b[31m.wav"
    make(path)
    with pytest.raises(SoundFileError) as caught:
        open_wav(path)
    said = str(caught.value)
    assert sentence in said
    assert repr(str(path)) in said
    assert "\x1b" not in said
    assert "\n" not in said
    assert said.endswith(".")


def test_names_that_no_system_allows_are_one_sentence(tmp_path):
    for path in (tmp_path / "zero\0byte.wav", tmp_path / ("long" * 2000)):
        with pytest.raises(SoundFileError, match=r"^[^\n]*\.$"):
            open_wav(path)
        with pytest.raises(SoundFileError, match=r"^Cannot write [^\n]*\.$"):
            WavWriter(path, 48_000)


def test_a_wav_by_the_name_of_raw_sound_is_one_sentence(tmp_path):
    (tmp_path / "x.raw").write_bytes(header(16) + pcm(RAMP))
    with pytest.raises(SoundFileError, match="is not a WAV file"):
        open_wav(tmp_path / "x.raw")


# --- writing ---------------------------------------------------------------------------------------


def frames_on_disk(path: Path) -> int:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 48_000)
        frames = file.getnframes()
        assert len(file.readframes(frames)) == 2 * frames
        return frames


def test_what_was_written_is_read_back(tmp_path):
    path = tmp_path / "x.wav"
    writer = WavWriter(path, 48_000)
    for value in range(1000):
        writer.write(pcm([value] * 480))
    writer.close()
    writer.close()
    writer.write(b"late")
    assert samples(path) == [value for value in range(1000) for _ in range(480)]
    assert path.stat().st_size == 44 + 2 * 480_000


def test_the_file_is_valid_and_at_most_a_tenth_of_a_second_behind_at_every_moment(tmp_path):
    path = tmp_path / "x.wav"
    writer = WavWriter(path, 48_000)
    assert frames_on_disk(path) == 0
    for block in range(1, 35):
        writer.write(bytes(960))
        assert 0 <= block * 480 - frames_on_disk(path) < 4800
    writer.close()
    assert frames_on_disk(path) == 34 * 480


def test_a_killed_class_leaves_a_valid_file(tmp_path):
    code = (
        "import sys; from pathlib import Path; from profai_cli.storage.wav import WavWriter\n"
        "writer = WavWriter(Path(sys.argv[1]), 48_000)\n"
        "while True:\n"
        "    writer.write(bytes(4800)); print('.', flush=True)\n"
    )
    path = tmp_path / "x.wav"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as run:
        for _ in range(100):
            run.stdout.readline()
        run.kill()
    assert frames_on_disk(path) >= 100 * 2400 - 4800
    assert len(samples(path, 1 << 24)) == frames_on_disk(path)


def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "no" / "folder.wav"):
        with pytest.raises(SoundFileError, match=r"^Cannot write .*; name another file\.$"):
            WavWriter(path, 48_000)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_one_sentence():
    with pytest.raises(SoundFileError, match=r"^Cannot go on writing '/dev/full': .*\.$"):
        WavWriter(Path("/dev/full"), 48_000)


class _NearlyFull:
    """An unbuffered file whose disk has room for `room` bytes."""

    def __init__(self, file, room):
        self._file, self._room = file, room

    def write(self, data):
        if self._file.tell() + len(data) > self._room:
            data = data[: self._room - self._file.tell()]
        if not data:
            raise OSError(28, "No space left on device")
        return self._file.write(data)

    def __getattr__(self, name):
        return getattr(self._file, name)


def test_a_disk_that_fills_up_is_raised_once_and_leaves_a_valid_file(tmp_path):
    path = tmp_path / "x.wav"
    writer = WavWriter(path, 48_000)
    writer._file = _NearlyFull(writer._file, 44 + 15_000)
    writer.write(bytes(9_600))
    with pytest.raises(SoundFileError, match=r"^Cannot go on writing .*: No space left on device; make room"):
        writer.write(bytes(9_600))
    writer.write(bytes(9_600))
    writer.close()
    assert frames_on_disk(path) == 4_800


def test_a_wav_of_four_gigabytes_is_full_and_stays_valid(tmp_path):
    path = tmp_path / "x.wav"
    writer = WavWriter(path, 48_000)
    writer.write(bytes(9_600))
    writer._written = wav.MOST_BYTES - 9_600  # as if 12.4 hours had passed
    with pytest.raises(SoundFileError, match=r"is full: a WAV file ends at 4 GB"):
        writer.write(bytes(9_602))
    writer.write(bytes(9_602))
    writer.close()
    assert frames_on_disk(path) == 4_800
    assert struct.unpack("<I", writer._header(wav.MOST_BYTES)[4:8]) == (0xFFFF_FFFF - 7,)

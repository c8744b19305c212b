"""Pieces of a recording for a page: what is in them, their bounds, and recordings that are none."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from profai_cli.errors import SoundFileError
from profai_cli.storage.excerpts import Excerpts

RATE = 48_000


def recording(path: Path, seconds: float, rate: int = RATE) -> Path:
    """A tone of the learner's and, an octave higher, one of the tutor's from the middle on."""
    t = np.arange(round(seconds * rate)) / rate
    learner, tutor = (0.3 * np.sin(2 * np.pi * tone * t) for tone in (440, 880))
    tutor[: len(t) // 2] = 0
    soundfile.write(path, np.column_stack([learner, tutor]), rate, subtype="PCM_16")
    return path


def heard(mp3: bytes) -> tuple[float, float, float]:
    """Length in seconds, and the strength of both tones."""
    samples, rate = soundfile.read(io.BytesIO(mp3))
    assert samples.ndim == 1
    spectrum = np.abs(np.fft.rfft(samples)) / len(samples)
    learner, tutor = (float(spectrum[round(tone * len(samples) / rate)]) for tone in (440, 880))
    return len(samples) / rate, learner, tutor


def test_a_piece_has_both_voices_of_its_time(tmp_path: Path) -> None:
    with Excerpts(recording(tmp_path / "sound.flac", 4)) as excerpts:
        seconds, learner, tutor = heard(excerpts.mp3(0.5, 1.5))
        assert (round(seconds, 1), learner > 0.1, tutor < 0.01) == (1.0, True, True)
        seconds, learner, tutor = heard(excerpts.mp3(2.5, 3.5))
        assert (round(seconds, 1), learner > 0.1, tutor > 0.1) == (1.0, True, True)


def test_a_piece_ends_with_the_recording(tmp_path: Path) -> None:
    with Excerpts(recording(tmp_path / "sound.flac", 2)) as excerpts:
        assert round(heard(excerpts.mp3(-0.3, 0.7))[0], 1) == 1.0
        assert round(heard(excerpts.mp3(1.5, 9.0))[0], 1) == 0.5
        assert excerpts.mp3(2.0, 3.0) == b""
        assert excerpts.mp3(1.0, 0.5) == b""


def test_what_is_no_recording_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sound.flac").write_text("no sound")
    with pytest.raises(SoundFileError, match=r"^'.*' is not a recording of a class, or is damaged; remove it\.$"):
        Excerpts(tmp_path / "sound.flac")
    strange = recording(tmp_path / "strange.wav", 1, rate=96_000)  # which MP3 does not have
    with (
        Excerpts(strange) as excerpts,
        pytest.raises(SoundFileError, match=r"^'.*' cannot be put into a page \(.*\)\.$"),
    ):
        excerpts.mp3(0.0, 1.0)

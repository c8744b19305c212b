"""`profai say`, with the real espeak, into a file."""

import json
import wave

import pytest
from click.testing import CliRunner

from profai_cli.cli.say import say
from profai_cli.errors import EngineError, InputError, SoundFileError


def test_it_writes_a_wav_and_tells_the_times(tmp_path):
    path = tmp_path / "said.wav"
    result = CliRunner().invoke(say, ["Plants make sugar.", "--voice", "espeak", "--output", str(path), "--json"])
    assert result.exit_code == 0
    told = json.loads(result.output)
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (22_050, 1, 2)
        assert sound.getnframes() / 22_050 == pytest.approx(told["seconds"], abs=1e-3)
    assert [word["word"] for word in told["words"]] == ["Plants", "make", "sugar."]
    assert 0 < told["first_ms"] <= told["total_ms"]


def test_it_prints_one_line(tmp_path):
    result = CliRunner().invoke(say, ["One.", "--voice", "espeak", "--output", str(tmp_path / "said.wav")])
    assert result.output.startswith("espeak en-us+f3: ready in ")
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        (["..."], InputError, "nothing to say"),
        (["One.", "--voice", "espeak:hal"], EngineError, "no voice 'hal'"),
    ],
)
def test_what_cannot_be_said_is_one_sentence(tmp_path, arguments, error, words):
    path = tmp_path / "said.wav"
    result = CliRunner().invoke(say, [*arguments, "--output", str(path)])
    assert isinstance(result.exception, error)
    assert words in str(result.exception)
    assert not path.exists()


def test_a_voice_that_is_none():
    result = CliRunner().invoke(say, ["One.", "--tts", "hal"])
    assert result.exit_code == 2
    assert "there is no 'hal': choose one of elevenlabs, " in result.output


def test_a_file_that_cannot_be_written(tmp_path):
    result = CliRunner().invoke(say, ["One.", "--voice", "espeak", "--output", str(tmp_path / "no" / "said.wav")])
    assert isinstance(result.exception, SoundFileError)

"""`profai transcribe`: the whole way from a file to its words."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from profai_cli.cli.transcribe import transcribe
from profai_cli.errors import SoundFileError

SPEECH = Path(__file__).parents[2] / "shared" / "speech"


@pytest.mark.skipif(not SPEECH.is_dir(), reason="the recordings of ../shared/speech are not here")
@pytest.mark.xdist_group("stt")
def test_a_recording_is_written_down(tmp_path: Path) -> None:
    runner = CliRunner(env={"PROFAI_CACHE": str(tmp_path)})
    result = runner.invoke(transcribe, [str(SPEECH / "austen_0930.wav"), "--json"])
    assert result.exit_code == 0, result.output
    (utterance,) = json.loads(result.output)
    assert utterance["text"].startswith("he might even have been made")
    assert utterance["on_course"]
    assert 3.0 < utterance["t"] < 4.5


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    result = CliRunner(env={"PROFAI_CACHE": str(tmp_path)}).invoke(transcribe, [str(tmp_path / "no.wav")])
    assert isinstance(result.exception, SoundFileError)

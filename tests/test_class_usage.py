"""Options of `profai class` that contradict each other are one sentence and exit code 2, and no file is touched."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from profai_cli.cli.class_ import class_
from tests.scripted import said, write_wav


@pytest.mark.parametrize(
    "options",
    [
        ["--interactive", "--input", "{wav}", "--output", "{wav}"],
        ["--interactive", "--input", "2.5:{wav}", "--events", "{wav}"],
        ["--room", "{wav}", "--output", "{wav}"],
        ["--output", "{new}", "--events", "{new}"],
        ["--input", "{wav}"],
        ["--fast", "--microphone", "0"],
        ["--output", "{new}", "--speaker", "0"],
        ["--microphone", "0"],
        ["--record", "--output", "{new}"],
        ["--stt", "pocketsphinx", "--output", "{new}"],
        ["--language", "hindi", "--output", "{new}"],
    ],
    ids=" ".join,
)
def test_contradictions_are_refused(tmp_path: Path, options: list[str]) -> None:
    wav = write_wav(tmp_path / "voice.wav", said("quit"))
    new = tmp_path / "new"
    before = wav.read_bytes()
    done = CliRunner().invoke(class_, [option.format(wav=wav, new=new) for option in options])
    assert done.exit_code == 2
    assert re.match("Error: (Invalid value for '|)--", done.output.splitlines()[-1])
    assert wav.read_bytes() == before
    assert not new.exists()

"""What `profai doctor` tells of engines and keys, ready to paste: no key is in it."""

import json
from pathlib import Path

import numpy as np

from tests.scripted import begin, finish, write_wav

SECRET = "sk-secret-0123456789"


def test_the_doctor_tells_engines_keys_and_versions(env: dict[str, str], tmp_path: Path) -> None:
    response = np.zeros(4_800, np.int16)
    response[144] = 8_000
    room = write_wav(tmp_path / "room.wav", response)
    Path(env["PROFAI_SETTINGS"]).write_text("model = 'openai'\nfallback = true\n")
    of_others = {"PROFAI_MINUTES": "a faulty setting of another command"}
    keys = {**env, **of_others, "OPENAI_API_KEY": SECRET, "GROQ_API_KEY": "a b"}
    text, report = (begin(["doctor", "--room", room, *more], keys) for more in ([], ["--json"]))
    out = finish(text)
    assert "answers: OpenAI, then The course's own text" in out
    assert "Keys           OpenAI (environment), Groq (environment)\n" in out
    assert "GROQ_API_KEY in the environment holds spaces" in out
    told = finish(report)
    found = json.loads(told)
    assert found["engines"]["answers"] == ["OpenAI", "The course's own text"]
    assert found["keys"] == {
        "deepgram": "",
        "elevenlabs": "",
        "sarvam": "",
        "openai": "environment",
        "groq": "environment",
    }
    assert "pocketsphinx" in found["packages"]
    assert SECRET not in out + told

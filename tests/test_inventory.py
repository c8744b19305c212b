"""What `profai doctor` tells of engines and keys, ready to paste: no key is in it."""

import json
import os
import platform
import re
from pathlib import Path

import numpy as np
import pytest

from profai_cli.cli.anonymous import SHORTEST, without_names
from tests.scripted import begin, finish, write_wav


def test_names_are_taken_out_of_all_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "kimberly")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(Path("/home/kim.b")))
    computer = platform.node()
    told = {
        "text": f"{Path('/home/kim.b/x')} is of kimberly, not of kimberlyann",
        "list": [Path("/home/kim.b").name, 3, None],
        "of another": "/home/kim.bo",
        "computer": f"on {computer}",
    }
    assert without_names(told) == {
        "text": f"~{os.sep}x is of [user], not of kimberlyann",
        "list": ["[user]", 3, None],
        "of another": "/home/kim.bo",
        "computer": "on [computer]" if len(computer) >= SHORTEST else f"on {computer}",
    }


SECRET = "sk-secret-0123456789"


def test_the_doctor_tells_engines_keys_and_versions(env: dict[str, str], tmp_path: Path) -> None:
    response = np.zeros(4_800, np.int16)
    response[144] = 8_000
    room = write_wav(tmp_path / "room.wav", response)
    Path(env["PROFAI_SETTINGS"]).write_text("model = 'openai'\nfallback = true\n")
    home = tmp_path / "home-of-kim"
    of_others = {
        "PROFAI_MINUTES": "a faulty setting of another command",
        "PROFAI_LEARNER": "kim the learner",
        "PROFAI_COURSES": str(home / "teaching"),
        "HOME": str(home),
        "USERPROFILE": str(home),
    }
    keys = {**env, **of_others, "OPENAI_API_KEY": SECRET, "GROQ_API_KEY": "a b"}
    text, report = (begin(["doctor", "--room", room, *more], keys) for more in ([], ["--json"]))
    out = finish(text)
    assert "answers: OpenAI, then course search" in out
    assert re.search(r"speaks: (flite slt|system|espeak \S+);", out)
    assert "Keys           OpenAI (environment), Groq (environment)\n" in out
    assert "GROQ_API_KEY in the environment holds spaces" in out
    told = finish(report)
    found = json.loads(told)
    assert found["engines"]["answers"] == ["OpenAI", "course search"]
    assert found["keys"] == {
        "deepgram": "",
        "elevenlabs": "",
        "sarvam": "",
        "openai": "environment",
        "groq": "environment",
    }
    assert "pocketsphinx" in found["packages"]
    assert found["settings"] == {
        "model": {"value": "openai", "source": "file"},
        "fallback": {"value": True, "source": "file"},
        "courses": {"value": "~/teaching", "source": "environment"},
        "learner": {"value": "somebody", "source": "environment"},
    }
    assert "Settings       model openai (file), fallback yes (file), courses ~/teaching (environment)," in out
    assert "Invalid value for PROFAI_MINUTES in the environment" in out
    for private in ("kim the learner", str(tmp_path), "/teaching/home"):
        assert private not in out + told
    assert SECRET not in out + told

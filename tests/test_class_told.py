"""Classes by the real command that a model tells, in the course's language or the learner's; emulated vendors."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from profai_cli.events import AudioGenerationStarted, Error, LessonTold, TeachingContent
from tests.emulators.openai import HINDI
from tests.emulators.running import Emulators
from tests.live import Live
from tests.scripted import begin, environment, finish

TEA = (
    "Tea is old. Tea is hot. Tea is a leaf. Tea comes from hills. Tea is cheap. Tea is good.\n\n"
    "## Check\n\nQ: What is tea?\nA: A leaf.\n"
)
DRINKS = {"title": "Drinks", "modules": [{"title": "Hot ones", "sub_topics": [{"title": "Tea", "content": TEA}]}]}


@pytest.fixture(scope="module")
def emulators() -> Iterator[Emulators]:
    with Emulators() as running:
        yield running


def held(folder: Path, emulators: Emulators, log: str, *options: object) -> Live:
    """A class that is killed when the model's first own sentence sounds."""
    (folder / "courses").mkdir(exist_ok=True)
    (folder / "courses" / "tea.json").write_text(json.dumps(DRINKS))
    env = environment(folder) | emulators.environment("openai", "sarvam") | {"PROFAI_VERBATIM": "0"}
    command = ["class", "--interactive", "--courses", folder / "courses", "--output", folder / "speaker.wav", *options]
    with Live(folder / log, command, env) as live:
        live.wait(TeachingContent, such=lambda content: content.made)
        live.process.kill()
        live.process.wait()
        assert (live.errors, live.of(Error)) == ("", [])
        return live


@pytest.mark.slow
def test_a_class_in_the_learners_language_is_killed_and_goes_on_in_its_words(
    emulators: Emulators, tmp_path: Path
) -> None:
    emulators.set(seen=[])
    first = held(tmp_path, emulators, "first.jsonl", "--language", "hi")
    said = first.of(TeachingContent)
    assert [content.made for content in said].index(True) >= 3, "it begins in the course's own words"
    assert said[-1].text.startswith(HINDI)
    asked = emulators.seen("openai", "ask")[0]["messages"]
    assert "whose code is hi" in asked[0]["content"]
    assert "<check number=1>" in asked[1]["content"]
    assert {note["language_code"] for note in emulators.seen("sarvam", "configure")} == {"hi-IN"}
    emulators.set(seen=[])
    again = held(tmp_path, emulators, "again.jsonl", "--language", "hi")
    (told, *_), (goes_on, *_) = again.of(LessonTold), again.of(TeachingContent)
    assert (told.t, told.engine) == (0.0, "")
    assert told.questions[0].startswith(HINDI)
    assert (goes_on.text, goes_on.place) == (said[-1].text, said[-1].place)
    assert {begun.engine for begun in again.of(AudioGenerationStarted)} == {"Sarvam"}, "from the first word on"
    emulators.set(seen=[])
    other = held(tmp_path, emulators, "english.jsonl")
    assert other.of(TeachingContent)[0].text == said[-1].text.removeprefix(HINDI)
    assert "Listen: " in other.of(TeachingContent)[-1].text


def test_without_a_model_one_line_tells_what_cannot_be_done(tmp_path: Path) -> None:
    command = ["class", "--plain", "--course", "2", "--language", "de", "--fast", "--minutes", 0.01]
    out = finish(begin(command, environment(tmp_path)))
    assert out.splitlines()[0] == (
        "language: no language model is there to translate, so you are taught and answered in 'en'; "
        "for 'de', run 'profai keys set openai'"
    )
    command[5] = "en-GB"
    assert "language: " not in finish(begin(command, environment(tmp_path)))

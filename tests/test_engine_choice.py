"""Which engines a command takes, in which order, and what it refuses: told by the engines that fail one by one."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from profai_cli.cli.engines import ANSWERERS, EARS, VOICES, EngineChoice, EngineRoom
from profai_cli.cli.options import EngineName
from profai_cli.errors import EngineError, EngineRefused
from profai_cli.ports import EngineFailed, Recognition
from profai_cli.providers.catalogue import Does, named
from profai_cli.storage.courses import load_course, shipped_courses
from tests.emulators.running import Emulators

COURSE = load_course(shipped_courses(), "1")
WRONG = "no-vendor-takes-this-key"
VENDORS = ("deepgram", "elevenlabs", "sarvam", "openai", "groq")


@pytest.fixture(scope="module")
def emulators() -> Iterator[Emulators]:
    with Emulators() as running:
        yield running


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No keys but those of the test."""
    for vendor in VENDORS:
        monkeypatch.delenv(f"{vendor.upper()}_API_KEY", raising=False)
    monkeypatch.setenv("PROFAI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PROFAI_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def refused(emulators: Emulators, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a key for every vendor, and none takes it."""
    for name, value in emulators.environment(*VENDORS).items():
        monkeypatch.setenv(name, WRONG if name.endswith("_API_KEY") else value)


def ears_tried(choice: EngineChoice) -> list[str]:
    """Names of the recognisers that failed, in order, and of the one that was ready; "" for none."""
    heard: list[Recognition] = []

    async def start() -> str:
        ears = EngineRoom(choice, COURSE, COURSE.language, lambda *_: None).ears()
        try:
            await ears.start(heard.append)
            return ears.name
        except EngineError:
            return ""
        finally:
            await ears.close()

    ready = asyncio.run(start())
    return [event.name for event in heard if isinstance(event, EngineFailed)] + [ready]


def voices_tried(choice: EngineChoice, language: str = "en") -> list[str]:
    """The same of voices."""
    told: list[str] = []

    async def start() -> str:
        voice = EngineRoom(choice, COURSE, language, lambda name, _: told.append(name)).voice()
        try:
            await voice.start()
            return voice.name
        finally:
            await voice.close()

    ready = asyncio.run(start())
    return [*told, ready]


def answerers_tried(choice: EngineChoice) -> list[str]:
    """The same of answerers."""
    told: list[str] = []

    async def start() -> str:
        answerer = EngineRoom(choice, COURSE, COURSE.language, lambda name, _: told.append(name)).answerer()
        try:
            await answerer.start()
            return getattr(answerer, "name", "")
        finally:
            await answerer.close()

    ready = asyncio.run(start())
    return [*told, ready]


@pytest.mark.usefixtures("refused")
def test_the_cloud_is_tried_before_this_machine_and_sarvam_where_the_language_calls_for_it() -> None:
    assert ears_tried(EngineChoice()) == ["Deepgram", "pocketsphinx"]
    assert ears_tried(EngineChoice(language="en-IN")) == ["Deepgram", "Sarvam", "pocketsphinx"]
    assert voices_tried(EngineChoice())[:-1] == ["ElevenLabs"]
    assert voices_tried(EngineChoice(), "hi")[:-1] == ["ElevenLabs", "Sarvam"]
    assert answerers_tried(EngineChoice())[:-1] == ["OpenAI", "Groq"]


@pytest.mark.usefixtures("refused")
def test_a_named_engine_stands_first_and_alone_unless_fallback_is_given() -> None:
    assert ears_tried(EngineChoice(stt="sarvam", language="en-IN")) == [""]
    named = EngineChoice(stt="sarvam", language="en-IN", fallback=True)
    assert ears_tried(named) == ["Sarvam", "Deepgram", "pocketsphinx"]
    with pytest.raises(EngineRefused, match="ElevenLabs"):
        voices_tried(EngineChoice(tts="elevenlabs"))
    assert answerers_tried(EngineChoice(model="groq", fallback=True))[:-1] == ["Groq", "OpenAI"]


@pytest.mark.usefixtures("refused")
def test_fast_uses_no_network() -> None:
    choice = EngineChoice(local=True)
    assert ears_tried(choice) == ["pocketsphinx"]
    assert len(voices_tried(choice)) == len(answerers_tried(choice)) == 1


def test_without_keys_this_machine_does_it() -> None:
    assert ears_tried(EngineChoice()) == ["pocketsphinx"]
    assert len(voices_tried(EngineChoice())) == 1
    with pytest.raises(EngineError, match="understands 'ta'"):
        ears_tried(EngineChoice(language="ta"))
    with pytest.raises(EngineError, match="OpenAI needs a key"):
        answerers_tried(EngineChoice(model="openai"))


@pytest.mark.parametrize(
    ("does", "name", "words"),
    [
        ("hears", "hal", "there is no 'hal': choose one of deepgram, "),
        ("speaks", "hal:9000", "there is no 'hal': choose one of elevenlabs, "),
        ("answers", "hal", "there is no 'hal': choose one of openai, "),
    ],
)
def test_a_name_that_is_none_is_refused(does: Does, name: str, words: str) -> None:
    with pytest.raises(click.BadParameter, match=words):
        EngineName(does)(name)


@pytest.mark.parametrize("name", sorted({*EARS, *VOICES, *ANSWERERS}))
def test_only_local_engines_run_on_the_samples_clock(name: str) -> None:
    options = {"stt": EARS, "tts": VOICES, "model": ANSWERERS}
    for option, known in options.items():
        if name not in known:
            continue
        choice = EngineChoice(**{option: f"{name}:variant"})
        choice.check(stepped=False)
        if named(name).stepped:
            choice.check(stepped=True)
        else:
            with pytest.raises(click.UsageError, match="needs real time"):
                choice.check(stepped=True)

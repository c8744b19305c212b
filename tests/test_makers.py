"""Which engines a command uses, and whose keys it looks for."""

import asyncio
from pathlib import Path

import click
import pytest

from profai_cli.cli.engines import EngineChoice, EngineRoom
from profai_cli.cli.translating import held_in
from profai_cli.errors import EngineError, InputError
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.providers.vendors import VENDORS
from tests.emulators.running import Emulators
from tests.small_course import small_course

FAULTY = "not one word"


class Home:
    """A newcomer's environment. told: the lines that its rooms told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for vendor in VENDORS.values():
            for variable in (vendor.key_variable, vendor.url_variable):
                monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv("PROFAI_OPENAI_MODEL", raising=False)
        monkeypatch.setenv("PROFAI_DATA", str(folder))
        self.set, self.unset = monkeypatch.setenv, monkeypatch.delenv
        self.told: list[str] = []

    def room(self, choice: EngineChoice, language: str = "en") -> EngineRoom:
        return EngineRoom(choice, small_course(), language, lambda _source, line: self.told.append(line))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path, monkeypatch)


def test_a_faulty_key_or_address_of_a_vendor_that_was_not_named_is_told_once(home: Home) -> None:
    home.set("SARVAM_API_KEY", FAULTY)
    home.set("OPENAI_API_KEY", "good")
    home.set("PROFAI_OPENAI_URL", "ftp://there")
    room = home.room(EngineChoice(), "hi")
    assert [line.partition(" ")[0] for line in home.told] == ["SARVAM_API_KEY", "PROFAI_OPENAI_URL"]
    assert home.told[0].endswith(" Sarvam is left out.")
    assert room.answerer().name == "course search"


@pytest.mark.parametrize("choice", [EngineChoice(local=True), EngineChoice("pocketsphinx", "espeak", "course")])
def test_a_command_without_vendors_looks_for_no_keys(home: Home, choice: EngineChoice) -> None:
    for vendor in VENDORS.values():
        home.set(vendor.key_variable, FAULTY)
    room = home.room(choice)
    assert room.voice() and room.ears() and room.answerer()
    assert home.told == []


@pytest.mark.parametrize(
    ("choice", "variable"),
    [
        (EngineChoice(stt="flux"), "DEEPGRAM_API_KEY"),
        (EngineChoice(tts="sarvam:anushka", fallback=True), "SARVAM_API_KEY"),
        (EngineChoice(model="groq", local=True), "GROQ_API_KEY"),
    ],
)
def test_a_faulty_key_of_an_engine_that_was_named_is_raised(home: Home, choice: EngineChoice, variable: str) -> None:
    home.set(variable, FAULTY)
    with pytest.raises(InputError, match=f"^{variable} "):
        home.room(choice, "hi")


def test_an_env_file_that_cannot_be_read_is_raised(home: Home, tmp_path: Path) -> None:
    missing = tmp_path / "none.env"
    with pytest.raises(InputError, match=r"name another \.env file"):
        home.room(EngineChoice(env_file=missing))
    home.room(EngineChoice(env_file=missing, local=True))


def test_a_named_engine_without_a_key_says_where_there_is_one(home: Home) -> None:
    for choice in (EngineChoice(tts="elevenlabs"), EngineChoice(stt="flux"), EngineChoice(model="openai")):
        with pytest.raises(EngineError, match="needs a key: get one at https://"):
            home.room(choice)
    room = home.room(EngineChoice(tts="elevenlabs", fallback=True))
    asyncio.run(room.voice().start())


def test_keys_are_looked_for_before_the_event_loop_runs(home: Home) -> None:
    home.set("OPENAI_API_KEY", "good")
    room = home.room(EngineChoice())
    home.unset("OPENAI_API_KEY")
    assert room.answerer().name == "OpenAI"


def test_a_server_of_ones_own_needs_no_key_and_is_asked_for_the_model_that_was_set(home: Home) -> None:
    async def ask(answerer: Answerer) -> list[AnswerPart]:
        await answerer.start()
        try:
            return [part async for part in answerer.answer(Question("what is said of apples", 0, 0))]
        finally:
            await answerer.close()

    with Emulators() as emulators:
        home.set("PROFAI_OPENAI_URL", f"http://127.0.0.1:{emulators.port}/v1")
        home.set("PROFAI_OPENAI_MODEL", "llama3.2:3b")
        assert asyncio.run(ask(home.room(EngineChoice()).answerer()))
        (asked,) = emulators.seen("openai", "ask")
    assert asked["model"] == "llama3.2:3b"
    assert "reasoning_effort" not in asked
    assert home.told == []


@pytest.mark.parametrize("choice", [EngineChoice("flux"), EngineChoice(tts="sarvam:x"), EngineChoice(model="openai")])
def test_local_refuses_what_needs_the_network(choice: EngineChoice) -> None:
    choice.check(stepped=False)
    with pytest.raises(click.UsageError, match="--local uses no network"):
        choice.check(stepped=False, local=True)


def test_a_model_of_this_machine_needs_no_network() -> None:
    EngineChoice("moonshine", "espeak:en-gb", "local:m").check(stepped=False, local=True)


def test_a_class_is_held_in_the_learners_language_where_a_model_translates(home: Home) -> None:
    home.set("OPENAI_API_KEY", "good")
    home.set("SARVAM_API_KEY", "good")
    for spoken in ("", "auto", "en-IN"):
        assert held_in(home.room(EngineChoice()), small_course(), spoken) == ("en", "")
        assert home.room(EngineChoice()).tongue() is None
    room = home.room(EngineChoice())
    language, remark = held_in(room, small_course(), "hi")
    assert (language, remark.partition(" as ")[0]) == ("hi", "OpenAI translates into 'hi'")
    language, remark = held_in(room, small_course(), "hi", verbatim=True)
    assert (language, remark.partition(";")[0]) == ("hi", "OpenAI answers in 'hi'")
    assert room.titles("voice") == ["The local voice"]
    assert room.titles("tongue") == ["Sarvam", "The local voice"]
    assert room.tongue()
    alone = home.room(EngineChoice(model="openai", tts="espeak"))
    held_in(alone, small_course(), "hi")
    assert alone.tongue()
    english = home.room(EngineChoice(tts="flite"))
    held_in(english, small_course(), "hi")
    assert (english.titles("voice"), english.titles("tongue")) == (["flite"], ["Sarvam", "The local voice"])


def test_without_a_model_a_class_is_held_in_the_courses_language(home: Home) -> None:
    room = home.room(EngineChoice(local=True))
    language, remark = held_in(room, small_course(), "hi")
    assert (language, remark.partition(",")[0]) == ("en", "no language model is there to translate")

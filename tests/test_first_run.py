"""`profai setup`, the first run: in a terminal on a virtual sound card, without any device, and without a terminal."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from profai_cli.cli.picking import picked
from profai_cli.cli.understood import said_back
from profai_cli.errors import DeviceError
from profai_cli.ports import Frame
from profai_cli.sound.devices import Device
from tests.live import until
from tests.rig import MISSING, Rig
from tests.scripted import begin, environment, fruit_course, said
from tests.terminal import Terminal, needs_pty

on_a_rig = pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}")
pytestmark = pytest.mark.xdist_group("card")

SENTENCE = said("what is a list and how do I use it")


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    with Rig() as rig:
        yield rig


@pytest.fixture
def newcomer(tmp_path: Path, cache: Path) -> dict[str, str]:
    """Who has a small course, no keys, and a terminal for plain lines."""
    env = environment(tmp_path, cache)
    nowhere = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return {**env, **nowhere, "PROFAI_COURSES": str(fruit_course(tmp_path / "courses")), "PROFAI_PLAIN": "1"}


def kept(env: dict[str, str]) -> dict[str, object]:
    path = Path(env["PROFAI_SETTINGS"])
    return tomllib.loads(path.read_text()) if path.exists() else {}


def in_class(terminal: Terminal) -> None:
    """The class has begun, and is ended, without a goodbye that would have to be waited for."""
    terminal.wait("the class begins")
    terminal.wait("People have always loved")
    terminal.press("\x03")
    assert terminal.ends() == 130


@needs_pty
@on_a_rig
@pytest.mark.slow
def test_four_questions_are_asked_once_and_end_in_a_class(newcomer: dict[str, str], rig: Rig) -> None:
    with Terminal(["setup"], newcomer) as terminal:
        terminal.wait("Four questions at most")
        terminal.wait("Say a sentence")
        rig.say(SENTENCE).wait()
        terminal.wait("default hears you, up to")
        terminal.wait("I heard: ")
        terminal.wait("Use this microphone?")
        terminal.press("\r")
        terminal.wait("default plays a tone. Did you hear it?")
        terminal.press("9\r")
        terminal.wait("Error: No speaker matches '9'")
        terminal.press("0\r")
        terminal.wait("pulse plays a tone. Did you hear it?")
        terminal.press("n\r")
        until(lambda: terminal.text.count("default plays a tone.") == 2, "the next one")
        terminal.press("0\r")
        until(lambda: terminal.text.count("pulse plays a tone.") == 2, "the one before")
        terminal.press("\r")
        terminal.wait("headphones? [y/N]")
        terminal.press("y\r")
        terminal.wait("(keys, local) [local]")
        terminal.press("\r")
        terminal.wait("microphone the system's, speaker pulse, headphones yes, local yes. 'profai settings'")
        in_class(terminal)
        assert terminal.settings == terminal.before
    assert kept(newcomer) == {"microphone": "", "speaker": "pulse", "headphones": True, "local": True}
    with Terminal(["setup"], newcomer) as terminal:
        terminal.wait("Not asked again: microphone, speaker, headphones, local.")
        terminal.wait("Say a sentence")
        terminal.wait("Once more.")  # it was silent
        rig.say(SENTENCE).wait()
        terminal.wait("I heard: ")
        terminal.wait("Nothing new was saved.")
        in_class(terminal)
        assert "?" not in terminal.text.partition("the class begins")[0].replace("what is a list?", "")


@needs_pty
@on_a_rig
@pytest.mark.slow
def test_a_kept_device_that_is_gone_is_asked_for_again(newcomer: dict[str, str], rig: Rig) -> None:
    Path(newcomer["PROFAI_SETTINGS"]).write_text('microphone = "USB"\nspeaker = ""\nheadphones = true\nlocal = true\n')
    with Terminal(["setup"], newcomer) as terminal:
        terminal.wait("No microphone matches 'USB': choose from 0 (pulse), 1 (default).")
        terminal.wait("Say a sentence")
        rig.say(SENTENCE).wait()
        terminal.wait("Use this microphone?")
        terminal.press("pulse\r")
        until(lambda: terminal.text.count("Say a sentence") == 2, "another try")
        rig.say(SENTENCE).wait()
        until(lambda: terminal.text.count("Use this microphone?") == 2, "the question")
        terminal.press("y\r")
        in_class(terminal)
    assert kept(newcomer)["microphone"] == "pulse"


@needs_pty
def test_without_devices_and_keys_it_tells_and_goes_on(newcomer: dict[str, str], tmp_path: Path) -> None:
    with Terminal(["setup"], {**newcomer, "PULSE_SERVER": f"unix:{tmp_path / 'none'}"}) as terminal:
        terminal.wait("No microphone was found: plug one in; a class goes without")
        terminal.wait("No speaker was found: plug one in; a class goes without")
        terminal.wait("headphones? [y/N]")
        terminal.press("\r")
        terminal.wait("(keys, local) [local]")
        terminal.press("keys\r")
        for vendor in ("Deepgram", "ElevenLabs", "OpenAI"):
            terminal.wait(f"{vendor} key")
            terminal.press("\r")
        terminal.wait("There is no key: get one at https://console.deepgram.com")
        in_class(terminal)
    assert kept(newcomer) == {"headphones": False, "local": False}


@needs_pty
def test_the_class_goes_without_kept_devices_that_are_gone(newcomer: dict[str, str], tmp_path: Path) -> None:
    settings = {"microphone": "USB", "speaker": "USB", "headphones": True, "local": True}
    Path(newcomer["PROFAI_SETTINGS"]).write_text(
        "microphone = 'USB'\nspeaker = 'USB'\nheadphones = true\nlocal = true\n"
    )
    with Terminal(["setup"], {**newcomer, "PULSE_SERVER": f"unix:{tmp_path / 'none'}"}) as terminal:
        terminal.wait("No speaker was found: plug one in; a class goes without")
        in_class(terminal)
        assert "choose from" not in terminal.text
    assert kept(newcomer) == settings


@needs_pty
def test_ctrl_c_keeps_what_was_answered(newcomer: dict[str, str], tmp_path: Path) -> None:
    with Terminal(["setup"], {**newcomer, "PULSE_SERVER": f"unix:{tmp_path / 'none'}"}) as terminal:
        terminal.wait("headphones? [y/N]")
        terminal.press("y\r")
        terminal.wait("(keys, local) [local]")
        terminal.press("\x03")
        assert terminal.ends() == 130
        assert terminal.settings == terminal.before
        assert "Traceback" not in terminal.text
    assert kept(newcomer) == {"headphones": True}


def test_where_nobody_can_answer_it_says_so_and_takes_the_defaults_if_told(
    newcomer: dict[str, str], tmp_path: Path
) -> None:
    silent = {**newcomer, "PULSE_SERVER": f"unix:{tmp_path / 'none'}"}
    process = begin(["setup"], silent)
    _, err = process.communicate()
    assert process.returncode == 2
    assert err == "profai: These are questions, and nobody can answer them here: add --yes to take the defaults.\n"
    process = begin(["setup", "--yes"], silent)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert out.endswith("Nothing new was saved.\nReady: begin with profai class --interactive\n")
    assert kept(newcomer) == {}


def test_a_device_that_cannot_be_opened_is_told_and_may_be_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    only = Device(0, "USB", "ALSA", 1, 0, 48_000, default_input=False, default_output=False)
    names: list[str | None] = []

    def attempt(name: str | None) -> bool:
        names.append(name)
        if len(names) == 1:
            raise DeviceError("It is busy.")
        return len(names) > 2

    with CliRunner().isolation(input="n\nn\n") as (out, _, _):
        assert picked("microphone", [only], attempt) == "USB"
    assert names == ["USB"] * 3
    assert b"It is busy." in out.getvalue()


def test_what_cannot_be_understood_is_said(monkeypatch: pytest.MonkeyPatch, newcomer: dict[str, str]) -> None:
    for name in ("PROFAI_SETTINGS", "PROFAI_DATA", "PROFAI_CACHE", "PROFAI_COURSES"):
        monkeypatch.setenv(name, newcomer[name])
    silence = [Frame(block / 100, bytes(320), 0) for block in range(20)]
    assert said_back(silence) == (False, "I understood no word of it.")
    monkeypatch.setenv("PROFAI_COURSE", "99")
    well, sentence = said_back(silence)
    assert well
    assert sentence.startswith("There is no course '99'")

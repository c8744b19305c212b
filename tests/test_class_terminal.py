"""A class in a real terminal: the live screen, typed questions, Ctrl-C, and what a pipe gets."""

import re
from pathlib import Path

import numpy as np
import pytest

from profai_cli.events import FinalTranscript
from profai_cli.sound import made
from profai_cli.storage.event_log import read_events
from tests.scripted import begin, finish, fruit_course, write_wav
from tests.terminal import Terminal, needs_pty

pytestmark = [needs_pty, pytest.mark.xdist_group("terminal")]

FOOTER = "space pause q quit"
QUESTION = "what is a kiwi"
ANSWER = "In this lesson: A kiwi is a small brown berry."


@pytest.fixture
def class_(tmp_path: Path) -> list[object]:
    """Its speaker is a file, so that the tests are quiet everywhere."""
    return ["class", "--courses", fruit_course(tmp_path / "courses"), "--interactive", "--output", tmp_path / "out.wav"]


def test_the_live_screen_answers_a_typed_question_and_ctrl_c_gives_the_terminal_back(
    class_: list[object], env: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "events.jsonl"
    with Terminal([*class_, "--events", log], env) as terminal:
        terminal.wait(FOOTER)
        terminal.wait("People have always loved sweet fruit")
        terminal.press(QUESTION + "\r")
        terminal.wait(f"you: {QUESTION}")
        terminal.wait(f"tutor: {ANSWER} (All about fruit)")
        assert terminal.settings != terminal.before
        terminal.press("\x03")
        assert terminal.ends() == 130
        assert terminal.settings == terminal.before
        cursor = re.findall(r"\x1b\[\?25[hl]", terminal.raw)
        assert cursor[0] == "\x1b[?25l"
        assert cursor[-1] == "\x1b[?25h"
        assert "Traceback" not in terminal.text
    typed = [x for x in read_events(log) if isinstance(x, FinalTranscript) and x.source == "typed"]
    assert [x.text for x in typed] == [QUESTION]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A room's impulse response, as `--room` takes it."""
    return write_wav(tmp_path / "room.wav", np.rint(made.room(0.2, -18) * 32767).astype(np.int16))


def test_the_live_screen_says_what_the_ears_know_and_who_speaks_and_answers(
    class_: list[object], env: dict[str, str], room: Path
) -> None:
    with Terminal([*class_, "--room", room, "--tts", "espeak", "--model", "course"], env) as terminal:
        terminal.wait("voice espeak en-us+f3 · answers course search")
        terminal.wait("echo cancelled")
        assert " gaps " not in terminal.text


@pytest.mark.parametrize("option", ["--headphones", "--no-aec"])
def test_where_no_echo_is_cancelled_none_is_told(
    class_: list[object], env: dict[str, str], room: Path, option: str
) -> None:
    out = finish(begin([*class_, "--room", room, "--fast", "--minutes", 0.1, option], env))
    assert "tutor: " in out
    assert "echo: " not in out


def test_plain_lines_in_a_terminal_scroll_and_a_typed_line_is_answered(
    class_: list[object], env: dict[str, str]
) -> None:
    with Terminal([*class_, "--plain"], env) as terminal:
        terminal.wait("tutor: People have always loved sweet fruit")
        terminal.press(QUESTION + "\n")
        terminal.wait(f"you: {QUESTION}")
        terminal.wait(f"answer: {ANSWER}")
        terminal.press("\x03")
        assert terminal.ends() == 130
        assert "\x1b" not in terminal.raw
        assert terminal.settings == terminal.before


def test_a_pipe_gets_lines_without_escape_codes(class_: list[object], env: dict[str, str]) -> None:
    out = finish(begin([*class_, "--fast", "--minutes", 0.1], env))
    assert "\x1b" not in out
    assert re.search(r"^tutor: People have", out, re.MULTILINE)
    assert re.search(r"^answers: course search$", out, re.MULTILINE)
    assert all(re.match(r"[a-z]+: \w", line) for line in out.splitlines())


ESCAPED = {
    "course.toml": 'title = "[bold]Red[/] \\u001b[2J\\u001b]0;owned\\u0007herrings"\nlanguage = "en"\n'
    '[[modules]]\nfolder = "one"\ntitle = "\\u001b[31m[link=http://x]One\\u009b2J"\n',
    "one/1.md": "# [/] Two\x1b[31m[red]\n\nPlain \x1b]0;owned\x07words \x1b[2Jhere[blink], \x9b2Jtoo\x07 [/red].\n\n"
    "A second sentence \x1bcfollows [@click=x]it[/].\n",
}
HARMFUL = ("\x1b[2J", "\x1b]0;", "\x1bc", "\x07", "\x9b", "owned")


@pytest.fixture
def escaped(tmp_path: Path) -> list[object]:
    """A class on a course full of escape codes and markup."""
    for name, text in ESCAPED.items():
        path = tmp_path / "escaped" / "1-red" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return ["class", "--courses", tmp_path / "escaped", "--output", tmp_path / "out.wav", "--minutes", 0.05]


@pytest.mark.parametrize("options", [(), ("--plain",)], ids=["live", "plain"])
def test_escape_codes_and_markup_of_a_course_reach_the_terminal_as_text(
    escaped: list[object], env: dict[str, str], options: tuple[str, ...]
) -> None:
    with Terminal([*escaped, *options], env) as terminal:
        terminal.wait("[bold]Red[/] herrings")
        terminal.wait("Plain words here blink, too red.")
        assert terminal.ends() == 0
        assert not [code for code in HARMFUL if code in terminal.raw]

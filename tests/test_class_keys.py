"""A class in a real terminal, driven by keys: steered, suspended, resized and ended; the terminal is as it was after
every kind of end."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from profai_cli import events as e
from profai_cli.storage.event_log import read_events
from profai_cli.storage.progress import Progress
from tests.live import alive, needs_proc, until
from tests.scripted import fruit_course, said, write_wav
from tests.tmux import Tmux, needs_tmux

pytestmark = [needs_tmux, needs_proc, pytest.mark.xdist_group("terminal")]

QUESTION = "what is a kiwi"
ANSWER = "A kiwi is a small brown berry."


@pytest.fixture
def class_(tmp_path: Path, log: Path) -> list[object]:
    """Its microphone and its speaker are files. Who says the question again in an hour is still there to go on."""
    courses = fruit_course(tmp_path / "courses")
    question = write_wav(tmp_path / "q.wav", said(QUESTION))
    files = ["--input", f"4:{question}", "--input", f"3600:{question}", "--output", tmp_path / "out.wav"]
    return ["class", "--courses", courses, "--interactive", "--learner", "kim", *files, "--events", log]


@pytest.fixture
def terminal(tmp_path: Path, env: dict[str, str]) -> Iterator[Tmux]:
    with Tmux(tmp_path, env) as terminal:
        yield terminal


def of(log: Path, kind: type[e.Event]) -> list[e.Event]:
    return [event for event in read_events(log) if type(event) is kind]


def logged(log: Path, kind: type[e.Event], count: int = 1) -> None:
    """Wait for so many events of a kind."""
    until(lambda: len(of(log, kind)) >= count, f"{count} {kind.__name__}")


def keys(log: Path) -> list[str]:
    """What was asked for by key; not that lines were begun."""
    return [event.action for event in of(log, e.Control) if event.action != "typing"]


def test_a_class_is_steered_by_keys_from_its_begin_to_its_end(terminal: Tmux, class_: list[object], log: Path) -> None:
    before = terminal.settings
    terminal.profai(class_)
    terminal.wait("People have always loved sweet fruit")
    terminal.wait_said(f"you: {QUESTION}")  # said
    terminal.wait_said(f"tutor: In this lesson: {ANSWER}")
    terminal.press("Space")
    terminal.wait("paused")
    terminal.press("Right")
    logged(log, e.LessonMoved)
    terminal.press("+")
    logged(log, e.VoiceTuned)
    terminal.press("m")
    terminal.wait("mic muted")
    terminal.resize(70, 20)
    terminal.press("?")
    terminal.wait("quit; the place is kept")
    terminal.press("?")
    terminal.write("why")
    terminal.wait("type why")
    terminal.press("Escape")
    terminal.wait("type why", gone=True)
    terminal.write("now what")  # n is a key, and none of a word
    terminal.wait("type now what")
    terminal.press("C-u")
    terminal.paste("what is a kiwi\nq")
    terminal.wait("type what is a kiwi q")
    terminal.press("Enter")
    terminal.wait("answering")
    terminal.press("q")
    until(lambda: of(log, e.TutorState)[-1].state in ("leaving", "done"), "the goodbye")
    terminal.press("q")  # enough of it
    terminal.wait("ended with 0")
    assert "The class is over: " in terminal.text
    terminal.resize(100, 30)
    assert (terminal.cursor, terminal.settings) == (True, before)
    assert "Traceback" not in terminal.text
    assert keys(log)[:4] == ["pause_or_go_on", "next_sentence", "faster", "quit"]
    assert [x.state for x in of(log, e.TutorState)][-2:] == ["leaving", "done"]
    assert [(x.text, x.source) for x in of(log, e.FinalTranscript)] == [(QUESTION, "voice"), (f"{QUESTION} q", "typed")]
    assert [x.muted for x in of(log, e.MicrophoneMuted)] == [True]
    assert of(log, e.ClassComplete)[0].reason == "quit"


def test_ctrl_z_gives_the_terminal_back_and_after_fg_the_class_goes_on(
    terminal: Tmux, class_: list[object], log: Path
) -> None:
    before = terminal.settings
    terminal.profai([*class_, "--model", "course"])
    for times in (1, 2):
        terminal.wait("teaching")
        terminal.press("C-z")
        terminal.wait("Stopped")
        assert terminal.cursor
        assert terminal.settings == before
        assert of(log, e.TutorState)[-1].state == "paused"
        terminal.type("clear; fg; echo ended with $?")
        logged(log, e.TtsResumed, times)
    terminal.press("Space")
    terminal.wait("paused")
    terminal.press("C-z")
    terminal.wait("Stopped")
    terminal.type("clear; fg; echo ended with $?")
    terminal.wait("paused")
    terminal.press("q")
    terminal.wait("ended with 0")
    assert terminal.settings == before
    actions = ["pause", "go_on", "pause", "go_on", "pause_or_go_on", "quit"]
    assert keys(log) == actions


def test_plain_lines_take_a_key_by_its_letter_and_ctrl_z(terminal: Tmux, class_: list[object], log: Path) -> None:
    before = terminal.settings
    terminal.profai([*class_, "--plain"])
    terminal.wait("tutor: People have always")
    terminal.type("m")
    terminal.wait("microphone: muted")
    terminal.wait("microphone: you are muted: type m and Enter")  # the question is said in vain
    terminal.type("?")
    terminal.wait("key: q and Enter, quit; the place is kept")
    terminal.type("f")
    terminal.wait("figure: no turn was measured yet")
    terminal.press("C-z")
    terminal.wait("Stopped")
    assert terminal.settings == before
    terminal.type("fg; echo ended with $?")
    logged(log, e.TtsResumed)
    terminal.type("n")
    terminal.wait("key: next topic")
    terminal.type("q")
    terminal.wait("ended with 0")
    assert terminal.settings == before
    assert keys(log) == ["pause", "go_on", "next_topic", "quit"]


ENDS: dict[str, tuple[Callable[[Tmux], None], int]] = {
    "Ctrl-C": (lambda terminal: terminal.press("C-c"), 130),
    "Ctrl-backslash": (lambda terminal: terminal.press("C-\\"), 131),
    "SIGTERM": (lambda terminal: os.kill(terminal.child, signal.SIGTERM), 143),
    "SIGHUP": (lambda terminal: os.kill(terminal.child, signal.SIGHUP), 129),
    "quit twice": (lambda terminal: terminal.press("q", "q"), 0),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_terminal_is_as_it_was_after_every_end(
    terminal: Tmux, class_: list[object], log: Path, env: dict[str, str], end: str
) -> None:
    before = terminal.settings
    terminal.profai(class_)
    terminal.wait("2 of 8")
    act, code = ENDS[end]
    act(terminal)
    terminal.wait(f"ended with {code}")
    assert (terminal.cursor, terminal.settings) == (True, before)
    assert "Traceback" not in terminal.text
    assert of(log, e.ClassComplete)
    assert kept(env) == place(log)


def test_a_fault_of_profai_gives_the_terminal_back(terminal: Tmux, tmp_path: Path) -> None:
    before = terminal.settings
    courses = fruit_course(tmp_path / "courses")
    terminal.type(f"{sys.executable} -m tests.crashing {courses} {tmp_path / 'out.wav'}; echo ended with $?")
    terminal.wait("ended with 1")
    assert "RuntimeError: a fault of profai" in terminal.text
    assert (terminal.cursor, terminal.settings) == (True, before)


def test_a_terminal_that_is_closed_ends_the_class_and_the_place_is_kept(
    terminal: Tmux, class_: list[object], log: Path, env: dict[str, str]
) -> None:
    terminal.profai(class_)
    terminal.wait("2 of 8")
    process = terminal.child
    terminal.hang_up()
    until(lambda: not alive([process]), "the end of the class")
    assert of(log, e.ClassComplete)[0].reason == "stopped"
    assert kept(env) == place(log)


def place(log: Path) -> list[int]:
    """The last that was to be kept."""
    return [x.command for x in of(log, e.Decision) if x.command["command"] == "save_place"][-1]["place"]


def kept(env: dict[str, str]) -> list[int]:
    """That which the next class has."""
    (study,) = Progress(Path(env["PROFAI_DATA"]), "kim").studies().values()
    assert study.left
    return [*study.left.topic[:2], *study.left[1:3]]

"""How failures read: one sentence; in a terminal in a frame; with --debug its trace in a file, without any key."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from profai_cli.cli.failing import tell
from profai_cli.errors import InputError
from tests.scripted import ROOT, begin
from tests.terminal import Terminal, needs_pty

SECRET = "sk-secret-0123456789"

BROKEN = """
import sys
from profai_cli.settings import Key
from profai_cli.storage import courses
key = Key({secret!r})
def broken(*_): raise ZeroDivisionError("with " + key.reveal())
courses.list_courses = broken
from profai_cli.cli.main import main
main(sys.argv[1:])
"""
"""A profai with a mistake, whose message tells a key."""


def broken(env: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", BROKEN.format(secret=SECRET), *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def traces(env: dict[str, str]) -> list[str]:
    return [path.read_text() for path in sorted(Path(env["PROFAI_DATA"]).glob("log/failure-*.txt"))]


def test_a_mistake_of_profai_is_one_sentence(env: dict[str, str]) -> None:
    done = broken(env, "courses")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "profai: profai made a mistake (ZeroDivisionError: with [key]): "
        "run it again with --debug, and report the file that it names.\n"
    )
    assert traces(env) == []


@pytest.mark.parametrize(
    "arguments", [["--debug", "courses"], ["courses", "--debug"], ["courses", "list", "--debug"]], ids=" ".join
)
def test_with_debug_the_file_with_its_trace_is_named(env: dict[str, str], arguments: list[str]) -> None:
    done = broken(env, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    (trace,) = traces(env)
    named = re.search(r"; the trace is in '(.*)'\.$", done.stderr.strip())
    assert named
    assert Path(named[1].replace("\\\\", "\\")).read_text() == trace
    assert "Traceback" in trace
    assert "ZeroDivisionError: with [key]" in trace
    assert SECRET not in trace + done.stderr


@pytest.mark.parametrize(
    "arguments", [["class", "--course", "99"], ["class", "--nonsense"], ["nonsense"]], ids=" ".join
)
def test_with_debug_an_error_that_is_meant_has_a_trace_as_well(env: dict[str, str], arguments: list[str]) -> None:
    for before, after in ((["--debug"], []), ([], ["--debug"])):
        process = begin([*before, *arguments, *after], env)
        out, err = process.communicate()
        assert (process.returncode, out, err.count("\n")) == (2, "", 1)
        assert "; the trace is in " in err
    assert "Traceback" in traces(env)[0]


def test_a_trace_that_cannot_be_written_is_told(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = broken({**env, "PROFAI_DATA": str(tmp_path / "file")}, "--debug", "courses")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "; its trace could not be written: Cannot write in " in done.stderr


@needs_pty
@pytest.mark.parametrize(
    "arguments", [["class", "--course", "99"], ["nonsense"], ["class", "--minutes", "0"]], ids=" ".join
)
def test_in_a_terminal_it_is_framed(env: dict[str, str], arguments: list[str]) -> None:
    with Terminal(arguments, env) as terminal:
        assert terminal.ends() == 2
        terminal.wait("╭─ profai ─")
        terminal.wait("╯")
        assert "\x1b[31m" in terminal.raw


@needs_pty
def test_without_colours_there_are_none(env: dict[str, str]) -> None:
    with Terminal(["nonsense"], {**env, "NO_COLOR": "1"}) as terminal:
        assert terminal.ends() == 2
        terminal.wait("╯")
        assert "\x1b[3" not in terminal.raw


@needs_pty
@pytest.mark.parametrize("kept", [{}, {"PROFAI_PLAIN": "1"}], ids=["typed", "kept"])
def test_for_a_screen_reader_there_is_no_frame(env: dict[str, str], kept: dict[str, str]) -> None:
    with Terminal(["class", "--course", "99", *([] if kept else ["--plain"])], {**env, **kept}) as terminal:
        assert terminal.ends() == 2
        terminal.wait("profai: There is no course '99'")
        assert "╭" not in terminal.text


ELSEWHERE = """
import asyncio, sys, threading
from profai_cli.cli.access import run
from profai_cli.storage import courses
def mistake(): raise ZeroDivisionError("in a thread")
async def nobody_waits():
    async def mistaken(): raise ZeroDivisionError("in a task")
    task = asyncio.create_task(mistaken())
    await asyncio.sleep(0)
    del task
def both(*_):
    thread = threading.Thread(target=mistake)
    thread.start()
    thread.join()
    run(nobody_waits())
    return []
courses.list_courses = both
from profai_cli.cli.main import main
main(["courses", *sys.argv[1:]])
"""
"""Mistakes that do not end the command."""


def test_mistakes_of_threads_and_tasks_are_sentences_too(env: dict[str, str]) -> None:
    command = [sys.executable, "-c", ELSEWHERE]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert re.findall(r"^profai: profai made a mistake \((.*)\): ", done.stderr, re.MULTILINE) == [
        "ZeroDivisionError: in a thread",
        "ZeroDivisionError: in a task",
    ]
    assert done.stderr.count("\n") == 2
    done = subprocess.run([*command, "--debug"], env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (0, 2)
    assert "ZeroDivisionError: in a t" in "".join(traces(env))


INTERRUPTED = """
import os, signal, sys
class Finder:
    def find_spec(name, path=None, target=None):
        if name == {name!r}: os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder)
sys.argv = ["profai", "courses"]
from profai_cli.__main__ import main
main()
"""
"""Ctrl-C comes while a module is looked for."""


CHATTY = """
import atexit, logging, warnings
def chatter():
    logging.getLogger("matplotlib").warning("Matplotlib created a temporary cache directory")
    warnings.warn("a library is old")
atexit.register(chatter)
from profai_cli.cli.main import main
main(["courses"])
"""
"""Libraries that log and warn, which Python would print."""


def test_what_libraries_log_does_not_reach_the_terminal(env: dict[str, str]) -> None:
    command = [sys.executable, "-c", CHATTY]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("module", ["profai_cli.cli.main", "click", "profai_cli.errors", "profai_cli.cli.courses"])
def test_ctrl_c_while_the_program_is_read_shows_nothing(env: dict[str, str], module: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED.format(name=module)]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (-signal.SIGINT, 130)
    assert (done.stdout, done.stderr.strip()) == ("", "")


def test_the_program_begins_as_a_module_too(env: dict[str, str]) -> None:
    command = [sys.executable, "-m", "profai_cli", "courses", "--json"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_standard_output_on_a_full_disk_is_one_sentence(env: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "profai_cli", "settings", "path"]
        done = subprocess.run(command, env=env, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    told = "profai: Standard output takes no more (No space left on device); make room there.\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_a_failure_is_told_whatever_is_wrong_with_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text(f"minutes = {'9' * 5_000}\n")
    monkeypatch.setenv("PROFAI_SETTINGS", str(tmp_path / "settings.toml"))
    assert tell(InputError("It is wrong."), []) == 2
    assert capsys.readouterr().err == "profai: It is wrong.\n"

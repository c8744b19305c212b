"""A shell in a terminal as people use one, of tmux: what is on its screen, its keys, its size, and what `stty` says."""

import itertools
import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.live import until
from tests.scripted import PROFAI, ROOT

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")

_NUMBERS = itertools.count()


class Tmux:
    """A context: a shell with job control in a terminal of `columns` x `rows`, ended with all that runs in it."""

    def __init__(self, folder: Path, env: Mapping[str, str], columns: int = 100, rows: int = 30) -> None:
        self._folder = folder
        self._env = {**env, "ENV": "", "LC_ALL": "C.UTF-8"}
        self._size = columns, rows
        self._socket = f"profai-{os.getpid()}-{next(_NUMBERS)}"

    def __enter__(self) -> "Tmux":
        columns, rows = self._size
        self._tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(ROOT), "sh -i", config=True)
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self.type("set +o emacs; PS1=the-; PS1=${PS1}shell:")
        self.wait("the-shell:")
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server", check=False)

    @property
    def text(self) -> str:
        """What is on the screen now, all white space single."""
        return " ".join(self._tmux("capture-pane", "-p").split())

    @property
    def history(self) -> str:
        """All that was ever printed and is still there, with what is on the screen now; all white space single."""
        return " ".join(self._tmux("capture-pane", "-p", "-S", "-").split())

    @property
    def cursor(self) -> bool:
        """It can be seen."""
        return self._tmux("display-message", "-p", "#{cursor_flag}").strip() == "1"

    @property
    def child(self) -> int:
        """The process that the shell runs."""
        shell = self._tmux("display-message", "-p", "#{pane_pid}").strip()
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[-1])

    @property
    def settings(self) -> str:
        """What `stty -a` says, when the shell waits for a command."""
        file = self._folder / "stty.txt"
        file.unlink(missing_ok=True)
        self.type(f"stty -a > {shlex.quote(str(file))}.new && mv {shlex.quote(str(file))}.new {shlex.quote(str(file))}")
        until(file.exists, "stty")
        return file.read_text()

    def profai(self, command: Sequence[object]) -> None:
        """Have the shell run `profai`, and say with what it ended."""
        self.type(f"{shlex.join([*PROFAI, *map(str, command)])}; echo ended with $?")

    def type(self, line: str) -> None:
        """A line, and Enter."""
        self._tmux("send-keys", "-l", line)
        self.press("Enter")

    def write(self, text: str) -> None:
        """Letters, one after the other."""
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Keys by the names that tmux gives them: Space, Left, C-z."""
        self._tmux("send-keys", *keys)

    def paste(self, text: str) -> None:
        """Paste, marked as such where the program asked for that."""
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer", "-p", "-r")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def hang_up(self) -> None:
        """Close the terminal."""
        self._tmux("kill-server")

    def wait(self, text: str, *, gone: bool = False) -> None:
        """Until `text` is on the screen, or is gone from it."""
        try:
            until(lambda: (text in self.text) is not gone, f"{text!r} {'gone from' if gone else 'on'} the screen")
        except AssertionError as error:
            raise AssertionError(f"{error}, which shows {self.text!r}") from None

    def wait_said(self, text: str) -> None:
        """Until `text` was left above the live screen: where that is tall, it scrolls off at the next line."""
        until(lambda: text in self.history, f"{text!r} above the screen")

    def _tmux(self, *command: str, config: bool = False, check: bool = True) -> str:
        start = ["-f", os.devnull] if config else []
        done = subprocess.run(
            ["tmux", "-u", "-L", self._socket, *start, *command],
            env=self._env,
            capture_output=True,
            text=True,
            check=check,
        )
        return done.stdout

"""A terminal of its own for a command: a pty whose output is kept, and whose settings can be compared."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence

import pytest

from tests.live import until
from tests.scripted import PROFAI, ROOT

needs_pty = pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals here")

ROWS, COLUMNS = 24, 80

OWN_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes standard input the controlling terminal, so that Ctrl-C is a signal, and becomes the command."""

ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


class Terminal:
    """`profai` in a terminal. Killed at the end of the block, if it still runs."""

    def __init__(
        self,
        command: Sequence[object],
        env: Mapping[str, str],
        program: Sequence[str] = PROFAI,
        term: str = "xterm-256color",
    ) -> None:
        import pty
        import termios

        self._ours, self._its = pty.openpty()
        termios.tcsetwinsize(self._its, (ROWS, COLUMNS))
        self.before = self.settings
        self._output = bytearray()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWN_TERMINAL, *program, *map(str, command)],
            env={**env, "TERM": term},
            cwd=ROOT,
            stdin=self._its,
            stdout=self._its,
            stderr=self._its,
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._its)
        self._reader.join()
        os.close(self._ours)

    @property
    def settings(self) -> list[object]:
        """What `stty` shows."""
        import termios

        return termios.tcgetattr(self._its)

    @property
    def raw(self) -> str:
        """All that came to the terminal so far."""
        return self._output.decode(errors="replace")

    @property
    def text(self) -> str:
        """The same without escape codes, all white space single: lines may have been broken anywhere."""
        return " ".join(ESCAPES.sub("", self.raw).split())

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def wait(self, text: str) -> None:
        """Until `text` was shown."""
        until(lambda: text in self.text or self.process.poll() is not None, f"{text!r} in the terminal")
        assert text in self.text, f"it ended with {self.process.returncode}: {self.text[-500:]}"

    def ends(self) -> int:
        """Its exit code, when it has ended."""
        return self.process.wait(60)

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._ours, 65_536)
            except OSError:  # Linux: nobody holds the other end any more
                return
            if not data:
                return
            self._output += data

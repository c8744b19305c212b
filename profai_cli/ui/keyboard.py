"""Typed questions: whole lines from the terminal, read in a thread of their own.

Beside the live screen the terminal's own echo would garble the picture, so the line is edited here and shown
by the screen. Windows is written for and untried.
"""

import os
import select
import sys
import threading
from collections.abc import Callable
from typing import Any

BACKSPACE = ("\b", "\x7f")
ERASE_LINE = "\x15"
POLL_SECONDS = 0.2


class Keyboard:
    """Calls `on_line` with each line and, where given, `on_typing` with the line so far after every key.

    Both are called from the keyboard's thread. With `on_typing` the terminal does not echo until `stop`.
    """

    def __init__(self, on_line: Callable[[str], None], on_typing: Callable[[str], None] | None = None) -> None:
        self._on_line, self._on_typing = on_line, on_typing
        self._stopped = threading.Event()
        self._saved: list[Any] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read; the terminal's settings are kept for `stop`."""
        if self._on_typing and os.name == "posix":
            import termios  # noqa: PLC0415 - not there on Windows
            import tty  # noqa: PLC0415

            self._saved = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin)  # keys at once, without echo; Ctrl-C is still a signal
        run = self._edit if self._on_typing else self._read
        self._thread = threading.Thread(target=run, name="keyboard", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give the terminal back as it was. Idempotent."""
        self._stopped.set()
        if self._on_typing and self._thread and self._thread is not threading.current_thread():
            self._thread.join(2 * POLL_SECONDS)  # the other way to read cannot be woken
        if self._saved is not None:
            import termios  # noqa: PLC0415 - as above

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._saved)
            self._saved = None

    def _read(self) -> None:
        for line in sys.stdin:
            if self._stopped.is_set():
                return
            if line.strip():
                self._on_line(line.strip())

    def _edit(self) -> None:
        assert self._on_typing
        line = ""
        while not self._stopped.is_set():
            for key in self._keys():
                if key in ("\n", "\r"):
                    if line.strip():
                        self._on_line(line.strip())
                    line = ""
                elif key in BACKSPACE:
                    line = line[:-1]
                elif key == ERASE_LINE:
                    line = ""
                elif key.isprintable():
                    line += key
                self._on_typing(line)

    def _keys(self) -> str:
        """Keys pressed since the last call, after a short wait; escape sequences of arrow keys are left out."""
        if os.name != "posix":
            import msvcrt  # noqa: PLC0415 - Windows only

            self._stopped.wait(POLL_SECONDS / 4)
            return "".join(msvcrt.getwch() for _ in iter(msvcrt.kbhit, False))  # type: ignore[attr-defined,unused-ignore] # Windows
        if not select.select([sys.stdin], [], [], POLL_SECONDS)[0]:
            return ""
        keys = os.read(sys.stdin.fileno(), 1024)
        if not keys:  # the terminal is gone
            self._stopped.set()
        return "" if keys.startswith(b"\x1b") else keys.decode(sys.stdin.encoding, "ignore")

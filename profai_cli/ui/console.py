"""The terminal as a keyboard: characters as they are pressed, without echo, and everything as it was afterwards.

Ctrl-C, Ctrl-\\ and Ctrl-Z stay signals. Windows is written for and untried.
"""

import codecs
import contextlib
import os
import select
import sys
import threading
from typing import Any, Final, Protocol

from profai_cli.ui.strokes import PASTE_OFF, PASTE_ON

POLL_SECONDS: Final = 0.02
"""Between looks at a keyboard that cannot be waited for."""

BURST: Final = 4
"""Characters that come at once, in so many no finger types them: a paste, where the terminal does not mark it."""


class Console(Protocol):
    """A terminal that was taken. `read` runs in one thread, all else in another."""

    def take(self) -> None:
        """Have keys come at once and without echo."""

    def read(self, seconds: float | None) -> str | None:
        """What was typed, as soon as there is something; "" after `seconds`; None when there is nothing more."""

    def stop(self) -> None:
        """End `read`."""

    def give_back(self) -> None:
        """Leave the terminal as it was."""


def console() -> Console:
    """That of this system."""
    return PosixConsole() if os.name == "posix" else WindowsConsole()


class PosixConsole:
    """Linux and macOS."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder(sys.stdin.encoding)("ignore")
        self._saved: list[Any] = []
        self._wake = self._waker = -1

    def take(self) -> None:
        """See `Console`."""
        import termios  # noqa: PLC0415 - not there on Windows
        import tty  # noqa: PLC0415

        self._wake, self._waker = os.pipe()
        self._saved = termios.tcgetattr(sys.stdin)
        tty.setcbreak(sys.stdin)
        _write(PASTE_ON)

    def read(self, seconds: float | None) -> str | None:
        """See `Console`."""
        while True:
            ready = select.select([sys.stdin, self._wake], [], [], seconds)[0]
            if self._wake in ready:
                return None
            if not ready:
                return ""
            try:
                data = os.read(sys.stdin.fileno(), 4096)
            except OSError:  # the terminal is gone
                return None
            if not data:
                return None
            if text := self._decoder.decode(data):  # else the rest of a character follows
                return text

    def stop(self) -> None:
        """See `Console`."""
        os.write(self._waker, b".")

    def give_back(self) -> None:
        """See `Console`."""
        import termios  # noqa: PLC0415 - as above

        _write(PASTE_OFF)
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._saved)
        os.close(self._wake)
        os.close(self._waker)


def _write(codes: str) -> None:
    if sys.__stdout__ is not None and sys.__stdout__.isatty():
        with contextlib.suppress(OSError):  # the terminal is gone
            os.write(sys.__stdout__.fileno(), codes.encode())


class WindowsConsole:
    """Windows, whose console gives keys at once and without echo by itself. Untried."""

    ARROWS: Final = {"K": "\x1b[D", "M": "\x1b[C"}
    """The second code of the arrow keys; the first is one of these two: 0, 0xe0."""
    PREFIXES: Final = ("\x00", "\xe0")

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def take(self) -> None:
        """See `Console`."""
        self._stopped.clear()

    def read(self, seconds: float | None) -> str | None:
        """See `Console`."""
        waited = 0.0
        while not (keys := self._pressed()):
            if self._stopped.wait(POLL_SECONDS):
                return None
            waited += POLL_SECONDS
            if seconds is not None and waited >= seconds:
                return ""
        return keys

    def stop(self) -> None:
        """See `Console`."""
        self._stopped.set()

    def give_back(self) -> None:
        """See `Console`."""

    def _pressed(self) -> str:
        import msvcrt  # noqa: PLC0415 - Windows only

        keys, typed = "", 0
        while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore] # Windows
            key = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore] # as above
            if key in self.PREFIXES and msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore] # as above
                key = self.ARROWS.get(msvcrt.getwch(), "")  # type: ignore[attr-defined,unused-ignore] # as above
            else:
                typed += 1
            keys += key
        return f"\x1b[200~{keys}\x1b[201~" if typed >= BURST else keys

"""The signals of a terminal: those that end a class in order, and Ctrl-Z, which suspends it."""

import asyncio
import contextlib
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Final

from profai_cli.cli.exits import INTERRUPTED, TERMINATED

_FIRST: Final = 128
"""Shells expect this and the signal's number as the exit code."""

_NAMES: Final = {"SIGINT": INTERRUPTED, "SIGTERM": TERMINATED} | {
    name: _FIRST + getattr(signal, name) for name in ("SIGHUP", "SIGQUIT", "SIGBREAK") if hasattr(signal, name)
}
EXIT_CODES: Final = {signal.Signals[name]: code for name, code in _NAMES.items()}
"""Ctrl-C, a polite end, a terminal that was closed, Ctrl-\\, and Ctrl-Break on Windows."""

FADE: Final = 0.3
"""Seconds until what was said last has left a slow speaker too, such as one of Bluetooth, and the process may stop."""


@contextlib.contextmanager
def endings(stop: Callable[[], None]) -> Iterator[list[signal.Signals]]:
    """Have the signals of `EXIT_CODES` call `stop`; the list tells which came first. Ignored ones stay so (nohup)."""
    received: list[signal.Signals] = []

    def handle(number: int, _frame: object) -> None:
        received.append(signal.Signals(number))
        if signal.Signals(number).name == "SIGHUP":
            _leave_terminal()
        stop()

    heeded = [number for number in EXIT_CODES if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in heeded}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave_terminal() -> None:
    """Whatever is still written to a terminal that was closed goes nowhere, and breaks nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and _is_closed_terminal(stream.fileno()):
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def _is_closed_terminal(file: int) -> bool:
    return stat.S_ISCHR(os.fstat(file).st_mode) and not os.isatty(file)


@contextlib.contextmanager
def suspensions(leave: Callable[[], None], hide: Callable[[], None], come_back: Callable[[], None]) -> Iterator[None]:
    """Where there is job control, Ctrl-Z calls `leave`, `hide`, stops the process, and calls `come_back` after `fg`.

    All are called in the loop, which must run.
    """
    if not hasattr(signal, "SIGTSTP") or signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN:
        yield
        return
    loop = asyncio.get_running_loop()
    under_way = False

    def begin() -> None:
        nonlocal under_way
        if not under_way:
            under_way = True
            leave()
            loop.call_later(FADE, stop)

    def stop() -> None:
        nonlocal under_way
        hide()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)  # to this thread: it goes on after SIGCONT only
        signal.signal(signal.SIGTSTP, handle)
        under_way = False
        come_back()

    def handle(_number: int, _frame: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed: the class is over
            loop.call_soon_threadsafe(begin)

    before = signal.signal(signal.SIGTSTP, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)

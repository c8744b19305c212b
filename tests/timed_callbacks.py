"""`profai`, with its audio callbacks timed and its threads named: python -m tests.timed_callbacks FILE ARGUMENTS ...

The program itself is untouched: what PortAudio calls is a clock around its callback. At the end FILE has the times.
"""

import ctypes
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import sounddevice

from profai_cli.cli.main import main

SET_NAME: Final = 15
"""PR_SET_NAME: see prctl(2)."""


class Timed:
    """A callback with a clock around it. Lists of seconds: how long it took, of which it had the processor, and the
    time since it was called before."""

    def __init__(self, kind: str, callback: Callable[..., None]) -> None:
        self.kind = kind
        self.took: list[float] = []
        self.worked: list[float] = []
        self.gaps: list[float] = []
        self._callback = callback
        self._called: float | None = None

    def __call__(self, *arguments: object) -> None:
        if self._called is None:
            name_thread(f"{self.kind} callback")
        worked, begin = time.thread_time(), time.perf_counter()
        self._callback(*arguments)
        self.took.append(time.perf_counter() - begin)
        self.worked.append(time.thread_time() - worked)
        if self._called is not None:
            self.gaps.append(begin - self._called)
        self._called = begin

    @property
    def times(self) -> dict[str, object]:
        return {"kind": self.kind, "took": self.took, "worked": self.worked, "gaps": self.gaps}


def name_thread(name: str) -> None:
    """What /proc/PID/task/TID/comm says of this thread; Python names none before 3.14."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_NAME, name[:15].encode(), 0, 0, 0)


def _name_python_thread(*_: object) -> None:
    """Called by the first profiled event of each thread, which is its begin."""
    sys.setprofile(None)
    name_thread(threading.current_thread().name)


def timed(make: Callable[..., Any], kind: str, callbacks: list[Timed]) -> Callable[..., Any]:
    """A maker of streams whose callbacks are timed."""

    def make_timed(**options: Any) -> Any:
        callbacks.append(Timed(kind, options["callback"]))
        return make(**options | {"callback": callbacks[-1]})

    return make_timed


if __name__ == "__main__":
    file, sys.argv[1:] = Path(sys.argv[1]), sys.argv[2:]
    callbacks: list[Timed] = []
    sounddevice.RawInputStream = timed(sounddevice.RawInputStream, "capture", callbacks)
    sounddevice.RawOutputStream = timed(sounddevice.RawOutputStream, "playback", callbacks)
    threading.setprofile(_name_python_thread)
    name_thread("event loop")
    try:
        main()
    finally:
        file.write_text(json.dumps([each.times for each in callbacks if each.took]))

"""A class of the real command in real time: followed by its event log, its processes known from /proc."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from profai_cli.events import Event
from profai_cli.storage.event_log import read_events
from tests.scripted import PROFAI, ROOT

GUARD_SECONDS = 60
"""No test passes or fails by this; it only ends a wait for what will never come."""

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc that lists processes")

E = TypeVar("E", bound=Event)


def until(enough: Callable[[], bool], what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + GUARD_SECONDS
    while not enough():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


class Live:
    """A running `profai` that writes its events to `log`. Killed at the end of the block, if it still runs."""

    def __init__(self, log: Path, command: Sequence[object], env: Mapping[str, str]) -> None:
        self.log = log
        self._errors = log.with_suffix(".err").open("w+")
        self.process = subprocess.Popen(
            [*PROFAI, *map(str, command), "--events", str(log)],
            env=env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
        )

    def __enter__(self) -> "Live":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._errors.close()

    @property
    def errors(self) -> str:
        """What it wrote to standard error."""
        return Path(self._errors.name).read_text()

    @property
    def events(self) -> list[Event]:
        return read_events(self.log) if self.log.exists() else []

    def of(self, kind: type[E], since: float = 0.0) -> list[E]:
        return [event for event in self.events if isinstance(event, kind) and event.t >= since]

    def wait(self, kind: type[E], since: float = 0.0, such: Callable[[E], bool] = lambda _: True) -> E:
        """The first event of a kind from media time `since` on, as soon as there is one."""
        found: list[E] = []

        def look() -> bool:
            over = self.process.poll() is not None
            found.extend(event for event in self.of(kind, since) if such(event))
            assert found or not over, f"the class ended with {self.process.returncode}: {self.errors}"
            return bool(found)

        until(look, f"{kind.__name__} after {since} s")
        return found[0]

    def ends(self) -> int:
        """Its exit code, when it has ended."""
        return self.process.wait(GUARD_SECONDS)

    def children(self, service: str = "") -> list[int]:
        """Processes of its engines: all, or those that run `service`."""
        return [pid for pid, parent in _parents().items() if parent == self.process.pid and service in _command(pid)]

    def worker(self, service: str) -> int:
        """The one process of an engine."""
        until(lambda: len(self.children(service)) == 1, f"a process of {service}")
        return self.children(service)[0]


def alive(pids: Sequence[int]) -> list[int]:
    """Those that still run; what waits for its parent to look at its exit code does not."""
    return [pid for pid in pids if _state(pid) not in ("", "Z")]


def _parents() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and (stat := _stat(int(entry.name))):
            found[int(entry.name)] = int(stat[1])
    return found


def _state(pid: int) -> str:
    stat = _stat(pid)
    return stat[0] if stat else ""


def _stat(pid: int) -> list[str]:
    """State, parent, … of a process; nothing if it is gone. The name before them may hold spaces and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""

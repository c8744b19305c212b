"""What profai costs: time to start, speed of --fast, memory and processor of a live class. Real time, this machine."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import rig
from tests.measure_class import FILES, PROFAI, CannotMeasure, class_command, environment, hold_class
from tests.measure_turns import Row

SETTLED, WATCHED = 15.0, 30.0
"""Seconds until a class has loaded all it needs, and in which its processor time is measured then."""


def start(notes: list[str]) -> Iterator[Row]:
    del notes
    helps = []
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([*PROFAI, "--help"], env=environment(), stdout=subprocess.DEVNULL, check=True)
        helps.append(time.perf_counter() - begin)
    yield "profai --help, best of 5", f"{min(helps):.2f} s", "0.2 s"
    hold_class(1)  # fills the cache
    yield (
        "command to first sample, local, warm cache, best of 3",
        f"{min(_first_sample() for _ in range(3)):.2f} s",
        "1.5 s",
    )


def _first_sample() -> float:
    """Seconds from the command to the event that tells that the first sentence sounds."""
    begin = time.perf_counter()
    options = ("--output", str(FILES / "start.wav"), "--events", "-")
    with _running(*options, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if b'"teaching_content"' in line:
                return time.perf_counter() - begin
    raise CannotMeasure("the class ended before it taught")


def speed(notes: list[str]) -> Iterator[Row]:
    del notes
    hold_class(1)
    took = hold_class(600, place=(0.2, -12)).seconds
    yield "ten minutes of class in a room with --fast", f"{took:.0f} s", "well under 120 s"


def live(notes: list[str]) -> Iterator[Row]:
    """A silent learner and files for devices."""
    yield from _live("files for devices", notes, "--output", str(Path(tempfile.mkdtemp(dir=FILES)) / "speaker.wav"))


def live_card(notes: list[str]) -> Iterator[Row]:
    """The same on a virtual sound card."""
    if rig.MISSING:
        raise CannotMeasure(rig.MISSING)
    with rig.Rig(echo_ms=30):
        yield from _live("virtual sound card with echo", notes)


def _live(where: str, notes: list[str], *options: str) -> Iterator[Row]:
    if not Path("/proc/self/smaps_rollup").exists():
        raise CannotMeasure("memory and processor are read from /proc, which Linux alone has")
    hold_class(1)
    with _running(*options, stdout=subprocess.DEVNULL) as process:
        time.sleep(SETTLED)
        megabytes = {pid: megabytes(pid) for pid in family(process.pid)}
        names = {pid: name(pid) for pid in megabytes}
        before = {pid: processor_seconds(pid) for pid in megabytes}
        time.sleep(WATCHED)
        shares = {pid: (processor_seconds(pid) - used) / WATCHED for pid, used in before.items()}
        if process.poll() is not None:
            raise CannotMeasure("the class ended while it was watched")
    names[process.pid] = "profai"
    each = [f"{names[pid]}: {megabytes[pid]:.0f} MB, {shares[pid]:.1%}" for pid in megabytes]
    notes.append(f"live class, {where}: {'; '.join(each)}")
    yield f"memory of a live class (PSS of all processes), {where}", f"{sum(megabytes.values()):.0f} MB", "300 MB"
    yield (
        f"processor of a live class, {where}, local engines",
        f"{sum(shares.values()):.1%} of a core",
        "10 % without engines",
    )


@contextmanager
def _running(*options: str, stdout: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A class in real time, ended afterwards as by a `kill`."""
    with subprocess.Popen(
        class_command(*options), env=environment(), stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            if process.stdout is not None:
                process.stdout.read()


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third (state) on: see proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
            except OSError:  # it ended meanwhile
                continue
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def name(pid: int) -> str:
    """The last word of its command line: a worker's module."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2].decode().rpartition(".")[2]


def megabytes(pid: int) -> float:
    """Proportional set size: memory that processes share is counted once."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


def processor_seconds(pid: int) -> float:
    user, system = _stat(pid)[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

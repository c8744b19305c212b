"""What the sound of a live class costs on the virtual card, and how it fares beside a process that uses a whole core.

The tutor teaches in the terminal, its echo is cancelled, the detectors listen, the learner is silent. PulseAudio, which
makes the echo, is a process of its own and not counted.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from profai_cli.events import SttReady
from profai_cli.pcm import BLOCKS_A_SECOND
from tests import rig
from tests.card_class import CardClass, card_class
from tests.measure_card import ECHO_MS, LOADED, hogs
from tests.measure_class import FILES, CannotMeasure, hold_class
from tests.measure_process import SETTLED, family, name, processor_seconds
from tests.measure_turns import Row

WATCHED = 60.0
"""Seconds in which processor time is measured."""
BESIDE_A_HOG = 600.0
"""Seconds in which under- and overflows are counted."""
WORTH_TELLING = 50
"""Processor milliseconds from which a thread is listed."""


def live_sound(notes: list[str]) -> Iterator[Row]:
    if rig.MISSING:
        raise CannotMeasure(rig.MISSING)
    if not Path("/proc/self/task").exists():
        raise CannotMeasure("processor time is read from /proc, which Linux alone has")
    hold_class(1)  # fills the cache
    for shown, options in (("live screen", ()), ("plain lines", ("--plain",))):
        yield from _minute(shown, notes, *options)
    yield from _beside_a_hog(notes)


def _minute(shown: str, notes: list[str], *options: str) -> Iterator[Row]:
    times = _file()
    with rig.Rig(ECHO_MS) as sound_card, card_class(sound_card, *options, program=_program(times)) as class_:
        _settle(class_)
        pids = family(class_.terminal.process.pid)
        names = {pid: "profai" if pid == pids[0] else name(pid) for pid in pids}
        before, threads = {pid: processor_seconds(pid) for pid in pids}, _threads(pids[0])
        class_.run(WATCHED)
        used = {pid: (processor_seconds(pid) - before[pid]) * 60 / WATCHED for pid in pids}
        of_threads = _threads(pids[0]) - threads
    per_minute = ", ".join(f"{names[pid]} {used[pid]:.1f}" for pid in pids)
    split = [f"{thread} {ms * 0.06 / WATCHED:.2f}" for thread, ms in of_threads.most_common() if ms >= WORTH_TELLING]
    notes.append(f"processor of profai's threads, {shown}, seconds a minute: {', '.join(split)}")
    what = f"processor seconds a minute of a live class on a virtual card, {shown}, local engines"
    yield what, f"{sum(used.values()):.1f} ({per_minute})", "6 without engines"
    yield f"longest callback in that class, {shown}", _callbacks(times, notes), ""


def _beside_a_hog(notes: list[str]) -> Iterator[Row]:
    times = _file()
    with rig.Rig(ECHO_MS) as sound_card, card_class(sound_card, program=_program(times)) as class_:
        _settle(class_)
        before = class_.seen.faults
        with hogs(1):
            class_.run(BESIDE_A_HOG)
        faults = class_.seen.faults - before
        notes.append(f"under- and overflows before the hog came: {before}")
    minutes = f"{BESIDE_A_HOG / 60:.0f} minutes beside a process that uses a whole core"
    yield f"under- and overflows in {minutes}", str(faults), "0"
    yield f"longest callback in {minutes}", _callbacks(times, notes), ""


def _settle(class_: CardClass) -> None:
    class_.wait(lambda event: isinstance(event, SttReady), LOADED)
    class_.run(SETTLED)


def _file() -> Path:
    return Path(tempfile.mkdtemp(dir=FILES)) / "callbacks.json"


def _program(times: Path) -> list[str]:
    return [sys.executable, "-m", "tests.timed_callbacks", str(times)]


def _threads(pid: int) -> Counter[str]:
    """Processor milliseconds of a process's threads by their names, which timed_callbacks gives them."""
    used: Counter[str] = Counter()
    for task in Path(f"/proc/{pid}/task").iterdir():
        nanoseconds = int((task / "schedstat").read_text().split()[0])
        used[(task / "comm").read_text().strip()] += nanoseconds // 1_000_000
    return used


def _callbacks(times: Path, notes: list[str]) -> str:
    streams: list[dict[str, Any]] = json.loads(times.read_text())
    loaded = round(SETTLED * BLOCKS_A_SECOND)
    for stream in streams:
        took, gap = max(stream["took"][:loaded]), max(stream["gaps"][:loaded])
        notes.append(
            f"while the class loads: longest {stream['kind']} callback {1000 * took:.2f} ms, longest time between two "
            f"{1000 * gap:.0f} ms"
        )
    return "; ".join(f"{stream['kind']} {_longest(stream, loaded)}" for stream in streams)


def _longest(stream: dict[str, Any], loaded: int) -> str:
    took = sorted(stream["took"][loaded:])
    figures = (took[-1], took[len(took) * 999 // 1000], max(stream["worked"][loaded:]), max(stream["gaps"][loaded:]))
    longest, permille, worked, gap = (f"{1000 * seconds:.2f}" for seconds in figures)
    return f"{longest} ms (1 of 1,000 above {permille}; with the processor for {worked}; {gap} between two)"

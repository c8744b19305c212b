"""An hour of class while the cloud fails at random: python -m tests.measure_soak [--minutes N] [--seed N] …

The real classroom with the real engines, on a compressed clock (see `compressed`), in a process of its own. A scripted
learner asks, coughs and interrupts; a seeded chance orders faults. Every five minutes of media time a line tells what
the process holds; at the end it is said what was lost. All times are media time, s.
"""

import argparse
import asyncio
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from profai_cli.cli.access import open_keys
from profai_cli.cli.makers import Makers
from profai_cli.cli.wiring import course_info, header
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.providers.fallback.answers import FallbackAnswerer
from profai_cli.providers.fallback.ears import FallbackEars
from profai_cli.providers.fallback.ladder import Rung
from profai_cli.providers.fallback.voice import FallbackVoice
from profai_cli.session.classroom import Classroom, Engines
from profai_cli.sound.clips import Clip
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.event_log import EventLog, read_events
from tests.compressed import Clock, ClockLoop, CompressedEmulators, CompressedSound, Ticker
from tests.measure_class import CannotMeasure
from tests.measure_turns import Row
from tests.scripted import ROOT, cough, environment, said
from tests.soak_findings import findings
from tests.soak_scene import QUESTIONS, Director, Microphone, plan_learner

VENDORS: Final = ("deepgram", "elevenlabs", "openai")
RATE: Final = 16.0
WINDOW: Final = 300.0
GLANCE: Final = 2.0
"""Media seconds between two looks at what the process holds."""

WRONG: Final = (
    "lost", "lost by coverage", "twice elsewhere", "without words", "without an answer", "sentences said twice",
    "sentences too long",
)  # fmt: skip
"""Findings that must be empty."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the process holds at one moment."""

    tasks: int
    threads: int
    files: int
    sockets: int
    children: int


def look() -> Held:
    """Now; from within the loop. Needs /proc."""
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(entry.readlink()))
        except OSError:  # that of the listing itself
            continue
    children = sum(len(_text(task / "children").split()) for task in Path("/proc/self/task").iterdir())
    sockets = sum(link.startswith("socket:") for link in links)
    threads = sum(not thread.name.startswith("asyncio_") for thread in threading.enumerate())  # the loop's own pool
    return Held(len(asyncio.all_tasks()), threads, len(links), sockets, children)


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # a thread that has just ended
        return ""


def resident() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass
class Gauge:
    """Watches the class's frames, and prints a line every `window` seconds."""

    director: Director
    window: float
    rows: list[dict[str, Any]] = field(default_factory=list)
    seen: list[Held] = field(default_factory=list)
    glanced: float = 0.0

    def __call__(self, frame: Frame) -> None:
        self.director.now = frame.t
        if frame.t - self.glanced >= GLANCE:
            self.glanced = frame.t
            self.seen.append(look())
        if frame.t >= self.window * (len(self.rows) + 1):
            self._row(frame.t)

    def _row(self, t: float) -> None:
        gc.collect()
        row: dict[str, Any] = {"minute": round(t / 60, 1), "MB": round(resident(), 1)}
        for name in Held.__slots__:
            values = [getattr(held, name) for held in self.seen]
            row[name] = [min(values), max(values)]
        row |= {"objects": sys.getallocatedblocks(), "faults": sum(self.director.ordered.values())}
        self.rows.append(row)
        self.seen.clear()
        if len(self.rows) == 1:
            print("| " + " | ".join(row) + " |\n" + "|---" * len(row) + "|", flush=True)
        shown = (" to ".join(map(str, dict.fromkeys(v))) if isinstance(v, list) else str(v) for v in row.values())
        print("| " + " | ".join(shown) + " |", flush=True)


def both_courses() -> Course:
    """The shipped courses one after the other: long enough for an hour."""
    courses = [load_course(shipped_courses(), number) for number in ("1", "2")]
    modules = tuple(module for course in courses for module in course.modules)
    return Course("soak", "Both courses", "en", "", modules)


def engines(makers: Makers, tell: Callable[[str, str], None]) -> Engines:
    """What `cli.engines` chooses with keys for Deepgram, ElevenLabs and OpenAI; they rest on the loop's clock."""
    clock = asyncio.get_running_loop().time
    ears = [Rung(name, partial(makers.ear, name, "")) for name in ("deepgram", "pocketsphinx")]
    voices = [Rung(name, partial(makers.voice, name, "")) for name in ("elevenlabs", "best")]
    answerers = [Rung(name, partial(makers.answerer, name, "")) for name in ("openai", "course")]
    return Engines(
        FallbackVoice(voices, tell, clock), FallbackAnswerer(answerers, tell, clock), FallbackEars(ears, clock)
    )


async def hold(makers: Makers, sound: CompressedSound, gauge: Gauge, log: EventLog, minutes: float) -> dict[str, Held]:
    """Hold the class; what the process held before it and after."""
    classroom = Classroom(
        (course := both_courses()),
        sound,
        engines(makers, lambda source, line: classroom.notice(source, line)),  # noqa: PLW0108 - not made yet
        interactive=True,
        stepped=False,
        readers=[log],
        save=lambda _place: None,
        watch=gauge,
        minutes=minutes,
    )
    before = look()
    gauge.director.start()
    try:
        await classroom.run(header(sound, interactive=True), course_info(course, Place(0, 0)))
    finally:
        gauge.director.over.set()
        await asyncio.to_thread(gauge.director.join)
    await asyncio.sleep(4.0)  # what was aborted closes in the loop's next rounds, and processes take a moment to end
    gc.collect()
    return {"before": before, "after": look()}


def prepare(makers: Makers) -> None:
    """The local recogniser makes the course's model once, on the ordinary clock."""

    async def start() -> None:
        ear = makers.ear("pocketsphinx", "")
        await ear.start(lambda _result: None)
        await ear.close()

    asyncio.run(start())


def held_class(minutes: float, rate: float, seed: int, window: float, log: Path) -> dict[str, Any]:
    """Hold the class in this process."""
    chance, course, end = random.Random(seed), both_courses(), minutes * 60
    sounds = {"": cough(), **{text: said(text) for text in QUESTIONS}}
    lines = plan_learner(chance, end, sounds)
    clock = Clock(log.with_suffix(".clock"))
    ticker = Ticker(clock, rate)
    with CompressedEmulators(clock) as emulators:
        os.environ.update(emulators.environment(*VENDORS))
        makers = Makers(open_keys(), course, language="en", spoken="en")
        assert all(makers.look_up(vendor) for vendor in VENDORS)
        prepare(makers)
        gauge = Gauge(Director(emulators, chance, lines, end), window)
        sound = CompressedSound([Clip(0.0, SOUND_RATE, Microphone(lines, sounds).read)], ticker)
        events = EventLog(log)
        begin = time.perf_counter()
        with ticker, asyncio.Runner(loop_factory=lambda: ClockLoop(clock)) as runner:
            held = runner.run(hold(makers, sound, gauge, events, minutes))
        took = time.perf_counter() - begin
        events.close()
    return {
        "wall seconds": round(took, 1),
        "faults ordered": dict(sorted(gauge.director.ordered.items())),
        "emulators out of reach": str(gauge.director.broken or ""),
        **findings(read_events(log), course, lines),
        **{name: asdict(what) for name, what in held.items()},
        "rows": gauge.rows,
    }


def soak(notes: list[str]) -> Iterator[Row]:
    """The rows of `bench`: an hour, in ten to twenty minutes."""
    found = measured()
    if found["emulators out of reach"]:
        raise CannotMeasure(found["emulators out of reach"])
    rows = found["rows"]
    notes += [f"soak, {name}: {found[name]}" for name in ("end", "faults ordered", "hearing", "speaking")]
    notes += [f"soak, {name}: {found[name]}" for name in WRONG if found[name]]
    yield "an hour of failing cloud engines: lesson words lost", f"{len(found['lost'])} of {found['lesson words']}", "0"
    unheard = f"{len(found['without words'])} and {len(found['without an answer'])} of {found['questions']} questions"
    yield "the same: without words, without an answer", unheard, "0 and 0"
    yield "the same: sentences said twice", str(len(found["sentences said twice"]) + len(found["twice elsewhere"])), "0"
    yield "the same: memory from minute 10 to the end", f"{rows[-1]['MB'] - rows[1]['MB']:+.1f} MB", "no growth"
    grown = {name: rows[-1][name][0] - rows[1][name][0] for name in Held.__slots__}
    yield (
        "the same: what it holds at least",
        ", ".join(f"{name} {more:+d}" for name, more in grown.items()),
        "no growth",
    )


def measured(*options: str) -> dict[str, Any]:
    """What `main` finds with these options, in a process of its own. Raises CannotMeasure."""
    if not Path("/proc/self/task").exists():
        raise CannotMeasure("there is no /proc that lists threads")
    with tempfile.TemporaryDirectory(prefix="profai-soak-") as folder:
        file = Path(folder) / "found.json"
        command = [sys.executable, "-m", "tests.measure_soak", "--json", str(file), *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotMeasure(f"the class ended with {done.returncode}: {done.stderr.strip()[-2000:]}")
        return dict(json.loads(file.read_text()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.measure_soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="of media time")
    parser.add_argument("--rate", type=float, default=RATE, help="media seconds in a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--window", type=float, default=WINDOW, help="media seconds in a row of the table")
    parser.add_argument("--events", type=Path, help="keep the event log here")
    parser.add_argument("--json", type=Path, help="write the findings here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="profai-soak-") as folder:
        kept = environment(Path(folder))
        os.environ.clear()
        os.environ.update(kept)
        log = chosen.events or Path(folder) / "events.jsonl"
        found = held_class(chosen.minutes, chosen.rate, chosen.seed, chosen.window, log)
    if chosen.json:
        chosen.json.write_text(json.dumps(found))
    for name, value in found.items():
        if name != "rows":
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()

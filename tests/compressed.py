"""A compressed clock: real programs, whose seconds are shorter than ours, and as long as they need.

The clock makes a step of 10 ms, one block of the sound, `rate` times more often than real time does, and only when
nothing of the class computes: not its loop, not its threads, no process of an engine and not the emulators. So the
limits of engines, the delays of the emulators and the learner's patience keep their proportions at any rate and on a
busy machine, while what computes takes no time at all. All processes read the clock from one file. Linux only (/proc).

`python -m tests.compressed FILE` runs the emulators on the clock in that file.
"""

import asyncio
import mmap
import selectors
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.ports import DeviceChange, Frame, Player
from profai_cli.sound.simulated import Clip, SimulatedSound
from tests.emulators.__main__ import LIFELIKE, serve
from tests.emulators.running import Emulators

LOOK: Final = 0.002
"""Real seconds after which a loop looks at the clock again."""

COMPUTING: Final = ("R", "D")
"""States of a thread that runs, or waits for a processor or a disk."""


class Clock:
    """Seconds in a file that processes share."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._seconds = memoryview(mmap.mmap(file.fileno(), 8)).cast("d")

    @property
    def now(self) -> float:
        return self._seconds[0]

    @now.setter
    def now(self, seconds: float) -> None:
        self._seconds[0] = seconds


class ClockLoop(asyncio.SelectorEventLoop):
    """An event loop on that clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        super().__init__(_Selector())

    def time(self) -> float:
        """See `asyncio.AbstractEventLoop`."""
        return self._clock.now


class _Selector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(LOOK if timeout is None else min(timeout, LOOK))


class Ticker(threading.Thread):
    """Moves the clock on. `step` is called with each tick, and returns what to wait for before the next one."""

    def __init__(self, clock: Clock, rate: float) -> None:
        super().__init__(name="clock", daemon=True)
        self.step: Callable[[], threading.Event | None] = lambda: None
        self._clock, self._pause = clock, 1 / (BLOCKS_A_SECOND * rate)
        self._over = threading.Event()

    def __enter__(self) -> "Ticker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        """Until the end of the block."""
        while not self._over.wait(self._pause):
            while self._computes() and not self._over.is_set():
                time.sleep(self._pause / 2)
            self._clock.now += 1 / BLOCKS_A_SECOND
            done = self.step()
            while done and not done.wait(0.1) and not self._over.is_set():
                pass

    def _computes(self) -> bool:
        threads = (task for task in Path("/proc/self/task").iterdir() if task.name != str(self.native_id))
        return any(_state(path) in COMPUTING for path in (*threads, *_descendants(Path("/proc/self"))))


def _state(path: Path) -> str:
    return _text(path / "stat").rpartition(")")[2][1:2]


def _descendants(process: Path) -> Iterator[Path]:
    """Processes that it has started, and those that they have."""
    for task in _listed(process / "task"):
        for child in _text(task / "children").split():
            yield Path("/proc") / child
            yield from _descendants(Path("/proc") / child)


def _listed(path: Path) -> list[Path]:
    try:
        return list(path.iterdir())
    except OSError:  # it has just ended
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # as above
        return ""


class CompressedSound:
    """A `ports.Sound` of clips, a block a tick; the next one comes when the class has taken the last."""

    def __init__(self, clips: Iterable[Clip], ticker: Ticker) -> None:
        self.on_device: Callable[[DeviceChange], None] = lambda _change: None  # nothing can be lost
        self.on_fault: Callable[[Exception], None] = lambda _fault: None
        self.microphone, self.speaker = "a scripted learner", "nobody"
        self.hears = True
        self._sound = SimulatedSound(clips, cancel_echo=False)  # without a room there is no echo
        self._ticker = ticker

    @property
    def player(self) -> Player:
        """See `ports.Sound`."""
        return self._sound.player

    def rest(self) -> None:
        """Nothing to free."""

    def wake(self) -> None:
        """Nothing to open."""

    def mute(self, muted: bool) -> None:
        """See `ports.Sound`."""
        self._sound.mute(muted)

    def start(self, sink: Callable[[Frame], None]) -> None:
        """See `ports.Sound`. To be called from the loop that takes the frames."""
        loop = asyncio.get_running_loop()

        def step() -> threading.Event:
            done = threading.Event()
            sink(self._sound.step())
            loop.call_soon_threadsafe(done.set)
            return done

        self._ticker.step = step

    def step(self) -> Frame:
        """See `ports.Sound`."""
        raise RuntimeError("the sound runs on the clock and cannot be stepped")

    def close(self) -> None:
        """See `ports.Sound`."""
        self._ticker.step = lambda: None


class CompressedEmulators(Emulators):
    """The emulators on the clock, with lifelike delays."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def _program(self) -> list[str]:
        return ["tests.compressed", str(self._clock.path)]

    def waiting(self) -> list[dict[str, Any]]:
        """The faults that were ordered and have not been shown."""
        return list(self._ask()["faults"])


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=lambda: ClockLoop(Clock(Path(sys.argv[1])))) as runner:
        runner.run(serve(0, LIFELIKE))

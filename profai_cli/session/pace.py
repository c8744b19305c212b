"""When the results of engines count: as they come, or on the samples' clock.

In real time (`LivePace`) a job is a task, and each of its results is delivered as it comes. On the samples'
clock (`SteppedPace`, `--fast`) the clock waits for every job, and a result counts at the time of its cause
plus the delay that its engine states, so that every run gives the same events.
"""

import asyncio
import heapq
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Protocol, TypeVar

from profai_cli.errors import EngineError

T = TypeVar("T")


class Schedule:
    """Things to do at a media time, in the order of time and then of planning."""

    def __init__(self) -> None:
        self.now = 0.0
        self._planned: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, t: float, do: Callable[[], None]) -> None:
        """Plan something for media time `t`; what is planned for the past happens with the next block."""
        self._count += 1
        heapq.heappush(self._planned, (t, self._count, do))

    def advance(self, now: float) -> None:
        """Set the media time and do all that is due."""
        self.now = now
        while self._planned and self._planned[0][0] <= now:
            heapq.heappop(self._planned)[2]()


class Job(Protocol):
    """Work of an engine under way."""

    def cancel(self) -> None:
        """Deliver nothing more. Idempotent."""


class Pace(Protocol):
    """Runs engines' work and delivers its results at the right time."""

    def run(
        self,
        results: AsyncGenerator[T],
        delay: float,
        deliver: Callable[[T], None],
        finish: Callable[[EngineError | None], None],
    ) -> Job:
        """Start work. `delay`: stated seconds to its first result. `finish` comes last, unless cancelled."""

    def due(self, t: float, do: Callable[[], None]) -> None:
        """Deliver one result whose stated media time is `t`."""

    async def settle(self) -> None:
        """Return when the clock may go on."""

    async def close(self) -> None:
        """Cancel all work."""


class LivePace:
    """Real time."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def run(
        self,
        results: AsyncGenerator[T],
        delay: float,
        deliver: Callable[[T], None],
        finish: Callable[[EngineError | None], None],
    ) -> Job:
        """See `Pace`."""
        job = _Job()
        task = asyncio.create_task(_pump(results, job.unless_cancelled(deliver), job.unless_cancelled(finish)))
        job.stop = task.cancel
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return job

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            task.get_loop().call_exception_handler({"message": "An engine's task broke.", "exception": error})

    def due(self, t: float, do: Callable[[], None]) -> None:
        """See `Pace`."""
        do()

    async def settle(self) -> None:
        """See `Pace`: real time never waits."""

    async def close(self) -> None:
        """See `Pace`."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class SteppedPace:
    """The samples' clock."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._waiting: list[tuple[_Job, Callable[[], Awaitable[None]]]] = []

    def run(
        self,
        results: AsyncGenerator[T],
        delay: float,
        deliver: Callable[[T], None],
        finish: Callable[[EngineError | None], None],
    ) -> Job:
        """See `Pace`."""
        job = _Job()
        due = self._schedule.now + delay
        given, over = job.unless_cancelled(deliver), job.unless_cancelled(finish)
        self._waiting.append((job, lambda: _pump(results, self._later(due, given), self._later(due, over))))
        return job

    def _later(self, t: float, take: Callable[[T], None]) -> Callable[[T], None]:
        return lambda item: self._schedule.at(t, lambda: take(item))

    def due(self, t: float, do: Callable[[], None]) -> None:
        """See `Pace`."""
        self._schedule.at(t, do)

    async def settle(self) -> None:
        """See `Pace`: do the work one by one, in the order in which it was asked for."""
        while self._waiting:
            job, work = self._waiting.pop(0)
            if not job.cancelled:
                await work()

    async def close(self) -> None:
        """See `Pace`."""
        self._waiting.clear()


class _Job:
    """Work under way. What was cancelled delivers nothing more, whatever an engine makes of its cancellation."""

    def __init__(self) -> None:
        self.cancelled = False
        self.stop: Callable[[], object] = lambda: None
        """Ends the work that is being done."""

    def cancel(self) -> None:
        self.cancelled = True
        self.stop()

    def unless_cancelled(self, take: Callable[[T], None]) -> Callable[[T], None]:
        """`take`, until the work is cancelled."""
        return lambda item: None if self.cancelled else take(item)


async def _pump(
    results: AsyncGenerator[T], deliver: Callable[[T], None], finish: Callable[[EngineError | None], None]
) -> None:
    """Deliver all results, then the end. Closes the generator in every case."""
    try:
        async for item in results:
            deliver(item)
    except EngineError as error:
        finish(error)
    else:
        finish(None)
    finally:
        await results.aclose()

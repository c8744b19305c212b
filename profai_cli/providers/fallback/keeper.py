"""Starts, keeps and replaces the engines of a ladder."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, Generic, Protocol, TypeVar

from profai_cli.errors import EngineError, EngineLost, EngineStalled, ProfaiError
from profai_cli.providers.fallback.ladder import FIRST_REST, Ladder, Rung

START: Final = 4.0
"""Seconds in which a class has engines, or takes the last resort: half a second to a second of them are imports."""

CHANGE: Final = 0.7
"""The same in mid-class: a class may hang for 3 s, of which a frozen engine has used 2."""

SHORT_REST: Final = 3.0
"""Seconds for which an engine is waited that asks for a pause, where there is no other."""


class Engine(Protocol):
    """What all ports have."""

    def close(self) -> Coroutine[Any, Any, None]:
        """Free everything."""


E = TypeVar("E", bound=Engine)

Told = Callable[[str, str, str], None]
"""Told the name of an engine that failed, why, and the name of the next one; "" where there is none now."""


class Keeper(Generic[E]):
    """Has one engine in use, and beside it tries those that are better and have rested."""

    def __init__(
        self,
        rungs: Sequence[Rung[E]],
        start: Callable[[E], Awaitable[None]],
        told: Told,
        clock: Callable[[], float],
    ) -> None:
        self._ladder = Ladder(rungs)
        self._start, self._told, self._clock = start, told, clock
        self._number = 0
        self._engine: E | None = None
        self._error = EngineError("No engine was named.")  # the newest
        self._begun = False  # the class has had an engine
        self._since = 0.0  # when the one in use was started
        self._better: E | None = None
        self._better_number = 0
        self._trial: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """Of the engine in use, or of the one that is tried first."""
        return self._ladder.rungs[self._number].name

    @property
    def engine(self) -> E | None:
        """The one in use."""
        return self._engine

    @property
    def hopeless(self) -> bool:
        """No engine will ever be tried again."""
        return self._ladder.hopeless

    def may_try(self) -> bool:
        """None is in use, and there is one to try."""
        return self._engine is None and self._ladder.best(self._clock()) is not None

    def improves(self) -> bool:
        """A better engine has become ready: `best` returns it. Where one has rested, it is tried beside the class."""
        number = self._ladder.best(self._clock())
        idle = self._better is None and self._trial is None and self._engine is not None
        if idle and number is not None and number < self._number:
            self._trial = asyncio.create_task(self._try(number))
            self._trial.add_done_callback(report)
        return self._better is not None

    async def best(self) -> E:
        """The best engine that is ready; without one, the best that can be started in time. Raises EngineError."""
        if self.improves():
            self._retire(self._engine)
            self._engine, self._better, self._number = self._better, None, self._better_number
            self._since = self._clock()
        end = asyncio.get_running_loop().time() + (CHANGE if self._begun else START)
        while self._engine is None:
            number = self._ladder.best(self._clock())
            if number is None:
                wait = self._ladder.wait(self._clock())
                if wait > SHORT_REST:
                    raise self._error
                await asyncio.sleep(wait)
                continue
            self._number = number
            last = number == len(self._ladder.rungs) - 1
            try:
                self._engine = await self._started(number, None if last else end)
            except EngineError as error:
                self._note(number, error, begun=False)
            else:
                self._since = self._clock()
        self._begun = True
        return self._engine

    def worked(self) -> None:
        """The engine in use gave all of what it was asked for."""
        self._ladder.worked(self._number)

    def failed(self, error: EngineError) -> None:
        """The engine in use failed; `best` has the next one."""
        self._retire(self._engine)
        self._engine = None
        held = self._clock() - self._since > FIRST_REST  # a vendor that takes the key and then closes is quicker
        self._note(self._number, error, begun=not held)

    def lost(self, engine: E, error: EngineError) -> None:
        """An engine that is not in use failed: perhaps the better one that waits to be."""
        if engine is self._better:
            self._retire(engine)
            self._better = None
            self._ladder.failed(self._better_number, error, self._clock())

    async def close(self) -> None:
        """Close all. Idempotent."""
        trial, self._trial = self._trial, None
        if trial:
            trial.cancel()
            with suppress(asyncio.CancelledError):
                await trial
        self._retire(self._better)
        self._retire(self._engine)
        self._better = self._engine = None
        await asyncio.gather(*self._closing)

    def _note(self, number: int, error: EngineError, *, begun: bool) -> None:
        self._error = error
        self._ladder.failed(number, error, self._clock(), begun=begun)
        following = self._ladder.best(self._clock())
        if following == number:  # its connection was cut, and is made again
            return
        reason = str(error)
        if isinstance(error, EngineLost):  # the advice is for whoever has no other engine
            reason = f"{reason.partition(':')[0].rstrip('.')}."
        name = "" if following is None else self._ladder.rungs[following].name
        self._told(self._ladder.rungs[number].name, reason, name)

    async def _try(self, number: int) -> None:
        """Start a better engine; its failure is no news to the learner."""
        try:
            self._better = await self._started(number, None)
            self._better_number = number
        except EngineError as error:
            self._ladder.failed(number, error, self._clock(), begun=False)
        finally:
            self._trial = None

    async def _started(self, number: int, end: float | None) -> E:
        """An engine, ready before the loop's time `end`. Raises EngineError."""
        try:
            engine = self._ladder.rungs[number].make()
        except EngineError:
            raise
        except ProfaiError as error:  # a folder that cannot be written, for example
            raise EngineError(str(error)) from error
        try:
            async with asyncio.timeout_at(end):
                await self._start(engine)
        except TimeoutError:
            self._retire(engine)
            raise EngineStalled(f"{self._ladder.rungs[number].name} does not answer in time.") from None
        except BaseException:  # also a cancelled start must leave nothing behind
            self._retire(engine)
            raise
        return engine

    def _retire(self, engine: E | None) -> None:
        """Close beside the class: whoever speaks next must not wait for a goodbye."""
        if engine is not None:
            task = asyncio.create_task(engine.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)


def report(task: asyncio.Task[None]) -> None:
    """A fault of profai itself in a task for which nobody waits must not go unseen."""
    if not task.cancelled() and (error := task.exception()):
        task.get_loop().call_exception_handler({"message": "A change of engines broke.", "exception": error})

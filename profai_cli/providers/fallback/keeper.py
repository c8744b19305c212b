"""Starts, keeps and replaces the engines of a ladder."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, Generic, Protocol, TypeVar

from profai_cli.errors import EngineError, EngineStalled
from profai_cli.providers.fallback.ladder import Ladder, Rung

RECONNECT: Final = 0.7
"""Seconds in which an engine that has just failed must be ready again, before the next one is taken: a class may
hang for 3 s, of which a frozen engine has used 2."""


class Engine(Protocol):
    """What all ports have."""

    def close(self) -> Coroutine[Any, Any, None]:
        """Free everything."""


E = TypeVar("E", bound=Engine)

Told = Callable[[str, EngineError, str], None]
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
        self._cut = False  # the last failure was of the engine in use
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
        return self._better is not None

    async def best(self) -> E:
        """The best engine that is ready; without one, the best that can be started. Raises EngineError."""
        if self.improves():
            self._retire(self._engine)
            self._engine, self._better, self._number = self._better, None, self._better_number
        while self._engine is None:
            number = self._ladder.best(self._clock())
            if number is None:
                raise self._error
            again, self._number = self._cut and number == self._number, number
            try:
                self._engine = await self._started(number, RECONNECT if again else None)
            except EngineError as error:
                self._note(number, error)
        self._cut = False
        return self._engine

    def worked(self) -> None:
        """The engine in use gave a result."""
        self._ladder.worked(self._number)

    def failed(self, error: EngineError) -> None:
        """The engine in use failed; `best` has the next one."""
        self._retire(self._engine)
        self._engine, self._cut = None, True
        self._note(self._number, error)

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

    def _note(self, number: int, error: EngineError) -> None:
        self._error = error
        self._ladder.failed(number, error, self._clock())
        following = self._ladder.best(self._clock())
        if following != number:  # else its connection was cut, and is made again
            self._told(
                self._ladder.rungs[number].name, error, "" if following is None else self._ladder.rungs[following].name
            )

    async def _try(self, number: int) -> None:
        """Start a better engine; its failure is no news to the learner."""
        try:
            self._better = await self._started(number, None)
            self._better_number = number
        except EngineError as error:
            self._ladder.failed(number, error, self._clock())
        finally:
            self._trial = None

    async def _started(self, number: int, seconds: float | None) -> E:
        engine = self._ladder.rungs[number].make()
        try:
            async with asyncio.timeout(seconds):
                await self._start(engine)
        except TimeoutError:
            self._retire(engine)
            raise EngineStalled(f"{self._ladder.rungs[number].name} does not come back in time.") from None
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

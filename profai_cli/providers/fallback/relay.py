"""What a `FallbackVoice` and a `FallbackAnswerer` have in common: a keeper, whose changes the learner is told of."""

import time
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from profai_cli.providers.fallback.keeper import Engine, Keeper
from profai_cli.providers.fallback.ladder import Rung

Tell = Callable[[str, str], None]
"""Told which engine failed, and a line about it and about who goes on."""


class Relayed(Engine, Protocol):
    """What the ports of voices and answerers have."""

    @property
    def delay(self) -> float:
        """See `ports`."""

    async def start(self) -> None:
        """Load; raises EngineError."""


E = TypeVar("E", bound=Relayed)


class Relay(Generic[E]):
    """Engines from the best to the last resort, one of them in use. does: what the next one does, such as "speaks"."""

    does = ""

    def __init__(self, rungs: Sequence[Rung[E]], tell: Tell, clock: Callable[[], float] = time.monotonic) -> None:
        def told(name: str, reason: str, following: str) -> None:
            if following:  # else the error goes on to whoever asked
                tell(name, f"{reason} {following} {self.does} now.")

        self._keeper: Keeper[E] = Keeper(rungs, lambda engine: engine.start(), told, clock)

    @property
    def name(self) -> str:
        """Of the engine in use."""
        return self._keeper.name

    @property
    def delay(self) -> float:
        """Of the engine in use; 0 before the start."""
        return self._keeper.engine.delay if self._keeper.engine else 0.0

    async def start(self) -> None:
        """Start the best engine that can be. Raises EngineError where none can."""
        await self._keeper.best()

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._keeper.close()

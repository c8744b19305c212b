"""Which engine of a list to use: the first that has not failed for good, and has rested after a failure. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineStalled

FIRST_REST: Final = 10.0
"""Seconds after a failure in which an engine is not tried; doubled with each failure that follows."""

LONGEST_REST: Final = 300.0

PATIENCE: Final = 6
"""Connections in a row that were made and then failed, without one result, after which an engine is not tried again: a
vendor that takes the key and then closes would be asked for ever."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rung(Generic[T]):
    """An engine of the list: its name for the learner, and its maker, which may raise EngineError.

    vendor: engines of the same one stall together; "" for those of this machine.
    """

    name: str
    make: Callable[[], T]
    vendor: str = ""


@dataclass(slots=True)
class _State:
    failures: int = 0
    cuts: int = 0
    rests_until: float = 0.0
    out: bool = False


class Ladder(Generic[T]):
    """Rungs from best to last resort, and what is known of each. Times are seconds of any one clock."""

    def __init__(self, rungs: Sequence[Rung[T]]) -> None:
        self.rungs = rungs
        self._states = [_State() for _ in rungs]

    def best(self, now: float) -> int | None:
        """Number of the rung to use; None where all rest or are out."""
        usable = (n for n, state in enumerate(self._states) if not state.out and state.rests_until <= now)
        return next(usable, None)

    @property
    def hopeless(self) -> bool:
        """No rung will ever be tried again."""
        return all(state.out for state in self._states)

    def wait(self, now: float) -> float:
        """Seconds until a rung has rested; infinite where all are out."""
        return min((s.rests_until - now for s in self._states if not s.out), default=math.inf)

    def worked(self, number: int) -> None:
        """It gave all of what it was asked for."""
        state = self._states[number]
        state.failures = state.cuts = 0

    def failed(self, number: int, error: EngineError, now: float, *, begun: bool = True) -> None:
        """It failed; begun: after it was started. Where only its connection was cut, a new one may be good: it is
        tried at once, once."""
        state = self._states[number]
        match error:
            case EngineBusy(seconds=seconds):
                state.rests_until = now + max(seconds, 1.0)
            case EngineLost():
                state.failures += 1
                state.cuts += begun
                state.out = state.cuts >= PATIENCE
                doublings = state.failures - (1 if isinstance(error, EngineStalled) else 2)
                rest = min(FIRST_REST * 2**doublings, LONGEST_REST) if doublings >= 0 else 0.0
                state.rests_until = now + rest
                if isinstance(error, EngineStalled):
                    self._rest_beside(number, now + rest)
            case _:
                state.out = True

    def _rest_beside(self, number: int, until: float) -> None:
        """A vendor that does not answer is not waited for twice."""
        vendor = self.rungs[number].vendor
        for rung, state in zip(self.rungs, self._states, strict=True):
            if vendor and rung.vendor == vendor:
                state.rests_until = max(state.rests_until, until)

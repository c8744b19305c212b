"""What the device callbacks share with the worker thread: a ring of blocks and a wake-up call.

Both are made for callbacks that may not wait: one writer, one reader, preallocated memory, and no lock but
the interpreter's own, which makes reading and storing an int atomic.
"""

import threading

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]


class Blocks:
    """A ring of blocks of one shape, int16, for one writing and one reading thread."""

    def __init__(self, count: int, *shape: int) -> None:
        self._data = np.zeros((count, *shape), np.int16)
        self._put = 0
        self._taken = 0

    def __len__(self) -> int:
        return self._put - self._taken

    def put(self, block: Samples) -> bool:
        """Copy a block in (writer). False, and nothing is kept, where the ring is full."""
        if self._put - self._taken == len(self._data):
            return False
        self._data[self._put % len(self._data)] = block
        self._put += 1
        return True

    def take(self) -> Samples:
        """A copy of the oldest block (reader). Only where there is one."""
        block: Samples = self._data[self._taken % len(self._data)].copy()
        self._taken += 1
        return block

    def drop(self, count: int) -> None:
        """Forget the oldest `count` blocks (reader)."""
        self._taken += min(count, len(self))


class Wake:
    """A binary semaphore on a bare lock: `threading.Semaphore` would make a callback wait for its lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def call(self) -> None:
        """Wake the waiting thread, or let its next wait return at once. Never waits; from any thread."""
        try:  # noqa: SIM105 - `suppress` makes an object, in every callback
            self._lock.release()
        except RuntimeError:  # it is called already
            pass

    def wait(self, seconds: float) -> None:
        """Wait for a call, at most this long."""
        self._lock.acquire(timeout=seconds)

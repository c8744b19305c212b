"""A ring of samples between two threads: one writes, one reads, and neither ever waits.

Positions are counted from the begin and never wrap. Each counter is stored by one side only, after the
samples it speaks of were copied, so that plain integers are enough under Python's interpreter lock.
"""

import numpy as np
from numpy.typing import NDArray


class Ring:
    """Room for `size` samples of PCM16, and for the last `kept` that were read; all of it taken at once."""

    def __init__(self, size: int, kept: int = 0) -> None:
        self._samples = np.zeros(size + kept, np.int16)
        self._kept = kept
        self.written = 0
        """Samples written since the begin. Stored by the writer only."""
        self.read = 0
        """Samples read since the begin. Stored by the reader only."""

    @property
    def filled(self) -> int:
        """Samples that wait for the reader."""
        return self.written - self.read

    @property
    def free(self) -> int:
        """Samples that can be written now."""
        return len(self._samples) - self._kept - self.filled

    def write(self, samples: NDArray[np.int16]) -> None:
        """Append samples of shape (n,). Raises RuntimeError where n > free: nothing is written then."""
        if len(samples) > self.free:
            raise RuntimeError(f"{len(samples)} samples do not fit into {self.free} free places")
        at = self.written % len(self._samples)
        first = min(len(samples), len(self._samples) - at)
        self._samples[at : at + first] = samples[:first]
        self._samples[: len(samples) - first] = samples[first:]
        self.written += len(samples)

    def copy_to(self, out: NDArray[np.int16]) -> int:
        """Copy what waits into the begin of `out`, as far as it fits, and return how much that was.

        Nothing is taken: `skip` does that.
        """
        count = min(len(out), self.filled)
        at = self.read % len(self._samples)
        first = min(count, len(self._samples) - at)
        out[:first] = self._samples[at : at + first]
        out[first:count] = self._samples[: count - first]
        return count

    def skip(self, count: int) -> None:
        """Take `count` samples away, at most as many as wait."""
        self.read += min(count, self.filled)

    def back(self, count: int) -> None:
        """Let the last `count` samples be read once more, at most as many as are kept."""
        self.read -= max(0, min(count, self._kept, self.read))

"""A class on the virtual sound card as users hold it: in a terminal, and its log is read while it is written."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from profai_cli.events import Event, Metrics, from_dict
from tests import rig
from tests.measure_class import FILES, CannotMeasure, environment
from tests.scripted import PROFAI
from tests.terminal import Terminal

COMMAND = ("class", "--course", "1", "--from-start", "--interactive")

E = TypeVar("E", bound=Event)


class Seen:
    """Events of a class, each with the length of the card's recording when it was read from the log: some ten
    milliseconds after it happened."""

    def __init__(self, events: Iterable[tuple[int, Event]] = ()) -> None:
        self.all = list(events)

    def of(self, kind: type[E], begin: int = 0, end: float = float("inf")) -> list[E]:
        """Those of a kind that were read in a stretch of the recording, in samples."""
        return [event for at, event in self.all if isinstance(event, kind) and begin <= at < end]

    @property
    def faults(self) -> int:
        """Under- and overflows, as the program counts and shows them."""
        return round(max((x.value for x in self.of(Metrics) if x.figure == "sound_faults_count"), default=0))


@dataclass(slots=True)
class CardClass:
    """A class that runs, and the card's recording of it."""

    terminal: Terminal
    recording: rig.Recording
    log: Path
    seen: Seen = field(default_factory=Seen)
    _read: int = 0

    def wait(self, such: Callable[[Event], bool], seconds: float) -> bool:
        """Until such an event comes; False where none did in so many seconds of the recording.

        Raises CannotMeasure where the class is over.
        """
        end = self.recording.length + round(seconds * rig.RATE)
        while not any(map(such, self._look())):
            if self.recording.length >= end:
                return False
            self.recording.wait(self.recording.length + 1)
        return True

    def run(self, seconds: float) -> None:
        """Let so many seconds of the recording go by."""
        self.wait(lambda _event: False, seconds)

    def _look(self) -> list[Event]:
        if self.terminal.process.poll() is not None:
            raise CannotMeasure(f"the class ended: {self.terminal.text[-300:]}")
        data = self.log.read_bytes()[self._read :] if self.log.exists() else b""
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        events = [from_dict(json.loads(line)) for line in whole.splitlines()]
        self.seen.all += [(self.recording.length, event) for event in events]
        return events


@contextmanager
def card_class(card: rig.Rig, *options: str, program: Sequence[str] = PROFAI) -> Iterator[CardClass]:
    """A class on `card`, ended in order at the end of the block."""
    log = Path(tempfile.mkdtemp(dir=FILES)) / "events.jsonl"
    command = [*COMMAND, "--events", str(log), *options]
    with card.recording() as recording, Terminal(command, environment(), program) as terminal:
        yield CardClass(terminal, recording, log)
        terminal.process.terminate()
        terminal.ends()

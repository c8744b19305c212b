"""The event log: one JSON object a line, written while the class runs, and read back for `profai replay`."""

import json
import math
import sys
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import UnionType
from typing import IO, Any, Literal, get_args, get_origin, get_type_hints

from profai_cli.errors import InputError, StorageError
from profai_cli.events import EVENTS, Event, from_dict, to_dict
from profai_cli.storage.files import reason, write_all


class EventLog:
    """A reader of the event stream that writes it down, each line at once.

    path: the file, made anew; None: standard output. Raises StorageError when it cannot be opened. A class
    must not end because its log does: after a failed write the log stays silent and `fault` tells why.
    """

    def __init__(self, path: Path | None) -> None:
        self.fault: StorageError | None = None
        self._name = "standard output" if path is None else repr(str(path))
        self._owned = path is not None
        try:
            self._file = _standard_output() if path is None else path.open("wb", buffering=0)
        except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
            raise StorageError(
                f"Cannot write events to {self._name}: {reason(error)}; choose another file for --events."
            ) from error

    def __call__(self, event: Event) -> None:
        """Write one line, in ASCII: no text from outside can carry an escape code to a terminal."""
        if self.fault is not None:
            return
        try:
            write_all(self._file, json.dumps(to_dict(event)).encode("ascii") + b"\n")
        except BrokenPipeError:
            self.fault = StorageError(f"The event log ended early: nobody reads {self._name} any more.")
        except OSError as error:
            self.fault = StorageError(
                f"The event log ended early: {self._name} takes no more ({reason(error)}); make room there."
            )

    def close(self) -> None:
        """Close the file; standard output stays open. Idempotent."""
        if self._owned:
            self._file.close()


def _standard_output() -> IO[bytes]:
    """Standard output without its buffer, which would complain at the program's end if a pipe was closed."""
    if sys.stdout is None:
        raise OSError("there is none")
    sys.stdout.flush()
    buffer: IO[bytes] = sys.stdout.buffer
    raw: IO[bytes] = getattr(buffer, "raw", buffer)
    return raw


def read_events(path: Path) -> list[Event]:
    """All events of a log. A last line that a kill cut off is left out.

    Raises InputError, with file and line, for a line that is no event, and for a file that cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except (OSError, ValueError) as error:
        raise InputError(
            f"Cannot read events from {str(path)!r}: {reason(error)}; name a file made with --events."
        ) from error
    events = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            events.append(_event(line))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            if number == len(lines) and not line.endswith(b"}"):
                break
            raise InputError(f"Line {number} of {str(path)!r} is no event; name a file made with --events.") from error
    return events


def _event(line: bytes) -> Event:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise TypeError("no object")
    event = from_dict(value)
    kinds = _kinds(event.name)
    for field in fields(event):
        if not _fits(getattr(event, field.name), kinds[field.name]):
            raise ValueError(f"{field.name} cannot be that")
    return event


@cache
def _kinds(event: str) -> dict[str, Any]:
    """The types of an event's fields, by name."""
    return get_type_hints(EVENTS[event])


def _fits(value: object, kind: Any) -> bool:  # noqa: ANN401 - a type as `typing` has it
    """Whether a value is of a type as events have it. Numbers are finite, and places count from 0."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return any(_fits(value, part) for part in parts)
    if origin is tuple:
        return isinstance(value, tuple) and _all_fit(value, parts)
    if origin is Literal:
        return value in parts
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind is int:
        return type(value) is int and value >= 0
    return isinstance(value, origin or kind)


def _all_fit(values: tuple[object, ...], kinds: tuple[Any, ...]) -> bool:
    if kinds[-1] is Ellipsis:
        return all(_fits(value, kinds[0]) for value in values)
    return len(values) == len(kinds) and all(map(_fits, values, kinds))

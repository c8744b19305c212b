"""A recorded class again: the events of its log to a new machine, its decisions compared with the log's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from profai_cli import commands
from profai_cli.events import ClassStarting, CourseInfo, Decision, Event
from profai_cli.lesson.course import Course
from profai_cli.turns.machine import Machine
from profai_cli.turns.table import INPUTS


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the machine: what it decided when the log was made, and what it decides now."""

    event: Event
    then: tuple[dict[str, Any], ...]
    now: tuple[dict[str, Any], ...]
    state: str

    @property
    def same(self) -> bool:
        """The machine decides as it did."""
        return self.then == self.now


def find_course(events: Iterable[Event]) -> CourseInfo | None:
    """Which course the log is of; None where its begin is missing."""
    return next((event for event in events if isinstance(event, CourseInfo)), None)


def replay(events: Iterable[Event], course: Course) -> Iterator[Step]:
    """The steps of a log, in order. `course` must have the fingerprint that the log's course had."""
    machine: Machine | None = None
    pending: Event | None = None
    decided: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, ClassStarting):
            machine = Machine(course, interactive=event.interactive)
        elif isinstance(event, Decision):
            decided.append(event.command)
        elif machine and isinstance(event, INPUTS):
            if pending:
                yield _step(machine, pending, decided)
            pending, decided = event, []
    if machine and pending:
        yield _step(machine, pending, decided)


def _step(machine: Machine, event: Event, decided: list[dict[str, Any]]) -> Step:
    now = tuple(commands.to_dict(command) for command in machine.handle(event))
    return Step(event, tuple(decided), now, machine.state)

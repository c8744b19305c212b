"""What happens in a class, in order: told to the readers, given to the machine, and what the machine says, done."""

from collections import deque
from collections.abc import Callable, Sequence

from profai_cli.commands import Command, to_dict
from profai_cli.events import Control, Decision, Event, TutorState
from profai_cli.session.figures import Figures
from profai_cli.session.missing import Missing
from profai_cli.turns.machine import Machine

Reader = Callable[[Event], None]


class Conduct:
    """Call it with every event. over: nothing happens any more. do: carries out a command; set before the first event.

    Besides the events that come, the readers get what the machine decided, its states, and a class's figures.
    """

    do: Callable[[Command], None]

    def __init__(self, machine: Machine, readers: Sequence[Reader], over: Callable[[], bool]) -> None:
        self._machine, self._over = machine, over
        self._readers: tuple[Reader, ...] = (*readers, Figures(self))
        self._missing = Missing()
        self._events: deque[Event] = deque()
        self._draining = False

    def __call__(self, event: Event) -> None:
        """Tell the readers and the machine, after all that happened before; then do what the machine says.

        Nothing, once the class is over: engines that are being closed may still have a result.
        """
        if self._over():
            return
        self._events.append(event)
        if self._draining:
            return
        self._draining = True
        try:
            while self._events:
                self._take(self._events.popleft())
        finally:
            self._draining = False

    def _take(self, event: Event) -> None:
        self._tell(event)
        before = self._machine.state
        for command in self._machine.handle(event):
            self._tell(Decision(event.t, to_dict(command)))
            self.do(command)
        if self._machine.state is not before:
            self._tell(TutorState(event.t, self._machine.state))
        if action := self._missing(event, before, self._machine.state):
            self(Control(event.t, action))

    def _tell(self, event: Event) -> None:
        for reader in self._readers:
            reader(event)

"""What a class does while a device is missing. Pure."""

from typing import Final

from profai_cli.events import Control, DeviceLost, DeviceReady, Event, FinalTranscript
from profai_cli.turns.states import State
from profai_cli.turns.words import Meaning, meaning

SPEAKING: Final = (State.TEACHING, State.ANSWERING, State.ASKING, State.HELD, State.LEAVING)
"""The tutor speaks. While the learner speaks, or waits for an answer, a lost device ends nothing."""


class Missing:
    """The class pauses before the tutor goes on speaking, and goes on when all devices are there again.

    It begins without those that have not been there yet: they only join it.
    A pause that the learner asked for stays. Where the learner goes on meanwhile, the class does without.
    """

    def __init__(self) -> None:
        self._kinds: set[str] = set()
        self._waits = False

    def __call__(self, event: Event, before: State, after: State) -> str:
        """Take an event, and the state before and after it. Returns the `Control` that it calls for, or ""."""
        match event:
            case DeviceLost() if event.device:
                self._kinds.add(event.kind)
            case DeviceReady():
                self._kinds.discard(event.kind)
        if before is State.PAUSED and after is not State.PAUSED:
            self._kinds.clear()
            self._waits = False
        elif before is State.PAUSED and _asks_for_pause(event):
            self._waits = False
        if self._kinds and after in SPEAKING and not self._waits:
            self._waits = True
            return "pause"
        if self._waits and not self._kinds:
            self._waits = False
            return "go_on"
        return ""


def _asks_for_pause(event: Event) -> bool:
    match event:
        case Control():
            return event.action == "pause"
        case FinalTranscript():
            return meaning(event.text) is Meaning.PAUSE
    return False

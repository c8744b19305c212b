"""What the tutor can be doing."""

from enum import StrEnum
from typing import Final

from profai_cli.kinds import SpeechKind


class State(StrEnum):
    """The states of a class. Each has a row in `table.TABLE`."""

    STARTING = "starting"
    """Nothing was said yet."""

    TEACHING = "teaching"
    """The lesson sounds."""

    ANSWERING = "answering"
    """An answer sounds, or will as soon as the voice has it."""

    ASKING = "asking"
    """A check question sounds."""

    HELD = "held"
    """The voice fell silent because the learner may be speaking; not decided yet."""

    LISTENING = "listening"
    """The learner has the floor."""

    THINKING = "thinking"
    """The learner asked; the answer is being looked for."""

    PAUSED = "paused"
    """The learner asked for it, or a device is missing; ends with "go on", with a question, or with the device."""

    LEAVING = "leaving"
    """Saying goodbye."""

    DONE = "done"
    """The class is over."""


SOUNDING: Final[dict[SpeechKind, State]] = {
    "lesson": State.TEACHING,
    "answer": State.ANSWERING,
    "bridge": State.ANSWERING,
    "check": State.ASKING,
}
"""What the tutor is doing while a reply of this kind sounds."""

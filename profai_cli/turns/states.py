"""What the tutor can be doing."""

from enum import StrEnum


class State(StrEnum):
    """The states of a class. Each has a row in `table.TABLE`."""

    STARTING = "starting"
    """Nothing was said yet."""

    TEACHING = "teaching"
    """The lesson sounds."""

    ANSWERING = "answering"
    """An answer sounds, or will as soon as the voice has it."""

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

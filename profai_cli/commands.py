"""What the machine may ask for: frozen, carried out by the session's shells in the order given.

`to_dict` is the form that the event log keeps, for `profai replay`.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any

from profai_cli.kinds import EndReason, SpeechKind


@dataclass(frozen=True, slots=True)
class Command:
    """The root of all commands."""


@dataclass(frozen=True, slots=True)
class Speak(Command):
    """Append a sentence to reply `reply` and say it when its turn comes; `pause` seconds follow it.

    made: it is of the lesson, and a model wrote it.
    """

    reply: int
    sentence: int
    text: str
    kind: SpeechKind
    pause: float
    place: tuple[int, int, int, int] | None
    made: bool = False


@dataclass(frozen=True, slots=True)
class FinishReply(Command):
    """No more sentences follow in this reply."""

    reply: int


@dataclass(frozen=True, slots=True)
class Hold(Command):
    """Silence the voice now, keeping what is left of it."""

    reply: int


@dataclass(frozen=True, slots=True)
class Release(Command):
    """Let the held voice go on at the very sample."""

    reply: int
    hold: int


@dataclass(frozen=True, slots=True)
class Flush(Command):
    """Drop all that is left of the reply. `sentence`, `char`: where it was cut; None: never heard."""

    reply: int
    sentence: int | None
    char: int


@dataclass(frozen=True, slots=True)
class Answer(Command):
    """Find an answer to the question; it comes back as `AgentResponse` events of this reply."""

    reply: int
    question: str
    place: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Examine(Command):
    """Judge what the learner said to a check question (its module, topic and number): a `CheckJudged` event comes back,
    and what to say to it as `AgentResponse` events of this reply."""

    reply: int
    check: tuple[int, int, int]
    said: str


@dataclass(frozen=True, slots=True)
class ExpectWords(Command):
    """What the learner says next will be about this topic, by its numbers of module and topic."""

    topic: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Remember(Command):
    """This is what the learner heard of the answer to the last question."""

    text: str


@dataclass(frozen=True, slots=True)
class CancelAnswer(Command):
    """The answer is no longer wanted."""

    reply: int


@dataclass(frozen=True, slots=True)
class FinalizeSpeech(Command):
    """The learner's turn is over: ask the recogniser for its final words."""


@dataclass(frozen=True, slots=True)
class DiscardSpeech(Command):
    """It was no speech: the recogniser forgets what it has of it."""


@dataclass(frozen=True, slots=True)
class StartTimer(Command):
    """Wait `seconds` of media time, then send `TimerFired(timer)`. The newest number alone counts."""

    timer: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ResumeLesson(Command):
    """Tell the readers that the lesson goes on here."""

    reply: int
    place: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class MoveLesson(Command):
    """Tell the readers that the lesson was moved here, in a pause, and is still silent."""

    place: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class SavePlace(Command):
    """Everything before this place was heard: keep it. None: the course is over."""

    place: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class Tune(Command):
    """Set the voice's speed (1.0 is the voice's own) and volume (1.0 is unchanged)."""

    speed: float
    volume: float


@dataclass(frozen=True, slots=True)
class EndClass(Command):
    """End the class; nothing follows."""

    reason: EndReason


def to_dict(command: Command) -> dict[str, Any]:
    """A flat object with the command's name under "command", equal to what JSON gives back."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(command).__name__).lower()
    values = {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(command).items()}
    return {"command": name, **values}

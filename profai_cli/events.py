"""What can happen in a class: frozen facts with a media time. The event log holds these and nothing else.

Every event has `t`, the media time in seconds since the class began, counted in captured samples. Events
that belong to a reply of the tutor have `reply`, its number. `to_dict` and `from_dict` are the JSON form:
one flat object with the vocabulary's name under "event".
"""

import re
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final, Literal

from profai_cli.kinds import Checking, DeviceKind, EndReason, SpeechKind, Verdict

EVENTS: Final[dict[str, type["Event"]]] = {}
"""All events by name, filled as the classes below are made."""


@dataclass(frozen=True, slots=True)
class Event:
    """The root of all events."""

    name: ClassVar[str] = ""
    t: float

    def __init_subclass__(cls) -> None:
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        EVENTS[cls.name] = cls  # with slots=True the second, final class of each name wins


# --- the class -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClassStarting(Event):
    """The header of a log: the only event that may differ between two equal runs.

    recording: the file that learner and tutor are recorded to; empty where they are not.
    """

    version: str
    date: str
    interactive: bool
    microphone: str
    speaker: str
    recording: str = ""


@dataclass(frozen=True, slots=True)
class CourseInfo(Event):
    """Which course, where it starts, the fingerprint of its text (for `profai replay`), and how the voice begins.

    checks: module, topic and number of the check questions that are asked before the lesson begins.
    """

    course: str
    title: str
    language: str
    fingerprint: str
    modules: int
    topics: int
    module: int
    topic: int
    sentence: int
    phrase: int
    speed: float = 1.0
    volume: float = 1.0
    checking: Checking = "topics"
    checks: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class InteractiveModeStarting(Event):
    """From here on the tutor listens."""


@dataclass(frozen=True, slots=True)
class ClassComplete(Event):
    """The last event of a class."""

    reason: EndReason


@dataclass(frozen=True, slots=True)
class Error(Event):
    """Something went wrong that the learner should know; the class goes on."""

    source: str
    message: str


@dataclass(frozen=True, slots=True)
class Metrics(Event):
    """One measured figure. `value` has the unit that ends its `figure` name (_ms, _db, _count)."""

    figure: str
    value: float
    reply: int = 0


@dataclass(frozen=True, slots=True)
class Control(Event):
    """The learner asked for something by key, or the program by itself: see `turns.controls`."""

    action: str


@dataclass(frozen=True, slots=True)
class TutorState(Event):
    """What the tutor is doing from now on: a value of `turns.states.State`."""

    state: str


@dataclass(frozen=True, slots=True)
class InputEnded(Event):
    """The file that stands for the microphone has no more samples; silence follows."""


@dataclass(frozen=True, slots=True)
class TimerFired(Event):
    """The end of a wait that the machine asked for; a number that is not the newest is ignored."""

    timer: int


@dataclass(frozen=True, slots=True)
class Decision(Event):
    """A command of the machine, as it was given: what `profai replay` compares."""

    command: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DeviceLost(Event):
    """A device cannot be used any more, or not yet; `message` says why and what happens now, in one sentence."""

    kind: DeviceKind
    device: str
    message: str


@dataclass(frozen=True, slots=True)
class DeviceReady(Event):
    """A device that was lost is back, or `device` takes its place."""

    kind: DeviceKind
    device: str


@dataclass(frozen=True, slots=True)
class EchoMeasured(Event):
    """What the tutor's voice leaves in the microphone: every five seconds of it, and when `settled` changes.

    erle_db: what the canceller takes away. echo_dbfs: level of the echo before that. settled: the canceller knows
    the room. Never where nothing is cancelled, as with headphones.
    """

    erle_db: float
    echo_dbfs: float
    settled: bool


@dataclass(frozen=True, slots=True)
class MicrophoneMuted(Event):
    """The learner has switched the microphone off (`muted`), or on again."""

    muted: bool


# --- the learner -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SttReady(Event):
    """Speech is being recognised by `engine`."""

    engine: str


@dataclass(frozen=True, slots=True)
class SttUnavailable(Event):
    """No engine can recognise speech; typed questions still work."""

    reason: str


@dataclass(frozen=True, slots=True)
class SttFailed(Event):
    """The engine failed in mid-class."""

    engine: str
    reason: str


@dataclass(frozen=True, slots=True)
class SttStopped(Event):
    """Recognition ended with the class."""


@dataclass(frozen=True, slots=True)
class SpeechStarted(Event):
    """The reflex opened. `hold` numbers the hold of the tutor's voice it caused; 0 where it was silent."""

    hold: int


@dataclass(frozen=True, slots=True)
class SpeechConfirmed(Event):
    """The judge is sure that a person speaks (not a cough, a key, a door). `hold` as above."""

    hold: int


@dataclass(frozen=True, slots=True)
class SpeechEnded(Event):
    """The voice went silent. `voiced`: seconds from its first to its last sample; 0: it was none, though confirmed.

    faint: it was so soft that parts of it may not have been heard, and it may be going on.
    """

    voiced: float
    faint: bool = False


@dataclass(frozen=True, slots=True)
class UtteranceEnd(Event):
    """The recogniser closed the utterance: all of its words have come."""


@dataclass(frozen=True, slots=True)
class PartialTranscript(Event):
    """Words so far; later ones replace them."""

    text: str


@dataclass(frozen=True, slots=True)
class FinalTranscript(Event):
    """Words that will not change. `source` tells a spoken turn from a typed one."""

    text: str
    source: Literal["voice", "typed"] = "voice"
    on_course: bool = True


# --- the tutor -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TtsReady(Event):
    """From here on `engine` speaks."""

    engine: str


@dataclass(frozen=True, slots=True)
class AgentReady(Event):
    """From here on `engine` answers."""

    engine: str


@dataclass(frozen=True, slots=True)
class VoiceTuned(Event):
    """From the next sentence on the voice has this speed, and at once this volume; 1.0 is the voice's own."""

    speed: float
    volume: float


@dataclass(frozen=True, slots=True)
class TeachingContent(Event):
    """A sentence of the tutor begins to sound. `place` as in `lesson.place.Place`, where it is of the lesson.

    made: a model wrote it, and not the course's teacher.
    """

    reply: int
    sentence: int
    text: str
    kind: SpeechKind = "lesson"
    place: tuple[int, int, int, int] | None = None
    made: bool = False


@dataclass(frozen=True, slots=True)
class LessonTold(Event):
    """From here on a topic is told by these lines, which a model made of its text: see `lesson.told.tell`.

    Where the topic is being taught, what the voice was given of it already stands in these lines unchanged.
    engine: the model; empty where the lines were kept from an earlier class. questions: its check questions in a
    translated lesson, "" for one that is asked as before.
    """

    module: int
    topic: int
    lines: tuple[tuple[str, int], ...]
    engine: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentResponse(Event):
    """A sentence of the answer. `done` marks the last; its text may be empty. made: a model wrote it."""

    reply: int
    text: str
    source: str = ""
    done: bool = False
    made: bool = False


@dataclass(frozen=True, slots=True)
class CheckJudged(Event):
    """What the learner `said` to a check question was judged. What the tutor says to it follows as `AgentResponse`.

    check: module, topic and number. place: the sentence of the teacher's text that holds the answer. judge: who judged.
    """

    reply: int
    check: tuple[int, int, int]
    question: str
    said: str
    verdict: Verdict
    place: tuple[int, int, int, int]
    judge: str


@dataclass(frozen=True, slots=True)
class AudioGenerationStarted(Event):
    """A sentence was sent to the voice. Where `engine` fails, another one says it: see `TtsReady`."""

    reply: int
    sentence: int
    engine: str


@dataclass(frozen=True, slots=True)
class AudioChunk(Event):
    """Sound of a sentence came: `seconds` long, `start` seconds into the sentence."""

    reply: int
    sentence: int
    start: float
    seconds: float


@dataclass(frozen=True, slots=True)
class AudioGenerationComplete(Event):
    """All sound of a sentence has come."""

    reply: int
    sentence: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Heard(Event):
    """The first `char` characters of the sentence have left the speaker; `end`: all of it has."""

    reply: int
    sentence: int
    char: int
    end: bool = False


@dataclass(frozen=True, slots=True)
class ReplyFinished(Event):
    """The last sample of the reply has left the speaker."""

    reply: int


@dataclass(frozen=True, slots=True)
class TtsHeld(Event):
    """The voice fell silent; `char` characters of `sentence` were heard. It can go on at the very sample."""

    reply: int
    hold: int
    sentence: int
    char: int


@dataclass(frozen=True, slots=True)
class TtsResumed(Event):
    """The hold was released: no real interruption."""

    reply: int
    hold: int


@dataclass(frozen=True, slots=True)
class TtsInterrupted(Event):
    """The reply was cut for good after `char` characters of `sentence`."""

    reply: int
    sentence: int
    char: int


@dataclass(frozen=True, slots=True)
class TtsCancelled(Event):
    """The reply was dropped before any of it was heard."""

    reply: int


@dataclass(frozen=True, slots=True)
class LessonMoved(Event):
    """The learner has moved the lesson in a pause, to this place; `text` is the sentence that will be said."""

    text: str
    place: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class LessonResumed(Event):
    """The lesson goes on at this place after an interruption."""

    reply: int
    place: tuple[int, int, int, int]


def to_dict(event: Event) -> dict[str, Any]:
    """The JSON form: a flat object whose first keys are "event" and "t" (rounded to 0.1 ms)."""
    return {"event": event.name, **asdict(event), "t": round(event.t, 4)}


def from_dict(data: dict[str, Any]) -> Event:
    """The event of a JSON object; raises ValueError for an unknown name, TypeError for wrong fields."""
    values = dict(data)
    kind = EVENTS.get(values.pop("event", ""))
    if kind is None:
        raise ValueError(f"no event is named {data.get('event')!r}")
    for name in ("place", "check"):
        if values.get(name) is not None:
            values[name] = tuple(values[name])
    for name in ("checks", "lines"):
        if name in values:
            values[name] = tuple(map(tuple, values[name]))
    if "questions" in values:
        values["questions"] = tuple(values["questions"])
    return kind(**values)

"""A class as plain lines, one an event: for pipes, logs, screen readers and `grep`.

A line is a name of one word, a colon, and plain words: `tutor: A loop repeats its body.` The names and the order of the
words stay what they are from one version to the next. What a screen reader would only repeat is left out: words that
may still change, and a turn's figures, which a key asks for.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ports import Frame
from profai_cli.ui.keys import KEYS
from profai_cli.ui.measures import END_TO_END, MEASURES, VERDICTS
from profai_cli.ui.model import Model
from profai_cli.ui.parts import Line
from profai_cli.ui.unheard import Unheard

_LAST_WORDS: Final = 6

ORDERS: Final = 'said or typed: "stop", "go on", "repeat", "next topic", "quit", or your question'
MUTED: Final = "you are muted: type m and Enter"
NONE_YET: Final = "no turn was measured yet"

_ENDS: Final = {
    "finished": "all is said",
    "quit": "you quit",
    "time": "the time is up",
    "input_ended": "the recording that stood for the microphone is over",
    "stopped": "stopped from outside",
    "failed": "an engine has failed",
}
_DONE: Final = {key.action: key.words for key in KEYS} | {"pause_or_go_on": "pause or go on"}
"""What keys ask for; other actions are told by their own name."""

_UNTOLD: Final = ("time", "stopped", "failed", "typing")
"""What the program asks for, of which the last line tells; and that a line was begun, which its writer knows."""


class PlainLines:
    """A reader that gives `write` one line at a time, without its end.

    verbose: show also the events that come by the dozen (audio_chunk, heard, decision, metrics, ...).
    """

    def __init__(self, write: Callable[[str], None], *, verbose: bool = False) -> None:
        self._write = write
        self._verbose = verbose
        self._model = Model()
        self._settled: bool | None = None  # as it was shown last
        self._unheard = Unheard()

    def __call__(self, event: ev.Event) -> None:
        """Show one event."""
        self._model(event)
        shown = self._tell(event)
        if shown is None and self._verbose:
            shown = event.name, " ".join(f"{f.name}={getattr(event, f.name)!r}" for f in fields(event)[1:])
        if shown is not None:
            self.note(event.t, *shown)

    def note(self, _t: float, label: str, text: str) -> None:
        """Show something that no event tells."""
        self._write(f"{plain(label)}: {plain(text)}".rstrip())

    def watch(self, frame: Frame) -> None:
        """Tell who speaks while the microphone is muted, from every block of the sound path."""
        if self._unheard(frame, muted=self._model.muted):
            self.note(frame.t, "microphone", MUTED)

    def look(self, action: str) -> None:
        """Show what one of `keys.LOOKS` asks for."""
        for label, text in _help() if action == "help" else _figures(self._model):
            self.note(self._model.t, label, text)

    def _tell(self, event: ev.Event) -> tuple[str, str] | None:
        """Name and words of an event that a learner cares for."""
        match event:
            case ev.TtsHeld() | ev.TtsInterrupted():
                name = "held" if isinstance(event, ev.TtsHeld) else "interrupted"
                return name, _after(self._model.sounding(event.reply, event.sentence), event.char)
            case ev.TeachingContent(kind="answer"):
                source = self._model.source(event.reply, event.text)
                return "answer", f"{event.text} (from {source})" if source else event.text
            case ev.TeachingContent(kind="check"):
                return "question", event.text
            case ev.Metrics() | ev.EchoMeasured():
                return self._of_sound(event)
            case _ if self._says_nothing(event):
                return None
        tell = _LINES.get(type(event))
        return tell(event) if tell else None

    def _says_nothing(self, event: ev.Event) -> bool:
        """Whether an event of a kind that has a line has none this time."""
        match event:
            case ev.FinalTranscript(text=""):
                return True
            case ev.TutorState(state=state):
                return state not in ("thinking", "paused")
            case ev.InteractiveModeStarting():
                return not self._model.loading
            case ev.Control(action=action):
                return action in _UNTOLD
        return False

    def _of_sound(self, event: ev.Metrics | ev.EchoMeasured) -> tuple[str, str] | None:
        """Only what is new: how soon the answer came, advice, and whether the room is known."""
        if isinstance(event, ev.Metrics):
            if event.figure == END_TO_END:
                return "answered", f"after {event.value / 1000:.1f} seconds"
            return ("sound", self._model.advice) if self._model.advice else None
        if event.settled is self._settled:
            return None
        self._settled = event.settled
        return "echo", "is cancelled" if event.settled else "learning the room"


def _help() -> list[tuple[str, str]]:
    """Only what can be typed as a line; a question needs no key."""
    keys = [key for key in KEYS if len(key.label) == 1 and key.action != "type"]
    return [*(("key", f"{key.label} and Enter, {key.words}") for key in keys), ("orders", ORDERS)]


def _figures(model: Model) -> list[tuple[str, str]]:
    known = [each for each in MEASURES if each.figure in model.figures]
    rows = [("figure", f"{x.name}, {model.figures[x.figure]:.0f} milliseconds, {x.words}") for x in known]
    if echo := model.echo:
        rows.append(("echo", f"{echo.echo_dbfs:.0f} dBFS at the microphone, {echo.erle_db:.0f} dB of it taken away"))
    return [*(rows if known else [("figure", NONE_YET), *rows]), ("gaps", f"{model.gaps.count}")]


def _after(line: Line | None, char: int) -> str:
    words = line.text[:char].split() if line else []
    if not words:
        return "before the first word"
    dots = "… " if len(words) > _LAST_WORDS else ""
    return f'after "{dots}{" ".join(words[-_LAST_WORDS:])}"'


def _blamed(source: str, message: str) -> tuple[str, str]:
    """An error's line; an engine's own sentences begin with its name."""
    return "error", message if message.startswith(source) else f"{source}: {message}"


def _at(module: int, topic: int, sentence: int) -> str:
    return f"module {module + 1}, topic {topic + 1}, sentence {sentence + 1}"


_LINES: Final[dict[type[ev.Event], Callable[[Any], tuple[str, str]]]] = {
    ev.ClassStarting: lambda e: ("class", f"microphone {e.microphone or 'none'}, speaker {e.speaker or 'none'}"),
    ev.CourseInfo: lambda e: ("course", f"{e.title}, {_at(e.module, e.topic, e.sentence)}"),
    ev.ClassComplete: lambda e: ("over", _ENDS.get(e.reason, e.reason)),
    ev.Error: lambda e: _blamed(e.source, e.message),
    ev.DeviceLost: lambda e: ("device", e.message),
    ev.DeviceReady: lambda e: ("device", f"{e.kind} {e.device}"),
    ev.Control: lambda e: ("key", _DONE.get(e.action, e.action.replace("_", " "))),
    ev.InputEnded: lambda e: ("input", "ended"),
    ev.TutorState: lambda e: ("state", e.state),
    ev.InteractiveModeStarting: lambda _e: ("recogniser", "loading"),
    ev.SttReady: lambda e: ("recogniser", e.engine),
    ev.TtsReady: lambda e: ("voice", e.engine),
    ev.AgentReady: lambda e: ("answers", e.engine),
    ev.SttUnavailable: lambda e: ("error", f"no speech recognition, you can type: {e.reason}"),
    ev.SttFailed: lambda e: _blamed(e.engine, e.reason),
    ev.FinalTranscript: lambda e: ("you", e.text),
    ev.TeachingContent: lambda e: ("tutor", e.text),
    ev.CheckJudged: lambda e: ("judged", VERDICTS[e.verdict]),
    ev.TtsResumed: lambda e: ("resumed", "the tutor goes on"),
    ev.MicrophoneMuted: lambda e: ("microphone", "muted" if e.muted else "on"),
    ev.VoiceTuned: lambda e: ("voice", f"speed {e.speed:g}, volume {e.volume:.0%}"),
    ev.LessonMoved: lambda e: ("lesson", f"moved to {_at(*e.place[:3])}: {e.text}"),
    ev.LessonResumed: lambda e: ("lesson", f"goes on at {_at(*e.place[:3])}"),
}
"""What is shown of an event that needs no memory."""

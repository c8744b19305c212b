"""A class as plain lines, one an event: for pipes, logs, screen readers and `grep`."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ui.model import Line, Model

_LAST_WORDS: Final = 6
_LABEL: Final = 11


class PlainLines:
    """A reader that gives `write` one line at a time, without its end, such as

        [  12.34] tutor       A loop repeats its body.

    verbose: show also the events that come by the dozen (audio_chunk, heard, decision, metrics, ...).
    """

    def __init__(self, write: Callable[[str], None], *, verbose: bool = False) -> None:
        self._write = write
        self._verbose = verbose
        self._model = Model()
        self._settled: bool | None = None  # as it was shown last

    def __call__(self, event: ev.Event) -> None:
        """Show one event."""
        self._model(event)
        shown = self._tell(event)
        if shown is None and self._verbose:
            shown = event.name, " ".join(f"{f.name}={getattr(event, f.name)!r}" for f in fields(event)[1:])
        if shown is not None:
            self.note(event.t, *shown)

    def note(self, t: float, label: str, text: str) -> None:
        """Show something that no event tells."""
        self._write(f"[{t:7.2f}] {label:<{_LABEL}} {plain(text)}".rstrip())

    def _tell(self, event: ev.Event) -> tuple[str, str] | None:
        """Label and text of an event that a learner cares for."""
        match event:
            case ev.TtsHeld() | ev.TtsInterrupted():
                label = "held" if isinstance(event, ev.TtsHeld) else "interrupted"
                return label, _after(self._model.sounding(event.reply, event.sentence), event.char)
            case ev.TeachingContent(kind="answer"):
                source = self._model.source(event.reply, event.text)
                return "answer", f"{event.text} ({source})" if source else event.text
            case ev.TutorState(state="thinking" | "paused" as state):
                return state, ""
            case ev.FinalTranscript(text=""):
                return None
            case ev.Metrics() | ev.EchoMeasured():
                return self._of_sound(event)
        tell = _LINES.get(type(event))
        return tell(event) if tell else None

    def _of_sound(self, event: ev.Metrics | ev.EchoMeasured) -> tuple[str, str] | None:
        """Only what is new: a turn's figures, advice, and whether the room is known."""
        if isinstance(event, ev.Metrics):
            if event.reply:
                return "figure", f"{event.figure.removesuffix('_ms').replace('_', ' ')} {event.value:.0f} ms"
            return ("sound", self._model.advice) if self._model.advice else None
        if event.settled is self._settled:
            return None
        self._settled = event.settled
        return "echo", _echo(event)


def _after(line: Line | None, char: int) -> str:
    words = line.text[:char].split() if line else []
    if not words:
        return "before the first word"
    dots = "… " if len(words) > _LAST_WORDS else ""
    return f'after "{dots}{" ".join(words[-_LAST_WORDS:])}"'


def _echo(echo: ev.EchoMeasured) -> str:
    if not echo.settled:
        return "learning the room"
    return f"{echo.echo_dbfs:.0f} dBFS in the microphone, {echo.erle_db:.0f} dB of it are taken away"


def _blamed(source: str, message: str) -> tuple[str, str]:
    """An error's line; an engine's own sentences begin with its name."""
    return "error", message if message.startswith(source) else f"{source}: {message}"


def _at(module: int, topic: int, sentence: int) -> str:
    return f"module {module + 1}, topic {topic + 1}, sentence {sentence + 1}"


_LINES: Final[dict[type[ev.Event], Callable[[Any], tuple[str, str]]]] = {
    ev.ClassStarting: lambda e: (
        "class",
        f"microphone: {e.microphone or 'none'}, speaker: {e.speaker or 'none'}",
    ),
    ev.CourseInfo: lambda e: ("course", f"{e.title}: {_at(e.module, e.topic, e.sentence)}"),
    ev.ClassComplete: lambda e: ("over", e.reason),
    ev.Error: lambda e: _blamed(e.source, e.message),
    ev.DeviceLost: lambda e: ("device", e.message),
    ev.DeviceReady: lambda e: ("device", f"{e.kind}: {e.device}"),
    ev.Control: lambda e: ("control", e.action),
    ev.InputEnded: lambda e: ("input ended", ""),
    ev.SttReady: lambda e: ("recogniser", e.engine),
    ev.TtsReady: lambda e: ("voice", e.engine),
    ev.AgentReady: lambda e: ("answers", e.engine),
    ev.SttUnavailable: lambda e: ("error", f"no speech recognition: {e.reason}"),
    ev.SttFailed: lambda e: _blamed(e.engine, e.reason),
    ev.PartialTranscript: lambda e: ("learner ...", e.text),
    ev.FinalTranscript: lambda e: ("learner", e.text),
    ev.TeachingContent: lambda e: ("tutor", e.text),
    ev.TtsResumed: lambda e: ("resumed", ""),
    ev.MicrophoneMuted: lambda e: ("microphone", "off" if e.muted else "on"),
    ev.VoiceTuned: lambda e: ("voice", f"speed {e.speed:g}, volume {e.volume:.0%}"),
    ev.LessonMoved: lambda e: ("lesson", f"moved to {_at(*e.place[:3])}: {e.text}"),
    ev.LessonResumed: lambda e: ("lesson", f"goes on at {_at(*e.place[:3])}"),
}
"""What is shown of an event that needs no memory."""

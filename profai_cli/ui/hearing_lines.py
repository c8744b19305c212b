"""What the recogniser hears, for `profai listen`, as plain lines: one an event."""

from collections.abc import Callable
from typing import Any, Final

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ui.gaps import Gaps
from profai_cli.ui.hearing_trace import Step

Row = tuple[str, str]
"""A label and a text."""

_LABEL: Final = 11


class HearingLines:
    """A reader that gives `write` one line an event, without its end."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._tell = Teller()

    def __call__(self, event: ev.Event) -> None:
        """Show one event."""
        row = self._tell(event)
        if row:
            self._write(line(event.t, row))

    def opened(self, microphone: str) -> None:
        """Show what is listened to."""
        self._write(line(0.0, ("microphone", microphone)))

    def step(self, step: Step) -> None:
        """Show a tenth of a second of voice activity."""
        self._write(f"{head(step.t, 'activity')}{step}")


def line(t: float, row: Row) -> str:
    """One plain line with its media time."""
    label, text = row
    return f"{head(t, label)}{plain(text)}".rstrip()


def head(t: float, label: str) -> str:
    """The begin of a line."""
    return f"[{t:7.2f}] {label:<{_LABEL}} "


class Teller:
    """Says in words what an event means."""

    def __init__(self) -> None:
        self._gaps = Gaps()
        self._opened = 0.0
        self._confirmed = False

    def __call__(self, event: ev.Event) -> Row | None:
        """Label and text of an event; None for one that says nothing to a learner."""
        match event:
            case ev.SpeechStarted():
                self._opened, self._confirmed = event.t, False
            case ev.SpeechConfirmed():
                self._confirmed = True
                return "voice", f"confirmed {event.t - self._opened:.2f} s after it opened"
            case ev.SpeechEnded():
                confirmed = self._confirmed and event.voiced
                return "voice", f"ended: {event.voiced:.2f} s" + ("" if confirmed else ", not confirmed")
            case ev.Metrics(figure="sound_faults_count"):
                advice = self._gaps.advice(event.value)
                return ("error", advice) if advice else None
            case ev.Metrics() if event.figure in _FIGURES:
                label, text = _FIGURES[event.figure]
                return label, text.format(event.value)
        tell = _ROWS.get(type(event))
        return tell(event) if tell else None


_ORDERS: Final = {
    "finalize_speech": "silence: the final words are asked for",
    "discard_speech": "no voice was confirmed: taken for noise",
}
_ROWS: Final[dict[type[ev.Event], Callable[[Any], Row]]] = {
    ev.SttReady: lambda e: ("recogniser", e.engine),
    ev.SttUnavailable: lambda e: ("error", e.reason),
    ev.SttFailed: lambda e: ("error", e.reason),
    ev.Error: lambda e: ("error", e.message),
    ev.DeviceLost: lambda e: ("error", e.message),
    ev.DeviceReady: lambda e: (e.kind, e.device),
    ev.InputEnded: lambda e: ("input ended", ""),
    ev.SpeechStarted: lambda e: ("voice", "opened"),
    ev.PartialTranscript: lambda e: ("words ...", e.text),
    ev.FinalTranscript: lambda e: ("words", (e.text or "(none)") + ("" if e.on_course else "  (not of the course)")),
    ev.Decision: lambda e: ("turn", _ORDERS[e.command["command"]]),
}
_FIGURES: Final = {
    "voice_level_db": ("level", "{:.1f} dBFS while the voice was on"),
    "first_partial_ms": ("delay", "{:.0f} ms from the begin of the voice to the first words"),
    "final_words_ms": ("delay", "{:.0f} ms from the end of the voice to the final words"),
}

"""The live screen: draws the picture some times a second, and lets questions and answers scroll by above it."""

import threading
from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.text import Text

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ui.model import Model
from profai_cli.ui.view import Outline, picture

FRAMES_A_SECOND: Final = 12


class Screen:
    """A reader for a terminal. Events only change the model, so that however many come, drawing costs the same.

    console: where to draw; None: standard output. outline: titles of the course's modules and topics; without
    them the header has numbers. Call `start` before the class and `stop` after it, whatever happened.
    """

    def __init__(self, console: Console | None = None, outline: Sequence[Outline] = ()) -> None:
        self._console = console or Console()
        self._outline = [Outline(plain(each.module), tuple(plain(topic) for topic in each.topics)) for each in outline]
        self._model = Model()
        self._levels = (-120.0, -120.0)
        self._typed = ""
        self._past: list[Text] = []
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take the terminal and draw until `stop`, in a thread of its own."""
        self._live.start()
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give the terminal back, with questions and answers left on it. Idempotent."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._scroll()
            self._live.stop()

    def __call__(self, event: ev.Event) -> None:
        """Take one event; it shows in the next frame."""
        with self._lock:
            self._model(event)
            past = self._line_of_past(event)
            if past is not None:
                self._past.append(past)

    def note(self, _t: float, label: str, text: str) -> None:
        """Leave a line above the live screen about something that no event tells."""
        with self._lock:
            self._past.append(Text(f"{label}: {plain(text)}", "dim"))

    def levels(self, microphone_dbfs: float, speaker_dbfs: float) -> None:
        """Set the meters, dBFS (RMS)."""
        self._levels = (microphone_dbfs, speaker_dbfs)

    def typing(self, text: str) -> None:
        """Show what the learner is typing; empty: nothing."""
        self._typed = plain(text)

    def draw(self) -> None:
        """Draw one frame now."""
        if self._scroll():
            return  # which has drawn the last frame again below: the next one is soon enough
        self._live.update(self.frame(), refresh=True)

    def frame(self) -> Text:
        """The picture of this moment."""
        with self._lock:
            return picture(self._model, self._console, self._outline, self._levels, self._typed)

    def _run(self) -> None:
        while not self._ended.wait(1 / FRAMES_A_SECOND):
            self.draw()

    def _scroll(self) -> bool:
        with self._lock:
            past, self._past = self._past, []
        if past:
            self._console.print(Text("\n").join(past))
        return bool(past)

    def _line_of_past(self, event: ev.Event) -> Text | None:
        """What stays readable above the live screen: questions, answers and faults."""
        line = self._model.line
        match event:
            case ev.FinalTranscript(text=text) if text:
                return Text.assemble(("you: ", "dim"), (plain(text), "bold"))
            case ev.TeachingContent(kind="answer") if line:
                source = f" ({line.source})" if line.source else ""
                return Text.assemble(("tutor: ", "dim"), line.text, (source, "dim"))
            case ev.Error() | ev.SttUnavailable() | ev.SttFailed() | ev.DeviceLost():
                return Text(self._model.fault, "red")
            case ev.DeviceReady():
                return Text(plain(f"{event.kind}: {event.device}"), "dim")
            case ev.Metrics() if self._model.advice:
                return Text(self._model.advice, "yellow")
        return None

"""The live screen: draws the picture some times a second, and lets questions and answers scroll by above it."""

import threading
from collections import deque
from collections.abc import Collection, Iterator
from typing import Final

from rich.console import Console
from rich.text import Text

from profai_cli import events as ev
from profai_cli.lesson.course import Course
from profai_cli.lesson.plain import plain
from profai_cli.ports import Frame
from profai_cli.ui.live import live_console
from profai_cli.ui.look import to_ascii
from profai_cli.ui.model import Model
from profai_cli.ui.region import Region
from profai_cli.ui.unheard import Unheard
from profai_cli.ui.view import Moment, View

FRAMES_A_SECOND: Final = 12
AT_MOST: Final = 24
"""Frames a second while keys are pressed, so that each shows within 50 ms: 42 of waiting, and the drawing."""

_OF_KEYS: Final = (ev.TutorState, ev.MicrophoneMuted, ev.VoiceTuned, ev.LessonMoved)
"""What keys lead to."""

_FALL_DB: Final = 0.6
"""By which a meter falls in a block of 10 ms, at most: 60 dB in a second."""


class Screen:
    """A reader for a terminal. Events are only kept until the next frame, so that however many come, none waits.

    console: where to draw; None: standard output. course: the one that is taught; without it there is no outline,
    and of the lesson only what the events tell. heard: module and topic of those heard in earlier classes. Call `start`
    before the class and `stop` after it, whatever happened; both may be called again, as around a suspension. All but
    these two may be called from any thread.
    """

    def __init__(
        self,
        console: Console | None = None,
        course: Course | None = None,
        frames_a_second: float = FRAMES_A_SECOND,
        heard: Collection[tuple[int, int]] = (),
    ) -> None:
        self._console = console or live_console()
        self._view = View(course, heard)
        self._model = Model()
        self._region = Region(self._console)
        self._rate = frames_a_second
        self._new: deque[ev.Event | Text] = deque()
        self._levels = (-120.0, -120.0)
        self._typed: str | None = None
        self._page = ""
        self._unheard = Unheard()
        self._pressed = threading.Event()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.frames = 0
        """How many were drawn."""

    def start(self) -> None:
        """Take the terminal and draw until `stop`, in a thread of its own."""
        self._ended.clear()
        self._region.start()
        self._thread = threading.Thread(target=self._run, name="screen", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give the terminal back, with questions and answers left on it. Idempotent."""
        self._ended.set()
        self._pressed.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._take()
            self._region.stop()

    def __call__(self, event: ev.Event) -> None:
        """Take one event; it shows in the next frame, which comes soon after what keys do."""
        self._new.append(event)
        if isinstance(event, _OF_KEYS):
            self._pressed.set()

    def note(self, _t: float, label: str, text: str) -> None:
        """Leave a line above the live screen about something that no event tells."""
        self._new.append(Text(f"{label}: {plain(text)}", "dim"))

    def watch(self, frame: Frame) -> None:
        """Set the meters, from every block of the sound path, and notice who speaks in vain."""
        self.levels(frame.microphone_dbfs, frame.speaker_dbfs)
        self._unheard(frame, muted=self._model.muted)

    def levels(self, microphone_dbfs: float, speaker_dbfs: float) -> None:
        """Set the meters for a block of 10 ms, dBFS (RMS); they rise at once and fall slowly."""
        microphone, speaker = self._levels
        self._levels = (max(microphone_dbfs, microphone - _FALL_DB), max(speaker_dbfs, speaker - _FALL_DB))

    def typing(self, text: str | None) -> None:
        """Show a line that the learner is typing, with a cursor; None: nobody types."""
        self._typed = None if text is None else plain(text) + " " * (len(text) - len(text.rstrip()))
        self._pressed.set()

    def look(self, action: str) -> None:
        """Show what one of `keys.LOOKS` asks for in place of the lesson; for the second time, the lesson again."""
        self._page = "" if self._page == action else action
        self._pressed.set()

    def draw(self) -> None:
        """Draw one frame now."""
        self._take()
        self._region.show(self.rows())
        self.frames += 1

    def rows(self) -> list[Text]:
        """The picture of this moment, of what was taken so far."""
        width, height = self._console.size
        unheard = self._model.muted and self._unheard.lately(self._model.t)
        moment = Moment(self._levels, self._typed, self._page, unheard)
        return self._view.rows(self._model, moment, width, height, ascii_only=self._console.options.ascii_only)

    def _run(self) -> None:
        shortest = min(1 / AT_MOST, 1 / self._rate)
        while not self._ended.wait(shortest):
            self._pressed.wait(1 / self._rate - shortest)
            self._pressed.clear()
            self.draw()

    def _take(self) -> None:
        """Let the model see what is new, and scroll by what shall stay."""
        while self._new:
            new = self._new.popleft()
            if isinstance(new, Text):
                self._say(new)
                continue
            self._model(new)
            if isinstance(new, ev.LessonTold):
                self._view.tell(new)
            for line in _lines_of_past(self._model, new):
                self._say(line)

    def _say(self, line: Text) -> None:
        self._region.say(to_ascii(line) if self._console.options.ascii_only else line)


def _lines_of_past(model: Model, event: ev.Event) -> Iterator[Text]:
    """What stays readable above the live screen: questions, answers and faults."""
    line = model.line
    match event:
        case ev.FinalTranscript(text=text) if text:
            yield Text.assemble(("you: ", "dim"), (plain(text), "bold"))
        case ev.TeachingContent(kind="answer" | "check") if line:
            source = f" ({line.source})" if line.source else ""
            yield Text.assemble(("tutor: ", "dim"), line.text, (source, "dim"))
        case ev.Error() | ev.SttUnavailable() | ev.SttFailed() | ev.DeviceLost():
            yield Text(model.fault, "red")
        case ev.DeviceReady():
            yield Text(plain(f"{event.kind}: {event.device}"), "dim")
        case ev.Metrics() if model.advice:
            yield Text(model.advice, "yellow")

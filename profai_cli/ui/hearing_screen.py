"""What the recogniser hears, for `profai listen` on a terminal: lines that stay, and one live line below them.

Words and messages go in as `rich.text.Text`, never as markup, and without escape codes.
"""

from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.live import Live
from rich.text import Text

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ports import Frame
from profai_cli.ui.hearing_lines import Teller, head, line
from profai_cli.ui.hearing_trace import Step
from profai_cli.ui.live import live_console
from profai_cli.ui.meter import meter

_STYLES: Final = {"words": "bold", "error": "red"}
_BLOCKS_A_DRAWING: Final = 8
_METER_CELLS: Final = 20


class HearingScreen:
    """A reader; words that may still change are rewritten in place, beside the meter of the microphone."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or live_console()
        self._tell = Teller()
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._partial = ""
        self._voice = False
        self._loudest = -120.0
        self._blocks = 0

    def start(self) -> None:
        """Take the last line of the terminal. The cursor stays visible, so that a kill leaves all in order."""
        self._live.start()
        self._console.show_cursor(True)

    def stop(self) -> None:
        """Give it back. Idempotent."""
        self._live.stop()

    def __call__(self, event: ev.Event) -> None:
        """Show one event."""
        match event:
            case ev.PartialTranscript(text=text):
                self._partial = plain(text)
                return
            case ev.FinalTranscript() | ev.Decision(command={"command": "discard_speech"}):
                self._partial = ""
            case ev.SpeechStarted():
                self._voice = True
            case ev.SpeechEnded():
                self._voice = False
        row = self._tell(event)
        if row:
            self._console.print(Text(line(event.t, row), _STYLES.get(row[0], "")))

    def opened(self, microphone: str) -> None:
        """Show what is listened to."""
        self._console.print(Text(line(0.0, ("microphone", microphone))))

    def step(self, step: Step) -> None:
        """Show a tenth of a second of voice activity."""
        self._console.print(Text(f"{head(step.t, 'activity')}{step}", "dim"))

    def watch(self, frame: Frame) -> None:
        """Draw the live line some times a second."""
        self._loudest = max(self._loudest, frame.microphone_dbfs)
        self._blocks += 1
        if self._blocks == _BLOCKS_A_DRAWING:
            self._live.update(self._status(frame.t), refresh=True)
            self._blocks, self._loudest = 0, -120.0

    def _status(self, t: float) -> Text:
        style, ascii_only = "yellow" if self._voice else "green", self._console.options.ascii_only
        text = Text.assemble(
            (f"[{t:7.2f}] ", "dim"),
            meter(self._loudest, _METER_CELLS, style, ascii_only=ascii_only),
            f" {self._loudest:4.0f} dBFS ",
            no_wrap=True,
        )
        room = self._console.width - text.cell_len - 1
        words = self._partial
        while words and cell_len(words) > room:  # the newest words stay in sight
            words = words.partition(" ")[2]
        return text.append(words, "dim")

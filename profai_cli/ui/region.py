"""The live part of the terminal: rows that are rewritten in place, below lines that scroll by and stay.

Rich's own `Live` erases all rows before it draws them, which flickers. This one writes only rows that have changed,
each over what stood there, in one write of which a terminal that knows how shows the whole or nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, ConsoleDimensions, ConsoleRenderable
from rich.control import Control
from rich.live import Live
from rich.segment import ControlType, Segment, Segments
from rich.text import Text

from profai_cli.ui.cells import anchored

BEGIN: Final = "\x1b[?2026h"
END: Final = "\x1b[?2026l"
"""Synchronized output (https://contour-terminal.org/vt-extensions/synchronized-output); unknown modes are ignored."""

NO_WRAP: Final = "\x1b[?7l"
WRAP: Final = "\x1b[?7h"
"""Autowrap (DECAWM) off and on: a row that takes more cells than was thought loses its end, and breaks no other."""

ERASE_BELOW: Final = "\x1b[J"
"""Erase in display (ECMA-48, 8.3.39), which Rich has no name for."""

_ERASE_REST: Final = Control((ControlType.ERASE_IN_LINE, 0)).segment
_ERASE_LINE: Final = Control((ControlType.ERASE_IN_LINE, 2)).segment
_RETURN: Final = Control(ControlType.CARRIAGE_RETURN).segment


class Region(Live):
    """Call `show` with the rows of each frame, and print lines above them with `say`.

    Rows are shorter than the terminal is wide. Between two calls the cursor stands at the begin of the last row.
    """

    def __init__(self, console: Console) -> None:
        super().__init__(console=console, auto_refresh=False, transient=True)
        self._rows: list[Text] = []
        self._drawn: list[Text] = []
        self._size: ConsoleDimensions | None = None

    def start(self, refresh: bool = False) -> None:
        """Take the terminal: what is on it scrolls out of sight."""
        super().start(refresh)
        self._size = self.console.size
        if self.console.is_interactive:
            self.console.print(Segments([Segment.line()] * (self._size.height - 1)), end="")
            self.console.control(Control.home())

    def stop(self) -> None:
        """Erase the rows and give the terminal back."""
        self._rows = []
        super().stop()

    def show(self, rows: Sequence[Text]) -> None:
        """Draw what is new in a frame. After a resize nothing is drawn until the size is that of the frame before."""
        size = self.console.size
        self._rows = list(rows) if size == self._size else []
        self.refresh()
        self._size = size

    def say(self, text: Text) -> None:
        """Leave a line above."""
        self.console.print(text)

    def refresh(self) -> None:
        """Write what has changed. All of it is one line to Rich, which is not to be cut."""
        if self.console.is_interactive:
            self.console.print(Control(), crop=False)

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """What goes to the terminal in place of, or around, what is printed while the region is there."""
        if not self.console.is_interactive:
            return renderables
        printed = [each for each in renderables if not isinstance(each, Control)]
        if not printed and len(self._rows) == len(self._drawn):
            return [Segments(list(self._changes()))]
        head = Segments([*self._mark(BEGIN), *self._erased()])
        self._drawn = list(self._rows)
        return [head, *printed, Segments([*self._mark(NO_WRAP), *self._all(), *self._mark(WRAP + END)])]

    def _all(self) -> Iterator[Segment]:
        """Every row, from the cursor on."""
        for number, row in enumerate(self._rows):
            if number:
                yield Segment.line()
            yield from self._row(row)
        yield _RETURN

    def _row(self, row: Text) -> Iterator[Segment]:
        """One row; what is not sure to stand where it should is put there."""
        for at, part in anchored(row):
            if at:
                yield Control.move_to_column(at).segment
            yield from part.render(self.console)

    def _changes(self) -> Iterator[Segment]:
        """The rows that differ from what is drawn."""
        pairs = enumerate(zip(self._rows, self._drawn, strict=True))
        changed = [number for number, (new, old) in pairs if new != old]
        if not changed:
            return
        last = at = len(self._rows) - 1
        yield from self._mark(BEGIN + NO_WRAP)
        for number in changed:
            yield Control.move(0, number - at).segment
            yield from self._row(self._rows[number])
            yield _ERASE_REST
            yield _RETURN
            self._drawn[number], at = self._rows[number], number
        yield Control.move(0, last - at).segment
        yield from self._mark(WRAP + END)

    def _erased(self) -> Iterator[Segment]:
        """Erase what is drawn, up to its first row.

        Most terminals break lines anew when they are made narrower; where one does not, this erases lines above, too.
        """
        yield _RETURN
        yield from self._mark(ERASE_BELOW)  # first: what is erased from the terminal's top goes to tmux's history
        width = self.console.width
        above = sum(max(1, -(-row.cell_len // width)) for row in self._drawn[:-1])
        for _ in range(above):
            yield _ERASE_LINE
            yield Control.move(0, -1).segment
        yield _ERASE_LINE

    def _mark(self, code: str) -> Iterator[Segment]:
        """A code that the console of an old Windows does not know."""
        if not self.console.legacy_windows:
            yield Segment(code, None, [(ControlType.CARRIAGE_RETURN,)])

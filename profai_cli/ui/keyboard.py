"""The learner's keyboard beside a class: single keys and typed questions, read in a thread of their own."""

import sys
import threading
from collections.abc import Callable

from profai_cli.ui.console import Console, console
from profai_cli.ui.strokes import Strokes
from profai_cli.ui.typist import ACTIONS, TYPE, Typist


class Keyboard:
    """Keys at once. act, ask, show: see `Typist`; they are called from the keyboard's thread.

    Between `start` and `stop` the terminal does not echo; both may be called again.
    """

    def __init__(
        self, act: Callable[[str], None], ask: Callable[[str], None], show: Callable[[str | None], None]
    ) -> None:
        self._typist = Typist(act, ask, show)
        self._console: Console | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take the terminal and begin to read."""
        self._console = console()
        self._console.take()
        self._thread = threading.Thread(target=self._run, args=(self._console,), name="keyboard", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Give the terminal back as it was. Idempotent."""
        if self._console and self._thread:
            self._console.stop()
            self._thread.join()
            self._console.give_back()
            self._console = None

    def _run(self, keys: Console) -> None:
        strokes = Strokes()
        while (text := keys.read(strokes.patience or self._typist.patience)) is not None:
            for stroke in strokes.feed(text) if text else strokes.settle():
                self._typist(stroke)
            if not text:
                self._typist.settle()


class LineKeyboard:
    """Whole lines, as the terminal edits them: a question, an order in words, or a key of the table by its letter.

    act, ask: as above.
    """

    def __init__(self, act: Callable[[str], None], ask: Callable[[str], None]) -> None:
        self._act, self._ask = act, ask
        self._stopped = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Take lines from now on."""
        self._stopped = False
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="keyboard", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Take no more lines. The thread goes on: who waits for a line cannot be woken."""
        self._stopped = True

    def _run(self) -> None:
        for line in sys.stdin:
            if self._stopped:
                continue
            words = line.strip()
            action = ACTIONS.get(words)
            if action and len(words) == 1 and action != TYPE:
                self._act(action)
            elif words:
                self._ask(words)

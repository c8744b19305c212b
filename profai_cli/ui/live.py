"""The terminal of a live screen."""

import os

from rich.console import Console


def live_console() -> Console:
    """Standard output, with the size that the terminal has at each moment.

    COLUMNS and LINES, which Rich obeys, tell of another time: where a shell exports them they stay as they are in a
    program that runs, whatever becomes of its window.
    """
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return Console(highlight=False, _environ=environment)

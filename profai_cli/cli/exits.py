"""Exit codes that shells expect after a signal (those of errors are in `errors`); how a command tells and complains."""

import os
import shutil
import sys
import textwrap
from typing import Final, TextIO

import click

from profai_cli.lesson.plain import plain

INTERRUPTED: Final = 130
"""After Ctrl-C."""

TERMINATED: Final = 143
"""After SIGTERM."""

HELP: Final = "profai.help"
"""Where a context notes that help is asked for: it is given whatever else is wrong."""

_WIDEST: Final = 100
"""Columns of a panel or of a text: longer lines are hard to read."""


_DUMB: Final = ("dumb", "unknown")
"""Terminals, by `TERM`, whose cursor only goes on."""


def can_draw(stream: TextIO | None) -> bool:
    """Whether a stream is a terminal that can show more than lines."""
    return stream is not None and stream.isatty() and os.environ.get("TERM", "").lower() not in _DUMB


def tell(line: str, indent: str = "") -> None:
    """Print a line on standard output: in a terminal in as many as it takes, the later ones with an indent."""
    if sys.stdout.isatty():
        width = max(min(shutil.get_terminal_size().columns, _WIDEST) - 1, 1)
        line = textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
    click.echo(line)


def complain(message: str, *, framed: bool = False) -> None:
    """Print one sentence on standard error; framed: in a panel, if one can be drawn there."""
    if framed and can_draw(sys.stderr):
        _frame(plain(message))
    else:
        click.echo(f"profai: {plain(message)}", err=True)


def _frame(sentence: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that only a failure in a terminal waits for
    from rich.panel import Panel  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(stderr=True)
    panel = Panel(Text(sentence), title="profai", title_align="left", border_style="red", padding=(0, 1))
    console.print(panel, width=min(console.width, _WIDEST))

"""Exit codes that shells expect after a signal (those of errors are in `errors`), and how a command complains."""

from typing import Final

import click

from profai_cli.lesson.plain import plain

INTERRUPTED: Final = 130
"""After Ctrl-C."""

TERMINATED: Final = 143
"""After SIGTERM."""


def complain(message: str) -> None:
    """Print one sentence on standard error."""
    click.echo(f"profai: {plain(message)}", err=True)

"""How far a download is: a bar in a terminal, a line for every tenth elsewhere."""

from types import TracebackType
from typing import Final, Self

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

_STEPS: Final = 10


class DownloadProgress:
    """A context manager around a download of `total` bytes."""

    def __init__(self, total: int, *, to_stderr: bool) -> None:
        console = Console(stderr=to_stderr)
        self._total, self._to_stderr = total, to_stderr
        self._done = self._steps = 0
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._bar.stop()

    def moved(self, path: str, count: int) -> None:
        """`count` more bytes of a file are there; fewer, where it is below 0."""
        self._done += count
        if not self._bar.disable:
            self._bar.update(self._task, advance=count, description=path.rpartition("/")[2])
            return
        steps = self._done * _STEPS // max(self._total, 1)
        if steps > self._steps:
            line = f"{self._done * 100 // self._total:3} %  {self._done / 1e6:.0f} of {self._total / 1e6:.0f} MB"
            click.echo(line, err=self._to_stderr)
        self._steps = max(steps, self._steps)

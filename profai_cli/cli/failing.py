"""What is told of a failure: one sentence, and with --debug the name of a file with its trace."""

import datetime
import errno
import platform
import sys
import traceback
from collections.abc import Sequence

import click

from profai_cli import __version__
from profai_cli.cli.exits import complain
from profai_cli.cli.kept import current
from profai_cli.cli.options import SETTINGS
from profai_cli.errors import InputError, ProfaiError, StorageError
from profai_cli.lesson.plain import plain
from profai_cli.settings import Key
from profai_cli.storage.files import reason, write_atomically

_FAULT = 1
"""Exit code of a mistake of profai."""

_LONGEST = 200
"""Characters of another library's message that are shown."""


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Tell the learner of an error that ends the command with these arguments; the exit code."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # files of profai's own raise StorageError
        sys.stdout = None  # with what waits in it: Python would write it at the end, and complain
        error = StorageError(f"Standard output takes no more ({reason(error)}); make room there.")
    debug = "--debug" in arguments
    sentence, code = _sentence(error, debug=debug)
    if debug:
        sentence = f"{sentence.rstrip('.')}; {_traced(error)}."
    complain(sentence, framed="--plain" not in arguments and not _always_plain())
    return code


def _always_plain() -> bool:
    """Whether the learner keeps plain lines as a setting. A screen reader would read out what a frame is made of.

    Nothing is raised: what is kept may be what is wrong.
    """
    try:
        return bool(current(SETTINGS["plain"])["plain"][0])
    except Exception:  # noqa: BLE001 - nobody would tell of it, nor of the error that is to be told
        return False


def _sentence(error: Exception, *, debug: bool) -> tuple[str, int]:
    """What to tell, and the exit code."""
    if isinstance(error, ProfaiError):
        return str(error), error.exit_code
    if isinstance(error, click.ClickException):
        message = error.format_message()
        if isinstance(error, click.UsageError) and error.ctx is not None:
            message = message.rstrip(".")
            end = "" if message.endswith("?") else "."
            message = f"{message}{end} See {error.ctx.command_path} --help."
        return message, InputError.exit_code
    what = plain(Key.hide_all(": ".join(filter(None, (type(error).__name__, str(error))))))[:_LONGEST]
    then = "please report it" if debug else "run it again with --debug, and report the file that it names"
    return f"profai made a mistake ({what}): {then}.", _FAULT


def _traced(error: Exception) -> str:
    """Write the trace into a file of its own; where it is."""
    from profai_cli.storage.folders import data_folder  # noqa: PLC0415 - only here

    now = datetime.datetime.now()
    about = f"profai {__version__}, Python {platform.python_version()}, {platform.platform()}, {now:%Y-%m-%d %H:%M:%S}"
    text = Key.hide_all("".join(traceback.format_exception(error)))
    try:
        path = data_folder() / "log" / f"failure-{now:%Y%m%d-%H%M%S-%f}.txt"
        write_atomically(path, f"{about}\n\n{text}".encode(errors="backslashreplace"))
    except ProfaiError as fault:
        return f"its trace could not be written: {str(fault).rstrip('.')}"
    return f"the trace is in {str(path)!r}"

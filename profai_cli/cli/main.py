"""The `profai` command: finds the subcommand, imports nothing else, and turns every error into one sentence."""

import importlib
import io
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

import click

from profai_cli import __version__
from profai_cli.cli.exits import INTERRUPTED, complain
from profai_cli.errors import InputError, ProfaiError

COMMANDS: Final = {
    "class": ("profai_cli.cli.class_:class_", "Hold a class: teach aloud, listen, answer."),
    "demo": ("profai_cli.cli.demo:demo", "One minute that shows what profai is, without a microphone."),
    "listen": ("profai_cli.cli.listen:listen", "Show what the recogniser hears, live or from a file."),
    "courses": ("profai_cli.cli.courses:courses", "List, outline and check courses."),
    "ask": ("profai_cli.cli.ask:ask", "Ask a course a question in writing."),
    "say": ("profai_cli.cli.say:say", "Speak a text and time the voice."),
    "transcribe": ("profai_cli.cli.transcribe:transcribe", "Write down what a recording says."),
    "devices": ("profai_cli.cli.devices:devices", "List microphones and speakers."),
    "doctor": ("profai_cli.cli.doctor:doctor", "Measure microphone, speaker and echo, and say what to change."),
    "keys": ("profai_cli.cli.keys:keys", "Keep and check the keys of cloud engines."),
    "setup": ("profai_cli.cli.setup:setup", "Download better engines for this machine."),
    "replay": ("profai_cli.cli.replay:replay_", "Feed a recorded class to the machine again and compare."),
}
"""Where each command lives, and its line in the help: `profai --help` imports none of them."""


class LazyGroup(click.Group):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands' lines, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="profai")
def profai() -> None:
    """A voice tutor for the terminal: it reads a course aloud, listens, answers, and goes on where it was.

    \b
    Begin with
      profai demo
      profai class --course 1 --interactive
    """


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run `arguments`, by default those of the process, and exit.

    0: done. 2: bad input. 3: an engine or device cannot be used. 1: a fault of profai. 130: Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that is not UTF-8 must not break on a course's letters
            stream.reconfigure(errors="replace")
    try:
        code = profai.main(arguments, standalone_mode=False, prog_name="profai")
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        code = InputError.exit_code
    except click.ClickException as error:
        message = error.format_message()
        if isinstance(error, click.UsageError) and error.ctx is not None:
            message = f"{message.rstrip('.')}. See {error.ctx.command_path} --help."
        complain(message)
        code = InputError.exit_code
    except ProfaiError as error:
        complain(str(error))
        code = error.exit_code
    except Exception as error:  # noqa: BLE001 - the last border: no traceback reaches a learner
        complain(_fault(error))
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _fault(error: Exception) -> str:
    """A sentence about a fault of profai itself; its trace goes to a file."""
    from profai_cli.storage.folders import cache_folder  # noqa: PLC0415 - only here

    kind = type(error).__name__
    try:
        path = Path(cache_folder()) / "last-fault.txt"
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except (OSError, ProfaiError):
        return f"Something in profai broke ({kind})."
    return f"Something in profai broke ({kind}); please report it with the file {path}."


if __name__ == "__main__":
    main()

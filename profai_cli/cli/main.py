"""The `profai` command: finds the subcommand, imports nothing else, and turns every error into one sentence."""

import importlib
import io
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NoReturn

import click

from profai_cli import __version__
from profai_cli.cli.exits import HELP, INTERRUPTED
from profai_cli.errors import InputError

COMMANDS: Final = {
    "class": ("profai_cli.cli.class_:class_", "Hold a class: teach aloud, listen, answer."),
    "demo": ("profai_cli.cli.demo:demo", "One minute that shows what profai is, without a microphone."),
    "listen": ("profai_cli.cli.listen:listen", "Show what the recogniser hears, live or from a file."),
    "review": ("profai_cli.cli.review:review", "Ask again what you may have forgotten."),
    "progress": ("profai_cli.cli.progress:progress", "Show, export or forget what is kept of you."),
    "history": ("profai_cli.cli.history:history", "List the classes held."),
    "report": ("profai_cli.cli.report:report", "Write a page about a class: answers, timeline, figures, sound."),
    "courses": ("profai_cli.cli.courses:courses", "List, write, import and check courses."),
    "ask": ("profai_cli.cli.ask:ask", "Ask a course a question in writing."),
    "say": ("profai_cli.cli.say:say", "Speak a text and time the voice."),
    "transcribe": ("profai_cli.cli.transcribe:transcribe", "Write down what a recording says."),
    "devices": ("profai_cli.cli.devices:devices", "List microphones and speakers, and try them."),
    "doctor": ("profai_cli.cli.doctor:doctor", "Measure microphone, speaker and echo, and say what to change."),
    "keys": ("profai_cli.cli.keys:keys", "Keep and check the keys of cloud engines."),
    "settings": ("profai_cli.cli.settings:settings", "Show and keep what you always want."),
    "setup": ("profai_cli.cli.setup:setup", "Choose and try microphone, speaker and engines, and begin."),
    "replay": ("profai_cli.cli.replay:replay_", "Feed a recorded class to the machine again and compare."),
}
"""Where each command lives, and its line in the help: `profai --help` imports none of them."""

_DEBUG: Final = click.Option(["--debug"], is_flag=True, expose_value=False, hidden=True)
"""After the command as before it; `main` looks for it, since a command line that is wrong has no options yet."""


class LazyGroup(click.Group):
    """A group that imports a command when it is used."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note whether help is asked for, of whatever command; `profai help class` asks for it as well."""
        if args[:1] == ["help"]:
            args = [*args[1:], ctx.help_option_names[-1]]
        ctx.meta[HELP] = any(name in args for name in ctx.help_option_names)
        return super().parse_args(ctx, args)

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
        _debuggable(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command. Raises UsageError, which names the ones that are like it."""
        name = args[0]
        if name not in COMMANDS and not ctx.resilient_parsing:
            from difflib import get_close_matches  # noqa: PLC0415 - only where something was typed wrong

            near = get_close_matches(name, (*COMMANDS, "help"))
            meant = f": did you mean {' or '.join(near)}?" if near else "."
            ctx.fail(f"There is no command {name!r}{meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands' lines, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _debuggable(command: click.Command) -> None:
    """Let a command, and all below it, have --debug."""
    if _DEBUG not in command.params:
        command.params.append(_DEBUG)
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _debuggable(each)


@click.command(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="profai")
@click.option("--debug", is_flag=True, expose_value=False, help="Write the trace of a failure to a file, and name it.")
@click.pass_context
def profai(context: click.Context) -> None:
    """A voice tutor for the terminal: it reads a course aloud, listens, answers, and goes on where it was.

    \b
    Begin with
      profai setup
      profai demo
      profai class --course 1 --interactive
    """
    from profai_cli.cli.kept import defaults, lend  # noqa: PLC0415 - not for --help
    from profai_cli.cli.quiet import hush  # noqa: PLC0415 - as above

    hush()
    assert isinstance(context.command, click.Group)
    name = context.invoked_subcommand
    command = context.command.get_command(context, name) if name else None
    if name and command:
        lend(context, name, command)
        return
    from profai_cli.cli.greeting import greeting  # noqa: PLC0415 - as above

    with greeting.make_context("profai", [], parent=context, default_map=defaults(greeting)) as alone:
        greeting.invoke(alone)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run `arguments`, by default those of the process, and exit.

    0: done. 2: bad input. 3: an engine or device cannot be used. 1: a fault of profai. 130: Ctrl-C.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdin, sys.stdout, sys.stderr):  # neither what is typed must end a class, nor a course's letters
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        with _overheard(arguments):
            code = profai.main(arguments, standalone_mode=False, prog_name="profai")
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        code = InputError.exit_code
    except Exception as error:  # noqa: BLE001 - the last border: no traceback reaches a learner
        code = _tell(error, arguments)
    sys.exit(code if isinstance(code, int) else 0)


@contextmanager
def _overheard(arguments: Sequence[str]) -> Iterator[None]:
    """Meanwhile tell of exceptions that nobody catches, in threads as well: Python would print a traceback."""
    usual, usual_of_threads = sys.excepthook, threading.excepthook
    sys.excepthook = lambda _kind, error, _at: _tell(error, arguments)
    threading.excepthook = lambda failed: _tell(failed.exc_value, arguments)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = usual, usual_of_threads


def _tell(error: BaseException | None, arguments: Sequence[str]) -> int:
    from profai_cli.cli.failing import tell  # noqa: PLC0415 - only where something failed

    return tell(error, arguments) if isinstance(error, Exception) else INTERRUPTED


if __name__ == "__main__":
    main()

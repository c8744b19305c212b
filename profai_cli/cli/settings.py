"""`profai settings`: shows, keeps and forgets what a learner always wants."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click

from profai_cli.cli.exits import can_draw
from profai_cli.cli.kept import SOURCES, Setting, lend, unknown
from profai_cli.cli.options import SETTINGS, Number
from profai_cli.errors import InputError
from profai_cli.lesson.plain import plain
from profai_cli.storage.folders import settings_path
from profai_cli.storage.settings_file import SettingsFile

_SHOW: Final = "show"


class _Row(NamedTuple):
    """A setting as it is shown."""

    name: str
    value: str | bool | float | None
    source: str
    help: str


class _ShowsByItself(click.Group):
    """Without a subcommand it is `show`, whose options may then stand alone."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `show` in front of options, but for --help."""
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = [_SHOW, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ShowsByItself)
@click.pass_context
def settings(context: click.Context) -> None:
    """Show every setting, its value, and where that is from: a flag, the environment, the file, or the default.

    A flag on the command line comes first, then an environment variable such as PROFAI_SENSITIVITY, then the file.

    \b
    profai settings
    profai settings set sensitivity low
    profai settings unset sensitivity
    """
    if context.invoked_subcommand == _SHOW:
        lend(context, _SHOW, show)


@settings.command(_SHOW, params=[*SETTINGS.values()])
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
def show(as_json: bool, **values: str | Path | bool | float | None) -> None:
    """Show every setting; options of a class are shown as flags.

    \b
    profai settings
    profai settings --json
    """
    context = click.get_current_context()
    rows = [_row(context, option, values[option.name]) for option in SETTINGS.values()]
    if as_json:
        click.echo(json.dumps([row._asdict() for row in rows], indent=2))
    elif can_draw(sys.stdout) and not values["lines"]:
        _table(rows)
    else:
        for row in rows:
            click.echo(f"{row.name:<12} {_shown(row):<24} {row.source}")


@settings.command("set", context_settings={"ignore_unknown_options": True})  # -1 is a value, and no option
@click.argument("name")
@click.argument("value")
def set_(name: str, value: str) -> None:
    """Keep VALUE for NAME; "" is the system's own microphone or speaker, and the best engine.

    \b
    profai settings set headphones yes
    profai settings set voice elevenlabs
    """
    option = SETTINGS.get(name)
    if option is None:
        raise InputError(f"There is {unknown(name)}.")
    try:
        checked = option.checked(value)
    except click.BadParameter as error:
        raise InputError(f"{name} cannot be {plain(value)!r}: {error.message.rstrip('.')}.") from None
    file = SettingsFile(settings_path())
    file.set(name, checked)
    click.echo(f"{name} is kept in {plain(str(file.path))!r}.")


@settings.command()
@click.argument("name")
def unset(name: str) -> None:
    """Forget what was kept for NAME.

    \b
    profai settings unset voice
    """
    known = name in SETTINGS
    if SettingsFile(settings_path()).unset(name):
        click.echo(f"{plain(name)} is forgotten{': its default counts again' if known else ''}.")
    elif known:
        click.echo(f"{name} was not kept.")
    else:
        raise InputError(f"There is {unknown(name)}.")


@settings.command()
def path() -> None:
    """Print where the file is, or will be.

    \b
    profai settings path
    """
    click.echo(str(settings_path()))


def _row(context: click.Context, option: Setting, value: str | Path | bool | float | None) -> _Row:
    source = context.get_parameter_source(option.name)
    where = SOURCES[source] if source else ""
    return _Row(option.setting, str(value) if isinstance(value, Path) else value, where, _meaning(option))


def _meaning(option: Setting) -> str:
    """Its help, and what it may be where that is not any text."""
    may_be = ""
    if isinstance(option.type, click.Choice):
        *others, last = option.type.choices
        may_be = f"{', '.join(others)} or {last}"
    elif isinstance(option.type, Number):
        may_be = option.type.words
    help_ = option.help or ""
    return f"{help_.rstrip('.')}: {may_be}." if may_be else help_


def _shown(row: _Row) -> str:
    """A value for people."""
    if isinstance(row.value, bool):
        return "yes" if row.value else "no"
    return plain(str(row.value)) if row.value not in (None, "") else SETTINGS[row.name].usual or "-"


def _table(rows: Sequence[_Row]) -> None:
    from rich import box  # noqa: PLC0415 - 0.1 s that only this table waits for
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD)
    for title in ("setting", "value", "from", ""):
        table.add_column(title)
    for row in rows:
        style = "dim" if row.source == "default" else "bold"
        cells = (row.name, _shown(row), row.source)
        table.add_row(*(Text(cell, style) for cell in cells), Text(row.help, "dim"))
    Console().print(table)
    click.echo(f"The file: {plain(str(settings_path()))}")

"""Options that a learner may keep: from the command line, else a variable, else the file of settings, else the default.

All of that is click's own order; this adds the file, as click's `default_map`, and what is told of a faulty value.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from profai_cli.cli.exits import HELP
from profai_cli.errors import ProfaiError
from profai_cli.kinds import DeviceKind
from profai_cli.lesson.plain import plain
from profai_cli.storage.folders import settings_path
from profai_cli.storage.settings_file import Entry, SettingsFile, Value

SOURCES: Final = {
    ParameterSource.COMMANDLINE: "flag",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.DEFAULT_MAP: "file",
    ParameterSource.DEFAULT: "default",
}
"""What a learner calls where a value is from."""

_FAULT: Final = "profai.fault"
"""Where a context has the fault of the file of settings."""

_ALIKE: Final = 0.7
"""How like a setting's name another word is that may stand for it, from 0 to 1 (`difflib`)."""

_LONGEST: Final = 80
"""Characters of a faulty value that are shown."""

KNOWN: Final[dict[str, "Setting"]] = {}
"""All settings by name, in the order in which they are shown: who makes one adds it."""

Yields = Callable[[str, Mapping[str, Any]], bool]
"""Whether a kept value, by what stands on the command line, cannot be had this time: what is typed wins."""


class Setting(click.Option):
    """An option of many commands that can be kept under one name.

    setting: its name in the file. variable: in the environment.
    """

    def __init__(self, declarations: Sequence[str], *, setting: str, yields: Yields | None = None, **more: Any) -> None:  # noqa: ANN401 - click's own
        self.setting = setting
        self.variable = f"PROFAI_{setting.upper()}"
        self._yields = yields
        super().__init__(declarations, envvar=self.variable, **more)

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> tuple[Any, ParameterSource]:
        """Find the value; see `Yields`. Raises what `lend` found."""
        if fault := ctx.meta.get(_FAULT):
            raise fault
        value, source = super().consume_value(ctx, opts)
        kept = source in (ParameterSource.ENVIRONMENT, ParameterSource.DEFAULT_MAP)
        if kept and self._yields and self._yields(str(value), opts):
            return self.default, ParameterSource.DEFAULT
        return value, source

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Name the option, or the variable where the value is from there."""
        if ctx and ctx.get_parameter_source(self.name) is ParameterSource.ENVIRONMENT:
            return f"{self.variable} in the environment"
        return super().get_error_hint(ctx)

    @property
    def usual(self) -> str:
        """Its default, in words; "" for nothing."""
        if isinstance(self.show_default, str):
            return self.show_default
        default = self.to_info_dict()["default"]  # `default` itself is a mark where there is none
        return ("yes" if default else "no") if self.is_bool_flag else str(default or "")

    def checked(self, value: object) -> Value:
        """A value of the file or of `profai settings set` as it is kept. Raises click.BadParameter."""
        nothing = click.Context(click.Command("settings"))
        if self.is_bool_flag and isinstance(value, str):
            return bool(click.BOOL.convert(value, self, nothing))
        if not isinstance(value, Value) or isinstance(value, bool) is not self.is_bool_flag:
            wanted = "true or false" if self.is_bool_flag else "a text or a number"
            raise click.BadParameter(f"it must be {wanted}")
        try:
            value = str(value) if isinstance(self.type, click.Path) else value  # a number names a folder too
            converted = self.type_cast_value(nothing, value)
            if isinstance(converted, Path):
                return str(converted.expanduser().absolute())  # it must mean the same in every folder
        except (RuntimeError, ValueError, OverflowError) as error:  # "~nobody", a zero byte, a number of 4301 digits
            raise click.BadParameter(plain(str(error))) from None
        return converted if isinstance(converted, Value) else str(value)


def typed(parameter: str) -> bool:
    """Whether an option of the command that runs stands on the command line, and is not merely kept."""
    return click.get_current_context().get_parameter_source(parameter) is ParameterSource.COMMANDLINE


def kept_devices(*kinds: DeviceKind) -> frozenset[DeviceKind]:
    """Those of the options --microphone and --speaker that are not typed: what names a device is a setting."""
    return frozenset(kind for kind in kinds if not typed(kind))


def read(file: SettingsFile) -> dict[str, Value]:
    """What the file keeps. Raises InputError with the line of the first fault, and StorageError."""
    return {name: _checked(file, name, entry) for name, entry in file.load().items()}


def defaults(command: click.Command) -> dict[str, Value]:
    """The `default_map` of a command: what is kept of its options. Raises as `read`."""
    options = [option for option in command.params if isinstance(option, Setting)]
    if not options:
        return {}
    kept = read(SettingsFile(settings_path()))
    return {option.name: kept[option.setting] for option in options if option.setting in kept}


def lend(context: click.Context, name: str, command: click.Command) -> None:
    """Give a command of a group what is kept of its options.

    A fault of the file is raised by the first of them that is used, but not where help is asked for.
    """
    try:
        context.default_map = {name: defaults(command)}
    except ProfaiError as fault:
        if not context.meta.get(HELP):
            context.meta[_FAULT] = fault


def current(*settings: Setting) -> dict[str, tuple[Any, str]]:
    """What counts for options where no command has them: value and source (see `SOURCES`) by their names."""
    command = click.Command("settings", params=list(settings))
    with command.make_context("settings", [], default_map=defaults(command)) as context:
        sources = {option: context.get_parameter_source(option.name) for option in settings}
        return {o.setting: (context.params[o.name], SOURCES[s]) for o, s in sources.items() if s}


def unknown(name: str) -> str:
    """About a name that is none: the setting that it looks like, by its own name or by its flag's, or all of them."""
    from difflib import get_close_matches  # noqa: PLC0415 - only where something was typed wrong

    names = {word.strip("-"): each.setting for each in KNOWN.values() for word in (*each.opts, each.setting)}
    near = get_close_matches(name.strip("-").lower(), names, n=1, cutoff=_ALIKE)
    meant = f" (did you mean {names[near[0]]}?)" if near else f": choose one of {', '.join(KNOWN)}"
    return f"no setting {name!r}{meant}"


def _checked(file: SettingsFile, name: str, entry: Entry) -> Value:
    if name not in KNOWN:
        raise file.fault(entry.line, f"there is {unknown(name)}")
    try:
        return KNOWN[name].checked(entry.value)
    except click.BadParameter as error:
        raise file.fault(entry.line, f"{name} cannot be {_shown(entry.value)}: {error.message}") from None


def _shown(value: object) -> str:
    """A value as Python writes it, or the begin of it."""
    try:
        return repr(value)[:_LONGEST]
    except ValueError:  # more digits than Python writes
        return "this number"

"""The first run: at most four questions, each answer tried and kept, and then a class."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import click

from profai_cli.cli import options
from profai_cli.cli.access import open_keys
from profai_cli.cli.kept import current, defaults
from profai_cli.errors import DeviceError, InputError, ProfaiError
from profai_cli.lesson.plain import plain
from profai_cli.providers.vendors import VENDORS
from profai_cli.storage.folders import settings_path
from profai_cli.storage.keys import Keys, as_key
from profai_cli.storage.settings_file import SettingsFile, Value

if TYPE_CHECKING:
    from profai_cli.sound.devices import Device, Kind

# All is asked on standard error (`err`): Python writes the question of an `input` to C's own, which `sound.portaudio`
# has made silent.

# Imports in the functions: numpy and PortAudio take 0.2 s that other ways of `profai setup` need not wait for.
# ruff: noqa: PLC0415

ASKED_FOR: Final = ("deepgram", "elevenlabs", "openai")
"""The vendors whose keys make a class: it hears, speaks and answers."""

SENTENCE: Final = "This is the voice of your tutor."


def first_run(*, yes: bool) -> int:
    """Ask, try, keep, and hold a class; its exit code. yes: take the defaults. Raises ProfaiError."""
    asking = sys.stdin.isatty() and sys.stdout.isatty()
    if not (asking or yes):
        raise InputError("These are questions, and nobody can answer them here: add --yes to take the defaults.")
    run = _FirstRun(yes=yes)
    run.devices()
    run.headphones()
    run.engines()
    if not asking:
        click.echo("Ready: begin with profai class --interactive")
        return 0
    click.echo("\nReady: the class begins. Say or type 'quit' to end it.\n")
    from profai_cli.cli.class_ import class_

    arguments = ["--interactive", *run.instead]
    with class_.make_context("profai class", arguments, default_map=defaults(class_)) as context:
        code = class_.invoke(context)
        return code if isinstance(code, int) else 0


class _FirstRun:
    """The questions, in their order. What is kept already, or stands in the environment, is not asked again."""

    def __init__(self, *, yes: bool) -> None:
        self._yes = yes
        self._file = SettingsFile(settings_path())
        found = current(*(options.SETTINGS[name] for name in ("microphone", "speaker", "headphones", "local")))
        self._values = {name: value for name, (value, _) in found.items()}
        self._answered = {name for name, (_, source) in found.items() if source != "default"}
        self.instead: list[str] = []
        """Options of the class in place of kept devices that cannot be used now."""
        self._unheard = False
        if self._answered:
            names = ", ".join(name for name in found if name in self._answered)
            click.echo(f"Not asked again: {names}. See 'profai settings'; 'profai settings unset' forgets one.")

    def devices(self) -> None:
        """Which microphone and which speaker, each tried at once; a class goes without, with captions and typing."""
        from profai_cli.cli.trial import try_microphone, try_speaker
        from profai_cli.sound.devices import find

        tries: tuple[tuple[Kind, Callable[[str | None], None]], ...] = (
            ("microphone", try_microphone),
            ("speaker", try_speaker),
        )
        for kind, tried in tries:
            try:
                self._device(kind, find())
                tried(self._values[kind])
            except (DeviceError, click.UsageError) as error:  # UsageError: one that is kept
                click.echo(plain(f"{str(error).rstrip('.')}; a class goes without: it has captions, and you can type."))
                self.instead.append(f"--{kind}=")
                self._unheard |= kind == "speaker"

    def headphones(self) -> None:
        """Whether nobody but the learner hears the tutor."""
        if not self._yes and "headphones" not in self._answered:
            self._keep("headphones", click.confirm("Do you wear headphones?", default=False, err=True))

    def engines(self) -> None:
        """Keys or local; tried by the tutor's first words."""
        from profai_cli.cli.keys import check
        from profai_cli.cli.say import say

        if not self._yes and "local" not in self._answered:
            keys = open_keys()
            some = any(keys.where(vendor.key_variable, vendor.name) for vendor in VENDORS.values())
            click.echo("Engines of the cloud understand more and sound better; they need keys, and get what you say.")
            engines = click.Choice(["keys", "local"])
            chosen = click.prompt(
                "Use keys, or local engines", type=engines, default="keys" if some else "local", err=True
            )
            if chosen == "keys":
                _ask_for_keys(keys)
                _tried(check, [])
            self._keep("local", chosen == "local")
        if not self._unheard:
            _tried(say, [SENTENCE, *(option for option in self.instead if option.startswith("--speaker"))])

    def _device(self, kind: "Kind", found: "Sequence[Device]") -> None:
        """Ask for one of several. Raises DeviceError where there is none."""
        from profai_cli.sound.devices import pick

        listed = [device for device in found if device.serves(kind)]
        if not listed:
            raise DeviceError(f"No {kind} was found: plug one in.")
        if kind in self._answered:
            try:
                pick(kind, self._values[kind], listed)
                return
            except DeviceError as error:  # it is not plugged in any more
                click.echo(plain(str(error)))
        if self._yes or len(listed) == 1:
            self._values[kind] = None
            self.instead += [f"--{kind}="] if kind in self._answered else []
            return
        click.echo(f"{kind.capitalize()}s:")
        for device in listed:
            star = "*" if device.is_default(kind) else " "
            click.echo(f" {star} {device.number:>2}  {plain(device.name)} ({device.host})")

        def chosen(text: str) -> str:
            """The device's name: numbers change from day to day."""
            try:
                device = pick(kind, text, listed) if text else None
            except DeviceError as error:
                raise click.UsageError(str(error)) from None
            return device.name if device else ""

        question = "Which one? A number, or Enter for *"
        self._keep(kind, click.prompt(question, default="", show_default=False, value_proc=chosen, err=True))

    def _keep(self, name: str, value: Value) -> None:
        self._file.set(name, value)
        self._values[name] = value or None


def _ask_for_keys(keys: Keys) -> None:
    """For those that are not there; an empty answer is none."""
    for name in ASKED_FOR:
        vendor = VENDORS[name]
        if not keys.where(vendor.key_variable, name):
            question = f"{vendor.title} key ({vendor.does}; hidden; Enter for none)"
            if text := click.prompt(question, default="", show_default=False, hide_input=True, err=True):
                keys.set(name, as_key(text, f"The {vendor.title} key"))


def _tried(command: click.Command, arguments: list[str]) -> None:
    """Run another command; where it fails, tell and go on."""
    try:
        command.main(arguments, standalone_mode=False, default_map=defaults(command))
    except (ProfaiError, click.ClickException) as error:
        click.echo(plain(error.format_message() if isinstance(error, click.ClickException) else str(error)))

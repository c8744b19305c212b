"""The first run: at most four questions, each answer tried and kept, and then a class."""

import sys
from typing import TYPE_CHECKING, Final

import click

from profai_cli.cli import options
from profai_cli.cli.access import open_keys
from profai_cli.cli.kept import current, defaults
from profai_cli.cli.picking import Try, picked, tried
from profai_cli.errors import DeviceError, InputError, ProfaiError
from profai_cli.lesson.plain import plain
from profai_cli.providers.vendors import VENDORS
from profai_cli.storage.folders import data_folder, settings_path
from profai_cli.storage.keys import Keys, as_key
from profai_cli.storage.settings_file import SettingsFile, Value

if TYPE_CHECKING:
    from profai_cli.sound.devices import Kind

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
    data_folder()  # first: a class could keep nothing where this cannot be written
    run = _FirstRun(yes=yes)
    run.devices()
    run.headphones()
    run.engines()
    click.echo(run.saved())
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
        self._saved: dict[str, str] = {}
        if self._answered:
            names = ", ".join(name for name in found if name in self._answered)
            click.echo(f"Not asked again: {names}. See 'profai settings'; 'profai settings unset' forgets one.")
        elif not yes:
            click.echo("Four questions at most; Enter takes what is usual, Ctrl-C ends it and keeps your answers.\n")

    def devices(self) -> None:
        """Which microphone and which speaker, each tried at once; a class goes without, with captions and typing."""
        tries: tuple[tuple[Kind, Try], ...] = (("microphone", _hears), ("speaker", _sounds))
        for kind, attempt in tries:
            try:
                self._device(kind, attempt)
            except DeviceError as error:
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
                ask_for_keys(keys)
                _tried(check, [])
            self._keep("local", chosen == "local")
        if not self._unheard:
            click.echo("This is how your tutor sounds, and how soon:")
            _tried(say, [SENTENCE, *(option for option in self.instead if option.startswith("--speaker"))])

    def saved(self) -> str:
        """What was kept, and where."""
        if not self._saved:
            return "Nothing new was saved."
        said = ", ".join(f"{name} {value}" for name, value in self._saved.items())
        return plain(f"Saved in {str(self._file.path)!r}: {said}. 'profai settings' shows and changes it.")

    def _device(self, kind: "Kind", attempt: Try) -> None:
        """Take one. Raises DeviceError where there is none."""
        from profai_cli.sound.devices import pick, serving

        listed = serving(kind)
        if kind in self._answered:
            try:
                pick(kind, self._values[kind], listed)
            except DeviceError as error:  # it is not plugged in any more
                click.echo(plain(str(error)))
                self.instead += [f"--{kind}="] if self._yes else []
            else:
                tried(attempt, self._values[kind])
                return
        if self._yes:
            tried(attempt, None)
        else:
            self._keep(kind, picked(kind, listed, attempt))

    def _keep(self, name: str, value: Value) -> None:
        self._file.set(name, value)
        self._saved[name] = ("yes" if value else "no") if isinstance(value, bool) else str(value or "the system's")


def _hears(microphone: str | None) -> bool:
    """Whether a microphone hears words, which are shown. Where it is silent it has a second try."""
    from profai_cli.cli.trial import hear
    from profai_cli.cli.understood import said_back

    trial = hear(microphone)
    if not trial.voice:
        click.echo("Once more.")
        trial = hear(microphone)
    if not trial.voice:
        return False
    well, sentence = said_back(trial.frames)
    click.echo(sentence)
    return well


def _sounds(speaker: str | None) -> bool:
    """Whether a speaker could be opened: nobody but the learner knows whether it is heard."""
    from profai_cli.cli.trial import play

    play(speaker)
    return True


def ask_for_keys(keys: Keys) -> None:
    """For those that are not there; an empty answer is none."""
    from profai_cli.cli.keys import place

    for name in ASKED_FOR:
        vendor = VENDORS[name]
        if not keys.where(vendor.key_variable, name):
            question = f"{vendor.title} key ({vendor.does}; hidden; Enter for none)"
            while text := click.prompt(question, default="", show_default=False, hide_input=True, err=True):
                try:
                    where = keys.set(name, as_key(text, f"The {vendor.title} key"))
                except InputError as error:  # what came from a clipboard is no key
                    click.echo(plain(str(error)))
                else:
                    click.echo(f"It is kept in {place(keys, vendor, where)}.")
                    break


def _tried(command: click.Command, arguments: list[str]) -> None:
    """Run another command; where it fails, tell and go on."""
    try:
        command.main(arguments, standalone_mode=False, default_map=defaults(command))
    except (ProfaiError, click.ClickException) as error:
        click.echo(plain(error.format_message() if isinstance(error, click.ClickException) else str(error)))

"""Picking a microphone or a speaker by trying it: each is tried first, and then asked about."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import click

from profai_cli.errors import DeviceError
from profai_cli.lesson.plain import plain

if TYPE_CHECKING:
    from profai_cli.sound.devices import Device, Kind

# Imports in the functions: PortAudio takes 0.1 s that other ways of `profai setup` need not wait for.
# ruff: noqa: PLC0415

Try = Callable[[str | None], bool]
"""Tries a device by its name, None for the system's own; whether it goes well as far as a program can know."""

QUESTIONS: Final[dict["Kind", str]] = {"microphone": "Use this microphone?", "speaker": "Did you hear it?"}


def tried(attempt: Try, name: str | None) -> bool:
    """Try a device. One that cannot be opened is told of. Raises KeyboardInterrupt."""
    try:
        return attempt(name)
    except (DeviceError, click.UsageError) as error:  # UsageError: a name
        click.echo(plain(str(error)))
        return False


def picked(kind: "Kind", listed: Sequence["Device"], attempt: Try) -> str:
    """The name of the device that the learner takes, "" for the system's own, of at least one that is `listed`.

    Raises click.Abort where he ends it.
    """
    from profai_cli.sound.devices import pick

    device = pick(kind, None, listed) or listed[0]
    if len(listed) > 1:
        show(kind, listed)
    else:
        click.echo(f"{kind.capitalize()}: {plain(device.name)}")
    while True:
        well = tried(attempt, _name(device, kind))
        if well and kind == "microphone" and len(listed) == 1:
            return _name(device, kind) or ""
        answer = _ask(kind, listed)
        if answer == "yes":
            return _name(device, kind) or ""
        if answer == "no":
            device = listed[(listed.index(device) + 1) % len(listed)]
        else:
            device = pick(kind, answer, listed) or device


def show(kind: "Kind", listed: Sequence["Device"]) -> None:
    """List what there is, the system's own with a star."""
    click.echo(f"{kind.capitalize()}s:")
    for device in listed:
        star = "*" if device.is_default(kind) else " "
        click.echo(f" {star} {device.number:>2}  {plain(device.name)} ({plain(device.host)})")


def _ask(kind: "Kind", listed: Sequence["Device"]) -> str:
    """yes, no, or the number of another device."""
    from profai_cli.sound.devices import pick

    def answered(text: str) -> str:
        if short := {"": "yes", "y": "yes", "yes": "yes", "n": "no", "no": "no"}.get(text.strip().casefold()):
            return short
        try:
            pick(kind, text, listed)
        except DeviceError as error:
            raise click.UsageError(str(error)) from None
        return text

    choices = "n: try the next one; or a number" if len(listed) > 1 else "n: try again"
    question = f"{QUESTIONS[kind]} (Enter: yes; {choices})"
    answer: str = click.prompt(question, default="", show_default=False, value_proc=answered, err=True)
    return answer


def _name(device: "Device", kind: "Kind") -> str | None:
    """Numbers change from day to day; and who has the system's own wants it to change with the system."""
    return None if device.is_default(kind) else device.name

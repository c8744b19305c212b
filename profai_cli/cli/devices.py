"""`profai devices`: what can record and play."""

import json
from dataclasses import asdict

import click

from profai_cli.cli import options
from profai_cli.cli.kept import typed
from profai_cli.lesson.plain import plain


@click.command()
@click.option("--test", is_flag=True, help="Show the microphone's level for 5 seconds, and play a tone.")
@options.microphone
@options.speaker
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
def devices(test: bool, microphone: str | None, speaker: str | None, as_json: bool) -> None:
    """List microphones and speakers, with the number or name to choose them by; with --test, try them.

    A star marks the system's default, which is used where nothing else is asked for.

    \b
    Example:
      profai devices
      profai devices --test --microphone 2
      profai class --microphone 2 --speaker headset
    """
    if test:
        if as_json:
            raise click.UsageError("--test and --json exclude each other.")
        from profai_cli.cli.trial import try_devices  # noqa: PLC0415 - not for --help

        try_devices(microphone, speaker)
        return
    if typed("microphone") or typed("speaker"):
        raise click.UsageError("--microphone and --speaker go with --test.")
    from profai_cli.sound.devices import ONLY_A_MONITOR, Kind, find, is_monitor  # noqa: PLC0415 - PortAudio is for this command alone

    found = find()
    if as_json:
        rows = [{**asdict(device), "monitor": is_monitor(device)} for device in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    kinds: tuple[Kind, ...] = ("microphone", "speaker")
    for kind in kinds:
        click.echo(f"{kind.capitalize()}s:")
        listed = [device for device in found if device.serves(kind)]
        for device in listed:
            star = "*" if device.is_default(kind) else " "
            none = f": {ONLY_A_MONITOR}" if kind == "microphone" and is_monitor(device) else ""
            click.echo(f" {star} {device.number:>2}  {plain(device.name)} ({device.host}, {device.rate} Hz){none}")
        if not listed:
            click.echo("   none")

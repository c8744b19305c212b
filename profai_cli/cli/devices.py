"""`profai devices`: what can record and play."""

import json
from dataclasses import asdict

import click

from profai_cli.errors import ProfaiError
from profai_cli.lesson.plain import plain


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list instead of a table.")
def devices(as_json: bool) -> None:
    """List microphones and speakers, with the number or name to choose them by.

    A star marks the system's default, which is used where nothing else is asked for.

    \b
    Example:
      profai devices
      profai class --microphone 2 --speaker headset
    """
    from profai_cli.sound.devices import Kind, find  # noqa: PLC0415 - PortAudio is for this command alone

    try:
        found = find()
    except ProfaiError as error:
        click.echo(str(error), err=True)
        raise SystemExit(error.exit_code) from error
    if as_json:
        click.echo(json.dumps([asdict(device) for device in found], ensure_ascii=False, indent=2))
        return
    kinds: tuple[Kind, ...] = ("microphone", "speaker")
    for kind in kinds:
        click.echo(f"{kind.capitalize()}s:")
        rows = [device for device in found if device.serves(kind)]
        for device in rows:
            star = "*" if device.is_default(kind) else " "
            click.echo(f" {star} {device.number:>2}  {plain(device.name)} ({device.host}, {device.rate} Hz)")
        if not rows:
            click.echo("   none")

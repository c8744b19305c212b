"""`profai keys`: sets, removes, lists and checks the keys of cloud engines; none is ever shown, nor a part of one."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from profai_cli.cli.access import Granted, env_file, granted, open_keys, run
from profai_cli.cli.kept import current
from profai_cli.cli.options import SETTINGS
from profai_cli.errors import EngineError, InputError
from profai_cli.lesson.plain import plain
from profai_cli.providers.key_check import Verdict
from profai_cli.providers.key_check import check as ask
from profai_cli.providers.vendors import VENDORS, Vendor
from profai_cli.storage.keys import LONGEST, Keys, Where, as_key

_MISSING: Final = Verdict("missing", "there is no key")

_as_json = click.option("--json", "as_json", is_flag=True, help="Print a JSON list, for scripts.")


class Discreet(click.Group):
    """Does not repeat a word that is no command, as click does: it may be a key."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(f"There is no such command; take one of {', '.join(self.commands)}.")
        return super().resolve_command(ctx, args)


@click.group(cls=Discreet)
def keys() -> None:
    """Keep the keys of cloud engines; without any, profai uses what is on this computer.

    A key is taken from its environment variable, else from a .env file that you name, else from where
    'profai keys set' put it: the system's keyring, or a file that only you can read.

    \b
    profai keys set deepgram
    profai keys check
    """


@keys.command("set")
@click.argument("vendor")
@click.argument("rest", nargs=-1, metavar="")
def set_(vendor: str, rest: Sequence[str]) -> None:
    """Keep a key for VENDOR, which is asked for without showing it, or read from standard input.

    \b
    profai keys set deepgram
    profai keys set deepgram < key.txt
    """
    chosen = _named(vendor)
    if rest:  # not repeated: it is likely the key
        raise InputError(
            "A key is no argument, since others can see those: run "
            f"'profai keys set {chosen.name}', and if that was your key, make a new one at {chosen.page}."
        )
    unused = current(SETTINGS["local"])["local"][0]  # first: what is wrong here is told before a key is typed
    kept = open_keys()
    if sys.stdin.isatty():
        text = click.prompt(f"{chosen.title} key (it is not shown)", hide_input=True, err=True)
    else:
        text = sys.stdin.buffer.readline(4 * LONGEST).decode("utf-8-sig", errors="replace")
    where = kept.set(chosen.name, as_key(text, f"The {chosen.title} key"))
    click.echo(f"The {chosen.title} key is kept in {place(kept, chosen, where)}.")
    _say_if_hidden(kept, chosen)
    if unused:
        click.echo("It is not used while the setting 'local' is on: see 'profai settings unset local'.", err=True)


@keys.command()
@click.argument("vendor")
def remove(vendor: str) -> None:
    """Forget the key that was set for VENDOR.

    \b
    profai keys remove deepgram
    """
    chosen, kept = _named(vendor), open_keys()
    where = kept.remove(chosen.name)
    if where is None:
        click.echo(f"No {chosen.title} key was set.")
    else:
        click.echo(f"The {chosen.title} key is removed from {place(kept, chosen, where)}.")
    _say_if_hidden(kept, chosen)


@keys.command("list")
@env_file
@_as_json
def list_(env_file: Path | None, as_json: bool) -> None:
    """List the vendors, what they do in a class, and where the key of each is from.

    \b
    profai keys list
    profai keys list --env-file .env
    """
    kept = open_keys(env_file)
    found = {vendor: kept.where(vendor.key_variable, vendor.name) for vendor in VENDORS.values()}
    _warn(kept)
    if as_json:
        rows = [{"vendor": v.name, "does": v.does, "variable": v.key_variable, "from": w} for v, w in found.items()]
        click.echo(json.dumps(rows, indent=2))
        return
    for vendor, where in found.items():
        source = place(kept, vendor, where) if where else f"no key; there are some at {vendor.page}"
        click.echo(f"{vendor.name:<11} {vendor.does:<14} {source}")


@keys.command()
@click.argument("vendors", nargs=-1, metavar="[VENDOR]...")
@env_file
@_as_json
@click.pass_context
def check(context: click.Context, vendors: Sequence[str], env_file: Path | None, as_json: bool) -> None:
    """Ask each VENDOR whether it takes your key; without a name, all whose key you have.

    Ends with 3 where one does not.

    \b
    profai keys check
    profai keys check elevenlabs --env-file .env
    """
    kept = open_keys(env_file)
    access = {vendor: granted(kept, vendor) for vendor in map(_named, vendors or VENDORS)}
    _warn(kept)
    held = {vendor: given for vendor, given in access.items() if given}
    if not held:
        whose = f" for {' or '.join(vendor.title for vendor in access)}" if vendors else ""
        first = next(iter(access))
        raise InputError(f"There is no key{whose}: get one at {first.page} and run 'profai keys set {first.name}'.")
    outcomes = run(_outcomes(held))
    if vendors:
        outcomes |= {vendor: _MISSING for vendor in access if vendor not in held}
    rows = [_row(kept, vendor, held.get(vendor), outcomes[vendor]) for vendor in access if vendor in outcomes]
    click.echo(json.dumps(rows, indent=2) if as_json else "\n".join(row["message"] for row in rows))
    if any(row["outcome"] != "works" for row in rows):
        context.exit(EngineError.exit_code)


async def _outcomes(held: dict[Vendor, Granted]) -> dict[Vendor, Verdict]:
    """All at once."""
    verdicts = await asyncio.gather(*(ask(vendor, given.access) for vendor, given in held.items()))
    return dict(zip(held, verdicts, strict=True))


def _row(kept: Keys, vendor: Vendor, given: Granted | None, verdict: Verdict) -> dict[str, Any]:
    where = given.where if given else None
    remedy = ""
    if verdict.outcome in ("refused", "missing"):
        put = {"environment": f"put it into {vendor.key_variable}", "env file": "put it into the .env file"}
        then = put.get(where or "", f"run 'profai keys set {vendor.name}'")
        remedy = f": get one at {vendor.page} and {then}"
    message = f"{vendor.title}: {verdict.why}{remedy}."
    return {"vendor": vendor.name, "from": where, "outcome": verdict.outcome, "message": message}


def _named(name: str) -> Vendor:
    if vendor := VENDORS.get(name.lower()):
        return vendor
    raise InputError(f"There is no such vendor; take one of {', '.join(VENDORS)}.")  # what was typed may be a key


def place(kept: Keys, vendor: Vendor, where: Where) -> str:
    """Where a key is kept, in words."""
    match where:
        case "environment":
            return f"the environment ({vendor.key_variable})"
        case "env file":
            return "the .env file"
        case "keyring":
            return "the system's keyring"
        case "file":
            return f"the file {plain(str(kept.path(vendor.name)))!r}"


def _say_if_hidden(kept: Keys, vendor: Vendor) -> None:
    """The environment comes first, whatever was set or removed."""
    if kept.where(vendor.key_variable, vendor.name) == "environment":
        click.echo(f"The one in the environment ({vendor.key_variable}) is still used.", err=True)


def _warn(kept: Keys) -> None:
    for sentence in kept.warnings:
        click.echo(f"profai: {plain(sentence)}", err=True)

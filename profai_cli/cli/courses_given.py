"""What the subcommands of `profai courses` share."""

import json
from pathlib import Path
from typing import NamedTuple

import click

folder_option = click.option(
    "--courses",
    "folder",
    type=click.Path(path_type=Path),
    help="Look for courses in this folder instead of those that come with profai.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


class Given(NamedTuple):
    """Options given before a subcommand; those after it take precedence."""

    folder: Path | None
    as_json: bool
    learner: str


def count(number: int, what: str) -> str:
    """A number of things, in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def print_json(value: object) -> None:
    """ASCII only: whatever a file's name holds, it can be printed anywhere."""
    click.echo(json.dumps(value, indent=2))

"""`profai courses`: lists the courses, shows one's outline, and checks one for faults."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final, NamedTuple

import click

from profai_cli.cli import options
from profai_cli.storage.courses import check_course, list_courses, load_course, shipped_courses

_FAULTY: Final = 2  # the exit code of bad input

_folder = click.option(
    "--courses",
    "folder",
    type=click.Path(path_type=Path),
    help="Look for courses in this folder instead of those that come with profai.",
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


class _Given(NamedTuple):
    """Options given before a subcommand; those after it take precedence."""

    folder: Path | None
    as_json: bool


@click.group(invoke_without_command=True)
@options.courses_folder
@_as_json
@click.pass_context
def courses(context: click.Context, folder: Path | None, as_json: bool) -> None:
    """List the courses; see also show and check.

    \b
    profai courses
    profai courses show 1
    profai courses --courses ~/teaching
    profai courses check ~/teaching/1-history
    """
    context.obj = _Given(folder, as_json)
    if context.invoked_subcommand is None:
        _list(folder or shipped_courses(), as_json)


@courses.command("list")
@_folder
@_as_json
@click.pass_obj
def list_(given: _Given, folder: Path | None, as_json: bool) -> None:
    """List the courses with their numbers.

    \b
    profai courses list --json
    """
    _list(folder or given.folder or shipped_courses(), as_json or given.as_json)


@courses.command()
@click.argument("which")
@_folder
@_as_json
@click.pass_obj
def show(given: _Given, which: str, folder: Path | None, as_json: bool) -> None:
    """Show the modules and topics of a course, with their numbers.

    WHICH is the course's number, its id, or a part of its title.

    \b
    profai courses show 1
    profai courses show "first steps"
    """
    course = load_course(folder or given.folder or shipped_courses(), which)
    modules = [(module.title, [topic.title for topic in module.topics]) for module in course.modules]
    if as_json or given.as_json:
        outline = [{"title": title, "topics": topics} for title, topics in modules]
        about = {"id": course.id, "title": course.title, "language": course.language, "summary": course.summary}
        _print_json({**about, "modules": outline})
        return
    click.echo(course.title)
    if course.summary:
        click.echo(course.summary)
    for number, (title, topics) in enumerate(modules, 1):
        click.echo(f"\n{number}  {title}")
        for place, topic in enumerate(topics, 1):
            click.echo(f"   {number}.{place}  {topic}")


@courses.command()
@click.argument("path", type=click.Path(path_type=Path))
@_as_json
@click.pass_context
def check(context: click.Context, path: Path, as_json: bool) -> None:
    """Find every fault of the course in PATH, a folder or a JSON file.

    Ends with 2 where there are any.

    \b
    profai courses check ~/teaching/1-history
    """
    faults = check_course(path)
    if as_json or context.obj.as_json:
        _print_json([asdict(fault) for fault in faults])
    else:
        for fault in faults:
            click.echo(str(fault))
        if not faults:
            click.echo("No faults: the course is ready to be taught.")
    if faults:
        context.exit(_FAULTY)


def _list(folder: Path, as_json: bool) -> None:
    entries = list_courses(folder)
    if as_json:
        _print_json([{**asdict(entry), "path": str(entry.path)} for entry in entries])
        return
    if not entries:
        click.echo("There are no courses here; give another folder with --courses.")
    for entry in entries:
        click.echo(f"{entry.number}  {entry.title}")
        if entry.fault:
            click.echo(f"   cannot be taught: {entry.fault}")
        else:
            size = f"{_count(entry.modules, 'module')}, {_count(entry.topics, 'topic')}, {entry.language}"
            click.echo(f"   {entry.summary} ({size})".replace("    (", "   ("))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _print_json(value: object) -> None:
    """ASCII only: whatever a file's name holds, it can be printed anywhere."""
    click.echo(json.dumps(value, indent=2))

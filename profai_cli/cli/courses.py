"""`profai courses`: lists the courses and shows one's outline; the other subcommands have files of their own."""

from dataclasses import asdict
from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.cli.courses_check import check
from profai_cli.cli.courses_given import Given, count, folder_option, json_option, print_json
from profai_cli.cli.courses_write import import_, new
from profai_cli.cli.exits import complain, tell
from profai_cli.cli.standing import standing
from profai_cli.storage.courses import list_courses, load_course, shipped_courses
from profai_cli.storage.folders import data_folder
from profai_cli.storage.progress import Progress


@click.group(invoke_without_command=True)
@options.courses_folder
@options.learner
@json_option
@click.pass_context
def courses(context: click.Context, folder: Path | None, learner: str, as_json: bool) -> None:
    """List the courses, and where you are in them; write, import and check your own.

    \b
    profai courses
    profai courses show 1
    profai courses --courses ~/teaching
    profai courses new "The history of Rome"
    """
    context.obj = Given(folder, as_json, learner)
    if context.invoked_subcommand is None:
        _list(folder or shipped_courses(), as_json, learner)


@courses.command("list")
@folder_option
@json_option
@click.pass_obj
def list_(given: Given, folder: Path | None, as_json: bool) -> None:
    """List the courses with their numbers.

    \b
    profai courses list --json
    """
    _list(folder or given.folder or shipped_courses(), as_json or given.as_json, given.learner)


@courses.command()
@click.argument("which")
@folder_option
@json_option
@click.pass_obj
def show(given: Given, which: str, folder: Path | None, as_json: bool) -> None:
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
        print_json({**about, "modules": outline})
        return
    click.echo(course.title)
    if course.summary:
        click.echo(course.summary)
    for number, (title, topics) in enumerate(modules, 1):
        click.echo(f"\n{number}  {title}")
        for place, topic in enumerate(topics, 1):
            click.echo(f"   {number}.{place}  {topic}")


def _list(folder: Path, as_json: bool, learner: str) -> None:
    entries = list_courses(folder)
    progress = Progress(data_folder(), learner)
    left = {entry.number: standing(entry, progress).left for entry in entries}
    if progress.warning:
        complain(progress.warning)
    if as_json:
        print_json([{**asdict(entry), "path": str(entry.path), "left": left[entry.number]} for entry in entries])
        return
    if not entries:
        click.echo("There are no courses here; give another folder with --courses.")
    for entry in entries:
        click.echo(f"{entry.number}  {entry.title}" + (f": {left[entry.number]}" if left[entry.number] else ""))
        if entry.fault:
            click.echo(f"   cannot be taught: {entry.fault}")
        else:
            size = f"{count(entry.modules, 'module')}, {count(entry.topics, 'topic')}, {entry.language}"
            tell(f"   {entry.summary} ({size})".replace("    (", "   ("), "   ")


for subcommand in (new, import_, check):
    courses.add_command(subcommand)

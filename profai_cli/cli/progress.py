"""`profai progress`: what is kept of a learner, shown, exported, deleted."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import click

from profai_cli.cli import options
from profai_cli.cli.exits import can_draw, complain
from profai_cli.cli.kept_courses import classes_of, course_now, pick, title
from profai_cli.cli.progress_table import Row, days, draw, lines
from profai_cli.errors import InputError
from profai_cli.lesson.course import Course
from profai_cli.lesson.mark import TopicMark
from profai_cli.lesson.plain import plain
from profai_cli.storage.classes import Classes, KeptClass
from profai_cli.storage.folders import data_folder
from profai_cli.storage.notebook import now
from profai_cli.storage.progress import Progress
from profai_cli.storage.progress_rows import Details, results
from profai_cli.tutor.forgetting import latest
from profai_cli.tutor.study import Study

_VERSION: Final = 1

_learner = click.option("--learner", help="Whose progress it is.")


class _Given(NamedTuple):
    """Options given before a subcommand; those after it take precedence."""

    learner: str
    folder: Path | None


@click.group(invoke_without_command=True)
@options.learner
@options.courses_folder
@options.plain_lines
@click.pass_context
def progress(context: click.Context, learner: str, folder: Path | None, lines: bool) -> None:
    """Show where you are in each course, what you heard and what you asked; see also export and forget.

    It is kept in one file on this computer, for years. Below the table are the days of the last two weeks.

    \b
    profai progress
    profai progress export > progress.json
    profai progress forget --course 1
    """
    context.obj = _Given(learner, folder)
    if context.invoked_subcommand is None:
        _show(context.obj, lines)


@progress.command()
@_learner
@click.pass_obj
def export(given: _Given, learner: str | None) -> None:
    """Print all that is kept as JSON: places, topics heard, questions with what was heard of the answers, classes.

    Times are in UTC. Module and topic numbers are from 1.

    \b
    profai progress export > progress.json
    """
    kept = Progress(data_folder(), learner or given.learner)
    courses = [_exported(study, kept.details(number)) for number, study in kept.studies().items()]
    _warn(kept)
    click.echo(json.dumps({"version": _VERSION, "learner": kept.learner, "date": now(), "courses": courses}, indent=2))


@progress.command()
@_learner
@click.option("--course", help="Only this one: its number, or a part of its title.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(given: _Given, learner: str | None, course: str | None, yes: bool) -> None:
    """Delete what is kept of you for good, with the recordings and the logs of your classes.

    Files that you named yourself, with --events or --output, stay.

    \b
    profai progress forget
    profai progress forget --course 1
    """
    name = learner or given.learner
    kept, classes = Progress(data_folder(), name), Classes(data_folder())
    studies = kept.studies()
    held = [one for one in classes.all() if one.about.learner == name]
    if not (studies or held or kept.copies):
        click.echo(f"Nothing is kept of {plain(kept.learner)}.")
        return
    number = None if course is None else pick(studies, course, given.folder)
    if number is not None:
        held = classes_of(number, studies, held)
    what = _count(len(studies), "course", "courses") if number is None else repr(title(studies[number]))
    what = f"{what}, {_held(held)}"
    if not yes and not _agreed(f"Delete for good what is kept of {plain(kept.learner)}: {what}?"):
        click.echo("Nothing was deleted.")
        return
    if number is None:
        classes.forget(name)
    else:
        for one in held:
            one.discard()
    kept.forget(number)
    click.echo(f"Deleted: {what}.")


def _show(given: _Given, plain_lines: bool) -> None:
    kept = Progress(data_folder(), given.learner)
    rows, times = [], []
    for number, study in kept.studies().items():
        details = kept.details(number)
        rows.append(_row(study, details, course_now(number, study, given.folder)))
        times.append(details)
    _warn(kept)
    if not rows:
        click.echo("You have not begun a course yet: begin with 'profai class --interactive'.")
        return
    heard = [topic["at"] for _, topics, *_ in times for topic in topics]
    asked = [question["at"] for _, _, questions, _ in times for question in questions]
    if can_draw(sys.stdout) and not plain_lines:
        draw(rows, days(heard, asked))
    else:
        for line in lines(rows, days(heard, asked)):
            click.echo(line)


def _row(study: Study, details: Details, course: Course | None) -> Row:
    classes, heard, questions, checks = details
    left = study.left.topic if study.left else None
    if course:
        state = study.state(course)
        topics = f"{len(study.heard_in(course))} of {sum(len(module.topics) for module in course.modules)}"
    else:  # its folder is not to be found
        state = "finished" if study.over else left.title if left else ""
        topics = str(len({(topic["module"], topic["topic"]) for topic in heard}))
    known = latest(results(checks)).values()
    right = f"{sum(verdict == 'right' for verdict in known)} of {len(known)}" if known else ""
    return Row(title(study), plain(state), topics, len(questions), right, len(classes), study.changed)


def _exported(study: Study, details: Details) -> dict[str, Any]:
    classes, heard, questions, checks = details
    left = study.left
    return {
        "title": study.course.title,
        "id": study.course.own,
        "path": study.course.path,
        "place": left and {**_topic(left.topic), "sentence": left.sentence + 1, "phrase": left.phrase + 1},
        "over": study.over,
        "finished": study.finished,
        "speed": study.speed,
        "volume": study.volume,
        "changed": study.changed,
        "classes": classes,
        "heard": heard,
        "questions": [{**question, "cut": bool(question["cut"])} for question in questions],
        "checks": checks,
    }


def _topic(topic: TopicMark) -> dict[str, Any]:
    return {
        "module_number": topic.module + 1,
        "topic_number": topic.topic + 1,
        "module": topic.module_title,
        "topic": topic.title,
    }


def _agreed(question: str) -> bool:
    """Ask. Raises InputError where nobody can answer."""
    if not sys.stdin.isatty():
        raise InputError(f"{question} Say so with --yes.")
    return click.confirm(question, err=True)


def _held(classes: Sequence[KeptClass]) -> str:
    recorded = sum(one.sound.exists() for one in classes)
    return _count(len(classes), "class", "classes") + (f" ({recorded} recorded)" if recorded else "")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _warn(kept: Progress) -> None:
    if kept.warning:
        complain(kept.warning)

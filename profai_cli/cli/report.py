"""`profai report`: a class as a page to read."""

import webbrowser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from profai_cli.cli.exits import complain
from profai_cli.cli.history import Held, all_held, topic_title
from profai_cli.cli.keeping import outline
from profai_cli.errors import CourseError, InputError
from profai_cli.events import ClassStarting, CourseInfo, Event
from profai_cli.storage.classes import SOUND, Classes, Outline
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.event_log import read_events
from profai_cli.storage.excerpts import Excerpts
from profai_cli.storage.files import write_atomically
from profai_cli.storage.folders import data_folder
from profai_cli.tutor.summary import Tally
from profai_cli.ui.class_page import Page, class_page
from profai_cli.ui.class_record import Exchange, Record

AROUND = 0.3
"""Seconds of sound before and after what is played."""


@click.command()
@click.argument("which", metavar="[CLASS]", default="")
@click.option("--output", type=click.Path(path_type=Path), help="Write the page there, and not beside the class's log.")
@click.option("--open", "show", is_flag=True, help="Show the page in the browser.")
def report(which: str, output: Path | None, show: bool) -> None:
    """Write a page about a class: what was taught, asked and answered, who spoke when, how long you waited.

    CLASS is a number of 'profai history', by default the newest, or a file made with --events. Where the class was
    recorded with --record, every question has a button that plays it. The page is one file without any scripts, and
    asks nobody for anything.

    \b
    profai report --open
    profai report 12 --output class.html
    profai report run.jsonl
    """
    log, held = _find(which)
    events = read_events(log)
    path = (output or log.with_name("report.html" if held else f"{log.name}.html")).resolve()
    if path in {log.resolve(), log.with_name(SOUND).resolve()}:
        raise click.UsageError("--output needs a file of its own, not one that the report is made from.")
    write_atomically(path, _page(events, log, held).encode())
    click.echo(str(path))
    if show and not webbrowser.open(path.as_uri()):
        complain("No browser could be opened: open the file yourself.")


def _find(which: str) -> tuple[Path, Held | None]:
    """The log, and what is known of its class. Raises InputError."""
    if which and not which.isdecimal():
        return Path(which), None
    held = all_held(Classes(data_folder()))
    if not held:
        raise InputError("No class was held yet: begin with 'profai class --interactive', or name a file of --events.")
    number = int(which) if which else held[-1].kept.number
    one = next((one for one in held if one.kept.number == number), None)
    if one is None:
        raise InputError(f"There is no class {number}: 'profai history' lists those that are kept.")
    return one.kept.log, one


def _page(events: Sequence[Event], log: Path, held: Held | None) -> str:
    """The page. Raises InputError where the log is of no class."""
    info = next((event for event in events if isinstance(event, CourseInfo)), None)
    if info is None:
        raise InputError(f"{str(log)!r} is no log of a class: it has no course_info.")
    titles = held.kept.about.outline if held else _outline(info)
    tally = Tally()
    for event in events:
        tally(event)
    record = Record(events)
    page = Page(
        learner=held.kept.about.learner if held else "",
        language=info.language,
        interruptions=tally.summary.interruptions,
        title=lambda module, topic: topic_title(titles, module, topic),
        sounds=_sounds(record.exchanges, _recording(events, log)),
    )
    return class_page(record, page)


def _outline(info: CourseInfo) -> Outline:
    """The titles of a course that comes with profai; none of another one."""
    try:
        return outline(load_course(shipped_courses(), info.course))
    except CourseError:
        return ()


def _recording(events: Sequence[Event], log: Path) -> Path | None:
    """Beside the log, wherever it is now."""
    recorded = any(isinstance(event, ClassStarting) and event.recording for event in events)
    sound = log.with_name(SOUND)
    return sound if recorded and sound.is_file() else None


def _sounds(exchanges: Sequence[Exchange], recording: Path | None) -> list[bytes]:
    if recording is None:
        return [b""] * len(exchanges)
    with ExitStack() as stack:
        excerpts = stack.enter_context(Excerpts(recording))
        return [excerpts.mp3(exchange.begin - AROUND, exchange.end + AROUND) for exchange in exchanges]

"""`profai report`: a class as a page to read."""

import webbrowser
from collections.abc import Sequence
from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.cli.exits import complain
from profai_cli.cli.history import Held, all_held, find_held, topic_title
from profai_cli.cli.keeping import outline
from profai_cli.errors import CourseError, InputError
from profai_cli.events import ClassStarting, CourseInfo, Event
from profai_cli.lesson.course import Course
from profai_cli.lesson.plain import clean
from profai_cli.lesson.script import Sentence
from profai_cli.storage.classes import Classes, recording
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.event_log import read_events
from profai_cli.storage.excerpts import Excerpts
from profai_cli.storage.files import exists, write_atomically
from profai_cli.storage.folders import data_folder
from profai_cli.tutor.summary import Tally
from profai_cli.ui.report.page import Page, class_page
from profai_cli.ui.report.parts import Exchange
from profai_cli.ui.report.record import Record

AROUND = 0.3
"""Seconds of sound before and after what is played."""

ALL_SECONDS = 2400.0
"""Of sound in a page: 14 MB, made in less than half a minute. Of many questions, each has its part of them."""


@click.command()
@click.argument("which", metavar="[CLASS]", default="")
@options.courses_folder
@click.option("--output", type=click.Path(path_type=Path), help="Write the page there, and not beside the class's log.")
@click.option("--open", "show", is_flag=True, help="Show the page in the browser.")
def report(which: str, folder: Path | None, output: Path | None, show: bool) -> None:
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
    if path in {log.resolve(), recording(log).resolve()}:
        raise click.UsageError("--output needs a file of its own, not one that the report is made from.")
    if exists(str(path)) and not path.is_file():
        what = "a folder; name a file in it" if path.is_dir() else "none; name another one"
        raise click.UsageError(f"--output needs a file, and {str(path)!r} is {what}.")
    page = _page(events, log, held, folder or shipped_courses())
    write_atomically(path, page.encode(), "name another file with --output")
    click.echo(clean(str(path)))
    if show and not webbrowser.open(path.as_uri()):
        complain("No browser could be opened: open the file yourself.")


def _find(which: str) -> tuple[Path, Held | None]:
    """The log, and what is known of its class. Raises InputError."""
    if which and not which.isdecimal():
        return Path(which), None
    held = all_held(Classes(data_folder()))
    if not held:
        raise InputError("No class was held yet: begin with 'profai class --interactive', or name a file of --events.")
    one = find_held(held, int(which)) if which else held[-1]
    return one.kept.log, one


def _page(events: Sequence[Event], log: Path, held: Held | None, courses: Path) -> str:
    """The page. Raises InputError where the log is of no class."""
    info = next((event for event in events if isinstance(event, CourseInfo)), None)
    if info is None:
        raise InputError(f"{str(log)!r} is no log of a class: it has no course_info.")
    course = _course(info, courses)
    titles = held.kept.about.outline if held else outline(course) if course else ()
    tally = Tally()
    for event in events:
        tally(event)
    record = Record(events)
    page = Page(
        learner=held.kept.about.learner if held else "",
        language=info.language,
        interruptions=tally.summary.interruptions,
        title=lambda module, topic: topic_title(titles, module, topic),
        written=lambda *place: _written(course, *place),
        sounds=_sounds(record.exchanges, _recording(events, log)),
    )
    return class_page(record, page)


def _course(info: CourseInfo, folder: Path) -> Course | None:
    """The course that was taught, if it is there and still has that text."""
    try:
        course = load_course(folder, info.course)
    except CourseError:
        return None
    return course if course.fingerprint == info.fingerprint else None


def _written(course: Course | None, module: int, topic: int, sentence: int) -> Sentence | None:
    try:
        return course.modules[module].topics[topic].sentences[sentence] if course else None
    except IndexError:  # a log that was changed
        return None


def _recording(events: Sequence[Event], log: Path) -> Path | None:
    """Beside the log, wherever it is now."""
    recorded = any(isinstance(event, ClassStarting) and event.recording for event in events)
    sound = recording(log)
    return sound if recorded and sound.is_file() else None


def _sounds(exchanges: Sequence[Exchange], recording: Path | None) -> list[bytes]:
    """Of each exchange, as MP3; of all of them together no more than a page can hold."""
    if recording is None:
        return [b""] * len(exchanges)
    longest = ALL_SECONDS / max(len(exchanges), 1)
    spans = [(x.begin - AROUND, min(x.end + AROUND, x.begin - AROUND + longest)) for x in exchanges]
    with Excerpts(recording) as excerpts:
        return [excerpts.mp3(*span) for span in spans]

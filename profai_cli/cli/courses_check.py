"""`profai courses check`: finds what is wrong with a course, and hears its words with the teacher."""

import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from profai_cli.cli import options
from profai_cli.cli.courses_given import Given, count, folder_option, json_option, print_json
from profai_cli.cli.exits import can_draw, complain
from profai_cli.cli.kept import kept_devices
from profai_cli.errors import EngineError, InputError
from profai_cli.lesson.advice import Advice, advice
from profai_cli.lesson.course import Course
from profai_cli.lesson.plain import plain
from profai_cli.lesson.source import Fault
from profai_cli.storage.course_folder import COURSE_FILE
from profai_cli.storage.courses import find_courses, read_course, shipped_courses
from profai_cli.tutor.wording import words


@dataclass(frozen=True, slots=True)
class Checked:
    """A course, None where it cannot be taught. words: those without a sure sound, and a sentence with each."""

    path: Path
    course: Course | None
    faults: list[Fault]
    advice: list[Advice]
    words: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        found = {"path": str(self.path), "faults": [asdict(fault) for fault in self.faults]}
        return {**found, "advice": [piece._asdict() for piece in self.advice], "words": self.words}


@click.command()
@click.argument("course", required=False)
@folder_option
@click.option("--silent", is_flag=True, help="List the words; read none out, and ask nothing.")
@options.speaker
@json_option
@click.pass_context
def check(
    context: click.Context, *, course: str | None, folder: Path | None, silent: bool, speaker: str | None, as_json: bool
) -> None:
    """Find what is wrong with COURSE, and hear the words that voices may say wrongly.

    COURSE is a folder or a JSON file, or as in 'show'; without it, the course in this folder or else all courses are
    checked. Faults end with 2. What is hard to follow by ear, and words that no dictionary has, are told as well. In a
    terminal such words are read out, and you are asked how they are said; the answers are kept in the course's file
    under [sounds], for every voice and for the recogniser.

    \b
    profai courses check ~/teaching/1-history
    profai courses check 1 --silent
    """
    given: Given = context.obj
    as_json = as_json or given.as_json
    paths = find_courses(folder or given.folder or _here(), course)
    checked = [_checked(path) for path in paths]
    if as_json:
        print_json([each.as_json() for each in checked])
    for each in () if as_json else checked:
        _print(each, named=len(checked) > 1)
        if each.words and not silent and sys.stdin.isatty() and can_draw(sys.stdout):
            from profai_cli.cli.courses_hear import hear, say_aloud  # noqa: PLC0415 - only where somebody listens

            hear(each.path, each.words, partial(say_aloud, device=speaker, kept=kept_devices("speaker")))
    if any(each.faults for each in checked):
        context.exit(InputError.exit_code)


def _here() -> Path:
    return Path() if Path(COURSE_FILE).is_file() else shipped_courses()


def _checked(path: Path) -> Checked:
    course, faults = read_course(path)
    if course is None:
        return Checked(path, None, faults, [], {})
    return Checked(path, course, faults, list(advice(course)), _words(course))


def _words(course: Course) -> dict[str, str]:
    """The words that have no sure sound yet; only English has a dictionary here."""
    from profai_cli.cli.access import run  # noqa: PLC0415 - asyncio, and the dictionary, are not for a list of courses
    from profai_cli.providers.dictionary import unknown  # noqa: PLC0415 - as above

    if course.language.casefold().split("-")[0] != "en":
        return {}
    given = {word.casefold() for word in course.sounds}
    spoken = {word: sentence for word, sentence in words(course).items() if word.casefold() not in given}
    try:
        return {word: spoken[word] for word in run(unknown(list(spoken)))}
    except EngineError as error:
        complain(f"{str(error).rstrip('.')}: the words were not checked.")
        return {}


def _print(checked: Checked, *, named: bool) -> None:
    for line in _lines(checked, named):
        click.echo(plain(line))


def _lines(checked: Checked, named: bool) -> Iterator[str]:
    if named:
        yield str(checked.path)
    yield from map(str, checked.faults)
    if not checked.faults:
        yield "No faults: the course is ready to be taught."
    yield from map(str, checked.advice)
    if checked.words:
        number = count(len(checked.words), "word")
        yield f"No dictionary has {number}, which voices may say wrongly: {', '.join(checked.words)}."

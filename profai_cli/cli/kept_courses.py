"""Courses of which something is kept, and the same courses as they are on the disk now."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from profai_cli.errors import CourseError, InputError
from profai_cli.lesson.course import Course
from profai_cli.lesson.identity import Identity, recognise
from profai_cli.lesson.plain import plain
from profai_cli.storage.classes import KeptClass
from profai_cli.storage.courses import list_courses, load_path, shipped_courses
from profai_cli.storage.files import exists
from profai_cli.tutor.study import Study


def title(study: Study) -> str:
    """Of a course of which an older profai kept something, only the folder's name is known."""
    return plain(study.course.title or study.course.name)


def course_now(number: int, study: Study, folder: Path | None) -> Course | None:
    """The course as it is now; None where it is not to be found, or cannot be taught."""
    paths = [Path(study.course.path)] if exists(study.course.path) else []
    try:
        if not paths:
            listed = list_courses(folder or shipped_courses())
            paths = [entry.path for entry in listed if _is(number, study, entry.identity)]
        return load_path(paths[0]) if paths else None
    except CourseError:
        return None


def pick(studies: Mapping[int, Study], wanted: str, folder: Path | None) -> int:
    """The kept course with this number in the list of courses, or with this in its title. Raises InputError."""
    key = wanted.strip().casefold()
    if key.isdecimal():
        listed = [entry for entry in list_courses(folder or shipped_courses()) if str(entry.number) == key]
        found = [number for number, study in studies.items() for entry in listed if _is(number, study, entry.identity)]
    else:
        titles = {number: title(study).casefold() for number, study in studies.items()}
        whole = [number for number, title in titles.items() if title == key]
        found = whole or [number for number, title in titles.items() if key in title]
    if len(found) == 1:
        return found[0]
    problem = "Several courses fit" if found else "Nothing is kept of a course"
    choices = ", ".join(map(title, studies.values()))
    raise InputError(f"{problem} {plain(wanted)!r}; choose one of: {choices}.")


def _is(number: int, study: Study, course: Identity) -> bool:
    return recognise({number: study.course}, course, exists) == number


def classes_of(number: int, studies: Mapping[int, Study], classes: Sequence[KeptClass]) -> list[KeptClass]:
    """Those of a learner's classes that were held in this course, as it is now or as it was then."""
    known = {each: study.course for each, study in studies.items()}
    return [one for one in classes if _held_in(number, known, one.about.identity)]


def _held_in(number: int, known: Mapping[int, Identity], then: Identity) -> bool:
    """Where the course was moved since then, and several could be it, it is none of them."""
    now = recognise(known, then, exists)
    moved = [each for each, course in known.items() if recognise({each: then}, course, exists) == each]
    return now == number if now is not None else moved == [number]

"""Where a learner is in a course of a list: for `profai` alone, and for `profai courses`."""

from typing import NamedTuple

from profai_cli.errors import CourseError
from profai_cli.storage.courses import Entry, load_path
from profai_cli.storage.progress import Progress


class Standing(NamedTuple):
    """left: where the learner is, "" where he has not begun. when: he was there last, ISO 8601. over: he is through."""

    left: str = ""
    when: str = ""
    over: bool = False


def standing(entry: Entry, progress: Progress) -> Standing:
    """Of a course that cannot be taught nothing is told: the list does. Raises StorageError."""
    study = None if entry.fault else progress.study(entry.identity)
    if study is None:
        return Standing()
    try:
        return Standing(study.state(load_path(entry.path)), study.changed, study.over)
    except CourseError:  # told by the class
        return Standing()

"""Which course is which, though folders are moved and titles mended. Pure."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from profai_cli.lesson.course import Course


class Identity(NamedTuple):
    """What a course can be known by.

    own: the `id` in its file, "" where it has none. path: of its folder or file, in full; "" where that is not known.
    name: of its folder or file. title: "" where that is not known.
    """

    own: str
    path: str
    name: str
    title: str


def identity(course: Course) -> Identity:
    """What a course is known by."""
    return Identity(course.own, course.path, course.id, course.title)


def recognise(known: Mapping[int, Identity], course: Identity, exists: Callable[[str], bool]) -> int | None:
    """The number of the known course that this one is; None where it is a new one.

    A course with an `id` is itself wherever it lies. Of the others it is, in this order: the one at this path with
    this title; one of this title whose path is empty now, because it was moved; one of which only the name of its
    folder is known; the one at this path, because its title was changed. Two folders that both are there are two
    courses, whatever their names.
    """
    if course.own:
        own = next((number for number, other in known.items() if other.own == course.own), None)
        if own is not None:
            return own
    others = {number: other for number, other in known.items() if not other.own or not course.own}

    def at_path(other: Identity) -> bool:
        return bool(course.path) and other.path == course.path

    rules: tuple[Callable[[Identity], bool], ...] = (
        lambda other: at_path(other) and other.title == course.title,
        lambda other: other.title == course.title and bool(other.path) and not exists(other.path),
        lambda other: not other.path and other.name == course.name,
        at_path,
    )
    return next((number for same in rules for number, other in others.items() if same(other)), None)

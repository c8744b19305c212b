"""`profai`, with its screen drawn 60 times a second: python -m tests.sixty_frames ARGUMENTS ..."""

from collections.abc import Collection

from profai_cli.cli import face
from profai_cli.cli.main import main
from profai_cli.lesson.course import Course
from profai_cli.ui.screen import Screen

SIXTY = 60


def screen(course: Course, heard: Collection[tuple[int, int]]) -> Screen:
    """Made in place of the usual one; all else is as it is."""
    return Screen(course=course, frames_a_second=SIXTY, heard=heard)


if __name__ == "__main__":
    face._screen = screen
    main()

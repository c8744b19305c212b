"""What stays on the terminal when a class is over: what it was, and the one next step."""

from collections.abc import Iterator

from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, position
from profai_cli.tutor.summary import Summary


def farewell(course: Course, place: Place | None, summary: Summary, recording: str) -> Iterator[str]:
    """Its lines.

    place: where the next class goes on; None: the course is over. recording: file of its sound, "" where there is none.
    """
    length = f"{summary.seconds / 60:.0f} minutes" if summary.seconds >= 90 else f"{summary.seconds:.0f} seconds"  # noqa: PLR2004 - as people say it
    asked = "1 question" if summary.questions == 1 else f"{summary.questions or 'no'} questions"
    theirs = f" of yours, {summary.checks} of the tutor's" if summary.checks else ""
    yield f"The class is over: {length}, {asked}{theirs}."
    if place is None:
        yield "You have finished the course: the next class begins it anew; 'profai report' shows this class."
    else:
        yield f"Next: {position(course, place)}. 'profai class' goes on there; 'profai report' shows this class."
    if recording:
        yield f"Its sound is in {recording}"

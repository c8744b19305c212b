"""Which language a class is held in, and what the learner is told of that."""

from profai_cli.cli.engines import EngineRoom
from profai_cli.lesson.course import Course
from profai_cli.tutor.teaching import is_translated


def held_in(room: EngineRoom, course: Course, spoken: str, *, verbatim: bool = False) -> tuple[str, str]:
    """The language of a class for a learner who speaks this one, and a line on it, "" where there is nothing to tell.

    spoken: "" and "auto" stand for the course's. With a model the class is held in the learner's: the text is
    translated as it is taught. It begins at once, in the course's own words, which the voice goes on with wherever the
    model has not come to yet, or fails. verbatim: only what the model answers is in the learner's.
    """
    if spoken in ("", "auto") or not is_translated(course, spoken):
        return course.language, ""
    if not room.translate(spoken):
        return course.language, (
            f"no language model is there to translate, so you are taught and answered in {course.language!r}; "
            f"for {spoken!r}, run 'profai keys set openai'"
        )
    model = room.titles("answerer")[0]
    if verbatim:
        return spoken, f"{model} answers in {spoken!r}; the course is read as it is written, in {course.language!r}"
    return spoken, (
        f"{model} translates into {spoken!r} as you are taught; until its words are there, you hear the course's own, "
        f"in {course.language!r}, and orders such as 'go on' are understood in English"
    )

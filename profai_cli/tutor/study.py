"""What is kept of a learner's way through a course, and what it comes to. Pure."""

from dataclasses import dataclass

from profai_cli.lesson.course import Course
from profai_cli.lesson.identity import Identity
from profai_cli.lesson.mark import Mark, TopicMark, find_place, find_topic
from profai_cli.lesson.place import Place, clamp, position


@dataclass(frozen=True, slots=True)
class Study:
    """A learner in a course, as kept.

    course: as it was when something was kept last. left: where the next class goes on; None where that is not known.
    over: the course is over, and was not begun again. finished: how often it was over. changed: when the place was
    kept last, ISO 8601. heard: the topics that were heard to their end.
    """

    course: Identity
    left: Mark | None = None
    over: bool = False
    finished: int = 0
    speed: float = 1.0
    volume: float = 1.0
    changed: str = ""
    heard: tuple[TopicMark, ...] = ()

    def place(self, course: Course) -> Place:
        """Where the next class goes on in the course as it is now."""
        if self.over or self.left is None:
            return Place(0, 0)
        found = find_place(course, self.left)
        if found is None and course.title == self.course.title:  # the topic is gone: the one that came after it
            found = clamp(course, Place(self.left.topic.module, self.left.topic.topic))
        return found or Place(0, 0)

    def end(self, course: Course) -> Place:
        """Where the learner has come to: `place`, and after a course that is over the place behind all others."""
        return Place(len(course.modules), 0) if self.over else self.place(course)

    def heard_in(self, course: Course) -> set[tuple[int, int]]:
        """Module and topic, from 0, of each topic of the course as it is now that was heard to its end."""
        return {at for topic in self.heard if (at := find_topic(course, topic))}

    def state(self, course: Course) -> str:
        """For the learner: where he is."""
        if self.over:
            heard, of = len(self.heard_in(course)), sum(len(module.topics) for module in course.modules)
            return "finished" if heard == of else f"finished ({heard} of {of} topics heard)"
        where = position(course, self.place(course))
        return f"finished, and again at {where}" if self.finished else where

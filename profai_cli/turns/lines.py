"""What the tutor says by itself, between the lesson and the answers. Pure."""

from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, topic_at
from profai_cli.lesson.script import spoken

BACK = "Back to the lesson."
NOT_CAUGHT = "I did not catch that. Back to the lesson."
LATE = "I could not find an answer in time."
GOODBYE = "Goodbye. Your place is kept."
LAST = ("That was the last topic of this course.", "Is there anything you would like to ask?")
RECALL = "A question from an earlier topic."
CHECK = "Let us see what stayed with you."
OFFER = 'Say "repeat" to hear that part again.'
NO_NEXT = "This is the last topic."


def where(course: Course, place: Place) -> str:
    """The answer to "where are we"."""
    module = course.modules[place.module]
    topic = topic_at(course, place)
    percent = round(100 * place.sentence / len(topic.sentences))
    return (
        f"We are in module {place.module + 1}, {spoken(module.title)}, "
        f"topic {place.topic + 1}, {spoken(topic.title)}, about {percent} percent through."
    )

"""What is kept of a learner's way through a course, and what it comes to in the course as it is now."""

from profai_cli.lesson.identity import Identity
from profai_cli.lesson.mark import Mark, TopicMark
from profai_cli.lesson.place import Place
from profai_cli.tutor.study import Study
from tests.small_course import small_course

SKY = Identity("", "/courses/sky", "sky", "The sky")


def test_what_a_study_comes_to_in_the_course_as_it_is_now() -> None:
    course = small_course()
    gone = Mark(TopicMark(0, 1, "Alpha", "Bees", "x"), 2, 0, "b", "h", "a")
    assert Study(SKY).place(course) == Place(0, 0)
    assert Study(SKY._replace(title="A small course"), gone).place(course) == Place(0, 1)
    assert Study(SKY, gone).place(course) == Place(0, 0)  # quite another course lies there now
    over = Study(SKY, over=True, finished=1, heard=(TopicMark(0, 1), gone.topic))
    assert (over.place(course), over.end(course)) == (Place(0, 0), Place(2, 0))
    assert over.heard_in(course) == {(0, 1)}
    assert over.state(course) == "finished (1 of 3 topics heard)"
    everything = tuple(TopicMark(*place) for place in ((0, 0), (0, 1), (1, 0)))
    assert Study(SKY, over=True, heard=everything).state(course) == "finished"
    assert Study(SKY, Mark(TopicMark(0, 1)), finished=1).state(course) == "finished, and again at Bears (topic 2 of 3)"

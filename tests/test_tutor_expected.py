"""What a learner of a course is expected to say."""

from profai_cli import pcm, settings
from profai_cli.lesson.course import Check, Course, Module, Topic
from profai_cli.lesson.place import Place
from profai_cli.tutor import expected


def course(topics: int) -> Course:
    made = tuple(Topic(f"Topic {n}", "One sentence. Another one.", (Check("Why?", "So."),)) for n in range(topics))
    return Course("c", "All about it", "en", "", (Module("Begin", made),), {"box": "crate"})


def test_sentences_and_check_questions_are_expected() -> None:
    assert expected.sentences(course(1)) == ("Topic 0.", "One sentence.", "Another one.", "Why?", "So.")


def test_a_huge_course_is_cut() -> None:
    assert len(expected.sentences(course(expected.MOST_SENTENCES))) == expected.MOST_SENTENCES


def test_terms_are_titles_and_aliases_once_each() -> None:
    assert expected.terms(course(1)) == ("All about it", "Begin", "Topic 0", "box", "crate")


def test_the_length_of_sound() -> None:
    assert pcm.seconds(bytes(2 * pcm.SOUND_RATE), pcm.SOUND_RATE) == 1.0
    assert "normal" in settings.Sensitivity.__args__


def test_a_topic_is_about_its_frequent_words_that_are_rare_elsewhere() -> None:
    def topic(title: str, text: str) -> Topic:
        return Topic(title, text)

    moon = topic("The moon", "The moon has craters. Craters come from rocks, and rocks fall on planets.")
    sun = topic("The sun", "The sun is a star. Planets go around it, and rocks do.")
    two = Course("c", "Sky", "en", "", (Module("One", (moon, sun)),))
    assert expected.topic_terms(two, Place(0, 0)) == ("The moon", "moon", "craters", "rocks", "planets")

"""A topic told by other sentences: its places, its pauses, and the way back to the teacher's text."""

from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.lesson.place import Place
from profai_cli.lesson.script import PARAGRAPH_PAUSE, SENTENCE_PAUSE
from profai_cli.lesson.told import in_telling, in_text, tell

TOPIC = Topic("Tea", "Tea is a leaf. It is old.\n\n```python\ntea = 1\n```\n\nIt is hot.")
COURSE = Course("c", "C", "en", "", (Module("A", (Topic("Milk", "Milk is white."), TOPIC)),))
CODE = next(n for n, sentence in enumerate(TOPIC.text) if sentence.listing)
LINES = (
    ("Tea is a leaf.", 1),
    ("It has been drunk for a very long time, because people like it.", 2),
    ("It is old, you know.", 2),
    ("Imagine a hot cup.", 0),
    *((TOPIC.text[n].text, n) for n in range(CODE, len(TOPIC.text) - 1)),
    ("So it is hot.", len(TOPIC.text) - 1),
    ("What do you think?", 0),
)
TOLD = tell(COURSE, 0, 1, LINES)


def test_the_telling_stands_in_the_place_of_the_text_and_nowhere_else() -> None:
    sentences = TOLD.modules[0].topics[1].sentences
    assert [sentence.text for sentence in sentences] == ["Tea.", *(text for text, _ in LINES)]
    assert TOLD.modules[0].topics[0] == COURSE.modules[0].topics[0]
    assert TOLD.modules[0].topics[1].text == TOPIC.text
    assert COURSE.modules[0].topics[1].sentences == TOPIC.text


def test_what_a_model_wrote_is_marked() -> None:
    made = {sentence.text for sentence in TOLD.modules[0].topics[1].sentences if sentence.made}
    assert made == {
        "It has been drunk for a very long time, because people like it.",
        "It is old, you know.",
        "Imagine a hot cup.",
        "So it is hot.",
        "What do you think?",
    }


def test_pauses_and_code_are_those_of_the_text() -> None:
    title, leaf, drunk, old, own, *rest = TOLD.modules[0].topics[1].sentences
    assert title == TOPIC.text[0]
    assert (leaf.pause, drunk.pause) == (TOPIC.text[1].pause, SENTENCE_PAUSE)
    assert (old.pause, own.pause) == (TOPIC.text[2].pause, PARAGRAPH_PAUSE)
    assert rest[0].listing == TOPIC.text[CODE].listing
    assert drunk.phrases[0] == 0
    assert len(drunk.phrases) > 1


def test_places_go_to_the_text_and_back_so_that_nothing_is_left_out() -> None:
    at = Place(0, 1)
    assert in_text(COURSE, at._replace(sentence=2, phrase=1)) == at._replace(sentence=2, phrase=1)
    assert in_text(TOLD, at) == at
    assert in_text(TOLD, at._replace(sentence=3, phrase=0)) == at._replace(sentence=2)
    assert in_text(TOLD, at._replace(sentence=4)) == at._replace(sentence=CODE), "an example is of no sentence"
    last = len(TOLD.modules[0].topics[1].sentences) - 1
    assert in_text(TOLD, at._replace(sentence=last)) == at._replace(sentence=len(TOPIC.text) - 1)
    assert in_telling(TOLD, at._replace(sentence=2, phrase=1)) == at._replace(sentence=2)
    assert in_telling(TOLD, at) == at
    assert in_telling(COURSE, at._replace(sentence=2, phrase=1)) == at._replace(sentence=2, phrase=1)
    assert in_telling(TOLD, at._replace(sentence=99)) == at._replace(sentence=last)

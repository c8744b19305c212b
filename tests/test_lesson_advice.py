"""What is hard to follow by ear, told to the teacher."""

from profai_cli.lesson.advice import LONGEST_TOPIC, advice
from profai_cli.lesson.course import Course, Module, Topic


def told(markdown: str) -> list[str]:
    course = Course("id", "Course", "en", "", (Module("M", (Topic("First", "Fine."), Topic("Second", markdown))),))
    return [str(piece) for piece in advice(course)]


def test_a_good_topic():
    assert told("This adds two numbers.\n\n```python\na + b\nb + c\n```\n\nThen this.\n\n```\nx\n```") == []


def test_code_without_a_word_before_it():
    first, second = told("```python\na + b\n```\n\n```python\nb + c\n```")
    assert first == '1.2 Second: no sentence before this code says what it does: "a + b"'
    assert second.endswith('"b + c"')


def test_a_sentence_that_is_too_long_is_told_once():
    long = "and " + "then another clause follows here, " * 12 + "and it ends."
    begin = "and then another clause follows here, then another clause ..."
    assert told(f"Short.\n\n{long}\n\nShort again.") == [
        f'1.2 Second: the sentence has 64 words, which is long for the ear: "{begin}"'
    ]


def test_a_topic_that_is_too_long():
    assert told("One word more. " * (LONGEST_TOPIC // 3 + 1)) == [
        "1.2 Second: it has 2404 words, which take 15 minutes: divide it into several topics"
    ]


def test_a_question_that_would_be_read_out():
    assert told("Tea is a leaf.\n\nQ: What is tea?\nA: A leaf.") == [
        '1.2 Second: this is read out, because no line "## Check" is above it: "Q: What is tea?"',
        '1.2 Second: this is read out, because no line "## Check" is above it: "A: A leaf."',
    ]

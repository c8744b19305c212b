"""What a model wrote against the text: numbers, names and terms, in the text's language and in others."""

import pytest

from profai_cli.lesson.course import Check, Topic
from profai_cli.tutor.faithful import MOST_WORDS, Faithful, terms

TOPIC = Topic(
    "Moon",
    "The Moon has 3 seas and 1,300.5 hills. Armstrong of NASA landed on Panth\u00e9on. It takes twelve days.\n\n"
    "Use `int`, **Regolith**, `price_tag`, `a = b`, `in` and ```x```.",
    (Check("Who wrote 9 books?", "Kepler."),),
)
NUMBERS = TOPIC.text[1]
CODE = TOPIC.text[4]
OURS, OTHERS = Faithful(TOPIC, translated=False), Faithful(TOPIC, translated=True)


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("It has three seas, 1300.5 hills, and Kepler wrote 9 books.", True),
        ("It has one sea.", True),
        ("It has 4 seas.", False),
        ("It has seven seas.", False),
        ("There is, says Galileo, a sea.", False),
        ("Galileo said so.", True),  # a sentence begins with a capital letter anyhow
        ("sea " * (MOST_WORDS + 1), False),
    ],
)
def test_in_the_texts_language_numbers_and_names_must_be_the_texts(line: str, *, holds: bool) -> None:
    assert OURS.holds(line) is holds


@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("Der Mond hat 3 Meere und 1.300,5 Berge.", True),
        ("Es dauert 12 Tage.", True),
        ("Galileo hat das gesagt, in Rom.", True),  # nouns have capital letters too: it cannot be told
        ("Der Mond hat 4 Meere.", False),
        ("\u091a\u093e\u0901\u0926 \u092a\u0930 \u0969 NASA Armstrong Panth\u00e9on sea", True),
        ("\u091a\u093e\u0901\u0926 \u092a\u0930 \u096a", False),
        ("\u091a\u093e\u0901\u0926 Galileo", False),
        ("sea " * (MOST_WORDS + 1), False),
    ],
)
def test_in_another_language_digits_must_be_the_texts_and_capitals_in_another_script(line: str, *, holds: bool) -> None:
    assert OTHERS.holds(line) is holds


def test_a_translated_sentence_has_its_numbers_and_terms() -> None:
    assert OTHERS.tell(["Der Mond hat 3 Meere", "und 1.300,5 Berge."], NUMBERS)
    assert not OTHERS.tell(["Der Mond hat 3 Meere."], NUMBERS)
    assert OURS.tell(["The Moon has seas."], NUMBERS)
    assert OURS.tell(["Three of them", "are on the lunar side, by the hilly sea."], NUMBERS)
    assert not OURS.tell(["You are free now."], NUMBERS), "it is about something else"
    assert OTHERS.tell(["Nimm ints, Regolithen, und noch 3."], CODE)
    assert not OTHERS.tell(["Nimm Ganzzahlen und Regolith."], CODE)
    for faithful in (OURS, OTHERS):
        assert faithful.tell([], NUMBERS), "the sentence itself"
        assert faithful.tell([""], NUMBERS), "the sentence itself"
        assert faithful.tell([NUMBERS.text], NUMBERS)


def test_terms_are_what_the_teacher_has_set_apart() -> None:
    assert terms(TOPIC) == ("int", "Regolith")

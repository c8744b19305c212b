"""What a question asks, told from its words alone."""

import pytest

from profai_cli.tutor.cues import cue
from profai_cli.tutor.question import follow_up, refers_back
from profai_cli.tutor.synonyms import SYNONYMS
from profai_cli.tutor.vocabulary import SOFT_WEIGHT, is_common, nearest, weight, words


def test_words_are_lower_case_and_without_punctuation() -> None:
    assert words("What\u2019s a LIST, then?") == ("what's", "a", "list", "then")
    assert words("snake_case & 3.5") == ("snake", "case", "3", "5")
    assert words(" ?! ") == ()


def test_small_words_say_nothing_soft_words_little() -> None:
    assert [weight(word) for word in ("the", "you", "x", "7", "explain", "eclipse")] == [0, 0, 0, 1, SOFT_WEIGHT, 1]


@pytest.mark.parametrize("word", ["discovered", "moving", "kills", "tallest", "quickly", "stopped", "explain", "the"])
def test_everyday_words_are_known_in_their_forms(word: str) -> None:
    assert is_common(word)


@pytest.mark.parametrize("word", ["france", "dentist", "planet", "cricket"])
def test_other_words_are_not_everyday(word: str) -> None:
    assert not is_common(word)


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("tell me more", "more"),
        ("go on about that", "more"),
        ("Can you explain that, please?", "more"),
        ("i don't understand", "simpler"),
        ("can you say that simpler", "simpler"),
        ("explain it in simple words please", "simpler"),
        ("what was that word", "word"),
        ("what does that word mean", "word"),
        ("how is a simple loop written", None),
        ("what else", "more"),
        ("why", "why"),
        ("but why is that so", "why"),
        ("how come", "why"),
        ("say that again", "again"),
        ("sorry what", "again"),
        ("what", "again"),
        ("give me an example", "example"),
        ("another example of that please", "example"),
        ("tell me more about lists", None),
        ("why is the sky blue", None),
        ("give me an example of a loop", None),
        ("what is it", None),
        ("what does else do", None),
        ("what does continue do", None),
        ("", None),
    ],
)
def test_follow_ups_have_no_content_of_their_own(asked: str, kind: str | None) -> None:
    assert follow_up(asked) == kind


def test_a_pronoun_with_little_else_refers_back() -> None:
    assert refers_back("how fast is it")
    assert refers_back("what is that for")
    assert not refers_back("how fast is light")
    assert not refers_back("does it matter whether a key is a number")


@pytest.mark.parametrize(
    ("asked", "answers", "not_answers"),
    [
        ("how many planets are there", "Eight known planets go round the Sun.", "Planets are round, all 8 of them."),
        ("how long does a day take", "It takes 24 hours.", "It takes ages."),
        ("how far is the moon", "It is 384000 kilometres away.", "It is 3 days away."),
        ("how hot is venus", "It is at 465 degrees.", "It is at 465 now."),
        ("what is the temperature of venus", "It is at 465 degrees.", "Venus is hot."),
        ("what is the size of venus", "It measures 12100 kilometres.", "Venus is a planet."),
        ("how fast are we", "About 1670 an hour.", "Rather quickly."),
        ("when was that", "In the year 1543.", "In 12 days."),
        ("who discovered uranus", "It was William Herschel.", "It was a musician."),
        ("why do we have seasons", "Because the axis leans.", "The axis leans."),
        ("from where did the word come", "The word comes from the Moon.", "It is a word."),
        ("if the key is not there what happens", "If you ask for another key, it stops.", "A key is a name."),
        ("can you give an example of a key", "Such as a string.", "A string."),
        ("how do i sort a list", "To put it in order, use sort.", "Lists may be in order."),
        ("what is a list", "A list holds many values.", "Keep a list of values."),
        ("you is a list", "This thing is called a list.", "Keep a list of values."),
        ("what is a list", "Lists are ordered.", "There are listings."),
    ],
)
def test_the_cue_tells_what_an_answer_looks_like(asked: str, answers: str, not_answers: str) -> None:
    pattern = cue(asked)
    assert pattern is not None
    assert pattern.search(answers)
    assert not pattern.search(not_answers)


def test_without_content_there_is_no_cue() -> None:
    assert cue("what is it") is None


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("vareable", "variable"),  # another vowel
        ("dictonary", "dictionary"),  # a letter too few
        ("dicttionary", "dictionary"),  # a letter too many
        ("varibale", "variable"),  # two letters swapped
        ("invented", None),  # one consonant from "indented": another word
        ("lsit", None),  # too short
        ("telescope", None),
    ],
)
def test_one_slip_is_forgiven(heard: str, meant: str | None) -> None:
    assert nearest(heard, {"variable": 9, "dictionary": 5, "indented": 2, "list": 3}) == meant


def test_of_two_near_words_the_commoner_is_taken() -> None:
    assert nearest("batter", {"better": 1, "bitter": 4}) == "bitter"


def test_no_word_is_its_own_synonym_and_all_are_mutual() -> None:
    assert SYNONYMS["delete"] == ("erase", "remove")
    assert SYNONYMS["spoken"] == ("speak", "spoke")
    for word, others in SYNONYMS.items():
        assert word not in others
        assert all(word in SYNONYMS[other] for other in others)

"""What the learner's words are taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.turns import patience
from profai_cli.turns.words import PHRASES, Meaning, meaning, normal, phrases


@pytest.mark.parametrize(("listed", "expected"), [(text, m) for m, text in PHRASES.items()])
def test_each_phrase_has_its_meaning(listed: str, expected: Meaning) -> None:
    for phrase in phrases(listed):
        assert meaning(phrase) is expected
        assert meaning(phrase.upper() + ".") is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Meaning.NOTHING),
        ("um", Meaning.NOTHING),
        ("um uh please", Meaning.NOTHING),
        ("yeah okay", Meaning.MURMUR),
        ("could you repeat that please", Meaning.REPEAT),
        ("please slow down", Meaning.SLOWER),
        ("so, next topic!", Meaning.NEXT_TOPIC),
        ("to next topic", Meaning.NEXT_TOPIC),
        ("of the", Meaning.NOTHING),
        ("how next topic", Meaning.NEXT_TOPIC),
        ("don't go on", Meaning.QUESTION),
        ("loops stop", Meaning.QUESTION),
        ("why", Meaning.QUESTION),
        ("yeah but why", Meaning.QUESTION),
        ("what is a loop", Meaning.QUESTION),
        ("stop the loop with break", Meaning.QUESTION),
        ("can you", Meaning.QUESTION),
    ],
)
def test_meanings(text: str, expected: Meaning) -> None:
    assert meaning(text) is expected


@given(st.text())
def test_any_text_has_a_meaning_that_its_form_does_not_change(text: str) -> None:
    assert meaning(text) is meaning(normal(text))


def test_no_phrase_has_two_meanings() -> None:
    every = [phrase for listed in PHRASES.values() for phrase in phrases(listed)]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("words", "more"),
    [("what is the", True), ("why", False), ("the", False), ("what is a loop", False), ("", False), ("go on", False)],
)
def test_half_a_sentence_gets_more_patience(words: str, more: bool) -> None:
    assert (patience.turn_end(words) > patience.TURN_END) is more


@pytest.mark.parametrize(
    ("words", "silence"),
    [
        ("What is a loop?", 0.0),
        ("um so what is a loop", 0.0),
        ("Well, tell me about loops", 0.0),
        ("Loops?", 0.0),
        ("a list or a tuple?", 0.0),
        ("why", 0.0),
        ("go on", 0.0),
        ("", 0.0),
        ("I think it is a list", patience.STATEMENT),
        ("What is the", patience.UNFINISHED),
        ("can you tell me", patience.UNFINISHED),
    ],
)
def test_final_words_that_are_a_whole_question_need_no_more_silence(words: str, silence: float) -> None:
    assert patience.after_words(words) == silence

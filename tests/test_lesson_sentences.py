"""Where sentences and phrases begin."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.lesson.sentences import LONGEST, phrases, sentences, short

SPLIT = {
    "One. Two! Three? Four": ["One.", "Two!", "Three?", "Four"],
    "Dr. Rao met Mrs. Sen. They spoke.": ["Dr. Rao met Mrs. Sen.", "They spoke."],
    "In the U.S. Army. In the U.S. The law holds.": ["In the U.S. Army.", "In the U.S.", "The law holds."],
    "J. K. Rowling wrote it.": ["J. K. Rowling wrote it."],
    "Take vitamin C. It helps.": ["Take vitamin C.", "It helps."],
    "It is 3.5 cm. So it fits.": ["It is 3.5 cm.", "So it fits."],
    "1. Open the door.": ["1. Open the door."],
    "It was 5. Then it was 6.": ["It was 5.", "Then it was 6."],
    "Go at 5 p.m. to the shop.": ["Go at 5 p.m. to the shop."],
    "See Fig. 3 and eq. 4 now.": ["See Fig. 3 and eq. 4 now."],
    "Is it? No. It is not.": ["Is it?", "No.", "It is not."],
    '"Why?" he asked. "No." She left.': ['"Why?" he asked.', '"No."', "She left."],
    "Wait... what? x is 3. y is 4.": ["Wait... what?", "x is 3.", "y is 4."],
    "Well… then. Well… Then.": ["Well… then.", "Well…", "Then."],
    "यह है। वह है।": ["यह है।", "वह है।"],
    "你好。再见。": ["你好。", "再见。"],
    'He left. "': ["He left.", '"'],
    "  a \n b  ": ["a b"],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), SPLIT.items())
def test_sentences(text, expected):
    assert list(sentences(text)) == expected


def cut(sentence):
    offsets = phrases(sentence)
    return [sentence[a:b] for a, b in pairwise((*offsets, len(sentence)))]


def test_phrases_begin_after_marks_and_at_conjunctions_of_long_clauses():
    assert cut("When the sun sets, the sky turns red, and then dark.") == [
        "When the sun sets, ",
        "the sky turns red, ",
        "and then dark.",
    ]
    assert cut("The Moon goes round the Earth because gravity holds it.") == [
        "The Moon goes round the Earth ",
        "because gravity holds it.",
    ]
    assert cut("The farms of the whole wide world would need many centuries for that harvest alone.") == [
        "The farms of the whole wide world would need many centuries ",
        "for that harvest alone.",
    ]
    assert cut("So, no, yes.") == ["So, no, yes."]
    assert cut("It was 1,000 or 10:30 or so.") == ["It was 1,000 or 10:30 or so."]
    assert cut("The first word - and then the rest.") == ["The first word - ", "and then the rest."]


def test_an_empty_sentence_has_one_phrase():
    assert phrases("") == (0,)


def test_long_clauses_are_cut_between_words():
    assert all(len(phrase) <= 121 for phrase in cut("wonderful " * 60))


def test_long_sentences_are_split_into_parts_of_like_length():
    clause = "the planet turns and turns, "
    parts = short(clause * 20 + "and on.")
    assert " ".join(parts) == clause * 20 + "and on."
    assert all(LONGEST / 2 <= len(part) <= LONGEST for part in parts)
    assert short("A short one.") == ("A short one.",)


words = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=60)


@given(st.lists(words, min_size=1, max_size=120).map(" ".join))
def test_phrases_part_the_sentence_at_words(sentence):
    offsets = phrases(sentence)
    assert offsets[0] == 0
    assert list(offsets) == sorted(set(offsets))
    assert all(sentence[offset - 1] == " " != sentence[offset] for offset in offsets[1:])
    assert "".join(cut(sentence)) == sentence
    parts = short(sentence)
    assert all(len(part) <= LONGEST for part in parts)
    assert " ".join(parts) == sentence


@given(st.text())
def test_sentences_lose_nothing_but_blanks(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())

"""Answers that come in pieces: which sentences are spoken, when, and how many."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profai_cli.lesson.script import script
from profai_cli.lesson.sentences import LONGEST
from profai_cli.tutor.streamed import MOST_CHARACTERS, MOST_SENTENCES, MOST_WORDS, SpokenAnswer
from profai_cli.tutor.thoughts import Thoughts


def told(*pieces: str) -> list[str]:
    answer = SpokenAnswer()
    return [sentence for piece in pieces for sentence in answer.feed(piece)] + answer.finish()


SPOKEN = {
    "Dr. Rao measured 3.5 cm, e.g. here. In the U.S. The law holds.": [
        "Dr. Rao measured 3.5 centimetres, for example, here.",
        "In the U.S.",
        "The law holds.",
    ],
    'Well... then. "Why?" he asked. Good': ["Well... then.", '"Why?" he asked.', "Good."],
    "यह है। वह है। 你好。再见": ["यह है।", "वह है।", "你好。", "再见."],
    "It is **bold.** And _this_ ***is*** ~~not~~ so.": ["It is bold.", "And this is not so."],
    "Both **ends. Are** apart. Yes.": ["Both ends.", "Are apart.", "Yes."],
    "2*3 is 2 * 3, 2**5 is 32, and a_b stays.": [
        "2 times 3 is 2 times 3, 2 to the power of 5 is 32, and a underscore b stays."
    ],
    "x² ≤ 4 → 50% & $3.50": ["x squared is less than or equal to 4 leads to 50 percent and 3 dollars and 50 cents."],
    "## Plants\nThey grow.\n\n1. Water them\n2. Wait.\n- sun\n* rain\n> said he.": [
        "Plants.",
        "They grow.",
        "First: Water them.",
        "Second: Wait.",
        "sun.",
        "rain.",
        "said he.",
    ],
    "See [the docs](https://a.b/c). ![A leaf](b.png) End": ["See the docs.", "A leaf End."],
    "See https://www.a.com/b?c=d. Then stop [1]. Really": ["See a web page.", "Then stop 1.", "Really."],
    "A stray ` tick. And [a bracket. More": ["A stray tick.", "And a bracket.", "More."],
    "So:\n```python\nx = 1\n\n  y = [2]\n```\nDone.": ["So:", "x equals 1.", "y equals the list 2.", "Done."],
    "~~~\nx = 1": ["x equals 1."],
    "```x = 1``` is short.": ["x equals 1 is short."],
    "```": [],
    "We know \\(x^2\\) and\n\\[\nE = mc^2\n\\] here.\nNext": [
        "We know x squared and.",
        "E equals mc squared here.",
        "Next.",
    ],
    "| Planet | Moons |\n|---|---|\n| Mars | 2 |": ["Planet, Moons.", "Mars, 2."],
    "One line\nthat was broken. Another\nLine\n\nnew block": [
        "One line that was broken.",
        "Another.",
        "Line.",
        "new block.",
    ],
    "A `code\nSpan` here.\r\nNext": ["A code Span here.", "Next."],
    "\x1b[31mRed\x1b[0m. \x1b]0;title\x07Safe.\x00 \u202eYes": ["Red.", "Safe.", "Yes."],
    "<think>\nLet me see. So.\n</think>\n\nIt is so.": ["It is so."],
    "<think>for ever": [],
    "<thin ice": ["is less than thin ice."],
    " <b>Yes</b>. \n ---\n...": ["Yes."],
    "  \n ": [],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), SPOKEN.items())
def test_answers_are_spoken_without_markup(text: str, expected: list[str]) -> None:
    assert told(text) == expected
    assert told(*text) == expected


def test_a_sentence_is_given_with_the_next_sentences_first_character() -> None:
    answer = SpokenAnswer()
    assert [answer.feed(piece) for piece in ("It is", " hot.", " ", "A", "nd dry! ", "\n", "\n", "T")] == [
        [], [], [], ["It is hot."], [], [], [], ["And dry!"],
    ]  # fmt: skip
    assert answer.finish() == ["T."]


def test_what_may_be_an_abbreviation_waits_for_the_next_word() -> None:
    answer = SpokenAnswer()
    assert answer.feed("It is in the U.S. A") == []
    assert answer.feed("rmy. S") == ["It is in the U.S. Army."]
    assert answer.feed("ee no. ") == []
    assert answer.feed('"') == []
    assert answer.feed("5.") == []
    assert answer.finish() == ['See no. "5.']


def test_what_may_be_a_link_waits_for_its_end() -> None:
    answer = SpokenAnswer()
    assert answer.feed("Look. See [the. Docs") == ["Look."]
    assert answer.feed("](a.b). X") == ["See the.", "Docs."]
    assert answer.finish() == ["X."]


def test_it_has_begun_when_something_but_thoughts_has_come() -> None:
    answer = SpokenAnswer()
    for piece in ("\n", "<think>", "Hm.", "</think>", " \n"):
        answer.feed(piece)
        assert not answer.begun
    answer.feed("Y")
    assert answer.begun


def test_an_answer_of_many_sentences_is_cut() -> None:
    answer = SpokenAnswer()
    assert answer.feed("It goes on. " * 30) == ["It goes on."] * MOST_SENTENCES
    assert answer.full
    assert answer.feed("Still.") == answer.finish() == []


def test_a_sentence_without_end_is_cut_and_is_the_last() -> None:
    text = "on and " * 300
    assert " ".join(told(text)).split() == [*text.split()[: MOST_WORDS - 1], "and."]
    assert told(*text) == told(text) == told(text + ". More.")
    assert all(len(sentence) <= LONGEST for sentence in told(text))


def test_an_answer_without_blanks_is_cut() -> None:
    answer = SpokenAnswer()
    answer.feed("`")
    said = [sentence for _ in range(MOST_CHARACTERS) for sentence in answer.feed("ab")]
    assert answer.full
    assert len("".join(said).replace(" ", "")) <= MOST_CHARACTERS + MOST_SENTENCES


MARKS = "... … ? ! . , ) \" ' ** * _ ~~ ` `` ``` ~~~ # - 1. > | [ ]( ) \\( \\) \\[ \\] $ 。 <think> </think>"
WORDS = "A b The it U.S. e.g. no. 5 3.5 你 है।"
OTHERS = [" ", " ", " ", "\n", "\n\n", "\r\n", "\x1b[", "m", "\x1b]", "\x07", "\u00a0", "word " * 70]
bits = st.sampled_from([*MARKS.split(), *WORDS.split(), *OTHERS])


@settings(deadline=None)
@given(st.lists(bits, max_size=40).map("".join), st.lists(st.integers(1, 20), max_size=40))
def test_the_sentences_are_the_same_however_the_text_is_cut(text: str, lengths: list[int]) -> None:
    cuts = [0, *accumulate(lengths), len(text)]
    whole = told(text)
    assert told(*(text[a:b] for a, b in pairwise(sorted(min(cut, len(text)) for cut in cuts)))) == whole
    assert told(*text) == whole


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_few_short_harmless_sentences(text: str) -> None:
    said = told(text)
    assert len(said) <= MOST_SENTENCES
    for sentence in said:
        assert len(sentence) <= LONGEST + 1
        assert sentence.isprintable() or "\u200c" in sentence or "\u200d" in sentence
    assert told(*text) == said


PLAIN = "The sun it was 3.5 Dr. Rao U.S. 5 p.m. hot! why? end. so… said, (then) Well..."
plain_words = st.sampled_from(PLAIN.split())


@settings(deadline=None)
@given(st.lists(plain_words, max_size=40).map(" ".join))
def test_plain_prose_is_split_as_a_lesson_is(text: str) -> None:
    assert told(*text) == [sentence.text for sentence in script("-", text)][1:][:MOST_SENTENCES]


def test_thoughts_are_left_out_wherever_their_marks_are_cut() -> None:
    for text, answer in (("<think>a<b</think>c</think>", "c</think>"), ("<thorn>", "<thorn>"), ("<th", "<th")):
        for cut in range(len(text)):
            thoughts = Thoughts()
            assert thoughts.feed(text[:cut]) + thoughts.feed(text[cut:]) + thoughts.finish() == answer

"""The word error rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.tutor.word_errors import word_errors

WORDS = st.lists(st.sampled_from("abc"), max_size=8)


@pytest.mark.parametrize(
    ("said", "heard", "counts"),
    [
        ("ask not", "ask not", (0, 0, 0)),
        ("ask not what", "ask what", (0, 1, 0)),
        ("ask what", "ask not what", (0, 0, 1)),
        ("my fellow americans", "my fellow american", (1, 0, 0)),
        ("one two three", "", (0, 3, 0)),
        ("a b c d", "b c x d e", (0, 1, 2)),
    ],
)
def test_substitutions_deletions_insertions(said, heard, counts):
    errors = word_errors(said.split(), heard.split())
    assert (errors.substitutions, errors.deletions, errors.insertions) == counts
    assert errors.rate == sum(counts) / len(said.split())


def test_a_rate_may_exceed_one():
    assert word_errors(["yes"], ["no", "i", "do", "not"]).rate == 4


def test_without_words_there_is_no_rate():
    with pytest.raises(ValueError, match="needs a word"):
        word_errors([], ["yes"])


@given(WORDS.filter(bool), WORDS)
def test_the_pairs_are_both_texts_and_as_few_errors_as_can_be(said, heard):
    errors = word_errors(said, heard)
    assert [a for a, _ in errors.pairs if a] == said
    assert [b for _, b in errors.pairs if b] == heard
    total = errors.substitutions + errors.deletions + errors.insertions
    assert total == least(tuple(said), tuple(heard))
    assert errors.said == len(said)


def least(a, b):
    """Levenshtein's distance by its definition."""
    if not a or not b:
        return len(a) + len(b)
    if a[0] == b[0]:
        return least(a[1:], b[1:])
    return 1 + min(least(a[1:], b), least(a, b[1:]), least(a[1:], b[1:]))

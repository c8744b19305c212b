"""Times of characters become times of words, whatever the vendor leaves out."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from profai_cli.ports import WordTime
from profai_cli.providers.tts.alignment import CharacterTimes, characters
from profai_cli.providers.tts.word_times import WordTimes


def test_alignments_out_of_order_are_none():
    for signs, starts in ((["a"], [0.0, 0.1]), (["a"], None), ("a", [0.0]), (["a"], ["0"]), ([1], [0.0])):
        assert characters(SimpleNamespace(characters=signs, character_start_times_seconds=starts)) == ()
    assert characters(None) == ()


@given(st.text(max_size=40), st.lists(st.lists(st.tuples(st.text(max_size=2), st.floats(0, 9)), max_size=9)))
def test_any_alignment_gives_words_in_order(text, lines):
    times = CharacterTimes(text, text, range(len(text)))
    words = [word for begin, line in enumerate(lines) for word in times.take(line, float(begin))]
    words += times.rest(50.0)
    assert [(word.start, word.end) for word in words] == [
        (word.start, word.end) for word in WordTimes(text).until(len(text), 1.0)
    ]


def test_a_voice_that_leaves_out_signs_is_followed():
    text = "One \u2014 two, three!"
    times = CharacterTimes(text, text, range(len(text)))
    first = times.take([("O", 0.0), ("n", 0.1), ("e", 0.2), (" ", 0.3), ("t", 0.5), ("w", 0.6), ("o", 0.7)], 0.0)
    assert first == (WordTime(0, 3, 0.0), WordTime(6, 10, 0.5))
    assert times.begun and not times.whole
    assert times.take([("t", 0.1), ("h", 0.2)], 1.0) == (WordTime(11, 17, 1.1),)
    assert not times.whole
    assert times.take([("r", 0.3), ("e", 0.4), ("e", 0.5)], 1.0) == ()
    assert times.whole

# ruff: noqa: RUF001 - the letters of the phonetic alphabet look like others
"""The pure parts of the local voices: text in pieces, times of words, phones."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.ports import WordTime
from profai_cli.providers.tts.arpabet import arpabet
from profai_cli.providers.tts.flite_service import ascii_text
from profai_cli.providers.tts.plain_text import LONGEST, pieces, sayable
from profai_cli.providers.tts.word_times import WordTimes


@given(st.text(max_size=2_000))
def test_pieces_hold_every_letter_once_and_are_short(text):
    said = sayable(text)
    assert len(said) == len(text)
    cut = list(pieces(said))
    covered = set()
    for offset, piece in cut:
        assert 0 < len(piece) <= LONGEST
        assert said[offset : offset + len(piece)] == piece
        span = set(range(offset, offset + len(piece)))
        assert not covered & span
        covered |= span
    assert all(index in covered for index, character in enumerate(said) if character.isalnum())


def test_pieces_end_at_stops_where_they_can():
    text = "First, " + "the plant grows and grows " * 10 + "on; then it stops " + "and rests " * 10 + "at night."
    assert [piece[-5:] for _, piece in pieces(text)] == [" on; ", "ight."]


def test_what_no_voice_can_say_becomes_space():
    assert sayable("a\x1b[0m\x00 \ud800\u2028 25 °C 😀 ★") == "a [0m     25 °C    "


@given(st.text(max_size=200))
def test_flite_is_given_ascii_of_the_same_length(text):
    assert len(ascii_text(text)) == len(text)
    assert ascii_text(text).isascii()


def test_a_word_begins_once_and_the_silent_ones_get_a_share():
    words = WordTimes("It is of the sea-bed: 3.50 km/h.")
    assert words.reach(0, 0.1) == (WordTime(0, 2, 0.1),)
    assert words.reach(1, 0.2) == ()
    assert words.reach(2, 0.2) == ()  # a space
    assert words.reach(13, 1.2) == (
        WordTime(3, 5, pytest.approx(0.1 + 1.1 * 3 / 13)),
        WordTime(6, 8, pytest.approx(0.1 + 1.1 * 6 / 13)),
        WordTime(9, 12, pytest.approx(0.1 + 1.1 * 9 / 13)),
        WordTime(13, 16, 1.2),
    )
    assert [word.start for word in words.until(32, 3.0)] == [17, 22, 27, 30]
    assert words.until(32, 3.0) == ()


@given(st.text(max_size=80), st.lists(st.integers(-2, 90)))
def test_words_stay_in_order_whatever_the_engine_tells(text, positions):
    words = WordTimes(text)
    times = [time for at, position in enumerate(positions) for time in words.reach(position, float(at))]
    times += words.until(len(text), float(len(positions)))
    assert times == sorted(times, key=lambda time: (time.start, time.at))
    assert all(time.at <= len(positions) for time in times)
    spoken = {(time.start, time.end) for time in times}
    assert spoken == {m.span() for m in re.finditer(r"[^\s\-‐-―/]+", text) if any(map(str.isalnum, m.group()))}


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("ˌɑːɹɹɪɐbˈɑːɾə", "AA R IH AH B AA T AH"),
        ("tʃˈʌndɹeɪˌɑːn", "CH AH N D R EY AA N"),
        ("bˈʌʔn̩", "B AH T AH N"),
        ("(hi)kloː(en-us)", "K L OW"),
        ("ˈoʊ tˈuː", "OW T UW"),
        ("", ""),
    ],
)
def test_ipa_becomes_arpabet(ipa, phones):
    assert arpabet(ipa) == phones

"""Numbers become words, and every character of the words knows where it comes from."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.tutor.numbers import cardinal, in_words, ordinal, year


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("No digit here.", "No digit here."),
        ("0 and 7 and 13 and 20 and 42", "zero and seven and thirteen and twenty and forty-two"),
        ("105, 1005, 1500", "one hundred and five, one thousand and five, one thousand five hundred"),
        ("1,234,567", "one million two hundred and thirty-four thousand five hundred and sixty-seven"),
        ("1,00,000 and 2,50,00,000", "one lakh and two crore fifty lakh"),
        ("7,000,000,000 and 3,000,000,000,000", "seven billion and three trillion"),
        ("007 and 1234567890123456", "zero zero seven and one two three four five six seven eight nine zero one two "
         "three four five six"),
        ("3.14, 0.5, .5, -5, (-2.0)", "three point one four, zero point five, point five, minus five, "
         "(minus two point zero)"),
        ("1,000.5 m", "one thousand point five m"),
        ("Python 3.11.2", "Python three point eleven point two"),
        ("50% of 5 km/h at 21 °C", "fifty percent of five kilometres per hour at twenty-one degrees Celsius"),
        ("$1, $3.50, €2,000, ₹1,00,000", "one dollar, three dollars and fifty cents, two thousand euros, "
         "one lakh rupees"),
        ("$5 million, ₹3,00,000 crore", "five million dollars, three lakh crore rupees"),
        ("10:30, 9:05 am, 10:00, 10:00 pm, 14:00, 0:00", "ten thirty, nine oh five am, ten o'clock, ten pm, "
         "fourteen hundred, zero hundred"),
        ("3:1 and 99:10 and 9:75", "three to one and ninety-nine to ten and nine to seventy-five"),
        ("10-20, 10\u201320, 1939-1945, 2001-1999", "ten to twenty, ten to twenty, nineteen thirty-nine to nineteen "
         "forty-five, two thousand and one to one thousand nine hundred and ninety-nine"),
        ("3/4 and 24/7 of 1/2", "three quarters and twenty-four over seven of one half"),
        ("1st 2nd 3rd 5th 8th 9th 12th 20th 21st", "first second third fifth eighth ninth twelfth twentieth "
         "twenty-first"),
        ("the 1990s, the 2010s, the '90s, 1900s", "the nineteen nineties, the twenty tens, the 'nineties, "
         "nineteen hundreds"),
        ("In 1969, since 1905, May 2024, in 1900, year 2005", "In nineteen sixty-nine, since nineteen oh five, "
         "May twenty twenty-four, in nineteen hundred, year two thousand and five"),
        ("of 1989, around 1950, of 1500 people", "of nineteen eighty-nine, around nineteen fifty, of one thousand five "
         "hundred people"),
        ("in 1500 metres, in 1969 his", "in one thousand five hundred metres, in nineteen sixty-nine his"),
        ("H2O, mp3, 2x, UTF-8", "H two O, mp three, two x, UTF-eight"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_words(text, said):
    assert in_words(text)[0] == said


def test_every_character_of_the_words_knows_its_origin():
    text = "It has 12 legs, 3-5 eyes."
    said, origin = in_words(text)
    assert said == "It has twelve legs, three to five eyes."
    for word, begins in {"It": "It", "twelve": "12", "legs": "legs", "three": "3", "five": "5", "eyes": "eyes"}.items():
        assert text[origin[said.index(word)] :].startswith(begins)


@given(st.text(st.sampled_from("0123456789.,:-/%$₹ ast°CkmI in\u2013nine"), max_size=60))
def test_any_text_loses_its_digits_and_keeps_its_order(text):
    said, origin = in_words(text)
    assert not re.search("[0-9]", said)
    assert len(origin) == len(said)
    assert origin == sorted(origin)
    assert all(0 <= place < len(text) for place in origin)


@given(st.integers(0, 10**15 - 1))
def test_words_of_a_number_hold_no_digit(number):
    for words in (cardinal(number), cardinal(number, indian=True), ordinal(number)):
        assert words.replace(" ", "").replace("-", "").isalpha()


@given(st.integers(1100, 2099))
def test_years_are_short(number):
    assert len(year(number).split()) <= 4

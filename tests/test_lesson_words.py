"""What a teacher would say for signs, numbers, code and formulas."""

import pytest

from profai_cli.lesson.script import spoken

PROSE = {
    "50% of $5": "50 percent of 5 dollars",
    "$1, $3.50 and $2.5 million": "1 dollar, 3 dollars and 50 cents and 2.5 million dollars",
    "$0.01": "0 dollars and 1 cent",
    "₹1,00,000 or Rs. 500": "100000 rupees or 500 rupees",
    "£2.05": "2 pounds and 5 pence",
    "US$1.234": "1.234 dollars",
    "1,234,567 people": "1234567 people",
    "1, 2, 3": "1, 2, 3",
    "3.14": "3.14",
    "1/2, 3/4 and 24/7": "one half, 3 quarters and 24 over 7",
    "12/05/2024 at 10:30": "12/05/2024 at 10:30",
    "TCP/IP": "TCP IP",
    "10^3, 2^10 and 10^-3": "10 cubed, 2 to the power of 10 and 10 to the power of minus 3",
    "10<sup>3</sup>, the 1<sup>st</sup>": "10 cubed, the 1st",
    "x² and 10⁻³": "x squared and 10 to the power of minus 3",
    "H2O and H₂O": "H2O and H2O",
    "20 °C is 68°F, a right angle 90°": "20 degrees Celsius is 68 degrees Fahrenheit, a right angle 90 degrees",
    "30 km/h or 9.8 m/s^2": "30 kilometres per hour or 9.8 metres per second squared",
    "A → B": "A leads to B",
    "x ≤ 3, y >= 4, z != 5, a == b": "x is less than or equal to 3, y is greater than or equal to 4, "
    "z is not equal to 5, a is equal to b",
    "a -> b <= c <-> d": "a leads to b is less than or equal to c goes both ways with d",
    "-5 to 10 - 3": "minus 5 to 10 minus 3",
    "pages 5-10, 1990\u20131995": "pages 5 to 10, 1990 to 1995",
    "well-known -- and short": "well-known — and short",
    "the option --help": "the option dash help",
    "[2*3](x)": "2 times 3",
    "2*3*4 = 24": "2 times 3 times 4 equals 24",
    "2 * 3 and 2**8": "2 times 3 and 2 to the power of 8",
    "C++ and C#": "C plus plus and C sharp",
    "#1 of ~5": "number 1 of about 5",
    "cats & dogs": "cats and dogs",
    "e.g. apples, i.e. fruit": "for example, apples, that is, fruit",
    "apples etc. are fruit, etc.": "apples and so on are fruit, and so on.",
    "cats vs. dogs, approx. 5": "cats versus dogs, approximately 5",
    "see Fig. 3 on p. 5": "see figure 3 on page 5",
    "Dr. Rao": "Dr. Rao",
    "main.py and .gitignore": "main dot py and dot gitignore",
    "me@example.com": "me at example dot com",
    "See https://www.example.com/a/b?c=d.": "See example dot com.",
    "<https://example.com>": "example dot com",
    "∂ is ⊕": "partial is circled plus",
    "snake_case": "snake underscore case",
    "good 😀 day™": "good day",
    "“quoted” \u2018text\u2019": "\"quoted\" 'text'",
    "**bold** _it_ ~~no~~": "bold it no",
    "a [link](http://x.org) ![and a map](m.png)": "a link and a map",
    "A &amp; B<br>C <b>x</b>": "A and B C x",
    "plain words only": "plain words only",
    "नमस्ते दुनिया": "नमस्ते दुनिया",
    "": "",
    "***": "",
}

CODE = {
    "x = 3": "x equals 3",
    "==": "double equals",
    "'": "single quote",
    "if x >= 3:": "if x is greater than or equal to 3",
    'print("hi")': "print, in brackets hi in quotes",
    'print("a", 3) + 1': "print, in brackets a in quotes, 3, plus 1",
    "len()": "len with empty brackets",
    "a = [] + {}": "a equals an empty list plus empty curly brackets",
    "names[0]": "names, in square brackets 0",
    "x = [1, 2]": "x equals the list 1, 2",
    '{"a": 1}': "open curly bracket a in quotes colon 1 close curly bracket",
    "(a + b) * c": "open bracket a plus b close bracket times c",
    "a)": "a close bracket",
    "x == 3 and y != 4": "x is equal to 3 and y is not equal to 4",
    "n - 1": "n minus 1",
    "n-1": "n minus 1",
    "x-y": "x minus y",
    "scikit-learn": "scikit dash learn",
    "7 // 2": "7 floor divided by 2",
    "7 % 2": "7 modulo 2",
    "50%": "50 percent",
    "a / b": "a divided by b",
    "/usr/bin": "slash usr slash bin",
    "git commit -m 'x'": "git commit dash m x in quotes",
    "ls --all": "ls dash dash all",
    "f(*args, **kw)": "f, in brackets star args, double star kw",
    "puts!": "puts exclamation mark",
    "not !x": "not not x",
    "# adds 50%": "comment: adds 50 percent",
    "x = 1  # one": "x equals 1, comment: one",
    "/* note */": "comment: note",
    "<p>text</p>": "the p tag text the closing p tag",
    "__init__": "double underscore init double underscore",
    "my_name": "my underscore name",
    'f"{x}" + ""': "x in quotes plus an empty string",
    ">>> 2 + 2": "2 plus 2",
    "$ ls": "ls",
    "x § 2": "x section 2",
    "y" * 161: "a long line of code",
}

FORMULAS = {
    "E = mc^2": "E equals mc squared",
    r"\frac{a}{b} \le \sqrt{x^2 + 1}": "a over b is less than or equal to the square root of x squared plus 1",
    r"\frac12 + \frac{1}{4}": "one half plus one quarter",
    r"\frac{\frac{a}{b}}{c}": "a over b over c",
    r"\sqrt[3]{x} \sqrt y \sqrt[n]{z}": "the cube root of x the square root of y the root n of z",
    r"x_1 - x_{n}": "x sub 1 minus x sub n",
    r"\alpha \times \beta": "alpha times beta",
    r"90^\circ": "90 degrees",
    r"f'(x) = n!": "f prime (x) equals n factorial",
    r"a/b * c^{} - {-d}": "a over b times c minus minus d",
    r"e^{i\pi}": "e to the power of i pi",
    r"\frac{}{x": "frac x",
    " ".join([r"\frac{a}{b}"] * 3): "a over b a over b a over b",
    r"\sqrt{" * 9 + "x" + "}" * 9: "sqrt the square root of " + "the square root of " * 7 + "x",
}


@pytest.mark.parametrize(("text", "words"), PROSE.items())
def test_prose(text, words):
    assert spoken(text) == words


@pytest.mark.parametrize(("text", "words"), CODE.items())
def test_code(text, words):
    assert spoken(f"`` {text} ``") == words


@pytest.mark.parametrize(("tex", "words"), FORMULAS.items())
def test_formulas(tex, words):
    assert spoken(f"${tex}$") == words


def test_dollars_that_are_no_formula_are_money():
    assert spoken("from $5 to $6") == "from 5 dollars to 6 dollars"
    assert spoken("**a $x^2$** [$y$](z)") == "a x squared y"


def test_words_that_are_too_long_are_broken_and_nothing_is_lost():
    words = spoken("x" * 150)
    assert words.replace(" ", "") == "x" * 150
    assert max(map(len, words.split())) <= 60

"""Numbers of English text as words, for voices that do not read digits well. Pure.

Lessons and answers have their signs, units and money in words already, and their digits as digits (see
`lesson.symbols`); text that comes otherwise gets the same words here. Other languages are left alone: their
voices read digits better than rules for English would.
"""

import re
from collections.abc import Callable
from typing import Final

from profai_cli.lesson.symbols import fraction, prose

_SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEN: Final = 10
_HUNDRED: Final = 100
_SCALES: Final = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_INDIAN_SCALES: Final = ((10**7, "crore"), (10**5, "lakh"), (1000, "thousand"), (100, "hundred"))
_ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_LONGEST: Final = 15  # digits; what is longer is no amount but a code, and so is what begins with zero
_YEARS: Final = range(1100, 2100)
_SIMPLE_YEARS: Final = range(2000, 2010)  # "two thousand and five"
_HOURS: Final = range(24)
_FORENOON: Final = range(1, 13)
_MINUTES: Final = range(60)

_NUMBER: Final = r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?![0-9])|[0-9]+"
_INDIAN: Final = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")
_YEAR_FOLLOWS: Final = "|".join(
    rf"(?<=\b{word} )"
    for word in (
        "in", "of", "since", "until", "till", "by", "before", "after", "around", "between", "year", "during", "circa",
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december",
    )
)  # fmt: skip


def cardinal(number: int, *, indian: bool = False) -> str:
    """A number from 0 in words: "one hundred and five"; `indian` counts in lakh and crore."""
    if number < len(_SMALL):
        return _SMALL[number]
    if number < _HUNDRED:
        tens, ones = divmod(number, _TEN)
        return _TENS[tens - 2] + (f"-{_SMALL[ones]}" if ones else "")
    size, scale = next((s, w) for s, w in (_INDIAN_SCALES if indian else _SCALES) if number >= s)
    count, rest = divmod(number, size)
    words = f"{cardinal(count, indian=indian)} {scale}"
    if rest == 0:
        return words
    return f"{words} {'and ' if rest < _HUNDRED else ''}{cardinal(rest, indian=indian)}"


def ordinal(number: int) -> str:
    """The place in an order, from 0: "twenty-first"."""
    words = cardinal(number)
    start = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[start:]
    return words[:start] + (_ORDINALS.get(last) or f"{last.removesuffix('y')}{'ie' if last[-1] == 'y' else ''}th")


def year(number: int) -> str:
    """A year from 1100 to 2099: "nineteen sixty-nine", "two thousand and five", "nineteen oh five"."""
    century, rest = divmod(number, _HUNDRED)
    if number in _SIMPLE_YEARS:
        return cardinal(number)
    return f"{cardinal(century)} {_low(rest)}" if rest else f"{cardinal(century)} hundred"


def _low(number: int) -> str:
    return f"oh {_SMALL[number]}" if number < _TEN else cardinal(number)


def _digits(text: str) -> str:
    return " ".join(_SMALL[int(digit)] for digit in text)


def _amount(text: str) -> str:
    """Digits with or without commas; Indian where the commas stand after two digits."""
    digits = text.replace(",", "")
    if len(digits) > _LONGEST or (digits[0] == "0" and len(digits) > 1):
        return _digits(digits)
    return cardinal(int(digits), indian=_INDIAN.fullmatch(text) is not None)


def _decimal(match: re.Match[str]) -> str:
    whole, *parts = match[0].split(".")
    said = [_amount(whole)] if whole else []
    if len(parts) == 1:  # more of them are a version or an address, whose parts are numbers
        return " ".join([*said, "point", _digits(parts[0])])
    return " point ".join([*said, *map(_amount, parts)])


def _money(match: re.Match[str]) -> str:
    sign, whole, cents, scale = match.groups()
    if "," in whole and not cents:
        unit = prose(f"{sign}2").split()[-1]
        return f"{_amount(whole)}{scale or ''} {unit}"
    return in_words(prose(match[0]))[0]


def _unit(match: re.Match[str]) -> str:
    return f" {prose('2' + match[0])[1:].strip()}"


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if hour not in _HOURS or minute not in _MINUTES or len(match[2]) != len("00"):
        return f"{cardinal(hour)} to {cardinal(minute)}"
    if minute:
        return f"{cardinal(hour)} {_low(minute)}"
    if hour not in _FORENOON:
        return f"{cardinal(hour)} hundred"
    return cardinal(hour) if match[3] else f"{cardinal(hour)} o'clock"


def _range(match: re.Match[str]) -> str:
    first, last = int(match[1]), int(match[2])
    years = first in _YEARS and last in _YEARS and first < last
    return f"{year(first)} to {year(last)}" if years else f"{_amount(match[1])} to {_amount(match[2])}"


def _decade(match: re.Match[str]) -> str:
    number = int(match[1])
    words = year(number) if number in _YEARS else cardinal(number)
    return words.removesuffix("y") + ("ies" if words.endswith("y") else "s")


_Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]
_RULES: Final[tuple[_Rule, ...]] = (
    (
        re.compile(rf"([$€£₹¥]) ?({_NUMBER})(\.[0-9]+)?( (?:thousand|lakh|million|crore|billion|trillion)\b)?"),
        _money,
    ),
    (re.compile(r"(?<![^\s(])[-\u2212](?=[0-9])"), lambda m: "minus "),
    (re.compile(r"(?<=[0-9]) ?(?:%|°[CF]?|(?:km/h|[mk]?m/s|[kMG]?Hz|[kKMGT]B|[kcm]m|[km]g|ml|ms)(?![\w/]))"), _unit),
    (re.compile(r"(?<![\w.:])([0-9]{1,3}):([0-9]{1,3})(?![0-9:])(?=( ?[aApP]\.?[mM]\b)?)"), _time),
    (
        re.compile(r"(?<![\w/.])([0-9]{1,3})/([0-9]{1,3})(?![\w/])"),
        lambda m: in_words(fraction(int(m[1]), int(m[2])))[0],
    ),
    (re.compile(r"(?<![\w.-])([0-9]+)[-\u2013]([0-9]+)(?![\w-]|\.[0-9])"), _range),
    (re.compile(r"(?<![\w.])(1[1-9][0-9]0|20[0-9]0|(?:(?<=the )|(?<=['\u2019]))[2-9]0)s\b"), _decade),
    (re.compile(r"(?<![\w.,])([0-9]{1,15})(?:st|nd|rd|th)\b"), lambda m: ordinal(int(m[1]))),
    (
        re.compile(
            rf"(?i:{_YEAR_FOLLOWS})(1[1-9][0-9]{{2}}|20[0-9]{{2}})"
            # "in 1500 metres" is no year, nor is "of 1500 people"
            r"(?!\w|[.:,][0-9]| (?!(?:was|is|this|his|as|its)\b)[a-z]+s\b| (?:people|men|women|children|million)\b)"
        ),
        lambda m: year(int(m[1])),
    ),
    (re.compile(rf"(?:{_NUMBER}|(?<![\w).]))(?:\.[0-9]+)+"), _decimal),
    (re.compile(_NUMBER), lambda m: _amount(m[0])),
)


def in_words(text: str) -> tuple[str, list[int]]:
    """The text without digits, and for each of its characters the position in `text` that it stands for.

    The positions never go back. Amounts with Indian commas ("1,00,000") are said in lakh and crore.
    """
    origin = list(range(len(text)))
    if not any(digit in text for digit in "0123456789"):
        return text, origin
    for pattern, say in _RULES:
        text, origin = _replaced(pattern, say, text, origin)
    return text, origin


def _replaced(
    pattern: re.Pattern[str], say: Callable[[re.Match[str]], str], text: str, origin: list[int]
) -> tuple[str, list[int]]:
    parts: list[str] = []
    places: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        before = " " if text[start - 1 : start].isalpha() else ""
        after = " " if text[end : end + 1].isalpha() else ""
        words = f"{before}{say(match)}{after}"
        parts += text[done:start], words
        places += origin[done:start]
        places += (origin[start + place * (end - start) // len(words)] for place in range(len(words)))
        done = end
    return "".join([*parts, text[done:]]), places + origin[done:]

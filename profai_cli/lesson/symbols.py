"""Signs, numbers and abbreviations of prose, as a teacher would say them. Pure.

Digits stay digits ("3.14", "10:30"): every voice reads those well. What voices read badly, or read out
sign by sign, becomes words: units, money, fractions, powers, comparison and arithmetic signs, addresses.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

LONGEST_WORD: Final = 60
"""Characters; what is longer is no word (a key, a hash) and is broken, so that it can be spoken at all."""

SIGNS: Final = {
    "≤": "is less than or equal to", "≥": "is greater than or equal to", "≠": "is not equal to",
    "<": "is less than", ">": "is greater than", "=": "equals", "≡": "is the same as",
    "≈": "is about", "\u223c": "is about", "∝": "is proportional to", "+": "plus", "\u2212": "minus",
    "±": "plus or minus", "\u00d7": "times", "÷": "divided by", "·": "times", "⋅": "times",
    "√": "the square root of", "∞": "infinity", "∑": "the sum of", "∏": "the product of",
    "∫": "the integral of", "∂": "partial", "∇": "nabla", "∈": "is in", "∉": "is not in",
    "⊂": "is a subset of", "⊆": "is a subset of", "\u222a": "union", "∩": "intersection",
    "∅": "the empty set", "∀": "for all", "∃": "there exists", "∧": "and", "\u2228": "or", "¬": "not",
    "→": "leads to", "←": "comes from", "↔": "goes both ways with", "⇒": "implies",
    "⇔": "if and only if", "↑": "up", "↓": "down", "°": "degrees", "%": "percent", "‰": "per thousand",
    "&": "and", "@": "at", "#": "hash", "$": "dollar", "€": "euro", "£": "pound", "₹": "rupee",
    "¥": "yen", "§": "section", "\\": "backslash", "©": "copyright", "½": "one half",
    "¼": "one quarter", "¾": "three quarters", "⅓": "one third", "⅔": "two thirds", "µ": "micro",
}  # fmt: skip
"""What a sign is called where nothing else is known about it."""

_UNITS: Final = {
    "m/s²": "metres per second squared", "m/s^2": "metres per second squared",
    "m/s": "metres per second", "km/s": "kilometres per second", "km/h": "kilometres per hour",
    "mph": "miles per hour", "km": "kilometres", "cm": "centimetres", "mm": "millimetres",
    "kg": "kilograms", "mg": "milligrams", "ml": "millilitres", "ms": "milliseconds", "Hz": "hertz",
    "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "kB": "kilobytes", "KB": "kilobytes",
    "MB": "megabytes", "GB": "gigabytes", "TB": "terabytes", "°C": "degrees Celsius",
    "°F": "degrees Fahrenheit", "°": "degrees",
}  # fmt: skip

_MONEY: Final = {
    "$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "pence"),
    "₹": ("rupee", "paise"), "¥": ("yen", "sen"),
}  # fmt: skip
_SAME_IN_PLURAL: Final = ("pence", "paise", "yen", "sen")

_PARTS: Final = {
    2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth", 9: "ninth",
    10: "tenth",
}  # fmt: skip

_SHORT_FORMS: Final = {
    "fig": "figure", "figs": "figures", "no": "number", "eq": "equation", "ch": "chapter", "p": "page",
    "pp": "pages", "sec": "section", "vol": "volume",
}  # fmt: skip

_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_SUBSCRIPTS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def power(exponent: str) -> str:
    """The words for a raised `exponent`: "squared", "cubed", "to the power of minus 3"."""
    if exponent in ("2", "3"):
        return " squared " if exponent == "2" else " cubed "
    return f" to the power of {exponent.replace('-', 'minus ')} "


def fraction(upper: int, lower: int) -> str:
    """The words for `upper`/`lower`: "one half", "3 fifths", "24 over 7"."""
    part = _PARTS.get(lower)
    if part is None or not 0 < upper < lower:
        return f"{upper} over {lower}"
    return f"one {part}" if upper == 1 else f"{upper} {part}s"


def _money(match: re.Match[str]) -> str:
    sign, whole, small, scale = match.groups()
    unit, cent = _MONEY[sign]
    if scale or (small and len(small) != len(".00")):
        return f"{whole}{small or ''}{scale or ''} {_plural(unit)}"
    words = f"{whole} {unit if whole == '1' else _plural(unit)}"
    cents = int(small[1:]) if small else 0
    return f"{words} and {cents} {cent if cents == 1 else _plural(cent)}" if cents else words


def _plural(unit: str) -> str:
    return unit if unit in _SAME_IN_PLURAL else unit + "s"


def _address(match: re.Match[str]) -> str:
    whole = match.group()
    tail = whole[len(whole.rstrip(".,;:!?)'\"")) :]
    host = re.split(r"[/?#:]", whole.removesuffix(tail).split("://")[1])[0].removeprefix("www.")
    return host.replace(".", " dot ") + tail


def _apart(words: str) -> str:
    return f" {words} "


_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
_ADDRESS: Final = re.compile(r"\b(?:https?|ftp)://\S+")
_LONG: Final = re.compile(rf"(\S{{{LONGEST_WORD}}})(?=\S)")

_RULES: Final[tuple[_Rule, ...]] = (
    # abbreviations
    (re.compile(r"\be\.\s?g\.,?(?=\W|$)", re.I), "for example,"),
    (re.compile(r"\bi\.\s?e\.,?(?=\W|$)", re.I), "that is,"),
    (re.compile(r"\betc\.(?=\s+[A-Z]|[\s\"')]*$)"), "and so on."),
    (re.compile(r"\betc\b\.?"), "and so on"),
    (re.compile(r"\bvs\b\.?"), "versus"),
    (re.compile(r"\bapprox\b\.?"), "approximately"),
    (re.compile(r"\b(figs?|no|eq|ch|pp?|sec|vol)\. ?(?=\d)", re.I), lambda m: _SHORT_FORMS[m[1].lower()] + " "),
    (re.compile(r"\bRs\.? ?(?=\d)"), "₹"),
    # mail addresses and file names
    (re.compile(r"(?<=[\w.+-])@(?=[\w-]+\.\w)"), " at "),
    (re.compile(r"(?<=[^\W_]{2})\.(?=[a-z]{1,5}\b)"), " dot "),
    (re.compile(r"(?<!\S)\.(?=[a-z]{1,12}\b)"), "dot "),
    # numbers: 12,345 and 1,00,000 lose their commas, which would be read as pauses
    (re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{2,3})*,\d{3}(?![\d]|,\d)"), lambda m: m[0].replace(",", "")),
    (
        re.compile(r"(?:\bUS)?([$€£₹¥]) ?(\d+)(\.\d+)?( (?:thousand|lakh|million|crore|billion|trillion)\b)?"),
        _money,
    ),
    (re.compile(rf"(?<=\d) ?({'|'.join(map(re.escape, _UNITS))})(?![\w/])"), lambda m: _apart(_UNITS[m[1]])),
    (re.compile(r"(?<=\d) ?[\u2013\u2014] ?(?=\d)"), " to "),
    (re.compile(r"(?<![\w.-])(\d{1,3})-(\d{1,3})(?![\w-])"), r"\1 to \2"),
    (re.compile(r"(?<![\d/.])(\d{1,3})/(\d{1,3})(?![\d/]|\.\d)"), lambda m: fraction(int(m[1]), int(m[2]))),
    (re.compile(r"(?<![^\s(=])[-\u2212](?=\d)"), "minus "),
    (re.compile(r"(?<=\d) - (?=\d)|(?<=\b[a-z]) - (?=\w\b)"), " minus "),
    (re.compile(r"(?<=\s)-{1,3}(?=\s)|(?<![\s-])--(?![\s-])"), " — "),
    (re.compile(r"(?<![\w-])--?(?=[a-z])"), "dash "),
    # powers
    (re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ]+"), lambda m: "^" + m[0].translate(_SUPERSCRIPTS)),
    (re.compile(r"[₀₁₂₃₄₅₆₇₈₉]+"), lambda m: m[0].translate(_SUBSCRIPTS)),
    (re.compile(r"\^(st|nd|rd|th)\b"), r"\1"),
    (re.compile(r"(?<=[\w)]) ?(?:\^|\*\*) ?[({]?(-?\w+)[)}]?"), lambda m: power(m[1])),
    # signs of two characters, then those whose neighbours matter
    (re.compile(r"<=>|<->"), " goes both ways with "),
    (re.compile(r"->|=>"), " leads to "),
    (re.compile(r"<="), " is less than or equal to "),
    (re.compile(r">="), " is greater than or equal to "),
    (re.compile(r"==+"), " is equal to "),
    (re.compile(r"!="), " is not equal to "),
    (re.compile(r"(?<=[\w)])\*(?=[\w(])|(?<=[\w)]) \* (?=[\w(])"), " times "),
    (re.compile(r"(?<=\b[A-Z])#"), " sharp"),
    (re.compile(r"#(?=\d)"), "number "),
    (re.compile(r"~ ?(?=\d)"), "about "),
    (re.compile(r"(?<=\d) ?/ ?(?=\w\b)|(?<=\w\)) ?/ ?(?=\w)|(?<=\w) / (?=\w)"), " divided by "),
    (re.compile(r"(?<!\d)/|/(?!\d)"), " "),
    (re.compile(r"(?<=\w)_(?=\w)"), " underscore "),
)


class _Spoken(dict[int, str]):
    """A table for `str.translate`, filled as characters are met: words for signs, blanks for ornaments."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if char in SIGNS:
            self[code] = _apart(SIGNS[char])
        elif category == "Sm":
            self[code] = _apart(unicodedata.name(char, "").lower())
        elif category in ("So", "Sk", "Sc", "Cn") or char in "*_|[]{}•†‡¶":
            self[code] = " "
        else:
            self[code] = char
        return self[code]


_SPOKEN: Final = _Spoken({**dict.fromkeys(map(ord, "\u2018\u2019"), "'"), **dict.fromkeys(map(ord, "“”„«»"), '"')})


def prose(text: str) -> str:
    """Clean text in words. Blanks at its ends stay, as one: it may be a piece of a line."""
    text = _LONG.sub(r"\1 ", _ADDRESS.sub(_address, re.sub(r"\s+", " ", text)))
    if not text.replace(" ", "").isalpha():
        for pattern, words in _RULES:
            text = pattern.sub(words, text)
        text = text.translate(_SPOKEN)
    return text


def tidy(text: str) -> str:
    """One line with single blanks, none before a comma or full stop, and no word too long to be spoken."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" +([,;:!?](?!\w)|\.(?![\w.]))", r"\1", text)
    text = re.sub(r",(?:,| ,)+|,(?=[.;:!?])", lambda m: "," if len(m[0]) > 1 else "", text)
    return _LONG.sub(r"\1 ", text)

"""Lines of program code, as a teacher would read them out. Pure, and the same for every language.

The aim is what is understood by ear, not what could be typed back: indentation, closing marks after a call
and full stops of a statement are not said.
"""

import re
from typing import Final

from profai_cli.lesson.symbols import prose, tidy

LONGEST_LINE: Final = 160
"""Characters of a line that are read out; nobody follows a longer one by ear."""

_PIECE: Final = re.compile(
    r"""(?P<blank>\s+)
    |(?P<string>(?:\b[rbfuRBFU]{1,2})?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<word>\w+)
    |(?P<tag></?[A-Za-z][\w-]*>)
    |(?P<sign>\.{3}|===|!==|\*\*|//|<=|>=|==|!=|->|=>|:=|\+=|-=|\*=|/=|%=|\+\+|--|&&|\|\||<<|>>|::|.)""",
    re.VERBOSE,
)

_BETWEEN: Final = {
    "=": "equals", "==": "is equal to", "===": "is strictly equal to", "!=": "is not equal to",
    "!==": "is strictly not equal to", "<": "is less than", ">": "is greater than",
    "<=": "is less than or equal to", ">=": "is greater than or equal to", "+": "plus", "-": "minus",
    "*": "times", "/": "divided by", "//": "floor divided by", "%": "modulo", "**": "to the power of",
    "+=": "plus equals", "-=": "minus equals", "*=": "times equals", "/=": "divided by equals",
    "%=": "modulo equals", ":=": "becomes", "->": "gives", "=>": "gives", "&&": "and", "||": "or",
    "&": "and", "|": "pipe", "<<": "shifted left by", ">>": "shifted right by", ".": "dot",
    ":": "colon", "::": "double colon", ",": ",", ";": ",", "++": "plus plus", "--": "minus minus",
    "?": "question mark", "^": "caret", "@": "at", "!": "not", "~": "tilde", "#": "hash", "$": "dollar",
    "\\": "backslash", "`": "backtick", '"': "quote", "'": "quote", "...": "dot dot dot",
    ")": "close bracket", "]": "close square bracket", "}": "close curly bracket",
}  # fmt: skip
"""Signs within a line."""

_ALONE: Final = {
    **_BETWEEN,
    "==": "double equals", "===": "triple equals", "!=": "not equals", "<": "less than",
    ">": "greater than", "<=": "less than or equals", ">=": "greater than or equals", "->": "arrow",
    "=>": "fat arrow", "/": "slash", "//": "double slash", "%": "percent", "**": "double star",
    "*": "star", "&&": "double ampersand", "||": "double bar", "&": "ampersand", "|": "bar",
    "<<": "double less than", ">>": "double greater than", ":=": "colon equals", ",": "comma",
    ";": "semicolon", "!": "exclamation mark", '"': "double quote", "'": "single quote",
    "_": "underscore", "(": "open bracket", "[": "open square bracket", "{": "open curly bracket",
    "()": "brackets", "[]": "square brackets", "{}": "curly brackets", '""': "double quotes",
    "''": "single quotes",
}  # fmt: skip
"""Signs that are talked about: "the double equals operator"."""

_OPENING: Final = {"(": "open bracket", "[": "the list", "{": "open curly bracket"}
_EMPTY: Final = {"()": "empty brackets", "[]": "an empty list", "{}": "empty curly brackets"}
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_COMMENT: Final = re.compile(r"(?:^|(?<=\s))(?:#+|--|//+|/\*+)(?=\s)\s*")


def code(line: str) -> str:
    """One line of code in words; empty where there is nothing to say."""
    line = re.sub(r"^(?:>>>|\.\.\.|\$)(?:\s+|$)", "", line.strip())
    if line in _ALONE:
        return _ALONE[line]
    if len(line) > LONGEST_LINE:
        return "a long line of code"
    remark = ""
    found = _COMMENT.search(line)
    if found and (note := line[found.end() :].removesuffix("*/").strip()) and _starts_remark(line, found):
        line, remark = line[: found.start()], f", comment: {prose(note)}"
    return tidy(_statement(line.rstrip(" ;:")) + remark).strip(", ")


def _starts_remark(line: str, found: re.Match[str]) -> bool:
    """Whether the sign begins a remark; "//" and "--" between two values are arithmetic."""
    return found.group().startswith("#") or not line[: found.start()].strip() or "*" in found.group()


def _statement(line: str) -> str:
    """The names, values and signs of a line in words, one after the other."""
    said: list[str] = []
    closers: list[tuple[str, str]] = []
    pieces = [(str(m.lastgroup), m.group()) for m in _PIECE.finditer(line)]
    operand = touching = False  # a value stands before this piece; nothing stands between them
    for index, (kind, piece) in enumerate(pieces):
        following = pieces[index + 1][1] if index + 1 < len(pieces) else ""
        if kind == "blank":
            touching = False
            continue
        if kind != "sign":
            said.append(_value(kind, piece))
            operand = True
        elif piece in _CLOSING:
            opening, closing = _opened(piece, following, operand and touching)
            said.append(opening)
            closers.append((_CLOSING[piece], closing))
            operand = False
        elif closers and piece == closers[-1][0]:
            said.append(closers.pop()[1])
            operand = True
        else:
            said.append(_sign(piece, following, operand, touching))
            operand = False
        touching = True
    return " ".join(said)


def _value(kind: str, piece: str) -> str:
    """A name, a number, a string or a tag."""
    if kind == "tag":
        return f"the {'closing ' if piece[1] == '/' else ''}{piece.strip('</>')} tag"
    if kind == "string":
        inside = prose(piece[piece.index(piece[-1]) + 1 : -1]).strip()
        return f"{inside} in quotes" if inside else "an empty string"
    return piece.replace("__", " double underscore ").replace("_", " underscore ")


def _opened(sign: str, following: str, called: bool) -> tuple[str, str]:
    """What to say for an opening bracket and for the one that closes it. `called`: a value touches it."""
    if following == _CLOSING[sign]:
        empty = _EMPTY[sign + following]
        return (f"with {empty}" if called and sign == "(" else empty), ""
    if called and sign != "{":
        return (", in brackets" if sign == "(" else ", in square brackets"), ","
    return _OPENING[sign], "," if sign == "[" else _BETWEEN[_CLOSING[sign]]


def _sign(sign: str, following: str, operand: bool, touching: bool) -> str:
    """A sign: between two values, before one, or within a word such as a path, a flag or an address.

    operand: a value stands before it; touching: without a blank between them.
    """
    joined = operand and touching and following[:1].isalnum()
    name = _BETWEEN.get(sign) or prose(sign)
    if sign in ("-", "--") and following[:1].isalpha() and not (operand and touching):
        name = "dash" if sign == "-" else "dash dash"
    elif sign == "-" and joined and len(following) > 1 and not following.isdecimal():
        name = "dash"
    elif sign == "/" and (joined or not operand):
        name = "slash"
    elif sign in ("*", "**") and not operand:
        name = "star" if sign == "*" else "double star"
    elif sign == "%" and touching and not following.strip():
        name = "percent"
    elif sign == "!" and operand and touching:
        name = "exclamation mark"
    return name

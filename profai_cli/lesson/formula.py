"""Formulas written in TeX, as a teacher would say them. Pure.

Knows the school-book part of TeX: fractions, roots, powers, indices, Greek letters, relations, sums.
"""

import re
from typing import Final

from profai_cli.lesson.symbols import fraction, power, prose

_COMMANDS: Final = {
    "times": "times", "cdot": "times", "div": "divided by", "pm": "plus or minus", "neq": "is not equal to",
    "ne": "is not equal to", "le": "is less than or equal to", "leq": "is less than or equal to",
    "ge": "is greater than or equal to", "geq": "is greater than or equal to", "lt": "is less than",
    "gt": "is greater than", "approx": "is about", "sim": "is about", "equiv": "is the same as",
    "propto": "is proportional to", "to": "goes to", "rightarrow": "leads to", "leftarrow": "comes from",
    "Rightarrow": "implies", "implies": "implies", "iff": "if and only if", "infty": "infinity",
    "sum": "the sum of", "prod": "the product of", "int": "the integral of", "lim": "the limit of",
    "partial": "partial", "sin": "sine of", "cos": "cosine of", "tan": "tangent of", "log": "log of",
    "ln": "natural log of", "in": "is in", "notin": "is not in", "cup": "union", "cap": "intersection",
    "forall": "for all", "exists": "there exists", "dots": "and so on", "ldots": "and so on",
    "cdots": "and so on", "circ": "degrees", "degree": "degrees", "percent": "percent",
    **dict.fromkeys(("left", "right", "quad", "qquad", "displaystyle", "big", "Big", "limits"), ""),
    **dict.fromkeys(("text", "mathrm", "mathbf", "mathit", "operatorname", "vec", "begin", "end"), ""),
}  # fmt: skip
"""Words by the command's name; a command that is not here (a Greek letter) is said by its own name."""

_DEEPEST: Final = 8  # fractions within fractions that are still understood by ear, and more
_GROUP: Final = r"\{([^{}]*)\}"
_FRACTION: Final = re.compile(rf"\\[dt]?frac\s*(?:{_GROUP}\s*{_GROUP}|(\d)(\d))")
_ROOT: Final = re.compile(rf"\\sqrt\s*(?:\[([^\[\]]*)\])?\s*(?:{_GROUP}|(\w))")
_POWER: Final = re.compile(rf"\^\s*(?:{_GROUP}|(\\?\w[a-z]*|-?\d))")
_INDEX: Final = re.compile(rf"_\s*(?:{_GROUP}|(\w))")


def _fraction(match: re.Match[str]) -> str:
    upper, lower = (part.strip() for part in match.groups() if part is not None)
    if upper.isdecimal() and lower.isdecimal():
        return f" {fraction(int(upper), int(lower))} "
    return f" {upper} over {lower} "


def _root(match: re.Match[str]) -> str:
    degree, group, letter = match.groups()
    name = {None: "square root", "2": "square root", "3": "cube root"}.get(degree, f"root {degree}")
    return f" the {name} of {group if letter is None else letter} "


def _raised(match: re.Match[str]) -> str:
    exponent = (match[2] if match[1] is None else match[1]).strip()
    if exponent in ("\\circ", "'", ""):
        return " degrees " if exponent == "\\circ" else " "
    return power(exponent)


def formula(tex: str) -> str:
    """The words for a TeX formula given without its dollar signs; may be empty."""
    tex = re.sub(r"\\[,;:!> ]|\\\\|[~&]", " ", tex)
    for _ in range(_DEEPEST):
        before = tex
        tex = _INDEX.sub(lambda m: f" sub {m[2] if m[1] is None else m[1]} ", tex)
        tex = _POWER.sub(_raised, tex)
        tex = _ROOT.sub(_root, _FRACTION.sub(_fraction, tex))
        if tex == before:
            break
    tex = re.sub(r"\\([A-Za-z]+)", lambda m: f" {_COMMANDS.get(m[1], m[1])} ", tex)
    tex = re.sub(r"(?<=[\w)}])\s*[-\u2212]\s*(?=\S)|(?<!\w)[-\u2212](?=\s*[\w({])", " minus ", tex)
    tex = tex.replace("*", " times ").replace("/", " over ").replace("'", " prime ")
    tex = re.sub(r"(?<=\w)!", " factorial", re.sub(r"[{}\\]", " ", tex))
    return prose(tex)

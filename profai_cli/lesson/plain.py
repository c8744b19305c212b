"""Text from outside, made harmless: no terminal escape codes, no control characters. Pure."""

import re
import unicodedata
from typing import Final

_ESCAPES: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, erase (ECMA-48, 5.4)
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"  # the other escape sequences
)

_JOINERS: Final = "\u200c\u200d"  # invisible, but they shape the letters of Indian scripts and Persian


class _Allowed(dict[int, str | None]):
    """A table for `str.translate`, filled as characters are met: None for those that are taken out."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        harmless = unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or char in _JOINERS
        self[code] = char if harmless else None
        return self[code]


_ALLOWED: Final = _Allowed({ord("\n"): "\n", ord("\t"): "\t", 0x2028: "\n", 0x2029: "\n"})


def clean(text: str) -> str:
    """The text without escape sequences and control characters; line breaks (as "\\n") and tabs stay.

    Direction marks and lone surrogates go too: the first can disguise a line, the second cannot be printed.
    """
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\x1b" in text or any(c in text for c in "\x90\x98\x9b\x9d\x9e\x9f"):
            text = _ESCAPES.sub("", text)
        text = text.translate(_ALLOWED)
    return text


def plain(text: str) -> str:
    """One clean line, its white space single: for titles, messages and whatever is echoed."""
    return " ".join(clean(text).split())


def faulty_lines(text: str) -> list[int]:
    """Numbers (from 1) of the lines from which `clean` takes something out, line endings aside."""
    lines = text.replace("\r\n", "\n").split("\n")
    return [n for n, line in enumerate(lines, 1) if not line.isprintable() and clean(line) != line]

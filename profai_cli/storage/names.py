"""File names from text that somebody typed: learners, courses, content keys.

Plain ids keep their name. All others get a readable remainder, "~" (which no plain id has) and a digest,
so that two ids never share a file, on any file system, whatever its rules for letter case.
"""

import hashlib
import re
import unicodedata
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9_-]([a-z0-9_.-]{0,62}[a-z0-9_-])?")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
"""Names of devices on Windows, with any ending (learn.microsoft.com, "Naming files, paths, namespaces")."""


def safe_name(text: str) -> str:
    """A file name of at most 64 characters of a-z, 0-9, "_", ".", "-" and "~"; equal for equal ids only.

    Ids that differ only in the Unicode form of the same letters (as macOS changes it) are equal.
    """
    text = unicodedata.normalize("NFC", text)
    if _PLAIN.fullmatch(text) and not is_reserved(text):
        return text
    remainder = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:31]
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{remainder}~{digest[:32]}"


def is_reserved(name: str) -> bool:
    """Whether a lower-case name is that of a device on Windows."""
    return _RESERVED.fullmatch(name) is not None


def as_text(name: str) -> str:
    """A name as UTF-8 can hold it, and so SQLite: bytes that were no text, and that Python keeps, are written out."""
    return name.encode(errors="backslashreplace").decode()

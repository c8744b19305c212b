"""The learner's settings: one flat TOML file, read with its lines, and changed without losing a comment."""

import re
import tomllib
from pathlib import Path
from typing import Final, NamedTuple

from profai_cli.errors import InputError, StorageError
from profai_cli.storage.files import reason, write_atomically

Value = str | bool | int | float
"""What a setting can be."""

_HEAD: Final = "# The settings of profai; 'profai settings' shows them all.\n"

_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
"""How tomllib ends its messages."""

_BACKSLASH: Final = r"a text with a backslash stands between single quotes, as 'C:\courses'"

_CLEARER: Final = {
    "Illegal character '\\n'": "a text begins with a quote, and no quote ends it",
    "Unterminated string": "a text begins with a quote, and no quote ends it",
    "Invalid value": "behind '=' there must be true, false, a number, or a text between quotes",
    "Expected '=' after a key": "between a name and its value there must be '='",
    "Expected newline or end of document": "there is more behind the value: a text stands between quotes",
    "Cannot overwrite a value": "this name stands there twice",
    "Unescaped '\\' in a string": _BACKSLASH,
    "Invalid hex value": _BACKSLASH,
    "Invalid statement": "a line must be like headphones = true, or begin with # as a comment",
}
"""What a learner is told, by how tomllib begins its messages."""


class Entry(NamedTuple):
    """A value, and the number of its line, from 1. Anything that TOML can hold."""

    value: object
    line: int


class SettingsFile:
    """The file at `path`, which need not exist."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> dict[str, Entry]:
        """Its entries by name; none where there is no file. Raises StorageError, and InputError where it is no TOML."""
        text = self._text()
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else text.count("\n") + 1
            what = _PLACE.sub("", str(error))
            clearer = (told for begin, told in _CLEARER.items() if what.startswith(begin))
            raise self.fault(line, next(clearer, what)) from None
        except ValueError:  # of Python, which reads no number of more than 4300 digits
            lines = text.split("\n")
            raise self.fault(lines.index(max(lines, key=len)) + 1, "this number is too long") from None
        except RecursionError:
            raise self.fault(1, "it is nested too deeply") from None
        return {name: Entry(value, _line(text, name)) for name, value in values.items()}

    def set(self, name: str, value: Value) -> None:
        """Keep a value, on the disk when this returns. Raises as `load`."""
        import tomlkit  # noqa: PLC0415 - only to write: it takes 50 ms

        self.load()
        document = tomlkit.parse(self._text() or _HEAD)
        document[name] = value
        self._write(tomlkit.dumps(document))

    def unset(self, name: str) -> bool:
        """Forget a value; whether there was one. Raises as `load`."""
        import tomlkit  # noqa: PLC0415 - as above

        if name not in self.load():
            return False
        document = tomlkit.parse(self._text())
        del document[name]
        self._write(tomlkit.dumps(document))
        return True

    def fault(self, line: int, what: str) -> InputError:
        """What is wrong in a line, for the learner."""
        return InputError(f"{str(self.path)!r}, line {line}: {what.rstrip('.')}; correct that line or delete it.")

    def _text(self) -> str:
        try:
            data = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise StorageError(
                f"Cannot read the settings in {str(self.path)!r}: {reason(error)}; make it readable or delete it."
            ) from None
        try:
            return data.decode("utf-8-sig")  # some editors put a mark at the begin
        except UnicodeDecodeError as error:
            raise self.fault(data.count(b"\n", 0, error.start) + 1, "this is no UTF-8 text") from None

    def _write(self, text: str) -> None:
        path = self.path.resolve()  # a link to a file elsewhere stays one
        try:
            data = text.encode()
        except UnicodeEncodeError:
            raise InputError("A setting must be UTF-8 text, and this one is not: type it again.") from None
        write_atomically(path, data, "set PROFAI_SETTINGS to a file that you may write")


def _line(text: str, name: str) -> int:
    """Where a key, or a table of that name, begins."""
    found = re.search(rf"^[ \t]*\[*[ \t]*[\"']?{re.escape(name)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1

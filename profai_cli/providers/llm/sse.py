"""Server-sent events, as far as chat completions use them: each is one line "data: ...". Pure.

Source: WHATWG HTML, section 9.2. Comments (": keep-alive"), blank lines and other fields are passed over.
"""

from typing import Final

LONGEST_LINE: Final = 2**20
"""Bytes; a token takes about 200."""


class Events:
    """Takes the bytes of a response as they come, and gives the data of each event."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """The data of the lines that are whole now. Raises ValueError for a line that is far too long."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            raise ValueError("a line without end")
        return [line[5:].strip().decode(errors="replace") for line in lines if line.startswith(b"data:")]

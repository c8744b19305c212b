"""What some local models think aloud before they answer, taken out of an answer that comes in pieces. Pure."""

from typing import Final

_BEGIN: Final = "<think>"
_END: Final = "</think>"


class Thoughts:
    """Takes the pieces of an answer, and gives them back without a "<think>...</think>" at its begin."""

    def __init__(self) -> None:
        self._held = ""
        self._inside = False
        self._over = False

    def feed(self, piece: str) -> str:
        """What is known to be no thought."""
        if self._over:
            return piece
        self._held += piece
        if not self._inside:
            self._held = self._held.lstrip()
            if _BEGIN.startswith(self._held):
                return ""
            self._inside = self._held.startswith(_BEGIN)
            if not self._inside:
                self._over = True
                return self._held
        _, end, rest = self._held.partition(_END)
        if end:
            self._over = True
            return rest
        self._held = self._held[-len(_END) :]
        return ""

    def finish(self) -> str:
        """What is left at the answer's end."""
        return "" if self._over or self._inside else self._held

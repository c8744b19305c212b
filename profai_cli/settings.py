"""Values that a learner may choose and that several floors name."""

from dataclasses import dataclass
from typing import Literal

Sensitivity = Literal["low", "normal", "high"]
"""How little voice it takes to interrupt the tutor; `sound.activity` has what each means."""


class Key:
    """A vendor's key. Shown, logged or formatted it is `[key]`; `reveal` is for the vendor's own SDK alone."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself."""
        return self._text

    def hide(self, text: str) -> str:
        """A vendor's text, in which it may have echoed the key, without it."""
        return text.replace(self._text, "[key]") if self._text else text

    def __repr__(self) -> str:
        return "[key]"


@dataclass(frozen=True, slots=True)
class Access:
    """How an engine of the network is reached.

    url: of a proxy, a region or a host of one's own; "" for the vendor's own. Without a path and a last slash,
    except for OpenAI-compatible servers, whose path ("/v1") is a part of it.
    """

    key: Key
    url: str = ""

"""Values that a learner may choose and that several floors name."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

Sensitivity = Literal["low", "normal", "high"]
"""How little voice it takes to interrupt the tutor; `sound.activity` has what each means."""


SHOWN: Final = 7
"""Characters of a key that may stand together in a text; vendors mask keys as "sk-proj-AbCd****wxYZ"."""


class Key:
    """A vendor's key. Shown, logged or formatted it is `[key]`; `reveal` is for the vendor's own SDK alone."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself."""
        return self._text

    def hide(self, text: str) -> str:
        """A vendor's text, in which it may have echoed the key, without it and without any long part of it."""
        size = min(SHOWN + 1, len(self._text))
        hidden = [False] * len(text)
        for at in range(len(text) - size + 1 if size else 0):
            if text[at : at + size] in self._text:
                hidden[at : at + size] = [True] * size
        runs = groupby(zip(text, hidden, strict=True), key=lambda character: character[1])
        return "".join("[key]" if secret else "".join(letter for letter, _ in run) for secret, run in runs)

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

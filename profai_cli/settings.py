"""Values that a learner may choose and that several floors name."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Final, Literal

Sensitivity = Literal["low", "normal", "high"]
"""How little voice it takes to interrupt the tutor; `sound.activity` has what each means."""


SHOWN: Final = 7
"""Characters of a key that may stand together in a text; vendors mask keys as "sk-proj-AbCd****wxYZ"."""


class Key:
    """A vendor's key. Shown, logged or formatted it is `[key]`; `reveal` is for the vendor's own SDK alone."""

    __slots__ = ("_text",)

    _all: ClassVar[set[str]] = set()
    """Every key of this process, so that none is written into the trace of a failure."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._all.add(text)

    def reveal(self) -> str:
        """The key itself."""
        return self._text

    def hide(self, text: str) -> str:
        """A vendor's text, in which it may have echoed the key, without it and without any long part of it."""
        return _without([self._text], text)

    @classmethod
    def hide_all(cls, text: str) -> str:
        """A text of any origin without any key that this process has had in its hands."""
        return _without(tuple(cls._all), text)

    def __repr__(self) -> str:
        return "[key]"


def _without(keys: Iterable[str], text: str) -> str:
    hidden = [False] * len(text)
    for key in keys:
        size = min(SHOWN + 1, len(key))
        for at in range(len(text) - size + 1 if size else 0):
            if text[at : at + size] in key:
                hidden[at : at + size] = [True] * size
    runs = groupby(zip(text, hidden, strict=True), key=lambda character: character[1])
    return "".join("[key]" if secret else "".join(letter for letter, _ in run) for secret, run in runs)


@dataclass(frozen=True, slots=True)
class Access:
    """How an engine of the network is reached.

    url: of a proxy, a region or a host of one's own; "" for the vendor's own. Without a path and a last slash,
    except for OpenAI-compatible servers, whose path ("/v1") is a part of it.
    """

    key: Key
    url: str = ""

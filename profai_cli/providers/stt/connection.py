"""What a recogniser on the network is to `streaming`: a connection that takes sound and gives messages."""

from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from profai_cli.pcm import BYTES_A_SAMPLE, SPEECH_RATE

GAP: Final = 0.005
"""Seconds by which a frame may miss the time at which it was due; more is a gap in the sound."""


@dataclass(frozen=True, slots=True)
class Word:
    """text: as it is joined to the words before it, so with a space in front in most languages."""

    text: str
    start: float
    end: float

    @property
    def middle(self) -> float:
        """Where the word counts as spoken; engines move its ends when they hear more."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of an engine; an empty one only shows that it is alive.

    words: None where it tells none. Final ones do not change any more, and the next message goes on after them;
    others replace those of the message before. ended: the engine found the end of speech. flushed: it answers a
    flush. until: how far the engine has heard; None where it does not say, which counts as all. since: from where on it
    tells words; what it told before that and never made final was said all the same. None: no such news. guessed: it
    said nothing, and so there were no words.
    """

    words: tuple[Word, ...] | None = None
    final: bool = False
    ended: bool = False
    flushed: bool = False
    until: float | None = None
    since: float | None = None
    guessed: bool = False


class Connection(Protocol):
    """One connection to an engine that takes PCM16 at 16 kHz. All methods but `close` raise EngineError.

    Times in its messages are seconds of the sound that was sent to it.
    """

    async def send(self, pcm: bytes) -> None:
        """Sound; never empty."""

    async def flush(self) -> None:
        """Ask for the final words of what was sent."""

    async def expect(self, terms: Sequence[str]) -> None:
        """Replace the terms that are likely to be said."""

    async def keep_alive(self) -> None:
        """There is no sound at present. Only called after some was sent."""

    def messages(self) -> AsyncIterator[Heard]:
        """Every message that makes sense, an empty `Heard` for those without news; ends with the connection."""

    async def close(self) -> None:
        """Say goodbye and free everything, within `Limits.close`. Idempotent, raises nothing."""


Connect = Callable[[Sequence[str]], Awaitable[Connection]]
"""Opens a connection that expects these terms, within `Limits.connect`; raises EngineError."""


class Timeline:
    """The media time of the sound that was sent to a connection, which may have gaps."""

    def __init__(self) -> None:
        self._samples = 0
        self._sent: list[float] = []
        self._media: list[float] = []

    @property
    def empty(self) -> bool:
        """Whether nothing was sent."""
        return not self._samples

    def add(self, begin: float, pcm: bytes) -> None:
        """Sound that begins at media time `begin` is sent next."""
        sent = self._samples / SPEECH_RATE
        if not self._sent or abs(self.media(sent) - begin) > GAP:
            self._sent.append(sent)
            self._media.append(begin)
        self._samples += len(pcm) // BYTES_A_SAMPLE

    def media(self, sent: float) -> float:
        """The media time of a time of the connection, once something was added."""
        piece = max(bisect_right(self._sent, sent) - 1, 0)
        return self._media[piece] + sent - self._sent[piece]

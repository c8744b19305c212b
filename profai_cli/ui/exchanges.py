"""Questions and answers of a class, the newest ones. Pure."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

KEPT: Final = 3
"""Exchanges that a screen may show."""


@dataclass(slots=True)
class Exchange:
    """What the learner said, empty where the tutor answered nobody, and the sentences of the answer that sounded.

    answers: number of the answer's reply; 0 where there is none yet.
    """

    asked: str
    answer: list[str] = field(default_factory=list)
    source: str = ""
    answers: int = 0


class Exchanges:
    """The newest exchanges, the oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque(maxlen=KEPT)
        self._goes_on = False  # what comes next still belongs to the learner's turn

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._kept)

    @property
    def last(self) -> Exchange | None:
        """The newest one."""
        return self._kept[-1] if self._kept else None

    def say(self, words: str, *, typed: bool) -> None:
        """Final words of the learner. Those of one turn are one question, however many parts they come in."""
        last = self.last
        if last and self._goes_on and not typed:
            last.asked += f" {words}"
        else:
            self._kept.append(Exchange(words))
        self._goes_on = not typed

    def end_turn(self) -> None:
        """What the learner says from now on is another turn."""
        self._goes_on = False

    def answer(self, reply: int, sentence: str, source: str) -> None:
        """A sentence of an answer sounds."""
        last = self.last
        if last is None or last.answers not in (0, reply):
            last = Exchange("")
            self._kept.append(last)
        last.answers = reply
        last.answer.append(sentence)
        last.source = last.source or source

"""What a language model may remember of the talk: what was asked, and what the learner heard in answer. Pure."""

from dataclasses import dataclass
from typing import Final

from profai_cli.lesson.plain import plain

MOST_TURNS: Final = 6
"""Turns that are remembered: a follow-up seldom goes further back, and every word costs time to the first token."""

MOST_WORDS: Final = 2_000
"""Of all turns together."""

MOST_ASKED: Final = 300
"""Words of one question; nobody says more in one breath."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was heard of the answer; "" where nothing was."""

    asked: str
    heard: str = ""

    @property
    def words(self) -> int:
        """How many there are in both."""
        return len(self.asked.split()) + len(self.heard.split())


class Memory:
    """The last turns, the oldest first."""

    def __init__(self) -> None:
        self.turns: tuple[Turn, ...] = ()

    def asked(self, question: str) -> None:
        """A question was asked."""
        turn = Turn(" ".join(plain(question).split()[:MOST_ASKED]))
        before = self.turns[:-1] if turn in self.turns[-1:] else self.turns  # asked again, since nobody answered
        self._keep((*before, turn))

    def heard(self, text: str) -> None:
        """So much of the answer to the last question was heard; nothing, where none was asked."""
        if self.turns:
            *before, last = self.turns
            self._keep((*before, Turn(last.asked, plain(text))))

    def _keep(self, turns: tuple[Turn, ...]) -> None:
        turns = turns[-MOST_TURNS:]
        while len(turns) > 1 and sum(turn.words for turn in turns) > MOST_WORDS:
            turns = turns[1:]
        self.turns = turns

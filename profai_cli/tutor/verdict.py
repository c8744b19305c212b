"""The verdict on the first line of a model's judgement, which comes in pieces. Pure."""

from typing import Final

from profai_cli.kinds import Verdict
from profai_cli.tutor.thoughts import Thoughts

_WORDS: Final[dict[str, Verdict]] = {"RIGHT": "right", "PARTLY": "partly", "WRONG": "wrong", "QUESTION": "question"}
_MARKS: Final = " \t*_#`\"'.:-"
"""What models put around a word that was to stand alone."""


_LONGEST: Final = 200
"""Characters of a first line that never ends."""


class FirstLine:
    """Takes the pieces of a judgement. verdict: None until the first line has ended, and where it holds none."""

    def __init__(self) -> None:
        self.verdict: Verdict | None = None
        self.over = False
        """The first line has ended."""
        self._thoughts = Thoughts()
        self._line = ""

    def feed(self, piece: str) -> str:
        """What is beyond the first line; with "" at the end of all that comes."""
        if self.over:
            return piece
        self._line = (self._line + self._thoughts.feed(piece)).lstrip()
        line, ended, rest = self._line.partition("\n")
        if not ended and len(line) < _LONGEST:
            return ""
        return self._end(line, rest)

    def finish(self) -> str:
        """What is left where the first line never ended."""
        return "" if self.over else self._end(self._line + self._thoughts.finish(), "")

    def _end(self, line: str, rest: str) -> str:
        """A model that goes on in the same line has its verdict there all the same."""
        self.over = True
        word, _, more = line.lstrip(_MARKS).partition(" ")
        self.verdict = _WORDS.get(word.strip(_MARKS).upper())
        return f"{more}\n{rest}".lstrip() if self.verdict else ""

"""What the model is made of: a sentence that sounds, an engine at work. Pure."""

from dataclasses import dataclass

from profai_cli.kinds import SpeechKind


@dataclass(slots=True)
class Line:
    """A sentence of the tutor. `heard`: how many characters of `text` have left the speaker."""

    reply: int
    sentence: int
    text: str
    kind: SpeechKind
    source: str = ""
    """The topic that an answer is from."""
    heard: int = 0
    place: tuple[int, int, int, int] | None = None
    """Of a sentence of the lesson: where its text begins."""


@dataclass(slots=True)
class Engine:
    """Who does a part of the work; `wanted`: who did it first, where that is another one. Empty: none."""

    name: str = ""
    wanted: str = ""

    def take_over(self, name: str) -> None:
        """From now on it is this one; the first is who was wanted."""
        first = self.wanted or self.name
        self.name, self.wanted = name, first if first != name else ""

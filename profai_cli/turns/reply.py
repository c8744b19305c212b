"""What the tutor is saying now, and which words of it the learner has heard. Pure."""

from dataclasses import dataclass, field

from profai_cli.commands import Command, FinishReply, Flush, Speak
from profai_cli.kinds import SpeechKind
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, next_sentence, sentence_at

AHEAD = 3
"""Sentences of the lesson given to the voice before they are needed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence given to the voice; `place` is where its text begins in the lesson, if it is from there."""

    text: str
    place: Place | None = None


@dataclass(slots=True)
class Reply:
    """One reply of the tutor. `upcoming` is the lesson's next sentence to say; `asked`: it answers a question;
    `open`: more of the answer still comes.

    `heard`: sentence number and characters of it that left the speaker; None before the first.
    """

    number: int
    kind: SpeechKind
    asked: bool = False
    upcoming: Place | None = None
    open: bool = False
    hold: int = 0
    lines: list[Line] = field(default_factory=list)
    heard: tuple[int, int] | None = None

    def say(
        self, text: str, kind: SpeechKind, pause: float, place: Place | None = None, *, made: bool = False
    ) -> Speak:
        """The command for one more sentence."""
        self.lines.append(Line(text, place))
        return Speak(self.number, len(self.lines) - 1, text, kind, pause, place, made)

    def feed(self, course: Course) -> list[Command]:
        """Sentences of the lesson to give to the voice now: up to `AHEAD`, all from one topic."""
        commands: list[Command] = []
        sounding = self.heard[0] if self.heard else 0
        while self.upcoming is not None and len(self.lines) - sounding < AHEAD:
            place = self.upcoming
            sentence = sentence_at(course, place)
            text = sentence.text[sentence.phrases[place.phrase] :]
            commands.append(self.say(text, "lesson", sentence.pause, place, made=sentence.made))
            following = next_sentence(course, place)
            self.upcoming = following if following and following[:2] == place[:2] else None
            if self.upcoming is None:
                commands.append(FinishReply(self.number))
        return commands

    def unheard(self, course: Course) -> Place | None:
        """Where the lesson must go on so that no word is lost: the begin of the first phrase with a word that
        was not heard; None if all of its topic was heard, or if this reply is no lesson."""
        first, char = self.heard or (0, 0)
        for number, line in enumerate(self.lines[first:], first):
            if line.place is None:
                continue
            heard = char if number == first else 0
            while heard < len(line.text) and line.text[heard].isspace():
                heard += 1
            if heard >= len(line.text):
                continue
            phrases = sentence_at(course, line.place).phrases
            at = phrases[line.place.phrase] + heard
            phrase = max(n for n, start in enumerate(phrases) if start <= at)
            return line.place._replace(phrase=phrase)
        return self.upcoming

    @property
    def heard_text(self) -> str:
        """The words of it that were heard."""
        sentence, char = self.heard or (0, 0)
        whole = [line.text for line in self.lines[:sentence]]
        begun = [line.text[:char] for line in self.lines[sentence : sentence + 1]]
        return " ".join(whole + begun).strip()

    @property
    def heard_out(self) -> bool:
        """All of it that there is so far was heard."""
        return self.heard is not None and self.heard >= (len(self.lines) - 1, len(self.lines[-1].text.rstrip()))

    def cut(self) -> Flush:
        """The command that drops what is left of it."""
        sentence, char = self.heard or (None, 0)
        return Flush(self.number, sentence, char)

"""The tutor's side of the turn: the lesson's place, the one live reply, and what of it was heard. Pure."""

from collections.abc import Collection, Sequence

from profai_cli.commands import (
    Answer,
    CancelAnswer,
    Command,
    Examine,
    FinishReply,
    Release,
    Remember,
    ResumeLesson,
    SavePlace,
    Tune,
)
from profai_cli.events import Heard, TtsHeld
from profai_cli.kinds import SpeechKind
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, Place, next_topic
from profai_cli.turns.reply import Reply

SENTENCE_PAUSE = 0.3
SLOWEST, FASTEST = 0.6, 1.8
QUIETEST, LOUDEST = 0.25, 4.0


class Voice:
    """Builds replies and drops them, and appends the commands for it to `out`.

    `place` is the next phrase of the lesson that was not heard; None after the course's last one.
    """

    def __init__(self, course: Course, out: list[Command]) -> None:
        self.course = course
        self.place: Place | None = None
        self.spot = Place(0, 0)
        """The last place there was: where "here" is, even after the course's end."""
        self.reply: Reply | None = None
        self.answer: tuple[str, ...] = ()
        """The last answer's sentences, until the lesson goes on: for "repeat that"."""
        self.made: tuple[str, ...] = ()
        """Those of them that a model wrote."""
        self.speed = self.volume = 1.0
        self._left: dict[tuple[int, int], Place] = {}
        self._out = out
        self._number = 0

    def go(self, place: Place | None) -> None:
        """Move the lesson, and have the place kept; None: the course is over."""
        self.place = place
        if place and place[:2] != self.spot[:2]:
            self._left.pop(place[:2], None)
        self.spot = place or self.spot
        self._out.append(SavePlace(place))

    def other_topic(self, begin: Place) -> Place:
        """Leave the topic for another one: where to go, to where that one was left so, else to its begin.

        So that whoever has gone too far, or pressed a wrong key, comes back to the very phrase.
        """
        here = self.ahead
        if begin[:2] == self.spot[:2]:
            return begin
        if here and here[:2] == self.spot[:2]:
            self._left[here[:2]] = here
        return self._left.get(begin[:2], begin)

    def teach(self, bridge: str = "", *, resumed: bool = False) -> None:
        """Begin a reply that goes on with the lesson; there must be a place."""
        assert self.place is not None
        reply = self._begin("lesson")
        reply.upcoming = self.place
        if resumed:
            self._out.append(ResumeLesson(reply.number, self.place))
        if bridge:
            self._out.append(reply.say(bridge, "bridge", SENTENCE_PAUSE))
        self._out.extend(reply.feed(self.course))

    def say(self, lines: Sequence[str], kind: SpeechKind = "answer", *, made: Collection[str] = ()) -> None:
        """Begin a reply of known sentences. made: those that a model wrote."""
        reply = self._begin(kind)
        self._out.extend(reply.say(line, kind, SENTENCE_PAUSE, made=line in made) for line in lines)
        self._out.append(FinishReply(reply.number))

    def ask(self, question: str) -> None:
        """Begin a reply whose sentences will come as an answer."""
        reply = self._begin("answer")
        reply.asked = reply.open = True
        self.answer = self.made = ()
        self._out.append(Answer(reply.number, question, self.spot))

    def examine(self, check: CheckPlace, said: str) -> None:
        """Begin a reply that will judge what was said to a check question."""
        reply = self._begin("answer")
        reply.open = True
        self.answer = self.made = ()
        self._out.append(Examine(reply.number, check, said))

    def say_answer(self, text: str, *, done: bool, made: bool = False) -> None:
        """Append a sentence of the answer to the reply."""
        assert self.reply is not None
        if text:
            self.answer += (text,)
            self.made += (text,) if made else ()
            self._out.append(self.reply.say(text, "answer", SENTENCE_PAUSE, made=made))
        if done:
            self.reply.open = False
            self._out.append(FinishReply(self.reply.number))

    @property
    def ahead(self) -> Place | None:
        """The next phrase of the lesson that was not heard, to the word: where `place` would be after `drop`."""
        if self.reply is None or self.reply.kind != "lesson":
            return self.place
        return self.reply.unheard(self.course) or next_topic(self.course, self.spot)

    @property
    def begun(self) -> int:
        """Characters that were heard of a sentence of the lesson of which more still sounds; 0: of none."""
        if self.reply is None or self.reply.heard is None:
            return 0
        sentence, char = self.reply.heard
        line = self.reply.lines[sentence]
        return char if line.place is not None and char < len(line.text) else 0

    def release(self) -> None:
        """Let the held reply go on."""
        assert self.reply is not None
        self._out.append(Release(self.reply.number, self.reply.hold))
        self.reply.hold = 0

    def drop(self) -> tuple[str, ...]:
        """End the live reply, if there is one, wherever it is. Returns the unheard rest of an answer."""
        ahead = self.ahead
        reply, self.reply = self.reply, None
        if reply is None:
            return ()
        if reply.open:
            self._out.append(CancelAnswer(reply.number))
        if reply.lines:
            self._out.append(reply.cut())
        self._remember(reply)
        if reply.kind == "lesson":
            self.go(ahead)
            return ()
        sounding = reply.heard[0] if reply.heard else 0
        return tuple(line.text for line in reply.lines[sounding:])

    def finished(self) -> SpeechKind:
        """The live reply was heard to its end; returns its kind."""
        assert self.reply is not None
        reply, self.reply = self.reply, None
        self._remember(reply)
        return reply.kind

    def held(self, event: TtsHeld) -> None:
        """Note where the voice was held."""
        assert self.reply is not None
        self.reply.hold = event.hold
        self._advance(event.sentence, event.char)

    def heard(self, event: Heard) -> None:
        """Note what was heard; after a whole sentence keep the place and give the voice the next one."""
        assert self.reply is not None
        self._advance(event.sentence, event.char)
        if event.end and self.reply.lines[event.sentence].place is not None:
            self.answer = ()
            following = self.reply.unheard(self.course)
            if following is not None:
                self.go(following)
            self._out.extend(self.reply.feed(self.course))

    def tune(self, speed: float = 1.0, volume: float = 1.0) -> None:
        """Change speed and volume by factors, within what can be understood."""
        self.speed = round(min(max(self.speed * speed, SLOWEST), FASTEST), 2)
        self.volume = round(min(max(self.volume * volume, QUIETEST), LOUDEST), 2)
        self._out.append(Tune(self.speed, self.volume))

    def _begin(self, kind: SpeechKind) -> Reply:
        self._number += 1
        self.reply = Reply(self._number, kind)
        return self.reply

    def _remember(self, reply: Reply) -> None:
        if reply.asked:
            self._out.append(Remember(reply.heard_text))

    def _advance(self, sentence: int, char: int) -> None:
        assert self.reply is not None
        if (sentence, char) > (self.reply.heard or (0, 0)):
            self.reply.heard = (sentence, char)

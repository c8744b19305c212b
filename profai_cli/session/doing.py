"""What the machine decides, done: each command by the part of the class that can do it."""

from collections.abc import Callable
from dataclasses import replace

from profai_cli import commands as c
from profai_cli.commands import Command
from profai_cli.events import ClassComplete, Event, LessonMoved, LessonResumed, TimerFired
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, sentence_at
from profai_cli.lesson.told import in_text
from profai_cli.session.answering import Answering
from profai_cli.session.listening import Listening
from profai_cli.session.pace import Schedule
from profai_cli.session.speaking import Speaking
from profai_cli.tutor.expected import topic_terms


class Doing:
    """Call it with every command, in order.

    course: as it is told now. save: keeps a place of the teacher's text, None after the course. ahead: told of every
    place of the lesson. end: told when the class is over.
    """

    def __init__(
        self,
        course: Callable[[], Course],
        schedule: Schedule,
        listening: Listening,
        answering: Answering,
        speaking: Speaking,
        *,
        emit: Callable[[Event], None],
        save: Callable[[Place | None], None],
        ahead: Callable[[Place], None],
        end: Callable[[], None],
    ) -> None:
        self._course, self._schedule = course, schedule
        self._listening, self._answering, self._speaking = listening, answering, speaking
        self._emit, self._save, self._ahead, self._end = emit, save, ahead, end
        self._topic: tuple[int, int] | None = None  # that the recogniser was told of

    def __call__(self, command: Command) -> None:
        """Carry out one command."""
        match command:
            case c.Speak() | c.FinishReply() | c.Hold() | c.Release() | c.Flush() | c.Tune():
                self._speak(command)
            case c.Answer():
                place = in_text(self._course(), Place(*command.place))
                self._answering.answer(replace(command, place=place))
            case c.Examine():
                self._answering.examine(command)
            case c.ExpectWords(topic):
                self._expect(Place(*topic))
            case c.Remember():
                self._answering.remember(command.text)
            case c.CancelAnswer():
                self._answering.cancel()
            case c.FinalizeSpeech():
                self._listening.finalize()
            case c.DiscardSpeech():
                self._listening.discard()
            case c.StartTimer(timer, seconds):
                now = self._schedule.now
                self._schedule.at(now + seconds, lambda: self._emit(TimerFired(self._schedule.now, timer)))
            case c.ResumeLesson() | c.MoveLesson() | c.SavePlace():
                self._place(command)
            case c.EndClass():
                self._speaking.stop()
                self._listening.stop()
                self._emit(ClassComplete(self._schedule.now, command.reason))
                self._end()

    def _speak(self, command: c.Speak | c.FinishReply | c.Hold | c.Release | c.Flush | c.Tune) -> None:
        match command:
            case c.Speak():
                self._speaking.speak(command)
            case c.FinishReply():
                self._speaking.finish(command.reply)
            case c.Hold():
                self._speaking.hold()
            case c.Release():
                self._speaking.release(command)
            case c.Flush():
                self._speaking.flush(command)
            case c.Tune():
                self._speaking.tune(command.speed, command.volume)

    def _place(self, command: c.ResumeLesson | c.MoveLesson | c.SavePlace) -> None:
        now, course = self._schedule.now, self._course()
        match command:
            case c.ResumeLesson(reply, place):
                self._emit(LessonResumed(now, reply, place))
            case c.MoveLesson(place):
                self._emit(LessonMoved(now, sentence_at(course, Place(*place)).text, place))
            case c.SavePlace():
                self._move(Place(*command.place) if command.place else None)

    def _move(self, to: Place | None) -> None:
        """The lesson is there, or over."""
        if to is None:
            self._save(None)
            return
        course = self._course()
        self._save(in_text(course, to))
        self._ahead(to)
        self._expect(to)

    def _expect(self, place: Place) -> None:
        if place[:2] != self._topic:
            self._topic = place[:2]
            self._listening.expect(topic_terms(self._course(), place))

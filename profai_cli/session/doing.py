"""What the machine decides, done: each command by the part of the class that can do it."""

from collections.abc import Callable

from profai_cli import commands as c
from profai_cli.commands import Command
from profai_cli.events import ClassComplete, Event, LessonMoved, LessonResumed, TimerFired
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, sentence_at
from profai_cli.session.answering import Answering
from profai_cli.session.listening import Listening
from profai_cli.session.pace import Schedule
from profai_cli.session.speaking import Speaking
from profai_cli.tutor.expected import topic_terms


class Doing:
    """Call it with every command, in order. save: keeps a place, None after the course. end: told of its end."""

    def __init__(
        self,
        course: Course,
        schedule: Schedule,
        listening: Listening,
        answering: Answering,
        speaking: Speaking,
        *,
        emit: Callable[[Event], None],
        save: Callable[[Place | None], None],
        end: Callable[[], None],
    ) -> None:
        self._course, self._schedule = course, schedule
        self._listening, self._answering, self._speaking = listening, answering, speaking
        self._emit, self._save, self._end = emit, save, end
        self._topic: tuple[int, int] | None = None  # that the recogniser was told of

    def __call__(self, command: Command) -> None:
        """Carry out one command."""
        match command:
            case c.Speak() | c.FinishReply() | c.Hold() | c.Release() | c.Flush() | c.Tune():
                self._speak(command)
            case c.Answer():
                self._answering.answer(command)
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
        now = self._schedule.now
        match command:
            case c.ResumeLesson(reply, place):
                self._emit(LessonResumed(now, reply, place))
            case c.MoveLesson(place):
                self._emit(LessonMoved(now, sentence_at(self._course, Place(*place)).text, place))
            case c.SavePlace():
                to = Place(*command.place) if command.place else None
                self._save(to)
                if to and to[:2] != self._topic:
                    self._topic = to[:2]
                    self._listening.expect(topic_terms(self._course, to))

"""Keeping a class while it is held: its events, what it came to, and with `--record` its sound."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from types import TracebackType

from profai_cli.errors import SoundFileError, StorageError
from profai_cli.events import ClassStarting, Event
from profai_cli.lesson.course import Course
from profai_cli.ports import Frame
from profai_cli.storage.classes import About, Classes, KeptClass, Outline
from profai_cli.storage.event_log import EventLog
from profai_cli.storage.recording import ClassRecording
from profai_cli.tutor.summary import Summary, Tally


def outline(course: Course) -> Outline:
    """The titles of a course."""
    return tuple((module.title, tuple(topic.title for topic in module.topics)) for module in course.modules)


class Keeping:
    """A context and a reader. What cannot be kept is told once, and the class goes on.

    A class in which nothing was taught or asked leaves nothing. A recording that ended early is raised at the end once
    more, as the SoundFileError that was told: it was asked for.
    """

    def __init__(self, classes: Classes, course: Course, learner: str, *, record: bool = False) -> None:
        self._classes, self._course, self._learner, self._record = classes, course, learner, record
        self._tell: Callable[[str], None] = lambda _sentence: None
        self._kept: KeptClass | None = None
        self._log: EventLog | None = None
        self._recording: ClassRecording | None = None
        self._tally = Tally()
        self._told = False
        self._fault: SoundFileError | None = None

    def begin(self, start: ClassStarting, tell: Callable[[str], None]) -> ClassStarting:
        """Make the class's folder; the header again, with the name of the recording.

        tell: called from any thread. Raises ProfaiError only where the class is to be recorded and cannot be.
        """
        self._tell = tell
        course = self._course
        about = About(
            course.id, course.title, self._learner, start.date, outline(course), own=course.own, path=course.path
        )
        try:
            self._kept = self._classes.begin(about)
            self._log = EventLog(self._kept.log)
        except StorageError as error:
            if self._record:
                raise
            self._kept = None
            tell(f"{str(error).rstrip('.')}; this class will not be in the history.")
            return start
        if not self._record:
            return start
        self._recording = ClassRecording(self._kept.sound, self._recording_failed)
        return replace(start, recording=str(self._kept.sound))

    def _recording_failed(self, fault: SoundFileError) -> None:
        """Called by the recording's thread, once."""
        self._fault = fault
        self._tell(str(fault))

    def __enter__(self) -> "Keeping":
        return self

    def __call__(self, event: Event) -> None:
        """Keep one event."""
        self._tally(event)
        if self._log:
            self._log(event)
            if self._log.fault and not self._told:
                self._told = True
                self._tell(str(self._log.fault))

    @property
    def summary(self) -> Summary:
        """What the class came to so far."""
        return self._tally.summary

    @property
    def kept(self) -> bool:
        """It will be in the history."""
        return self._kept is not None and self.summary.worth_keeping

    def watch(self, frame: Frame) -> None:
        """Keep the sound of one frame."""
        if self._recording:
            self._recording.watch(frame)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._recording:
            self._recording.close()
        if self._log:
            self._log.close()
        if self._kept:
            with suppress(StorageError):  # a full disk, which was told: the log has what can be had
                if self.summary.worth_keeping:
                    self._kept.finish(self.summary)
                else:
                    self._kept.discard()
        if self._fault and not error:
            raise self._fault

"""The learner's words in a class: frames to the recogniser, its results to events."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from profai_cli.errors import EngineError
from profai_cli.events import (
    Event,
    FinalTranscript,
    PartialTranscript,
    SttFailed,
    SttReady,
    SttStopped,
    SttUnavailable,
    UtteranceEnd,
)
from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.ports import EngineFailed, EngineReady, Frame, Recognition, Recognized, SpeechToText
from profai_cli.session.pace import Pace, Schedule

BACKLOG_SECONDS = 10
"""What is said while the recogniser loads is kept for it, up to this."""


class Listening:
    """Feeds the recogniser. Without one, or after its failure, every turn has no words.

    fail: told when the recogniser cannot be started, where the class needs it.
    """

    def __init__(
        self,
        stt: SpeechToText | None,
        pace: Pace,
        schedule: Schedule,
        *,
        emit: Callable[[Event], None],
        fail: Callable[[EngineError], None] | None = None,
    ) -> None:
        self._stt, self._pace, self._schedule, self._emit, self._fail = stt, pace, schedule, emit, fail
        self._ready = False
        self._loading = stt is not None
        self._asked = False  # while it loads, for final words
        self._backlog: deque[Frame] = deque(maxlen=BACKLOG_SECONDS * BLOCKS_A_SECOND)

    async def start(self) -> None:
        """Load the recogniser; a class goes on without one."""
        if self._stt is None:
            return
        try:
            await self._stt.start(self._recognized)
        except EngineError as error:
            self._loading = False
            await self._give_up()
            self._emit(SttUnavailable(self._schedule.now, str(error)))
            if self._asked:
                self._final("")
            if self._fail:
                self._fail(error)
            return
        if self._stt.name:
            self._emit(SttReady(self._schedule.now, self._stt.name))
        self._ready, self._loading = True, False
        while self._backlog:
            self._stt.feed(self._backlog.popleft())
        if self._asked and self._ready:  # it may have failed meanwhile
            self._stt.finalize()

    def expect(self, terms: Sequence[str]) -> None:
        """The terms of what is taught now."""
        if self._stt:
            self._stt.expect(terms)

    def feed(self, frame: Frame) -> None:
        """Take a block of the microphone."""
        if self._ready and self._stt:
            self._stt.feed(frame)
        elif self._loading:
            self._backlog.append(frame)

    def finalize(self) -> None:
        """Ask for the final words of the turn: a recogniser that loads gives them when it has heard it."""
        if self._ready and self._stt:
            self._stt.finalize()
        elif self._loading:
            self._asked = True
        else:
            self._pace.due(self._schedule.now, lambda: self._final(""))

    def discard(self) -> None:
        """It was no speech; what was asked for before still comes."""
        if self._ready and self._stt:
            self._stt.discard()
        elif not self._asked:
            for _ in range(len(self._backlog)):
                self._backlog.append(replace(self._backlog.popleft(), voice=None))

    async def settle(self) -> None:
        """Return when all results of what was fed have come."""
        if self._ready and self._stt:
            await self._stt.settle()

    def stop(self) -> None:
        """The class is over: nothing more is recognised."""
        if self._ready:
            self._ready = False
            self._emit(SttStopped(self._schedule.now))

    async def close(self) -> None:
        """Free the recogniser."""
        if self._stt:
            await self._stt.close()

    def _recognized(self, result: Recognition) -> None:
        now = self._schedule.now
        match result:
            case EngineFailed(name, reason):
                self._emit(SttFailed(now, name, reason))
            case EngineReady(name):
                self._emit(SttReady(now, name))
            case EngineError():
                self._ready = False
                self._emit(SttFailed(now, self._stt.name if self._stt else "", str(result)))
                self._emit(SttUnavailable(now, str(result)))
                self._final("")  # the turn under way must not wait for words
            case _:
                self._pace.due(result.cause + result.delay, lambda: self._words(result))

    def _words(self, result: Recognized) -> None:
        if result.final:
            self._final(result.text, on_course=result.on_course)
        else:
            self._emit(PartialTranscript(self._schedule.now, result.text))

    def _final(self, text: str, *, on_course: bool = True) -> None:
        self._emit(FinalTranscript(self._schedule.now, text, on_course=on_course))
        self._emit(UtteranceEnd(self._schedule.now))

    async def _give_up(self) -> None:
        stt, self._stt = self._stt, None
        if stt:
            await stt.close()

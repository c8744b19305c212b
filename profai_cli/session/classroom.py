"""One class from its first sample to its last: its parts, joined, and what the learner does by hand.

The classroom owns no clock: media time advances with the frames of the sound path. Everything happens on one
asyncio loop; the reflex alone (holding the voice when the learner begins) happens in the sound path.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from profai_cli.errors import EngineError
from profai_cli.events import (
    ClassStarting,
    Control,
    CourseInfo,
    Error,
    FinalTranscript,
    InteractiveModeStarting,
    LessonTold,
    MicrophoneMuted,
    SttUnavailable,
)
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place
from profai_cli.lesson.told import in_telling
from profai_cli.ports import Answerer, DeviceChange, Frame, Shelf, Sound, SpeechToText, TextToSpeech
from profai_cli.session.answering import Answering
from profai_cli.session.conduct import Conduct, Reader
from profai_cli.session.doing import Doing
from profai_cli.session.frames import FrameEvents, device_event
from profai_cli.session.listening import Listening
from profai_cli.session.muting import Muting
from profai_cli.session.pace import LivePace, Schedule, SteppedPace
from profai_cli.session.preparing import Preparing
from profai_cli.session.running import Running
from profai_cli.session.speaking import Speaking
from profai_cli.turns.machine import Machine
from profai_cli.turns.states import SOUNDING
from profai_cli.tutor.teaching import Lines, is_translated

BEGINS_WITHOUT = {"microphone": "Until then you can type.", "speaker": "Until then the class has captions."}
"""What follows from a device that is missing at the begin."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of a class; without a recogniser the learner can only type, and `deaf` says why there is none.

    needed: the learner wants these and no others ("stt", "model"): where one cannot be used, the class ends.
    tongue: the voice for what a model says, where that is in another language than the course.
    """

    tts: TextToSpeech
    answerer: Answerer
    stt: SpeechToText | None
    deaf: str = ""
    needed: frozenset[str] = frozenset()
    tongue: TextToSpeech | None = None


class Classroom:
    """Runs one class. `readers` get every event in order; `watch` gets every frame (for level meters).

    language: that the class is held in, "" for the course's.
    """

    def __init__(
        self,
        course: Course,
        sound: Sound,
        engines: Engines,
        *,
        interactive: bool,
        stepped: bool,
        readers: Sequence[Reader],
        save: Callable[[Place | None], None],
        watch: Callable[[Frame], None] | None = None,
        minutes: float | None = None,
        shelf: Shelf | None = None,
        language: str = "",
    ) -> None:
        language = language or course.language
        self._sound, self._engines = sound, engines
        self._interactive, self._stepped, self._minutes = interactive, stepped, minutes
        self._watch = watch
        self._machine = Machine(course, interactive=interactive)
        self._running = Running(sound, self._block)
        self._emit = Conduct(self._machine, readers, over=lambda: self._running.over)
        self._schedule = Schedule()
        self._pace = SteppedPace(self._schedule) if stepped else LivePace()
        self._listening = Listening(
            engines.stt if interactive else None,
            self._pace,
            self._schedule,
            emit=self._emit,
            fail=self._failed if "stt" in engines.needed else None,
        )
        self._answering = Answering(
            course,
            engines.answerer,
            self._pace,
            self._schedule,
            emit=self._emit,
            fail=self._failed if "model" in engines.needed else None,
            translated=is_translated(course, language),
        )
        self._speaking = Speaking(
            sound.player, engines.tts, self._pace, self._schedule, emit=self._emit, fail=self._voice_failed
        )
        self._failure: EngineError | None = None
        self._frame_events = FrameEvents()
        self._muting = Muting(self._schedule, self._mute)
        self._preparing = Preparing(
            course, engines.answerer, shelf, self._told, self._answering.started, language=language
        )
        self._emit.do = Doing(
            lambda: self._machine.voice.course,
            self._schedule,
            self._listening,
            self._answering,
            self._speaking,
            emit=self._emit,
            save=save,
            ahead=self._preparing.ahead,
            end=self._running.end,
        )

    async def run(self, start: ClassStarting, info: CourseInfo) -> None:
        """Hold the class until its end. Raises EngineError where the voice could not be used."""
        self._emit(start)
        try:
            if not await self._voice_starts():
                return
            self._speaking.ready()
            async with self._background_start():
                if self._interactive:
                    self._emit(InteractiveModeStarting(0.0))
                if self._engines.deaf:
                    self._emit(SttUnavailable(0.0, self._engines.deaf))
                await self._begin(info)
                if self._minutes is not None:
                    self._schedule.at(self._minutes * 60, lambda: self.control("time"))
                if not self._running.over:  # by Ctrl-C while the engines were loading
                    await (self._running.stepped(self._settle) if self._stepped else self._running.live())
        finally:
            await self._close()
        if self._failure:
            raise self._failure

    def control(self, action: str) -> None:
        """Ask for an order by key ("pause", "go_on", "next_topic", …), or end the class ("stopped", "time")."""
        self._emit(Control(self._schedule.now, action))

    def press(self, action: str) -> None:
        """A key of the class was pressed: an order, or "mute" and "mute_back", see `Muting`."""
        if action not in ("mute", "mute_back"):
            self.control(action)
        elif self._interactive and action == "mute":
            self._muting.press()
        elif self._interactive:
            self._muting.take_back()

    @property
    def speaks(self) -> bool:
        """The tutor speaks, and has not fallen silent for the learner."""
        return self._machine.state in SOUNDING.values()

    def typed(self, text: str) -> None:
        """A question or an order that the learner typed."""
        self._emit(FinalTranscript(self._schedule.now, text, source="typed"))

    def notice(self, source: str, message: str) -> None:
        """Tell the learner what went wrong and did not end the class, such as an engine that was replaced."""
        self._emit(Error(self._schedule.now, source, message))

    def device(self, change: DeviceChange) -> None:
        """Pause without a device that was lost, and go on when it is there again: see `Missing`."""
        waits = 'The class waits, or type "go on".' if self._interactive else "The class waits."
        self._emit(device_event(self._schedule.now, change, waits if change.device else BEGINS_WITHOUT[change.kind]))
        reply = self._machine.voice.reply
        if change.hold != (reply.hold if reply else 0):  # nobody is going to release it
            self._sound.player.release(change.hold)

    async def _voice_starts(self) -> bool:
        """Load the voice, without which there is no class; False where the class was ended meanwhile."""
        starting = asyncio.create_task(self._engines.tts.start())
        over = asyncio.create_task(self._running.ended())
        await asyncio.wait({starting, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            return False
        await starting
        return True

    async def _tongue_starts(self) -> None:
        """Without it, one voice says all."""
        if (tongue := self._engines.tongue) is None:
            return
        try:
            await tongue.start()
        except EngineError as error:
            self.notice(tongue.name, str(error))
        else:
            self._speaking.tongue = tongue
        self._speaking.awaited = False

    async def _begin(self, info: CourseInfo) -> None:
        """Begin where the teacher's text was left, in what is told of it."""
        place = Place(info.module, info.topic, info.sentence, info.phrase)
        await self._preparing.begin(place[:2], [check[:2] for check in info.checks], teaches=info.checking != "only")
        place = in_telling(self._machine.voice.course, place)
        self._emit(replace(info, sentence=place.sentence, phrase=place.phrase))

    def _told(self, at: tuple[int, int], lines: Lines, questions: tuple[str, ...], engine: str) -> None:
        self._emit(LessonTold(self._schedule.now, *at, lines, engine, questions))

    # --- time --------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _background_start(self) -> AsyncIterator[None]:
        """Load recogniser and answerer: before the class on the samples' clock, beside it in real time."""

        async def start() -> None:
            await asyncio.gather(self._answering.start(), self._listening.start(), self._tongue_starts())

        self._speaking.awaited = self._engines.tongue is not None
        starting = asyncio.create_task(start())
        self._running.watch(starting)
        try:
            if self._stepped:
                await starting
            yield
        finally:
            starting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await starting

    async def _settle(self) -> None:
        await self._preparing.settle()
        await self._listening.settle()
        await self._pace.settle()

    def _block(self, frame: Frame) -> None:
        """One block of 10 ms: advance the media time and see what changed."""
        self._schedule.advance(frame.t)
        self._speaking.track(frame.played)
        self._listening.feed(frame)
        for event in self._frame_events(frame):
            self._emit(event)
        if frame.hold:
            self._speaking.hold(frame.hold)
        self._speaking.pump()
        if self._watch:
            self._watch(frame)

    def _mute(self, muted: bool) -> None:
        self._sound.mute(muted)
        self._emit(MicrophoneMuted(self._schedule.now, muted))

    def _voice_failed(self, error: EngineError) -> None:
        self._emit(Error(self._schedule.now, self._engines.tts.name, str(error)))
        self._failed(error)

    def _failed(self, error: EngineError) -> None:
        """Without this engine there is no class."""
        self._failure = error
        self.control("failed")

    async def _close(self) -> None:
        self._sound.close()
        await self._preparing.close()
        await self._pace.close()
        voices = [voice for voice in (self._engines.tts, self._engines.tongue) if voice]
        await asyncio.gather(
            self._listening.close(), self._engines.answerer.close(), *(voice.close() for voice in voices)
        )

"""Listening without a tutor: frames to the recogniser, and the decision when an utterance is over.

An utterance ends as a learner's turn does in a class (`turns.patience`), except that every final is taken as it
comes: nothing is joined to one question. What nobody confirmed to be a voice is discarded as noise.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from profai_cli.commands import Command, DiscardSpeech, FinalizeSpeech, to_dict
from profai_cli.errors import EngineError
from profai_cli.events import (
    Decision,
    Event,
    FinalTranscript,
    InputEnded,
    Metrics,
    PartialTranscript,
    SpeechConfirmed,
    SpeechEnded,
    SpeechStarted,
    SttUnavailable,
)
from profai_cli.ports import HANGOVER, DeviceChange, Frame, Sound, SpeechToText
from profai_cli.session.frames import FrameEvents, device_event
from profai_cli.session.listening import Listening
from profai_cli.session.pace import LivePace, Schedule, SteppedPace
from profai_cli.turns import patience


@dataclass(slots=True)
class _Utterance:
    """What is known of an utterance; media times in seconds. began, ended: its first and last voiced sample.

    confirmed: somebody speaks, as far as is known; spoken: somebody has, in a stretch of voice that has ended.
    """

    began: float
    ended: float | None = None
    stretches: int = 0
    confirmed: bool = False
    spoken: bool = False
    words_at: float | None = None
    partial: str = ""


class Hearing:
    """Hears until the input ends, or for ever. `readers` get every event, `watch` every frame.

    stepped: on the samples' clock.
    Besides the events of a class's listening there are `Metrics`: voice_level_db (mean power of the microphone
    while the voice was on), first_partial_ms (first voiced sample to first words), final_words_ms (last voiced
    sample to final words), sound_faults_count.
    """

    def __init__(
        self,
        sound: Sound,
        stt: SpeechToText,
        *,
        stepped: bool,
        readers: Sequence[Callable[[Event], None]],
        watch: Callable[[Frame], None],
    ) -> None:
        self._sound, self._stepped = sound, stepped
        self._readers, self._watch = readers, watch
        self._schedule = Schedule()
        pace = SteppedPace(self._schedule) if stepped else LivePace()
        self._events: deque[Event] = deque()
        self._listening = Listening(stt, pace, self._schedule, emit=self._events.append)
        self._frames: asyncio.Queue[Frame | Exception] = asyncio.Queue()
        self._utterance: _Utterance | None = None
        self._asked: deque[_Utterance] = deque()
        self._timer = 0
        self._speaking = False
        self._power, self._blocks = 0.0, 0  # of the microphone while the voice is on: sum, and over how many blocks
        self._input_ended: float | None = None
        self._frame_events = FrameEvents()

    async def run(self) -> None:
        """Hear. Raises EngineError where the recogniser cannot be used, DeviceError where the sound cannot."""
        loop = asyncio.get_running_loop()

        def hand_over(given: Frame | Exception) -> None:  # by the sound's thread, which `close` ends before the loop
            loop.call_soon_threadsafe(self._frames.put_nowait, given)

        try:
            await self._listening.start()
            self._tell()
            if not self._stepped:
                self._sound.on_fault = hand_over
                self._sound.start(hand_over)
            while not self._over():
                self._block(await self._next())
                if self._stepped:
                    await self._listening.settle()
                self._tell()
        finally:
            self._sound.close()
            await self._listening.close()
        self._tell()

    def device(self, change: DeviceChange) -> None:
        """Tell the readers, with the next block, that a device was lost or is there again."""
        self._events.append(device_event(self._schedule.now, change))

    async def _next(self) -> Frame:
        if not self._stepped:
            given = await self._frames.get()
            if isinstance(given, Exception):
                raise given
            return given
        await asyncio.sleep(0)  # lets Ctrl-C in
        return self._sound.step()

    def _over(self) -> bool:
        """The input has ended and so have its words."""
        if self._input_ended is None or self._utterance or self._asked:
            return False
        return self._schedule.now >= self._input_ended + patience.TURN_END

    def _block(self, frame: Frame) -> None:
        self._schedule.advance(frame.t)
        self._listening.feed(frame)
        for event in self._frame_events(frame):
            self._events.append(event)
            match event:
                case SpeechStarted():
                    self._begin(frame)
                case SpeechConfirmed():
                    self._confirm(frame)
                case SpeechEnded():
                    self._pause(frame)
                case InputEnded():
                    self._input_ended = frame.t
        if self._speaking:
            self._power += 10 ** (frame.microphone_dbfs / 10)
            self._blocks += 1
        self._watch(frame)

    # --- the voice ---------------------------------------------------------------------------------

    def _begin(self, frame: Frame) -> None:
        self._speaking = True
        self._power, self._blocks = 0.0, 0
        self._utterance = self._utterance or _Utterance(frame.t)
        self._utterance.ended = None
        self._wait(patience.NOISE)

    def _confirm(self, frame: Frame) -> None:
        self._utterance = self._utterance or _Utterance(frame.t)
        self._utterance.confirmed = True
        self._wait(patience.LONGEST_TURN)

    def _pause(self, frame: Frame) -> None:
        self._speaking = False
        self._measure("voice_level_db", 10 * math.log10(self._power / self._blocks))
        utterance = self._utterance
        if utterance is None:
            return
        utterance.confirmed = utterance.spoken = utterance.spoken or (utterance.confirmed and frame.voiced > 0)
        if frame.voiced > 0:
            utterance.stretches += 1
            utterance.ended = frame.t - HANGOVER
            if utterance.stretches == 1:
                utterance.began = utterance.ended - frame.voiced
        self._wait(patience.turn_end(utterance.partial))

    def _wait(self, seconds: float) -> None:
        """Decide on the utterance in `seconds`, unless something else begins to be waited for."""
        self._timer += 1
        timer = self._timer
        self._schedule.at(self._schedule.now + seconds, lambda: self._decide() if timer == self._timer else None)

    def _decide(self) -> None:
        utterance, self._utterance = self._utterance, None
        if utterance is None:
            return
        if utterance.confirmed:
            self._asked.append(utterance)
            self._order(FinalizeSpeech())
            self._listening.finalize()
        else:
            self._order(DiscardSpeech())
            self._listening.discard()

    # --- the words ---------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Give the readers what has happened, and take the words from it. Raises EngineError."""
        while self._events:
            event = self._events.popleft()
            for reader in self._readers:
                reader(event)
            match event:
                case PartialTranscript():
                    self._note_words(event)
                case FinalTranscript():
                    self._note_final(event)
                case SttUnavailable():
                    raise EngineError(event.reason)

    def _note_words(self, event: PartialTranscript) -> None:
        utterance = self._asked[0] if self._asked else self._utterance
        if utterance is None:
            return
        utterance.partial = event.text
        if utterance.words_at is None and event.text:
            utterance.words_at = event.t

    def _note_final(self, event: FinalTranscript) -> None:
        if self._asked:
            utterance: _Utterance | None = self._asked.popleft()
        else:  # a long one, which the recogniser has cut by itself
            utterance, self._utterance = self._utterance, None
            if self._speaking and utterance is not None:
                self._utterance = _Utterance(event.t, confirmed=utterance.confirmed)
        if utterance is None:
            return
        if utterance.words_at is not None:
            self._measure("first_partial_ms", (utterance.words_at - utterance.began) * 1000)
        if utterance.ended is not None:
            self._measure("final_words_ms", (event.t - utterance.ended) * 1000)

    def _measure(self, figure: str, value: float) -> None:
        self._events.append(Metrics(self._schedule.now, figure, round(value, 1)))

    def _order(self, command: Command) -> None:
        self._events.append(Decision(self._schedule.now, to_dict(command)))

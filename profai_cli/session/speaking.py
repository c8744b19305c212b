"""The tutor's voice in a class: sentences to sound, and sound that left the speaker to words that were heard."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from profai_cli.commands import Flush, Release, Speak
from profai_cli.errors import EngineError
from profai_cli.events import (
    AudioChunk,
    AudioGenerationComplete,
    AudioGenerationStarted,
    Event,
    Heard,
    ReplyFinished,
    TeachingContent,
    TtsCancelled,
    TtsHeld,
    TtsInterrupted,
    TtsReady,
    TtsResumed,
    VoiceTuned,
)
from profai_cli.pcm import SOUND_RATE, seconds
from profai_cli.ports import Player, Speech, TextToSpeech, WordTime
from profai_cli.session.pace import Job, Pace, Schedule

AHEAD_SECONDS = 3.0
"""Sound kept ready before the voice is asked for the next sentence: enough to bridge a slow engine, little
enough that a change of speed is heard soon."""

ROOM_SECONDS = 20.0
"""Sound that the player is given at most; what a voice has made beyond it, of a very long sentence, waits here."""


@dataclass(slots=True)
class _Sounding:
    """A sentence in the player: where its samples are, and its words."""

    command: Speak
    begin: int
    words: list[WordTime] = field(default_factory=list)
    rate: int = SOUND_RATE
    sound_end: int | None = None
    end: int | None = None
    started: bool = False
    heard: int = 0

    def heard_at(self, played: int) -> int:
        """Characters heard when `played` samples have left the speaker."""
        if self.sound_end is not None and played >= self.sound_end:
            return len(self.command.text)
        heard = 0
        for word, following in pairwise(self.words):
            if self.begin + following.at * SOUND_RATE > played:
                break
            heard = word.end
        return heard


class Speaking:
    """Carries out the commands that concern the voice. `fail` is told when the voice cannot be used.

    tongue: says what a model wrote, from when it is set on: the voice of a class in another language than the course's.
    awaited: it is being loaded; what a model wrote waits for it.
    """

    tongue: TextToSpeech | None = None
    awaited = False

    def __init__(
        self,
        player: Player,
        tts: TextToSpeech,
        pace: Pace,
        schedule: Schedule,
        *,
        emit: Callable[[Event], None],
        fail: Callable[[EngineError], None],
    ) -> None:
        self._player, self._tts, self._pace, self._schedule = player, tts, pace, schedule
        self._emit, self._fail = emit, fail
        self._reply = 0  # the one that is being said; 0: none
        self._whole = False
        self._held = False
        self._speed = 1.0
        self._waiting: deque[Speak] = deque()
        self._sounding: deque[_Sounding] = deque()
        self._made: deque[Speech | None] = deque()  # of the last in `_sounding`, for the player; None: its end
        self._job: Job | None = None
        self._using = tts  # for the last sentence
        self._engine = ""  # whose name was told

    def ready(self) -> None:
        """Tell which voice speaks, if it is another one than was told."""
        if self._using is self._tts and self._tts.name != self._engine:
            self._engine = self._tts.name
            self._emit(TtsReady(self._schedule.now, self._engine))

    def speak(self, command: Speak) -> None:
        """Append a sentence; the first of a new reply begins it."""
        if command.reply != self._reply:
            self._reply, self._whole = command.reply, False
        self._waiting.append(command)

    def finish(self, reply: int) -> None:
        """No sentence of `reply` follows."""
        self._whole = reply == self._reply

    def tune(self, speed: float, volume: float) -> None:
        """Set the speed of the sentences to come and the volume of all."""
        self._speed = speed
        self._player.volume(volume)
        self._emit(VoiceTuned(self._schedule.now, speed, volume))

    def hold(self, reflex: int = 0) -> None:
        """Fall silent, or stay so, and tell where. reflex: number of the hold that the reflex has made.

        Where nothing is being said any more, what it held has ended meanwhile, and the next reply must not be held.
        """
        if not self._reply:
            self._player.release(reflex)
            return
        hold, self._held = self._player.hold(), True
        self.track(self._player.rendered)
        command = self._sounding[0].command if self._sounding else self._waiting[0] if self._waiting else None
        sentence = command.sentence if command else 0
        char = self._sounding[0].heard if self._sounding else 0
        self._emit(TtsHeld(self._schedule.now, self._reply, hold, sentence, char))

    def release(self, command: Release) -> None:
        """Go on at the very sample."""
        self._held = False
        self._player.release(command.hold)
        self._emit(TtsResumed(self._schedule.now, command.reply, command.hold))

    def flush(self, command: Flush) -> None:
        """Drop all that is left of the reply."""
        self.stop()
        now = self._schedule.now
        if command.sentence is None:
            self._emit(TtsCancelled(now, command.reply))
        else:
            self._emit(TtsInterrupted(now, command.reply, command.sentence, command.char))

    def stop(self) -> None:
        """Silence, without a word."""
        if self._job:
            self._job.cancel()
            self._job = None
        self._player.flush()
        self._waiting.clear()
        self._sounding.clear()
        self._made.clear()
        self._end_reply()

    def pump(self) -> None:
        """Give the player what was made, and ask the voice for the next sentence when little sound is left."""
        self._pour()
        if self._job or not self._waiting or self._ready > AHEAD_SECONDS or (self.awaited and self._waiting[0].made):
            return
        command = self._waiting.popleft()
        sounding = _Sounding(command, self._player.written)
        self._sounding.append(sounding)
        using = self._using = (self.tongue if command.made else None) or self._tts
        self._emit(AudioGenerationStarted(self._schedule.now, command.reply, command.sentence, using.name))
        self._job = self._pace.run(
            using.speak(command.text, self._speed),
            using.delay,
            self._take,
            lambda error: self._fail(error) if error else self._take(None),
        )

    def track(self, played: int) -> None:
        """Tell what was heard when `played` samples have left the speaker."""
        now = self._schedule.now
        while self._sounding:
            sounding = self._sounding[0]
            command = sounding.command
            if played <= sounding.begin and sounding.sound_end != sounding.begin:
                return
            if not sounding.started:
                sounding.started = True
                self._emit(
                    TeachingContent(
                        now, command.reply, command.sentence, command.text, command.kind, command.place, command.made
                    )
                )
            heard = sounding.heard_at(played)
            if heard > sounding.heard:
                sounding.heard = heard
                end = heard == len(command.text)
                self._emit(Heard(now, command.reply, command.sentence, heard, end))
            if sounding.end is None or played < sounding.end:
                return
            self._sounding.popleft()
        if self._whole and not (self._held or self._waiting or self._job):
            self._emit(ReplyFinished(now, self._end_reply()))

    @property
    def _ready(self) -> float:
        """Seconds of sound that the player has and has not handed to the speaker."""
        return (self._player.written - self._player.rendered) / SOUND_RATE

    def _end_reply(self) -> int:
        """From here on nothing is being said; returns the reply that was."""
        reply, self._reply = self._reply, 0
        self._whole = self._held = False
        return reply

    def _take(self, speech: Speech | None) -> None:
        """Sound of the sentence that is being made, or its end."""
        if speech:
            self.ready()
        self._made.append(speech)
        self._pour()

    def _pour(self) -> None:
        while self._made and self._ready < ROOM_SECONDS:
            speech = self._made.popleft()
            if speech:
                self._write(self._sounding[-1], speech)
            else:
                self._end_sentence(self._sounding[-1])

    def _write(self, sounding: _Sounding, speech: Speech) -> None:
        start = (self._player.written - sounding.begin) / SOUND_RATE
        self._player.write(speech.pcm, speech.rate)
        sounding.rate = speech.rate
        sounding.words.extend(speech.words)
        length = seconds(speech.pcm, speech.rate)
        command = sounding.command
        self._emit(AudioChunk(self._schedule.now, command.reply, command.sentence, round(start, 4), round(length, 4)))

    def _end_sentence(self, sounding: _Sounding) -> None:
        self._job = None
        command = sounding.command
        self._player.write(b"", sounding.rate, last=True)
        sounding.sound_end = self._player.written
        length = (sounding.sound_end - sounding.begin) / SOUND_RATE
        self._player.silence(command.pause)
        sounding.end = self._player.written
        self._emit(AudioGenerationComplete(self._schedule.now, command.reply, command.sentence, round(length, 4)))

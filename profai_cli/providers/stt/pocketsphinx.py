"""Speech recognition without a network: CMU's pocketsphinx in a process of its own, told what a course is about.

This is the parent's side of `pocketsphinx_service`: it cuts the class's frames into utterances and keeps each
one's sound until its final words are there, so that a crash of the engine loses nothing.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BLOCKS_A_SECOND, SPEECH_RATE, seconds
from profai_cli.ports import Cache, Frame, Pronouncer, Recognized, Vocabulary
from profai_cli.providers.stt.decoder import Decoder

PRE_ROLL: Final = 80
"""Frames (800 ms) before the voice was found that belong to the utterance: the first word is among them."""

ONSET: Final = 16
"""Frames (160 ms) before the voice was found from which on the sound is taken as it was before the echo canceller,
which dims the learner while the tutor sounds, most of all the first consonants. The tutor falls silent at the
same moment, so little echo is in it. Of 208 orders by four voices over a tutor, echo at -6 and -12 dB, 121 were
understood with the cancelled sound, 139 from 50 ms before on, 156 from 120 ms, 165 from 160 ms, and 172 where
the cancelled sound is tried after no words were found."""

BATCH: Final = 10
"""Frames (100 ms) that are decoded at a time."""

LONGEST: Final = 30 * BLOCKS_A_SECOND
"""Frames after which an utterance is finalized by itself."""

PARTIAL_DELAY: Final = 0.05
FINAL_DELAY: Final = 0.04
FINAL_DELAY_A_SECOND: Final = 0.06
DOUBTED_DELAY_A_SECOND: Final = 0.25
"""The stated delays, s, and s a second of sound with its pre-roll; more where the stock model is asked too.
Measured beside other work on two cores: 0.09 to 0.18 for 1.8 to 2.4 s of sound, 0.4 to 0.6 where it was asked."""


@dataclass(slots=True)
class _Utterance:
    """The sound of one utterance as it grows, and what has been made of it."""

    pcm: bytearray = field(default_factory=bytearray)
    cancelled: bytearray = field(default_factory=bytearray)
    frames: int = 0
    sent: int = 0
    partial: str = ""
    discarded: bool = False

    def take(self, frame: Frame, onset: bool) -> None:
        """Append a block; from its onset on, as it was before the echo canceller."""
        self.pcm += (frame.raw or frame.pcm) if onset else frame.pcm
        self.cancelled += frame.pcm
        self.frames += 1


@dataclass(frozen=True, slots=True)
class _Job:
    """Decode an utterance's sound up to byte `end`: live from `begin`, or as a whole."""

    utterance: _Utterance
    begin: int
    end: int
    cause: float
    final: bool


class Pocketsphinx:
    """Obeys `ports.SpeechToText`. `discard` concerns the running utterance; a final that is due still comes.

    An utterance of more than 30 s is finalized by itself, and while the voice goes on another one follows.
    """

    name = "pocketsphinx"

    def __init__(self, vocabulary: Vocabulary, cache: Cache, pronouncer: Pronouncer | None) -> None:
        self._decoder = Decoder(vocabulary, cache, pronouncer)
        self._recent: deque[Frame] = deque(maxlen=PRE_ROLL)
        self._voice = False
        self._silent_since = 0.0
        self._t = 0.0
        self._utterance: _Utterance | None = None
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Process number of the engine."""
        return self._decoder.pid

    async def start(self, emit: Callable[[Recognized | EngineError], None]) -> None:
        """Load, at first use building the course's model; raises EngineError."""
        await self._decoder.start()
        self._task = asyncio.create_task(self._work(emit))

    def feed(self, frame: Frame) -> None:
        """Take a block; never waits."""
        self._t = frame.t
        if frame.voice == "ended":
            self._voice, self._silent_since = False, frame.t
        elif frame.voice is not None:
            self._voice = True
        if self._utterance is not None:
            self._append(self._utterance, frame)
        elif frame.voice in ("started", "confirmed"):  # confirmed: in a noise that was discarded
            self._utterance = begun = _Utterance()
            for age, earlier in zip(range(len(self._recent), 0, -1), self._recent, strict=True):
                begun.take(earlier, onset=age <= ONSET)
            self._append(begun, frame)
        self._recent.append(frame)

    def finalize(self) -> None:
        """End the utterance: its final words follow. Without an utterance: an empty final follows."""
        utterance = self._utterance or _Utterance()
        self._utterance = None
        self._enqueue(utterance, final=True)
        # What was said has been used; what comes after the silence may be the next utterance's begin.
        used = self._t if self._voice else self._silent_since
        while self._recent and self._recent[0].t <= used:
            self._recent.popleft()

    def discard(self) -> None:
        """Forget the utterance: nothing more is emitted for it. Its sound may still be a pre-roll."""
        if self._utterance is not None:
            self._utterance.discarded = True
            self._utterance = None

    async def settle(self) -> None:
        """Return when all that was caused by what was fed so far has been emitted."""
        await self._jobs.join()

    async def close(self) -> None:
        """End the process. Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        while not self._jobs.empty():  # lets go of those who wait in `settle`
            self._jobs.get_nowait()
            self._jobs.task_done()
        await self._decoder.close()

    def _append(self, utterance: _Utterance, frame: Frame) -> None:
        utterance.take(frame, onset=True)
        if utterance.frames >= LONGEST:
            going_on = self._voice
            self.finalize()
            self._utterance = _Utterance() if going_on else None
        elif utterance.sent == 0 or utterance.frames % BATCH == 0:
            self._enqueue(utterance, final=False)

    def _enqueue(self, utterance: _Utterance, final: bool) -> None:
        begin, utterance.sent = utterance.sent, len(utterance.pcm)
        self._jobs.put_nowait(_Job(utterance, begin, utterance.sent, self._t, final))

    async def _work(self, emit: Callable[[Recognized | EngineError], None]) -> None:
        """Do the jobs in order; after a second crash, or an error, say so and drop the rest."""
        failed = False
        while True:
            job = await self._jobs.get()
            try:
                if not failed and not job.utterance.discarded:
                    result = await self._recognize(job)
                    if result is not None and not job.utterance.discarded:
                        emit(result)
            except EngineError as error:
                failed = True
                emit(error)
            finally:
                self._jobs.task_done()

    async def _whole(self, pcm: bytes) -> tuple[str, bool, float]:
        """The final words, whether they are about the course, and the stated delay."""
        text, on_course, doubted = await self._decoder.whole(pcm) if pcm else ("", True, False)
        a_second = DOUBTED_DELAY_A_SECOND if doubted else FINAL_DELAY_A_SECOND
        return text, on_course, FINAL_DELAY + a_second * seconds(pcm, SPEECH_RATE)

    async def _recognize(self, job: _Job) -> Recognized | None:
        utterance = job.utterance
        pcm = bytes(utterance.pcm[: job.end])
        if job.final:
            text, on_course, delay = await self._whole(pcm)
            cancelled = bytes(utterance.cancelled[: job.end])
            if not text and cancelled != pcm:
                text, on_course, more = await self._whole(cancelled)
                delay += more
            return Recognized(text, True, job.cause, delay, on_course)
        text = await self._decoder.live(pcm, job.begin)
        if text == utterance.partial:
            return None
        utterance.partial = text
        return Recognized(text, False, job.cause, PARTIAL_DELAY)

"""What local recognisers share: the frames of a class become utterances, and their words come in order.

The sound of an utterance is kept until its final words are there, so that the crash of an engine loses nothing.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.ports import Frame, Recognized
from profai_cli.providers.stt import utterances

PRE_ROLL: Final = round(utterances.PRE_ROLL * BLOCKS_A_SECOND)
"""`utterances.PRE_ROLL` in frames."""

ONSET: Final = 16
"""Frames (160 ms) before the voice was found from which on the sound is taken from the linear canceller: the other one
dims the learner while the tutor sounds, most of all the first consonants. Measured with the plain microphone in its
place, when the voice was found later: of 208 orders by four voices over a tutor, echo at -6 and -12 dB, pocketsphinx
understood 121 with the cancelled sound, 139 from 50 ms before on, 156 from 120 ms, 165 from 160 ms, and 172 where
the cancelled sound is tried after no words were found."""

LULL: Final = 0.6
"""Seconds after a voice that still belong to the utterance. An ear that takes over from one that has failed gets
seconds of silence behind the words, which spoil them: pocketsphinx takes the mean of the spectrum over all sound."""

LONGEST: Final = 30 * BLOCKS_A_SECOND
"""Frames after which an utterance is finalized by itself."""


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
        """Append a block; from its onset on, as it was before the echo canceller could dim it."""
        self.pcm += (frame.undimmed or frame.pcm) if onset else frame.pcm
        self.cancelled += frame.pcm
        self.frames += 1


@dataclass(frozen=True, slots=True)
class _Job:
    """Decode an utterance's sound up to byte `end`; what lies before `begin` was given before."""

    utterance: _Utterance
    begin: int
    end: int
    cause: float
    final: bool


@dataclass(frozen=True, slots=True)
class FinalWords:
    """The words of an utterance. delay: what the engine states for them, s."""

    text: str
    delay: float
    on_course: bool = True


class LocalEar(ABC):
    """The part of `ports.SpeechToText` that is the same for every engine which decodes PCM16 at 16 kHz.

    `discard` concerns the running utterance; a final that is due still comes. An utterance of more than 30 s is
    finalized by itself, and while the voice goes on another one follows.
    """

    batch: ClassVar[int]
    """Frames that are decoded at a time."""
    partial_delay: ClassVar[float]
    """The stated delay of partial words, s."""

    def __init__(self) -> None:
        self._recent: deque[Frame] = deque(maxlen=PRE_ROLL)
        self._voice = False
        self._silent_since = 0.0
        self._t = 0.0
        self._utterance: _Utterance | None = None
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """For the learner."""

    @abstractmethod
    def expect(self, terms: Sequence[str]) -> None:
        """The terms of what is taught now."""

    @abstractmethod
    async def _load(self) -> None:
        """Make the engine ready; raises EngineError."""

    @abstractmethod
    async def _live(self, pcm: bytes, begin: int) -> str:
        """The words so far of an utterance; [:begin] of its sound was given before. Raises EngineError."""

    @abstractmethod
    async def _whole(self, pcm: bytes, begin: int) -> FinalWords:
        """The final words of an utterance, as above; there may be no sound at all. Raises EngineError."""

    @abstractmethod
    async def _unload(self) -> None:
        """Free the engine. Idempotent."""

    async def start(self, emit: Callable[[Recognized | EngineError], None]) -> None:
        """Load; raises EngineError."""
        await self._load()
        self._task = asyncio.create_task(self._work(emit))

    def feed(self, frame: Frame) -> None:
        """Take a block; never waits."""
        self._t = frame.t
        if frame.voice == "ended":
            self._voice, self._silent_since = False, frame.t
        elif frame.voice is not None:
            self._voice = True
        if self._utterance is not None:
            if self._voice or frame.t - self._silent_since < LULL:
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
        """Free everything. Idempotent."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        while not self._jobs.empty():  # lets go of those who wait in `settle`
            self._jobs.get_nowait()
            self._jobs.task_done()
        await self._unload()

    @property
    def _behind(self) -> bool:
        """More waits to be decoded. Never on the samples' clock, which waits for the engine."""
        return not self._jobs.empty()

    def _append(self, utterance: _Utterance, frame: Frame) -> None:
        utterance.take(frame, onset=True)
        if utterance.frames >= LONGEST:
            going_on = self._voice
            self.finalize()
            self._utterance = _Utterance() if going_on else None
        elif utterance.sent == 0 or utterance.frames % self.batch == 0:
            self._enqueue(utterance, final=False)

    def _enqueue(self, utterance: _Utterance, final: bool) -> None:
        begin, utterance.sent = utterance.sent, len(utterance.pcm)
        self._jobs.put_nowait(_Job(utterance, begin, utterance.sent, self._t, final))

    async def _work(self, emit: Callable[[Recognized | EngineError], None]) -> None:
        """Do the jobs in order; after an error say so and drop the rest."""
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

    async def _recognize(self, job: _Job) -> Recognized | None:
        utterance = job.utterance
        pcm = bytes(utterance.pcm[: job.end])
        if job.final:
            words = await self._whole(pcm, job.begin)
            delay, cancelled = words.delay, bytes(utterance.cancelled[: job.end])
            if not words.text and cancelled != pcm:
                words = await self._whole(cancelled, 0)
                delay += words.delay
            return Recognized(words.text, True, job.cause, delay, words.on_course)
        text = await self._live(pcm, job.begin)
        if text == utterance.partial:
            return None
        utterance.partial = text
        return Recognized(text, False, job.cause, self.partial_delay)

"""What recognisers on the network have in common: sound goes out as it is captured, words come back when they come.

A vendor's module opens a `Connection` and says what its messages mean; everything else is here.

What goes out is the cancelled sound. `Frame.undimmed` has the learner's first syllables as they were (cancelled, their
first 150 ms are 4 dB weaker, at worst 17), but with them what is left of the tutor. Measured in simulated rooms over 48
orders, echo at -6 and -12 dB, learner as loud or 6 dB louder, with pocketsphinx hearing any of the orders' words in any
order: of 100 words 25 were wrong with the cancelled sound, 30 with `undimmed` while the voice was on, 37 with it from
160 ms before that on, and 54 with it alone; of whole orders, where it knew them, it took 47, 46, 47 and 35.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from profai_cli.errors import EngineError, EngineLost, EngineStalled
from profai_cli.pcm import BYTES_A_SAMPLE, SPEECH_RATE, seconds
from profai_cli.ports import Frame, Recognition, Recognized
from profai_cli.providers.limits import Limits
from profai_cli.providers.stt.connection import Connect, Connection, Heard, Timeline, Word
from profai_cli.providers.stt.utterances import Utterances

LIMITS: Final = Limits()

STANDSTILL: Final = 0.5
"""Seconds without a frame after which the sound counts as interrupted: no message could be expected meanwhile."""

SPEECH: Final = 0.8
"""Seconds of a voice in which there are words: "mm-hm" and "okay" last less than 0.6 s."""

ROUNDS: Final = 2
"""How often `Limits.final` begins anew for an engine that is still hearing what it was sent late: after a lost
connection, the next one gets all of the utterance at once."""


class StreamingRecogniser:
    """Obeys `ports.SpeechToText`. It fails once, and then says nothing more; a layer above makes another one.

    batch: seconds of sound in a message. idle: seconds without sound after which the connection is kept alive.
    steady: the engine sends messages all the time while it gets sound, so that their absence means something.
    """

    def __init__(
        self,
        name: str,
        connect: Connect,
        *,
        terms: Sequence[str] = (),
        limits: Limits = LIMITS,
        batch: float = 0.04,
        idle: float = 3.0,
        steady: bool = True,
    ) -> None:
        self.name = name
        self._connect, self._terms, self._limits = connect, tuple(terms), limits
        self._size = round(batch * SPEECH_RATE) * BYTES_A_SAMPLE
        self._idle, self._steady = idle, steady
        self._emit: Callable[[Recognition], None] = _ignore
        self._connection: Connection | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._orders: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None
        self._settled = asyncio.Event()
        self._settled.set()
        self._works = False
        self._utterances, self._timeline, self._batch = Utterances(), Timeline(), bytearray()
        self._t = self._alive_at = 0.0
        self._fed_at = -math.inf
        self._answered = True  # something came since the last flush
        self._rounds = 0
        self._confirmed = self._spoke = False  # the voice is, and the last one was, a person's; it was long, too

    async def start(self, emit: Callable[[Recognition], None]) -> None:
        """Connect; raises EngineError."""
        self._connection = connection = await self._connect(self._terms)
        self._emit, self._works = emit, True
        for work in (self._read, self._write):
            task = asyncio.create_task(self._guard(work, connection))
            task.add_done_callback(_report)
            self._tasks.append(task)

    def expect(self, terms: Sequence[str]) -> None:
        """The terms of what is taught now."""
        self._terms = tuple(terms)
        if self._works and self._connection:
            self._orders.put_nowait(partial(self._connection.expect, self._terms))

    def feed(self, frame: Frame) -> None:
        """Take a block; never waits."""
        if not self._works:
            return
        self._t = frame.t
        self._note_voice(frame)
        if frame.pcm:
            if self._stands_still():
                self._fail(self._stalled())
                return
            self._timeline.add(frame.t - seconds(frame.pcm, SPEECH_RATE), frame.pcm)
            self._batch += frame.pcm
        if len(self._batch) >= self._size:
            self._send()
        if self._utterances.advance(frame.t, frame.voice):
            self._flush()

    def finalize(self) -> None:
        """End the utterance: its final words follow. Without an utterance: an empty final follows."""
        if not self._works:
            return
        flushing = self._utterances.flushing
        final = self._utterances.finalize()
        if final is not None:
            self._tell([final])
            return
        if not flushing:
            self._flush()
        if self._timer:
            self._timer.cancel()
        self._rounds = ROUNDS
        self._await_final()

    def discard(self) -> None:
        """Forget the utterance: nothing more is emitted for it; a final that was asked for still comes."""
        self._utterances.discard()
        self._tell([])

    async def settle(self) -> None:
        """Return when the final words that are awaited have come, or are given up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.final):
                await self._settled.wait()

    async def close(self) -> None:
        """Free everything, within `Limits.close` and a little. Idempotent."""
        self._stop()
        tasks, self._tasks = self._tasks, []
        connection, self._connection = self._connection, None
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            if connection:
                await connection.close()

    # --- out ---------------------------------------------------------------------------------------

    def _send(self) -> None:
        if self._batch and self._connection:
            self._orders.put_nowait(partial(self._connection.send, bytes(self._batch)))
            self._batch.clear()

    def _flush(self) -> None:
        """Ask for final words sooner than the engine would give them."""
        self._send()
        if self._connection:
            self._answered = False
            self._settled.clear()
            self._orders.put_nowait(self._connection.flush)

    async def _write(self, connection: Connection) -> None:
        while True:
            try:
                async with asyncio.timeout(self._idle):
                    order = await self._orders.get()
            except TimeoutError:
                self._keep_alive(connection)
            else:
                await order()

    def _keep_alive(self, connection: Connection) -> None:
        if self._timeline.empty:  # engines count their time-outs from the first sound on
            silence = bytes(self._size)
            self._batch += silence
            self._timeline.add(self._t, silence)
        if self._batch:
            self._send()
        else:
            self._orders.put_nowait(connection.keep_alive)

    # --- in ----------------------------------------------------------------------------------------

    async def _read(self, connection: Connection) -> None:
        async for heard in connection.messages():
            self._alive_at, self._answered = asyncio.get_running_loop().time(), True
            if heard.guessed and self._spoke:
                raise self._stalled()
            self._tell(self._utterances.hear(self._in_media_time(heard)))
        raise EngineLost(f"{self.name} ended the connection: check the network.")

    def _in_media_time(self, heard: Heard) -> Heard:
        if self._timeline.empty:  # so nothing can have been heard
            return Heard()
        media = self._timeline.media
        words = heard.words and tuple(Word(word.text, media(word.start), media(word.end)) for word in heard.words)
        since, until = (None if at is None else media(at) for at in (heard.since, heard.until))
        return replace(heard, words=words, since=since, until=until)

    def _tell(self, results: Iterable[Recognized]) -> None:
        asked = self._utterances.asked
        if not asked and not self._utterances.flushing:
            self._settled.set()
        if self._timer and not asked:
            self._timer.cancel()
            self._timer = None
        for result in results:
            if self._works:
                self._emit(result)

    def _note_voice(self, frame: Frame) -> None:
        if frame.voice == "ended":
            self._spoke = self._confirmed and frame.voiced >= SPEECH
        elif frame.voice is not None:
            self._confirmed = frame.voice == "confirmed"

    # --- faults ------------------------------------------------------------------------------------

    def _stands_still(self) -> bool:
        """Whether there is sound, and no message for too long."""
        now = asyncio.get_running_loop().time()
        if now - self._fed_at > STANDSTILL:
            self._alive_at = now
        self._fed_at = now
        return self._steady and now - self._alive_at > self._limits.gap

    def _await_final(self) -> None:
        self._settled.clear()
        self._timer = asyncio.get_running_loop().call_later(self._limits.final, self._time_out)

    def _time_out(self) -> None:
        """The final words that were asked for have not come in time."""
        self._timer = None
        if not self._answered:
            self._fail(self._stalled())
        elif self._utterances.behind and self._rounds:
            self._rounds -= 1
            self._answered = False
            self._await_final()
        else:
            self._fail(EngineStalled(f"{self.name} gives no final words: check the network."))

    def _stalled(self) -> EngineStalled:
        return EngineStalled(f"{self.name} does not answer any more: check the network.")

    async def _guard(self, work: Callable[[Connection], Awaitable[None]], connection: Connection) -> None:
        try:
            await work(connection)
        except EngineError as error:
            self._fail(error)

    def _fail(self, error: EngineError) -> None:
        if self._works:
            self._stop()
            self._emit(error)

    def _stop(self) -> None:
        self._works = False
        self._settled.set()
        if self._timer:
            self._timer.cancel()
        for task in self._tasks:
            task.cancel()


def _ignore(result: Recognition) -> None:
    """Before the start nobody listens."""


def _report(task: asyncio.Task[None]) -> None:
    """A fault of profai itself must not go unseen."""
    if not task.cancelled() and (error := task.exception()):
        task.get_loop().call_exception_handler({"message": "A recogniser's task broke.", "exception": error})

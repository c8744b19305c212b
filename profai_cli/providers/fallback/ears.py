"""Several recognisers as one. What was said since the last final words is kept, and given to the next one."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.ports import EngineFailed, EngineReady, Frame, Recognition, Recognized, SpeechToText
from profai_cli.providers.fallback.keeper import Keeper, report
from profai_cli.providers.fallback.ladder import Rung

IDLE: Final = round(1.5 * BLOCKS_A_SECOND)
"""Frames kept while nobody speaks: more than any recogniser's pre-roll."""

LONGEST: Final = 40 * BLOCKS_A_SECOND
"""Frames kept of what is said: more than the longest turn (30 s) with its pre-roll."""


class FallbackEars:
    """A `ports.SpeechToText` made of others, from the best to the last resort.

    While one is replaced the sound is kept, and the next one hears it from the last final words on. Where none is
    left for now, turns have no words until one is back. required: the start fails where none can be had at once.
    """

    def __init__(
        self,
        rungs: Sequence[Rung[SpeechToText]],
        clock: Callable[[], float] = time.monotonic,
        *,
        required: bool = False,
    ) -> None:
        self._required = required
        self._keeper: Keeper[SpeechToText] = Keeper(rungs, self._start, self._told, clock)
        self._emit: Callable[[Recognition], None] = lambda _recognition: None
        self._kept: deque[Frame] = deque(maxlen=LONGEST)
        self._terms: Sequence[str] = ()
        self._voice = False
        self._open = False  # something was said whose final words have not come
        self._asked = False  # for its final words
        self._silent = False  # it was told that an engine failed, and not yet who goes on
        self._switch: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """Of the recogniser in use; empty where there is none now."""
        return self._keeper.engine.name if self._keeper.engine else ""

    async def start(self, emit: Callable[[Recognition], None]) -> None:
        """Start the best recogniser that can be. Raises EngineError where none ever will, or is required."""
        self._emit = emit
        try:
            engine = await self._keeper.best()
        except EngineError:
            if self._required or self._keeper.hopeless:
                raise
            return
        self._silent = False
        if self._terms:
            engine.expect(self._terms)

    def expect(self, terms: Sequence[str]) -> None:
        """See `ports.SpeechToText`."""
        self._terms = terms
        if self._keeper.engine:
            self._keeper.engine.expect(terms)

    def feed(self, frame: Frame) -> None:
        """Take a block; never waits."""
        self._kept.append(frame)
        if frame.voice == "ended":
            self._voice = False
        elif frame.voice is not None:
            self._voice = self._open = True
        if self._switch is None:
            if self._keeper.engine:
                self._keeper.engine.feed(frame)
            if not self._open:
                self._forget(IDLE)
        if self._switch is None and (self._keeper.may_try() or (not self._open and self._keeper.improves())):
            self._change()  # unless it has just failed in `feed`, which has begun a change already

    def finalize(self) -> None:
        """End the utterance: its final words follow, an empty one where nobody has heard it."""
        self._asked = True
        if self._switch is None:
            self._ask()

    def discard(self) -> None:
        """Forget the utterance, but not what was asked for."""
        if not self._asked:
            self._open = False
            self._forget(IDLE)
            for _ in range(len(self._kept)):  # for the next one it must be no utterance either
                self._kept.append(replace(self._kept.popleft(), voice=None))
        if self._switch is None and self._keeper.engine:
            self._keeper.engine.discard()

    async def settle(self) -> None:
        """Return when all that was caused by what was fed so far has been emitted."""
        while self._switch:
            await asyncio.wait({self._switch})
        if self._keeper.engine:
            await self._keeper.engine.settle()

    async def close(self) -> None:
        """Free everything. Idempotent."""
        switch, self._switch = self._switch, None
        if switch:
            switch.cancel()
            with suppress(asyncio.CancelledError):
                await switch
        await self._keeper.close()

    async def _start(self, engine: SpeechToText) -> None:
        await engine.start(partial(self._hear, engine))

    def _hear(self, engine: SpeechToText, result: Recognition) -> None:
        if engine is not self._keeper.engine or self._switch:  # one that was given up, or has not begun
            if isinstance(result, EngineError):
                self._keeper.lost(engine, result)
            return
        if isinstance(result, EngineError):
            self._keeper.failed(result)
            self._change()
            return
        if isinstance(result, Recognized) and result.final:
            if result.text:
                self._keeper.worked()
            self._asked, self._open = False, self._voice
            while self._kept and self._kept[0].t <= result.cause:
                self._kept.popleft()
        self._emit(result)

    def _told(self, name: str, reason: str, _following: str) -> None:
        if self._keeper.hopeless:
            return  # what is emitted then is the error
        self._silent = True
        self._emit(EngineFailed(name, reason))

    def _change(self) -> None:
        """Take the best engine there is now, and let it hear what was kept."""
        self._switch = asyncio.create_task(self._take_over())
        self._switch.add_done_callback(report)

    async def _take_over(self) -> None:
        before = self._keeper.name
        try:
            engine = await self._keeper.best()
        except EngineError as error:
            self._switch = None
            if self._keeper.hopeless:
                self._emit(error)
            elif self._asked:
                self._ask()
            return
        self._switch = None
        if self._silent or self._keeper.name != before:
            self._silent = False
            self._emit(EngineReady(engine.name))
        engine.expect(self._terms)
        if self._open and self._kept and not any(frame.voice in ("started", "confirmed") for frame in self._kept):
            self._kept[0] = replace(self._kept[0], voice="confirmed")  # its begin had its final words
        for frame in self._kept:
            engine.feed(frame)
        if self._asked:
            engine.finalize()

    def _ask(self) -> None:
        if self._keeper.engine:
            self._keeper.engine.finalize()
        else:
            self._asked = self._open = False
            t = self._kept[-1].t if self._kept else 0.0
            self._emit(Recognized("", True, t, 0.0))

    def _forget(self, frames: int) -> None:
        """Keep the newest frames only."""
        while len(self._kept) > frames:
            self._kept.popleft()

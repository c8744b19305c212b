"""Sarvam's voice for Indian languages, through its SDK: one warm websocket, used sentence after sentence.

The vendor tells no times of words, so they are spread over the sound; and it has no way to cancel but to leave, so a
cancelled sentence closes its socket, and the next one is opened at once.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BYTES_A_SAMPLE, seconds
from profai_cli.ports import Speech
from profai_cli.providers import sarvam
from profai_cli.providers.limits import Limits
from profai_cli.providers.tts.plain_text import pieces, sayable
from profai_cli.providers.tts.sarvam_line import RATE, Line, open_line
from profai_cli.providers.tts.word_times import WordTimes
from profai_cli.settings import Access

SPEAKER: Final = "shubh"
"""The vendor's default for its model; the SDK's is a name of an older model, which this one refuses."""

SLOWEST: Final = 0.5
FASTEST: Final = 2.0

PING: Final = 25.0
"""Seconds between two signs of life of a connection that waits; the vendor closes it after 60 without any."""

_CAUTION: Final = 0.9
"""Of the speed at which the last sentence was said: better a word is thought to come too late than too early."""

_LETTERS_A_SECOND: Final = 50
"""No voice speaks as fast: what is shorter was cut off."""


def supports(language: str) -> bool:
    """Whether the voice speaks a language, given as "hi" or "en-IN"."""
    return sarvam.supports(language)


class SarvamVoice:
    """A `ports.TextToSpeech`. speaker: a name of bulbul:v3, in lower case."""

    name = "Sarvam"
    delay = 0.4

    def __init__(
        self,
        access: Access,
        *,
        language: str,
        speaker: str | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._access, self._limits = access, limits
        self._language, self._speaker = language, speaker or SPEAKER
        self._warm: asyncio.Future[Line] | None = None
        self._lines: set[Line] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._state = "new"
        self._letters = 0.0  # characters a second at speed 1, in the last sentence

    async def start(self) -> None:
        """Load the SDK in a thread and connect, which tries the key. Raises EngineError."""
        if self._state == "new":
            self._return(await self._open())
            self._state = "started"
            self._run(self._keep_alive())

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech, None]:
        """Say one sentence as its sound comes. The times of the last words come with a piece that holds no sound.

        speed: what is beyond 0.5 to 2 is said as slowly or fast as the vendor can. Text without a letter or digit
        yields nothing. Raises EngineError.
        """
        if self._state != "started":
            raise RuntimeError("the voice was not started")
        text = sayable(text)
        pace = min(max(speed, SLOWEST), FASTEST)
        words, end = WordTimes(text), 0.0
        for offset, piece in pieces(text):
            begin, letters = end, self._letters * pace * _CAUTION
            async with aclosing(self._sound(piece, pace)) as sound:
                async for pcm in sound:
                    end += seconds(pcm, RATE)
                    said = min(int((end - begin) * letters), len(piece))
                    yield Speech(pcm, RATE, words.until(offset + said, end) if said else ())
            if (end - begin) * _LETTERS_A_SECOND < sum(map(str.isalnum, piece)):
                raise sarvam.lost("stops in mid-sentence: try again later, or choose another voice")
            self._letters = len(piece) / (end - begin) / pace
            if rest := words.until(offset + len(piece), end):
                yield Speech(b"", RATE, rest)

    async def close(self) -> None:
        """Close all connections, within `Limits.close` and a little. Idempotent; the voice cannot be used again."""
        self._state = "closed"
        tasks, lines = list(self._tasks), list(self._lines)
        if self._warm:
            self._warm.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*(line.close() for line in lines), *tasks, return_exceptions=True)

    async def _sound(self, text: str, pace: float) -> AsyncGenerator[bytes, None]:
        """The sound of a piece of text, in whole samples."""
        line = await self._take()
        try:
            await line.ask(text, pace)
            left = b""
            while sound := await line.sound():
                pcm = left + sound
                whole = len(pcm) // BYTES_A_SAMPLE * BYTES_A_SAMPLE
                left = pcm[whole:]
                yield pcm[:whole]
        except (GeneratorExit, asyncio.CancelledError):
            self._drop(line)
            if self._warm is None and self._state == "started":
                self._warm = self._run(self._open())
            raise
        except EngineError:
            self._drop(line)
            raise
        self._return(line)

    async def _take(self) -> Line:
        """A connection; the warm one, if it is still good. Raises EngineError."""
        warm, self._warm = self._warm, None
        if warm is None:
            return await self._open()
        line = await warm
        if line.open:
            return line
        self._drop(line)
        return await self._open()

    def _return(self, line: Line) -> None:
        """Keep it for the next sentence, if there is none yet."""
        if self._warm is not None or self._state == "closed":
            self._drop(line)
            return
        self._warm = asyncio.get_running_loop().create_future()
        self._warm.set_result(line)

    def _drop(self, line: Line) -> None:
        self._run(self._leave(line))

    async def _leave(self, line: Line) -> None:
        await line.close()
        self._lines.discard(line)  # not before: `close` may cancel this before it begins

    async def _open(self) -> Line:
        line = await open_line(self._access, sarvam.code(self._language), self._speaker, self._limits)
        self._lines.add(line)
        return line

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(PING)
            warm = self._warm
            if warm and warm.done() and not warm.exception() and warm.result().open:
                await warm.result().ping()

    def _run(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """In the background, until the end or `close`; its error is of use to nobody but who awaits it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

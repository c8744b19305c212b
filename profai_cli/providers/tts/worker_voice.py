"""A voice whose engine runs in a worker process; the crash of one does no harm.

The service answers {"op": "load", ...} with nothing, and {"op": "speak", "text", "speed"} with pieces of
sound: {"rate": samples a second, "words": [[character, seconds], ...]} and PCM16. The same sentence has to
give the same pieces always.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import chain
from typing import Any

from profai_cli.errors import EngineCrashed, EngineError
from profai_cli.pcm import seconds
from profai_cli.ports import Speech
from profai_cli.providers.tts.plain_text import pieces, sayable
from profai_cli.providers.tts.word_times import WordTimes
from profai_cli.providers.wire import Message
from profai_cli.providers.worker import Worker


class WorkerVoice:
    """A `ports.TextToSpeech` in front of a service module; `load` is what its engine is loaded with."""

    def __init__(self, name: str, delay: float, service: str, load: dict[str, Any]) -> None:
        self.name = name
        self.delay = delay
        self._service = service
        self._load = load
        self._worker: Worker | None = None
        self._restarts_left = 1
        self._lock = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Process number of the engine while it runs."""
        return self._worker.pid if self._worker else None

    async def start(self) -> None:
        """Start the process and load the engine, once. Raises EngineError."""
        async with self._lock:
            if self._worker is None:
                self._worker = await self._loaded()

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech, None]:
        """Say one sentence in pieces of about 100 ms; words come with or before their sound.

        Words that the engine was silent about may come with a last piece that holds no sound. Text without
        a letter or digit yields nothing. Raises EngineError.
        """
        text = sayable(text)
        words, begin, rate = WordTimes(text), 0.0, 0
        for offset, piece in pieces(text):
            end = begin
            request = {"op": "speak", "text": piece, "speed": speed}
            async with aclosing(self._ask(request)) as replies:
                async for header, pcm in replies:
                    rate = header["rate"]
                    reached = (words.reach(offset + char, begin + at) for char, at in header["words"])
                    yield Speech(pcm, rate, tuple(chain.from_iterable(reached)))
                    end += seconds(pcm, rate)
            begin = end
        rest = words.until(len(text), begin)
        if rest and rate:
            yield Speech(b"", rate, rest)

    async def close(self) -> None:
        """End the process. Idempotent; the voice cannot be used again."""
        async with self._lock:
            self._restarts_left = 0
            if self._worker:
                await self._worker.close()

    async def _ask(self, request: dict[str, Any]) -> AsyncGenerator[Message, None]:
        """The replies to a request, each once, even if the process dies between two of them."""
        given = 0
        while True:
            worker = self._worker
            if worker is None:
                raise RuntimeError("the voice was not started")
            number = 0
            try:
                async for reply in worker.submit(request):
                    number += 1
                    if number > given:
                        given = number
                        yield reply
                return
            except EngineCrashed:
                await self._replace(worker)

    async def _replace(self, dead: Worker) -> None:
        """Start a new process for a dead one, once in the life of the voice. Raises EngineError."""
        async with self._lock:
            if self._worker is not dead:  # another sentence's crash was the same crash
                return
            if self._restarts_left == 0:
                raise EngineError(f"The voice {self.name} has stopped: choose another one with --tts.")
            self._restarts_left -= 1
            await dead.close()
            self._worker = await self._loaded()

    async def _loaded(self) -> Worker:
        worker = Worker(self._service)
        try:
            await worker.start()
            await worker.submit({"op": "load", **self._load}).only()
        except EngineCrashed as error:
            await worker.close()
            raise EngineError(f"The voice {self.name} does not start: choose another one with --tts.") from error
        except BaseException:  # also a cancelled start must leave no process behind
            await worker.close()
            raise
        return worker

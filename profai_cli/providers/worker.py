"""An engine in a process of its own, so that neither its GIL, its crash nor its licence reaches profai.

The parent's side. Requests are answered in the order sent, each by any number of replies; the parent need
not wait for one before it sends the next. The messages are those of `wire`, the child's side is
`worker_child`.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from profai_cli.errors import EngineCrashed, EngineError
from profai_cli.providers.wire import LENGTHS, Message, pack

FROZEN_SECONDS: Final = 20.0
"""A process that says nothing for so long is taken for dead: the slowest step there is, the first making of a
course's language model, took 5 s on a busy machine."""

CLOSE_SECONDS: Final = 0.3
"""How long a process may take to end by itself. One that is still loading does not listen; Ctrl-C waits for it."""

_PACKAGES: Final = str(Path(__file__).parents[2])
"""The folder that holds the package profai_cli."""


class Replies:
    """The replies to one request: an async iterator of (header, payload).

    Raises EngineError, and EngineCrashed where the process died or is frozen.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Message | EngineError | None] = asyncio.Queue()

    def put(self, item: Message | EngineError | None) -> None:
        """Deliver a reply, an error, or the end (None)."""
        self._queue.put_nowait(item)

    def __aiter__(self) -> "Replies":
        return self

    async def __anext__(self) -> Message:
        try:
            async with asyncio.timeout(FROZEN_SECONDS):  # Python 3.11's wait_for swallows a cancellation at times
                item = await self._queue.get()
        except TimeoutError as error:
            raise EngineCrashed("The engine does not answer any more.") from error
        if item is None:
            raise StopAsyncIteration
        if isinstance(item, EngineError):
            raise item
        return item

    async def only(self) -> Message:
        """The last reply, for requests that have one."""
        replies = [reply async for reply in self]
        return replies[-1] if replies else ({}, b"")


class Worker:
    """A child process that runs `service`, a module with a class `Service` (see `worker_child`)."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._name = service.rsplit(".", 1)[-1]
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._pending: deque[Replies] = deque()

    @property
    def pid(self) -> int | None:
        """Process number while it runs."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start, or start again, the process. Its loading errors come with the first request."""
        await self.close()
        try:
            # A session of its own keeps the terminal's Ctrl-C away: the parent alone decides when to end.
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "profai_cli.providers.worker_child", self._service,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=_environment(), start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise EngineError(f"The engine {self._name} could not be started: {error}.") from error
        self._reader = asyncio.create_task(self._read(self._process))

    def submit(self, header: dict[str, Any], payload: bytes = b"") -> Replies:
        """Send a request; never waits. If the process is gone the replies raise EngineCrashed."""
        replies = Replies()
        if self._process is None or self._process.stdin is None or self._reader is None or self._reader.done():
            replies.put(EngineCrashed(f"The engine {self._name} has stopped."))
            return replies
        self._pending.append(replies)
        self._process.stdin.write(pack(header, payload))
        return replies

    async def close(self) -> None:
        """End the process: by the end of its input, then by force. Idempotent."""
        process, reader = self._process, self._reader
        self._process = self._reader = None
        if process is None or reader is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), CLOSE_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):  # it has ended in this moment
                process.kill()
            await process.wait()
        await reader

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Hand replies to their requests until the process ends."""
        stdout = process.stdout
        assert stdout is not None
        try:
            while True:
                header_size, payload_size = LENGTHS.unpack(await stdout.readexactly(LENGTHS.size))
                header = json.loads(await stdout.readexactly(header_size))
                self._deliver(header, await stdout.readexactly(payload_size))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            while self._pending:
                self._pending.popleft().put(EngineCrashed(f"The engine {self._name} stopped by itself."))

    def _deliver(self, header: dict[str, Any], payload: bytes) -> None:
        if "error" in header:
            self._pending[0].put(EngineError(header["error"]))
        elif not header.get("done"):
            self._pending[0].put((header, payload))
            return
        self._pending.popleft().put(None)


def _environment() -> dict[str, str]:
    """The child imports from where its parent did, and with -P never from the learner's own folder. It needs no key."""
    paths = [_PACKAGES, *filter(None, [os.environ.get("PYTHONPATH")])]
    shared = {name: value for name, value in os.environ.items() if not name.upper().endswith("_API_KEY")}
    return {**shared, "PYTHONPATH": os.pathsep.join(paths)}

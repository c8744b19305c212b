"""A websocket of an emulator: the network's delay in both directions, and the faults that all sockets share."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.emulators.stage import Fault, Stage, abort

DROPS: Final = 3.0
"""Seconds by which each message of a slow drip is late."""

NONSENSE: Final = ("\u0000\ufffd", "<html>502 Bad Gateway</html>", '{"type": "Nonsense", "data": 7}', "[]", "null", "{")


@dataclass(frozen=True, slots=True)
class _Close:
    """The last thing to send. code None: a close frame without one."""

    code: int | None
    text: str


class Line:
    """One connection. Messages keep their order; each is `network` seconds on its way.

    Its faults: "stall_after" (never a word), "garbage" (nothing but nonsense), "slow_drip" (every message late),
    "malformed" (each message after all the `junk` of the vendor), "abort" and "close" (see `cut`).
    """

    def __init__(
        self, request: web.Request, stage: Stage, vendor: str, fault: Fault | None, junk: tuple[str, ...] = ()
    ) -> None:
        self.fault = fault
        self.received = 0
        """Bytes of sound."""
        self._request = request
        self._stage = stage
        self.vendor = vendor
        self._junk = junk
        self._nonsense = itertools.cycle(NONSENSE)
        self._network = stage.delays.get("network", 0.0)
        self._think = stage.delays.get(f"{vendor}.think", 0.0)
        self._socket = web.WebSocketResponse(compress=False, timeout=1.0, max_msg_size=2**24)
        self._in: asyncio.Queue[tuple[float, str | bytes | None]] = asyncio.Queue()
        self._out: asyncio.Queue[tuple[float, str | _Close]] = asyncio.Queue()
        self._closing = False
        self._ended: dict[str, Any] = {}
        self._hushed = False

    @property
    def ordered(self) -> str:
        """The kind of the fault, "" where all is well."""
        return self.fault.kind if self.fault else ""

    async def run(self, serve: Callable[["Line"], Awaitable[None]]) -> web.WebSocketResponse:
        """Do the handshake, serve, and note how much came and who ended it."""
        with contextlib.suppress(ConnectionResetError):
            await self._socket.prepare(self._request)
        if not self._socket.prepared:  # the client has left in the middle of the handshake
            return self._socket
        reading, writing = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        self._stage.lines.append(self)
        try:
            await serve(self)
            if self._closing:
                await writing
        finally:
            self._stage.lines.remove(self)
            for task in (reading, writing):
                task.cancel()
            await asyncio.gather(reading, writing, return_exceptions=True)
            path, ended = self._request.path, self._ended or {"by": "server", "code": None}
            self._stage.note(self.vendor, "media", path=path, bytes=self.received)
            self._stage.note(self.vendor, "disconnect", path=path, **ended)
        return self._socket

    async def receive(self, patience: float | None = None) -> str | bytes | None:
        """The next message, None at the end. Raises TimeoutError."""
        due, message = await asyncio.wait_for(self._in.get(), patience)
        await asyncio.sleep(due - time.monotonic())
        return message

    def send(self, message: dict[str, Any], think: bool = True) -> None:
        """Send later, when the engine has thought and the network has carried it."""
        if self._hushed or self.ordered == "stall_after":
            return
        texts = [json.dumps(message)]
        if self.ordered == "garbage":
            texts = [next(self._nonsense)]
        elif self.ordered == "malformed":
            texts[:0] = self._junk
        due = self._due(think) + DROPS * (self.ordered == "slow_drip")
        for text in texts:
            self._out.put_nowait((due, text))

    def hush(self) -> None:
        """Send nothing from now on."""
        self._hushed = True

    def close(self, code: int | None = 1000, text: str = "", think: bool = True) -> None:
        """Close after all that was sent; `serve` should return now."""
        self._closing = True
        self._ended = {"by": "server", "code": code}
        self._out.put_nowait((self._due(think), _Close(code, text)))

    def cut(self, heard: float) -> bool:
        """Whether the fault cuts the line now, with `heard` seconds of sound received; it is done then."""
        if self.fault is None or heard < self.fault.seconds or self.ordered not in ("abort", "close"):
            return False
        if self.ordered == "close":
            self.close(self.fault.status or 1011, self.fault.text, think=False)
        else:
            self._ended = {"by": "server", "code": None}
            abort(self._request)
        return True

    def _due(self, think: bool) -> float:
        return time.monotonic() + self._network + self._think * think

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive()
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                break
            self._in.put_nowait((time.monotonic() + self._network, message.data))
        said = message.type is WSMsgType.CLOSE
        self._ended = self._ended or {"by": "client" if said else "nobody", "code": message.data if said else None}
        self._in.put_nowait((0.0, None))

    async def _write(self) -> None:
        """Until the line is closed."""
        while True:
            due, message = await self._out.get()
            await asyncio.sleep(due - time.monotonic())
            with contextlib.suppress(ConnectionError):  # the client has left: `_read` notes it
                if isinstance(message, str):
                    await self._socket.send_str(message)
            if isinstance(message, _Close):
                await self._close(message)
                return

    async def _close(self, last: _Close) -> None:
        """Send the close frame, and read on until the answer.

        aiohttp's own `close` ends the connection at once where a task is reading: a client that is still sending then
        gets a reset instead of the frame. Nor can it send a frame without a code.
        """
        writer = self._socket._writer
        assert writer
        code = b"" if last.code is None else last.code.to_bytes(2, "big")
        with contextlib.suppress(ConnectionError, TimeoutError):
            await writer.send_frame(code + last.text.encode(), WSMsgType.CLOSE)
            while await self.receive(1.0) is not None:
                pass


async def left(request: web.Request) -> None:
    """Say nothing until the other side leaves."""
    while request.transport and not request.transport.is_closing():  # noqa: ASYNC110 - aiohttp tells of it by no event
        await asyncio.sleep(0.05)

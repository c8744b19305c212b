"""A host of models on 127.0.0.1, in a thread: serves files as Google Cloud Storage does, with faults to order."""

import asyncio
import base64
import struct
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

import google_crc32c
from aiohttp import web

PIECE = 1 << 16


@dataclass
class Fault:
    """What goes wrong with the next `times` GETs of a file, after `after` bytes of the body."""

    kind: Literal["drop", "stall", "wrong", "no_range", "status"]
    after: int = 0
    times: int = 1
    status: int = 404


@dataclass
class ModelHost:
    """`files` by path. checksums, lengths: whether the host tells them. `seen`: method, path, first byte asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    checksums: bool = True
    lengths: bool = True
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    url: str = ""

    def got(self, path: str) -> list[int]:
        """First bytes of the GETs of a file."""
        return [begin for method, asked, begin in self.seen if method == "GET" and asked == path]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.lstrip("/")
        begin = request.http_range.start or 0
        self.seen.append((request.method, path, begin))
        body = self.files.get(path)
        if body is None:
            return web.Response(status=404)
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{crc32c(body)}"'}
        if self.checksums:
            headers["x-goog-hash"] = f"crc32c={crc32c(body)}, md5=unused"
        if request.method == "HEAD":
            if self.lengths:
                headers["Content-Length"] = str(self.sizes.get(path, len(body)))
            return web.Response(headers=headers)
        fault = self._fault(path)
        if fault and fault.kind == "status":
            return web.Response(status=fault.status)
        if begin and begin >= len(body):
            return web.Response(status=416)
        if fault and fault.kind == "no_range":
            begin = 0
        return await _send(request, body, begin, headers, fault)

    def _fault(self, path: str) -> Fault | None:
        for fault in self.faults.get(path, []):
            if fault.times:
                fault.times -= 1
                return fault
        return None


async def _send(
    request: web.Request, body: bytes, begin: int, headers: dict[str, str], fault: Fault | None
) -> web.StreamResponse:
    response = web.StreamResponse(status=206 if begin else 200, headers=headers)
    if begin:
        response.headers["Content-Range"] = f"bytes {begin}-{len(body) - 1}/{len(body)}"
    response.content_length = len(body) - begin
    await response.prepare(request)
    broken = fault is not None and fault.kind in ("drop", "stall")
    end = begin + fault.after if fault and broken else len(body)
    for offset in range(begin, end, PIECE):
        piece = body[offset : min(offset + PIECE, end)]
        await response.write(bytes(255 - byte for byte in piece) if fault and fault.kind == "wrong" else piece)
    if broken and fault:
        if fault.kind == "stall":
            await asyncio.Event().wait()
        transport = request.transport
        assert transport is not None
        transport.close()  # what was written still arrives
    return response


@contextmanager
def running(host: ModelHost) -> Iterator[ModelHost]:
    """Serve until the end of the block."""
    ready, done = threading.Event(), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with _listening(host):
            ready.set()
            await done.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    try:
        yield host
    finally:
        loops[0].call_soon_threadsafe(done.set)
        thread.join()


@asynccontextmanager
async def _listening(host: ModelHost) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", host.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()


def crc32c(data: bytes) -> str:
    """As Google writes it."""
    return base64.b64encode(struct.pack(">I", google_crc32c.value(data))).decode()


@cache
def forged(size: int, checksum: str) -> bytes:
    """Zeros, but for the last four bytes, which give a wanted CRC-32C: what the library's own list can be served with.

    The register is run backwards over four bytes, and then set against what it is after the zeros.
    """
    (wanted,) = struct.unpack(">I", base64.b64decode(checksum))
    table = [_entry(index) for index in range(256)]
    register = wanted ^ 0xFFFFFFFF
    for _ in range(4):
        index = next(i for i, entry in enumerate(table) if entry >> 24 == register >> 24)
        register = ((register ^ table[index]) << 8 & 0xFFFFFFFF) | index
    body = bytes(size - 4)
    return body + struct.pack("<I", register ^ google_crc32c.value(body) ^ 0xFFFFFFFF)


def _entry(index: int) -> int:
    for _ in range(8):
        index = index >> 1 ^ (0x82F63B78 if index & 1 else 0)  # Castagnoli's polynomial, reflected
    return index

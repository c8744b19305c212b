"""What all emulators share: the faults that a test orders, the delays it sets, and the record of what was asked."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import web

KEY = "emulated-key-0123456789abcdef"
"""The only key that the emulators take."""


@dataclass
class Fault:
    """Something that goes wrong, `times` times, the first time after `skip` requests that go well.

    kind: "refuse" (HTTP `status`, or a documented `code` in band where the protocol does so), "busy" (429 with a
    Retry-After of `seconds`), "stall_before" and "stall_after" (the handshake or the response's head), "abort" (TCP,
    `seconds` later), "close" (a websocket, with `status` and `text`, `seconds` later), and what a vendor's module adds
    to these.
    """

    vendor: str
    kind: str
    times: int = 1
    skip: int = 0
    status: int = 0
    code: str = ""
    text: str = ""
    seconds: float = 0.0


class Open(Protocol):
    """A socket that is open now."""

    vendor: str
    fault: Fault | None


@dataclass
class Stage:
    """One for all vendors. delays: seconds by name, as a vendor's module documents them; 0 where none is set.

    script: what the recognisers hear, utterance after utterance; without one they really recognise. replies: what the
    models answer, question after question.
    """

    delays: dict[str, float] = field(default_factory=dict)
    script: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    seen: list[dict[str, Any]] = field(default_factory=list)
    open: int = 0
    lines: list[Open] = field(default_factory=list)

    def strike(self, fault: Fault) -> None:
        """Let the sockets of its vendor that are open now show this fault."""
        for line in self.lines:
            if line.vendor == fault.vendor:
                line.fault = fault

    def fault(self, vendor: str) -> Fault | None:
        """The fault that the request now coming must show, if any; it is used up by this."""
        for fault in self.faults:
            if fault.vendor != vendor:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                return None
            fault.times -= 1
            if fault.times == 0:
                self.faults.remove(fault)
            return fault
        return None

    def note(self, vendor: str, what: str, **more: Any) -> None:
        """Keep for the test what happened. `at`: time.monotonic(), which all processes of a machine share."""
        self.seen.append({"vendor": vendor, "what": what, "at": time.monotonic(), **more})

    async def delay(self, name: str) -> None:
        """Wait as long as the test says."""
        await asyncio.sleep(self.delays.get(name, 0.0))


STAGE = web.AppKey("stage", Stage)


def abort(request: web.Request) -> None:
    """Cut the TCP connection without a word (RST)."""
    if request.transport:
        request.transport.abort()


async def stall() -> None:
    """Say nothing until the other side leaves."""
    await asyncio.Event().wait()

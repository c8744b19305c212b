"""A websocket of a vendor's SDK, held so that it can neither hang a class nor give the key away.

The SDKs of Deepgram and Sarvam open their sockets with websockets' old client, and offer no way to set it up. It takes
up to 30 s to leave a dead network (measured), logs every header at DEBUG, also the key, and follows redirects to any
host with the key. So in the SDK's module another client takes its place, which does none of this and does not compress
sound; every wait is bounded here, and what cannot be waited for is cut (shared facts: wire, 2.4 and 4).
"""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import urlsplit

from profai_cli.errors import EngineError
from profai_cli.providers.limits import Limits

GOODBYE: Final = 0.05
"""Seconds for each of the steps in which websockets closes a connection."""

LARGEST: Final = 2**24
"""Bytes of a message; the sound of a whole sentence may come in one."""

_CLIENT: Final = "websockets_client_connect"
"""What the SDKs' modules call websockets' client."""

_UNHEARD: Final = logging.Logger("unheard", logging.CRITICAL + 1)
"""For websockets, which logs the key: it passes nothing on, to nobody."""

_UNSEEN: Final = logging.NullHandler()
"""For an SDK's log: without a handler, its warnings go to the learner's screen."""

_orphans: set[asyncio.Future[Any]] = set()
"""What the SDKs were told to end, and ends a little later."""

Connect = Callable[..., AbstractAsyncContextManager[Any]]
"""An SDK's method that opens a socket."""

_T = TypeVar("_T")


class Errors(Protocol):
    """What goes wrong with a vendor, for the learner."""

    def silent(self) -> EngineError:
        """It does not answer the handshake."""

    def unreachable(self) -> EngineError:
        """There is no way to it, or something else is there."""

    def answered(self, status: int, headers: dict[str, Any]) -> EngineError:
        """The handshake was answered with another status."""

    def cut_off(self, code: int = 0, text: str = "") -> EngineError:
        """The connection has ended. code: of the close frame, 0 where none came."""


@dataclass(frozen=True, slots=True)
class Sdk:
    """name: of the vendor, for the learner. package: as Python imports it. wheel: as pip installs it."""

    name: str
    package: str
    wheel: str

    def load(self, sockets: str) -> tuple[Any, Any]:
        """Its modules `client` and `environment`; its module `sockets` opens them as this one says from now on.

        For a thread, because it takes half a second at first. Raises EngineError.
        """
        try:
            importlib.import_module(self.package)
        except ImportError:
            raise EngineError(f"{self.name} needs its SDK: run 'pip install {self.wheel}'.") from None
        logging.getLogger(self.package).addHandler(_UNSEEN)
        try:
            client, environment, module = (
                importlib.import_module(f"{self.package}.{name}") for name in ("client", "environment", sockets)
            )
            legacy: Any = importlib.import_module("websockets.legacy.client")
            if not hasattr(module, _CLIENT):  # a new name for it would go unused, and the SDK would hang as before
                raise ImportError
        except ImportError:
            advice = f"run 'pip install --upgrade profai {self.wheel}'"
            raise EngineError(f"{self.name}'s SDK has a version that is not supported: {advice}.") from None
        stays = type("Stays", (legacy.Connect,), {"MAX_REDIRECTS_ALLOWED": 1})  # its word for attempts
        setup = {"close_timeout": GOODBYE, "compression": None, "max_size": LARGEST, "logger": _UNHEARD}
        setattr(module, _CLIENT, partial(stays, **setup))
        return client, environment

    def hosts(self, url: str) -> tuple[str, str] | None:
        """A base URL for requests and the same for sockets; None for the vendor's own. Raises EngineError."""
        if not url:
            return None
        try:
            parts = urlsplit(url.rstrip("/"))
            whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            whole = False
        if not whole:
            variable = f"PROFAI_{self.name.upper()}_URL"
            raise EngineError(f"{self.name}'s address is no URL: set {variable} to one such as https://host.")
        return parts.geturl(), parts._replace(scheme=parts.scheme.replace("http", "ws")).geturl()


class Socket:
    """An open socket. `sdk` is the SDK's own object, whose class is imported late; its methods go through `do`."""

    def __init__(self, context: AbstractAsyncContextManager[Any], sdk: Any, errors: Errors, limits: Limits) -> None:  # noqa: ANN401 - see above
        self.sdk = sdk
        self._context, self._errors, self._limits = context, errors, limits
        self._closed = False

    @property
    def open(self) -> bool:
        """As far as is known here."""
        return not self._closed and bool(self.sdk._websocket.open)

    async def do(self, work: Awaitable[_T]) -> _T:
        """Wait for one of the SDK's methods. Raises EngineError."""
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - the SDK has loaded it; we may not before

        try:
            return await work
        except (ConnectionClosed, OSError) as error:
            frame = getattr(error, "rcvd", None)
        # Raised here, it has no context in which a key might be found.
        raise self._errors.cut_off(frame.code, frame.reason) if frame else self._errors.cut_off()

    async def receive(self) -> Any:  # noqa: ANN401 - one of several classes of the SDK
        """The next message; None where it makes no sense to the SDK. Raises EngineError, also at the end."""
        try:
            return await self.do(self.sdk.recv())
        except (ValueError, TypeError, RecursionError):  # no JSON, or none of the messages that the SDK knows
            return None

    async def messages(self) -> AsyncIterator[Any]:
        """All that `receive` gives; ends only by an EngineError."""
        while True:
            yield await self.receive()

    async def answers(self) -> None:
        """Return when the other side has answered a ping; it may be frozen. Raises EngineError."""
        await self.do(await self.do(self.sdk._websocket.ping()))

    async def close(self, goodbye: Callable[[], Awaitable[None]] | None = None) -> None:
        """Say goodbye, and cut the connection where that takes longer than `Limits.close`. Idempotent.

        goodbye: the SDK's method for the vendor's last message, if there is one.
        """
        if self._closed:
            return
        self._closed = True
        leaving = asyncio.ensure_future(self._leave(goodbye))
        _keep(leaving)
        try:
            await asyncio.wait({leaving}, timeout=self._limits.close)
        finally:
            _cut(self.sdk)
        await asyncio.wait({leaving}, timeout=GOODBYE)

    async def _leave(self, goodbye: Callable[[], Awaitable[None]] | None) -> None:
        if goodbye:
            with suppress(EngineError, TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await self.do(goodbye())
        await self._context.__aexit__(None, None, None)


async def open_socket(load: Callable[[], Connect], query: Mapping[str, Any], errors: Errors, limits: Limits) -> Socket:
    """Run `load` in a thread, and connect by what it gives within `Limits.connect`. Raises EngineError."""
    connect = await asyncio.to_thread(load)
    context = connect(**query)
    opening = asyncio.ensure_future(context.__aenter__())
    opened: set[asyncio.Future[Any]] = set()
    try:
        opened, _ = await asyncio.wait({opening}, timeout=limits.connect)
    finally:
        if not opened:
            opening.cancel()
            _keep(opening)
    if not opened:
        raise errors.silent()
    error = opening.exception()
    if error is not None:
        raise _refusal(error, errors)
    return Socket(context, opening.result(), errors, limits)


def unused_http() -> Any:  # noqa: ANN401 - an httpx.AsyncClient, which is imported late
    """What the SDKs want for requests, of which sockets make none; their own reads proxies and certificates."""
    httpx: Any = importlib.import_module("httpx")
    return httpx.AsyncClient(trust_env=False)


def _refusal(error: BaseException, errors: Errors) -> EngineError:
    """The error for a handshake that failed. The SDKs keep the vendor's headers in their own error's context only."""
    from websockets.exceptions import WebSocketException  # noqa: PLC0415 - loaded with the SDK

    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return errors.answered(status, getattr(error.__context__, "headers", None) or {})
    if isinstance(error, OSError | WebSocketException | UnicodeError):  # the last for a name that is none
        return errors.unreachable()
    raise error


def _cut(sdk: Any) -> None:  # noqa: ANN401 - see Socket
    """End a connection at once, with whatever is on its way."""
    if transport := sdk._websocket.transport:
        transport.abort()


def _keep(work: asyncio.Future[Any]) -> None:
    _orphans.add(work)
    work.add_done_callback(_forget)


def _forget(work: asyncio.Future[Any]) -> None:
    """An orphan has ended, and nobody asks how; one that connected too late is cut."""
    _orphans.discard(work)
    if not work.cancelled() and work.exception() is None and (sdk := work.result()):
        _cut(sdk)

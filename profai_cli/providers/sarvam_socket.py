"""A websocket of Sarvam's SDK without the SDK's hangs; the same for both engines.

The SDK opens its sockets with websockets' old client, which takes 30 s to leave a dead network and follows a redirect
to any host with the key in its headers. So it is bound to short time-outs and to the host it is given, every wait is
bounded here, and sound is not compressed (shared facts: wire, 2.4 and 4).
"""

import asyncio
import importlib
import logging
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from profai_cli.errors import EngineError, EngineRefused
from profai_cli.providers.limits import Limits
from profai_cli.providers.sarvam import lost, refuses, stalled, told
from profai_cli.settings import Access

GOODBYE: Final = 0.05
"""Seconds for each of the steps in which websockets closes a connection."""

LARGEST: Final = 2**24
"""Bytes of a message; the sound of a whole sentence may come in one."""

_orphans: set[asyncio.Future[Any]] = set()
"""What the SDK was told to end, and ends a little later."""


class Socket:
    """An open socket. `sdk` is the SDK's own object; its sending methods go through `do`."""

    def __init__(self, context: AbstractAsyncContextManager[Any], sdk: Any, limits: Limits) -> None:  # noqa: ANN401 - one of two classes that are imported late
        self.sdk = sdk
        self._websocket = sdk._websocket
        self._context, self._limits = context, limits
        self._closed = False

    @property
    def open(self) -> bool:
        """As far as is known here."""
        return not self._closed and bool(self._websocket.open)

    async def do(self, sending: Awaitable[Any]) -> None:
        """Wait for one of the SDK's methods that send. Raises EngineError."""
        await self._told(sending)

    async def receive(self) -> Any:  # noqa: ANN401 - one of several classes of the SDK
        """The next message; None where it makes no sense to the SDK. Raises EngineError, also at the end."""
        try:
            return await self._told(self.sdk.recv())
        except (ValueError, TypeError, RecursionError):  # no JSON, or none of the messages that the SDK knows
            return None

    async def answers(self) -> None:
        """Return when the other side has answered a ping; it may be frozen. Raises EngineError."""
        await self._told(await self._told(self._websocket.ping()))

    async def close(self) -> None:
        """Say goodbye, and cut the connection where that takes longer than `Limits.close`. Idempotent."""
        if self._closed:
            return
        self._closed = True
        leaving = asyncio.ensure_future(self._context.__aexit__(None, None, None))
        _keep(leaving)
        try:
            await asyncio.wait({leaving}, timeout=self._limits.close)
        finally:
            _cut(self.sdk)
        await asyncio.wait({leaving}, timeout=GOODBYE)

    async def _told(self, work: Awaitable[Any]) -> Any:  # noqa: ANN401 - what the work gives
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - loaded with the SDK

        try:
            return await work
        except (ConnectionClosed, OSError) as error:
            frame = getattr(error, "rcvd", None)
        # Raised here, it has no context in which a key might be found.
        if frame and refuses(frame.code):
            raise told(frame.code)
        raise lost("ended the connection: check the network")


async def open_socket(
    access: Access, engine: Literal["speech_to_text", "text_to_speech"], limits: Limits, **query: str
) -> Socket:
    """Load the SDK in a thread, and connect within `Limits.connect`. Raises EngineError."""
    client = await asyncio.to_thread(_client, access, engine)
    context = client.connect(**query)
    opening = asyncio.ensure_future(context.__aenter__())
    taken = False
    try:
        await asyncio.wait({opening}, timeout=limits.connect)
        taken = opening.done()
    finally:
        if not taken:
            opening.cancel()
            _keep(opening)
    if not taken:
        raise stalled()
    error = opening.exception()
    if error is not None:
        raise _refusal(error)
    return Socket(context, opening.result(), limits)


def _client(access: Access, engine: str) -> Any:  # noqa: ANN401 - as above
    """The SDK's client for one of the sockets. For a thread: it takes half a second at first. Raises EngineError."""
    parts = urlsplit(access.url.rstrip("/"))
    if access.url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise EngineError("Sarvam's address is no URL: set PROFAI_SARVAM_URL to one such as https://host.")
    try:
        environments: Any = importlib.import_module("sarvamai.environment")
        client: Any = importlib.import_module("sarvamai.client")
        module: Any = importlib.import_module(f"sarvamai.{engine}_streaming.client")
        legacy: Any = importlib.import_module("websockets.legacy.client")
        httpx: Any = importlib.import_module("httpx")
    except ImportError:
        raise EngineError("Sarvam needs its SDK: run 'pip install sarvamai'.") from None
    for name in ("sarvamai", "websockets"):  # without a handler, warnings would go to the learner's screen
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    stays = type("Stays", (legacy.Connect,), {"MAX_REDIRECTS_ALLOWED": 1})  # its word for attempts
    module.websockets_client_connect = partial(stays, close_timeout=GOODBYE, compression=None, max_size=LARGEST)
    where = environments.SarvamAIEnvironment.PRODUCTION
    if access.url:
        base, socket = parts.geturl(), parts._replace(scheme=parts.scheme.replace("http", "ws")).geturl()
        where = environments.SarvamAIEnvironment(base=base, creative=base, production=socket)
    http = httpx.AsyncClient(trust_env=False)  # the sockets do not use it
    sdk = client.AsyncSarvamAI(api_subscription_key=access.key.reveal(), environment=where, httpx_client=http)
    return getattr(sdk, f"{engine}_streaming")


def _refusal(error: BaseException) -> EngineError:
    """The error for a handshake that failed."""
    from websockets.exceptions import WebSocketException  # noqa: PLC0415 - loaded with the SDK

    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        headers = getattr(error.__context__, "headers", None) or {}
        return told(status, wait=headers.get("Retry-After"))
    if isinstance(error, UnicodeError):
        return EngineRefused("Sarvam's key holds characters that no key has: set it with 'profai keys set sarvam'.")
    if isinstance(error, OSError | WebSocketException | EOFError):
        return lost("cannot be reached: check the network")
    raise error


def _cut(sdk: Any) -> None:  # noqa: ANN401 - as above
    """End a connection at once, with whatever is on its way."""
    if transport := sdk._websocket.transport:
        transport.abort()


def _keep(work: asyncio.Future[Any]) -> None:
    _orphans.add(work)
    work.add_done_callback(_forget)


def _forget(work: asyncio.Future[Any]) -> None:
    """An orphan has ended, and nobody asks how; one that connected too late is cut."""
    _orphans.discard(work)
    if not work.cancelled() and work.exception() is None and hasattr(work.result(), "_websocket"):
        _cut(work.result())

"""Deepgram's SDK, held so that a dead network cannot hang a class: what v1 and v2 (Flux) have in common.

The SDK opens its sockets with websockets' old client, whose close takes up to 30 s where the network is gone
(measured), and it offers no way to set a time-out. So that client is bound to short ones, every wait is bounded
here, and what cannot be waited for is cut.
"""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from profai_cli.errors import EngineError, EngineLost
from profai_cli.providers.limits import Limits
from profai_cli.providers.stt.deepgram_errors import Errors
from profai_cli.settings import Access

GOODBYE: Final = 0.05
"""Seconds for each of the steps in which websockets closes a connection."""

_UNHEARD: Final = logging.NullHandler()

_orphans: set[asyncio.Task[Any]] = set()
"""Tasks of the SDK that were cancelled and may take a moment to end."""


class Socket:
    """An open socket of the SDK. `sdk` is its AsyncV1SocketClient or AsyncV2SocketClient, which are imported late."""

    def __init__(self, context: AbstractAsyncContextManager[Any], sdk: Any, errors: Errors, limits: Limits) -> None:  # noqa: ANN401 - see above
        self.sdk, self.errors = sdk, errors
        self._context, self._limits = context, limits
        self._closed = False

    async def do(self, sending: Awaitable[None]) -> None:
        """Wait for one of the SDK's methods that send. Raises EngineError."""
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - the SDK has loaded it; we may not before

        failure: EngineLost | None = None
        try:
            await sending
        except (ConnectionClosed, OSError) as error:
            failure = self._cut_off(error)
        if failure:  # raised here, it has no context in which a key might be found
            raise failure

    async def messages(self) -> AsyncIterator[Any]:
        """What the SDK makes of the messages; ends only by an EngineError."""
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - as above

        failure = self.errors.cut_off()
        try:
            async for message in self.sdk:
                yield message
        except (ConnectionClosed, OSError) as error:
            failure = self._cut_off(error)
        raise failure

    async def close(self) -> None:
        """Say goodbye within `Limits.close`, then cut the connection. Idempotent."""
        if self._closed:
            return
        self._closed = True
        from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 - as above

        with suppress(ConnectionClosed, OSError):  # a TimeoutError is an OSError
            async with asyncio.timeout(GOODBYE):
                await self.sdk.send_close_stream()
        leaving = asyncio.ensure_future(self._context.__aexit__(None, None, None))
        _keep(leaving)
        try:
            await asyncio.wait({leaving}, timeout=max(self._limits.close - GOODBYE, 0.0))
        finally:
            _cut(self.sdk)
        await asyncio.wait({leaving}, timeout=GOODBYE)

    def _cut_off(self, error: Exception) -> EngineLost:
        frame = getattr(error, "rcvd", None)
        return self.errors.cut_off(frame.code, frame.reason) if frame else self.errors.cut_off()


async def open_socket(
    errors: Errors, access: Access, version: Literal["v1", "v2"], query: Mapping[str, Any], limits: Limits
) -> Socket:
    """Load the SDK, and connect within `Limits.connect`. Raises EngineError."""
    listen = await asyncio.to_thread(_listen, access, version)
    context = listen.connect(**query)
    opening = asyncio.ensure_future(context.__aenter__())
    try:
        await asyncio.wait({opening}, timeout=limits.connect)
    except asyncio.CancelledError:
        opening.cancel()
        _keep(opening)
        raise
    if not opening.done():
        opening.cancel()
        _keep(opening)
        raise errors.silent()
    error = opening.exception()
    if error is not None:
        raise _refusal(error, errors)
    return Socket(context, opening.result(), errors, limits)


def _listen(access: Access, version: str) -> Any:  # noqa: ANN401 - one of two classes that are imported late
    """The SDK's client for one version of live recognition. Takes half a second at first; runs in a thread."""
    hosts = _hosts(access.url)
    try:
        deepgram: Any = importlib.import_module("deepgram")
        module: Any = importlib.import_module(f"deepgram.listen.{version}.client")
        legacy: Any = importlib.import_module("websockets.legacy.client")
    except ImportError:
        raise EngineError("Deepgram needs its SDK: run 'pip install deepgram-sdk'.") from None
    logging.getLogger("deepgram").addHandler(_UNHEARD)  # without a handler, warnings go to the learner's screen
    module.websockets_client_connect = partial(legacy.connect, close_timeout=GOODBYE, logger=_unheard())
    chosen = {"environment": deepgram.DeepgramClientEnvironment(**hosts)} if hosts else {}
    client = deepgram.AsyncDeepgramClient(api_key=access.key.reveal(), **chosen)
    return getattr(client.listen, version)


def _unheard() -> logging.Logger:
    """A log that nobody reads: websockets logs every header, and Deepgram may name the key in one of its own."""
    logger = logging.getLogger(f"{__name__}.unheard")
    logger.addHandler(_UNHEARD)
    logger.propagate = False
    logger.setLevel(logging.CRITICAL)
    return logger


def _hosts(url: str) -> dict[str, str]:
    """The SDK's hosts at another base URL; {} for Deepgram's own."""
    if not url:
        return {}
    try:
        parts = urlsplit(url.rstrip("/"))
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise EngineError("Deepgram's address is no URL: set PROFAI_DEEPGRAM_URL to one such as https://host.")
    base, socket = parts.geturl(), parts._replace(scheme=parts.scheme.replace("http", "ws")).geturl()
    return {"base": base, "production": socket, "agent": socket, "agent_rest": base}


def _refusal(error: BaseException, errors: Errors) -> EngineError:
    """The error for a handshake that failed. The SDK keeps Deepgram's reason in its own error's context only."""
    from websockets.exceptions import WebSocketException  # noqa: PLC0415 - as above

    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return errors.answered(status, getattr(error.__context__, "headers", None) or {})
    if isinstance(error, OSError | WebSocketException | UnicodeError):
        return errors.unreachable()
    raise error


def _cut(sdk: Any) -> None:  # noqa: ANN401 - see Socket
    """End a connection at once, with whatever is on its way."""
    if transport := sdk._websocket.transport:
        transport.abort()


def _keep(task: asyncio.Task[Any]) -> None:
    _orphans.add(task)
    task.add_done_callback(_forget)


def _forget(task: asyncio.Task[Any]) -> None:
    """An orphan has ended, and nobody asks how; one that connected too late is cut."""
    _orphans.discard(task)
    if not task.cancelled() and task.exception() is None and (sdk := task.result()):
        _cut(sdk)

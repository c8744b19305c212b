"""The wire to an OpenAI-compatible server: bare HTTP with server-sent events, over one connection that stays warm.

The vendor's own SDK takes a second to import and gives nothing more (shared facts, wire.md, section 5).
"""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from profai_cli.errors import EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.providers.limits import KEEP_ALIVE, Limits
from profai_cli.providers.llm.failures import body_error, failure
from profai_cli.providers.llm.sse import Events
from profai_cli.settings import Access

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

_OK: Final = 200
_UNAUTHORIZED: Final = 401
_ERRORS: Final = 400
_MOST_TOLD: Final = 65_536  # bytes of a refusal that are read
_THIS_MACHINE: Final = re.compile(r"https?://(?:localhost|127\.[\d.]+|\[::1\])(?:[:/]|\Z)")


class ChatServer:
    """One server, and one model on it. name: for the learner. vendor: for `profai keys`, "" for none."""

    def __init__(self, access: Access, name: str, vendor: str, model: str, limits: Limits) -> None:
        self._access, self._name, self._vendor = access, name, vendor
        self._model, self._limits = model, limits
        self._client: httpx.AsyncClient | None = None

    async def connect(self) -> None:
        """Open the connection. A server need not list its models, but says there what it thinks of the key.

        Raises EngineError.
        """
        key = self._access.key.reveal()
        if not (key.isascii() and key.isprintable() and key == key.strip()):  # httpx's errors would repeat it
            raise self._failure(None, _UNAUTHORIZED)
        if not re.match(r"https?://[\w[]", self._access.url):
            raise EngineRefused(f"{self._name}'s address must begin with http:// or https://: set another one.")
        if self._client is None:
            self._client = await asyncio.to_thread(_client, self._access, self._name, self._limits)
        deadline = _now() + self._limits.connect + self._limits.first
        response = await self._within(deadline, self._client.get(self._url("models")))
        if response.status_code == _UNAUTHORIZED:
            raise self._refusal(response, response.content)

    async def tokens(
        self, body: dict[str, Any], first: float, begun: Callable[[], bool], gap: float | None = None
    ) -> AsyncGenerator[str | None]:
        """The pieces of an answer as they come, then None; closing the iterator hangs up. Raises EngineError.

        first: seconds until `begun` must be true of what was given. gap: between two pieces, where not `limits.gap`.
        """
        assert self._client, "connect comes first"
        deadline = _now() + first
        request = self._client.build_request("POST", self._url("chat/completions"), json=body)
        response = await self._within(deadline, self._client.send(request, stream=True))
        try:
            chunks = response.aiter_bytes()
            if response.status_code != _OK:
                raise self._refusal(response, await self._read(chunks, deadline))
            if response.headers.get("content-type", "").startswith("text/html"):
                raise EngineLost(f"{self._name} answers with a web page: check the network and the address.")
            events = Events()
            while (chunk := await self._within(deadline, anext(chunks, None))) is not None:
                for token in self._tokens(events, chunk):
                    yield token
                    if token is None:
                        await self._drain(chunks)
                        return
                    deadline = _now() + (gap or self._limits.gap) if begun() else deadline
            raise EngineLost(f"{self._name} broke off in mid-answer: ask again.")
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Hang up. Idempotent."""
        client, self._client = self._client, None
        if client:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._limits.close):
                    await client.aclose()

    def _url(self, path: str) -> str:
        return f"{self._access.url.rstrip('/')}/{path}"

    def _tokens(self, events: Events, chunk: bytes) -> Iterator[str | None]:
        """What is in a chunk: pieces of the answer, and None for its end, with which the caller stops.

        What is no JSON is passed over.
        """
        try:
            lines = events.feed(chunk)
        except ValueError:
            raise EngineLost(f"{self._name} answers nonsense: check its address, or ask again.") from None
        for line in lines:
            if line == "[DONE]":
                yield None
            try:
                event = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if error := _at(event, "error"):
                raise self._failure(error)
            token = _at(event, "choices", 0, "delta", "content")
            if token and isinstance(token, str):
                yield token
            if _at(event, "choices", 0, "finish_reason"):
                yield None

    async def _read(self, chunks: AsyncIterator[bytes], deadline: float) -> bytes:
        """The begin of a refusal's body."""
        body = b""
        while len(body) < _MOST_TOLD and (chunk := await self._within(deadline, anext(chunks, None))) is not None:
            body += chunk
        return body

    async def _drain(self, chunks: AsyncIterator[bytes]) -> None:
        """Read the little that follows an answer, as a connection is used again only then."""
        deadline = _now() + self._limits.close
        with contextlib.suppress(EngineLost):
            while await self._within(deadline, anext(chunks, None)) is not None:
                pass

    def _refusal(self, response: "httpx.Response", body: bytes) -> EngineError:
        """The error for a response that is no answer. Redirects are not followed: the key is for this host alone."""
        if response.status_code < _ERRORS:
            return EngineLost(f"{self._name} sends the question elsewhere: check the network and the address.")
        return self._failure(body_error(body), response.status_code, response.headers.get("retry-after", ""))

    def _failure(self, error: object, status: int = 0, after: str = "") -> EngineError:
        return failure(
            error,
            status=status,
            after=after,
            name=self._name,
            vendor=self._vendor,
            model=self._model,
            key=self._access.key,
        )

    async def _within(self, deadline: float, work: Awaitable[T]) -> T:
        """What `work` returns. Foreign errors end here; they are not chained, as they may hold the key's header."""
        import httpx  # noqa: PLC0415 - `connect` has imported it, in a thread

        try:
            async with asyncio.timeout_at(deadline):
                return await work
        except (TimeoutError, httpx.TimeoutException):
            error: EngineError = EngineStalled(f"{self._name} takes too long: check the network, or ask again.")
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
            error = EngineRefused(f"{self._name}'s address is not one of the web: set another one.")
        except httpx.ConnectError:
            error = EngineLost(f"{self._name} cannot be reached: check the network and the address.")
        except (httpx.HTTPError, httpx.StreamError):
            error = EngineLost(f"{self._name}'s connection broke: check the network, or ask again.")
        raise error


def _client(access: Access, name: str, limits: Limits) -> "httpx.AsyncClient":
    """To be called in a thread: the import takes 0.3 s and the certificates 0.1 s. Raises EngineError."""
    import httpx  # noqa: PLC0415 - late, see above

    key = access.key.reveal()
    headers = {"Accept-Encoding": "identity"}  # a proxy that compresses would hold tokens back
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        return httpx.AsyncClient(
            headers=headers,
            timeout=httpx.Timeout(None, connect=limits.connect),
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE),
            follow_redirects=False,
            trust_env=not _THIS_MACHINE.match(access.url),  # which no proxy can reach
        )
    except (ImportError, ValueError, httpx.InvalidURL):  # what httpx makes of a proxy it cannot use
        raise EngineError(
            f"{name} cannot be reached through the proxy that is set: check HTTPS_PROXY and ALL_PROXY."
        ) from None


def _now() -> float:
    return asyncio.get_running_loop().time()


def _at(value: Any, *path: str | int) -> Any:  # noqa: ANN401 - JSON
    """The value at a path into JSON; None where there is none."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value

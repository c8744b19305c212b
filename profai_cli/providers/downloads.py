"""Large files over HTTP: asked for again where they broke off. Where they are kept is told by `Incoming`."""

import importlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, Final, Protocol, Self

from profai_cli.errors import EngineError, EngineLost

if TYPE_CHECKING:
    import httpx

PATIENCE: Final = 20.0
"""Seconds without a byte after which a connection counts as lost."""
TRIES: Final = 3
"""Attempts in a row without a byte after which a file is given up; of those that end in wrong bytes, one fewer."""
WAIT: Final = 1.0
"""Seconds before another attempt, where the last one brought nothing."""

_PARTIAL, _NOT_SATISFIABLE = 206, 416
_TRY_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})

Moved = Callable[[str, int], None]
"""Is told of a file and of how many bytes more of it there are; fewer, where it has to begin anew."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to fetch. path: below the folder of its model, with "/". size, crc32c, tag: None and "" where unknown.

    tag: the host's name for this version (HTTP's ETag).
    """

    path: str
    url: str
    size: int | None
    crc32c: str
    tag: str = ""


class Incoming(Protocol):
    """What keeps a file while it comes; see `storage.incoming`."""

    @property
    def there(self) -> bool:
        """All of it is at its place."""

    @property
    def come(self) -> int:
        """Bytes of it that are here."""

    def right(self) -> bool:
        """What has come is all of it."""

    def append(self, chunks: Iterable[bytes], count: Callable[[int], None]) -> None:
        """Write chunks as they come, and tell the size of each."""

    def discard(self) -> None:
        """Forget what has come."""

    def finish(self) -> None:
        """Put it at its place."""


class Downloads:
    """Fetches files from one host. A context manager. `host`: takes the place of the files' own, for a mirror."""

    def __init__(self, own: str, host: str = "", patience: float = PATIENCE, wait: float = WAIT) -> None:
        self._own, self._host, self._wait = own, (host or own).rstrip("/"), wait
        try:
            self._httpx = importlib.import_module("httpx")
        except ImportError:
            raise EngineError("Nothing can be downloaded without httpx: run pip install httpx.") from None
        # What a proxy or host would compress on its way has neither the length nor the checksum that are promised.
        self._client: httpx.Client = self._httpx.Client(
            timeout=patience, follow_redirects=True, headers={"Accept-Encoding": "identity"}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._client.close()

    def described(self, files: Iterable[RemoteFile]) -> list[RemoteFile]:
        """The files with sizes and checksums; what is not known of one is asked of the host. Raises EngineError."""
        return [file if file.size is not None else self._described(file) for file in files]

    def fetch(self, file: RemoteFile, into: Incoming, moved: Moved) -> None:
        """Have the whole file, going on with what is there. Raises EngineError, and StorageError as `into` does."""
        moved(file.path, into.come)
        if not into.there:
            self._complete(file, into, moved)
            into.finish()

    def _described(self, file: RemoteFile) -> RemoteFile:
        try:
            response = self._client.head(self._url(file))
        except self._httpx.RequestError as error:
            raise self._lost(error) from None
        self._accept(response)
        headers = response.headers
        hashes = dict(entry.strip().partition("=")[::2] for entry in headers.get("x-goog-hash", "").split(","))
        size = int(headers["content-length"]) if headers.get("content-length", "").isdecimal() else None
        return replace(file, size=size, crc32c=hashes.get("crc32c", ""), tag=headers.get("etag", ""))

    def _complete(self, file: RemoteFile, into: Incoming, moved: Moved) -> None:
        """Bring it to its end. What ends with a wrong checksum is thrown away and begun anew."""
        fruitless = damaged = 0
        while True:
            before = into.come
            lost = self._receive(file, into, moved)
            if lost is None and into.right():
                return
            if lost is None:
                _begin_anew(file, into, moved)
                damaged += 1
                lost = EngineLost(f"The host sends a damaged {file.path}: run it again later.")
            fruitless = 0 if into.come > before else fruitless + 1
            if fruitless == TRIES or damaged == TRIES - 1:
                raise lost
            time.sleep(self._wait * fruitless)

    def _receive(self, file: RemoteFile, into: Incoming, moved: Moved) -> EngineLost | None:
        """Append what comes; None where the answer came to its end. Raises EngineLost where that is hopeless."""
        begin = into.come
        if begin == file.size and begin:
            return None
        if begin and file.size is None:  # nobody can say whether this is a part of the same version
            _begin_anew(file, into, moved)
            begin = 0
        headers = {"Range": f"bytes={begin}-"} if begin else {}
        try:
            with self._client.stream("GET", self._url(file), headers=headers) as response:
                if response.status_code in _TRY_AGAIN:
                    return _busy(response.status_code)
                if response.status_code != _NOT_SATISFIABLE:
                    self._accept(response)
                goes_on = response.headers.get("content-range", "").startswith(f"bytes {begin}-")
                if begin and not (response.status_code == _PARTIAL and goes_on):
                    _begin_anew(file, into, moved)
                if response.status_code != _NOT_SATISFIABLE:
                    # Any size of chunks that httpx is asked for is lost with the connection.
                    into.append(response.iter_raw(), lambda count: moved(file.path, count))
        except self._httpx.RequestError as error:
            return self._lost(error)
        return None

    def _url(self, file: RemoteFile) -> str:
        return file.url.replace(self._own, self._host, 1)

    def _accept(self, response: "httpx.Response") -> None:
        if response.status_code in _TRY_AGAIN:
            raise _busy(response.status_code)
        if not response.is_success:
            raise EngineLost(
                f"The host refuses {response.request.url.path} ({response.status_code}): "
                "run pip install --upgrade moonshine-voice, then again."
            )

    def _lost(self, error: Exception) -> EngineLost:
        if isinstance(error, self._httpx.ConnectError | self._httpx.ConnectTimeout):
            return EngineLost(f"{self._host} cannot be reached: connect to the network and run it again.")
        return EngineLost(f"The connection to {self._host} is lost: run it again; what has come is kept.")


def _busy(status: int) -> EngineLost:
    return EngineLost(f"The host of the models is busy ({status}): run it again later.")


def _begin_anew(file: RemoteFile, into: Incoming, moved: Moved) -> None:
    moved(file.path, -into.come)
    into.discard()

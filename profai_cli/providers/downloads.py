"""Large files over HTTP: resumed where they broke off, checked, and never seen half.

What has come of `name` lies in `name.<version>.part` until it is whole and has been checked; only a part of the
very same version is gone on with. Checksums are CRC-32C in base64, as Google Cloud Storage writes them
(cloud.google.com/storage/docs/data-validation).
"""

import base64
import hashlib
import importlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from profai_cli.errors import EngineError, EngineLost, InputError, StorageError

if TYPE_CHECKING:
    import httpx

PATIENCE: Final = 20.0
"""Seconds without a byte after which a connection counts as lost."""
TRIES: Final = 3
"""Attempts in a row without a byte after which a file is given up; of those that end in wrong bytes, one fewer."""
PAUSE: Final = 1.0
"""Seconds before another attempt, where the last one brought nothing."""
SPARE: Final = 100_000_000
"""Bytes that stay free on the disk."""
_CHUNK: Final = 1 << 18

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

    def part(self, target: Path) -> Path:
        """Where what has come of it lies."""
        version = hashlib.sha256(f"{self.size} {self.crc32c} {self.tag}".encode()).hexdigest()[:8]
        return target.with_name(f"{target.name}.{version}.part")

    def whole(self, path: Path) -> bool:
        """`path` is this file, by size and checksum as far as they are known."""
        try:
            return (self.size is None or path.stat().st_size == self.size) and self.crc32c in ("", crc32c(path))
        except FileNotFoundError:
            return False


class Downloads:
    """Fetches files from one host. A context manager. `host`: takes the place of the files' own, for a mirror."""

    def __init__(self, own: str, host: str = "", patience: float = PATIENCE, pause: float = PAUSE) -> None:
        self._own, self._host, self._pause = own, (host or own).rstrip("/"), pause
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

    def fetch(self, file: RemoteFile, target: Path, moved: Moved) -> None:
        """Have the file at `target`, going on with what is there. Raises EngineError and StorageError."""
        part = file.part(target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if file.whole(target):
                moved(file.path, target.stat().st_size)
                return
            moved(file.path, _size(part))
            self._complete(file, part, moved)
            part.replace(target)
            for stale in target.parent.glob(f"{target.name}.*.part"):
                stale.unlink()
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError(f"Cannot write {str(target)!r}: {reason}; make room there, then run it again.") from None

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

    def _complete(self, file: RemoteFile, part: Path, moved: Moved) -> None:
        """Bring the part to its end. What ends with a wrong checksum is thrown away and begun anew."""
        fruitless = damaged = 0
        while True:
            before = _size(part)
            lost = self._receive(file, part, moved)
            if lost is None and file.whole(part):
                return
            if lost is None:
                moved(file.path, -_size(part))
                part.unlink(missing_ok=True)
                damaged += 1
                lost = EngineLost(f"The host sends a damaged {file.path}: run it again later.")
            fruitless = 0 if _size(part) > before else fruitless + 1
            if fruitless == TRIES or damaged == TRIES - 1:
                raise lost
            time.sleep(self._pause * fruitless)

    def _receive(self, file: RemoteFile, part: Path, moved: Moved) -> EngineLost | None:
        """Append to the part; None where the answer came to its end. Raises EngineLost where that is hopeless."""
        begin = _size(part)
        if begin == file.size and begin:
            return None
        if begin and file.size is None:  # nobody can say whether this is a part of the same version
            moved(file.path, -begin)
            part.unlink()
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
                    moved(file.path, -begin)
                    part.unlink()
                if response.status_code != _NOT_SATISFIABLE:
                    _append(part, response.iter_raw(), lambda count: moved(file.path, count))
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


def missing(files: Sequence[tuple[RemoteFile, Path]]) -> int:
    """Bytes that are still to come, as far as they are known."""
    return sum(
        (file.size or 0) - (_size(target) if file.whole(target) else _size(file.part(target))) for file, target in files
    )


def room(folder: Path, size: int) -> None:
    """Raise StorageError where `size` bytes do not fit."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if size + SPARE > free:
        raise StorageError(
            f"{size / 1e6:.0f} MB are needed in {str(folder)!r} and {free / 1e6:.0f} MB are free: "
            "make room, or set PROFAI_CACHE to another folder."
        )


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes from writing into the folder. Raises InputError where one does so now."""
    filelock = importlib.import_module("filelock")  # comes with moonshine-voice
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / "setup.lock")
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise InputError("Another 'profai setup' is downloading: wait for it, or stop it.") from None
    except OSError as error:
        raise StorageError(f"Cannot write in {str(folder)!r}: {error.strerror or error}.") from None
    try:
        yield
    finally:
        lock.release()


def crc32c(path: Path) -> str:
    """The file's checksum; needs the package google-crc32c, which comes with moonshine-voice. Raises OSError."""
    checksum = importlib.import_module("google_crc32c").Checksum()
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            checksum.update(data)
    return base64.b64encode(checksum.digest()).decode()


def _append(part: Path, chunks: Iterable[bytes], count: Callable[[int], None]) -> None:
    """Write chunks as they come: any size of them that httpx is asked for is lost with the connection."""
    with part.open("ab") as file:
        for chunk in chunks:
            file.write(chunk)
            count(len(chunk))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0

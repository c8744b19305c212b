"""Large files that come bit by bit: kept where they break off, checked, and never seen half.

What has come of `name` lies in `name.<version>.part` until it is whole and has been checked; only a part of the
very same version is gone on with. Checksums are CRC-32C in base64, as Google Cloud Storage writes them
(cloud.google.com/storage/docs/data-validation).
"""

import base64
import hashlib
import importlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from profai_cli.errors import InputError, StorageError
from profai_cli.storage.files import reason

SPARE: Final = 100_000_000
"""Bytes that stay free on the disk."""
_CHUNK: Final = 1 << 18


class Incoming:
    """A file that is to be at `target`. size, crc32c, tag: of its version; None and "" where unknown.

    All of it raises StorageError where the folder cannot be read or written.
    """

    def __init__(self, target: Path, size: int | None, crc32c: str, tag: str = "") -> None:
        self.target, self._size, self._crc32c = target, size, crc32c
        version = hashlib.sha256(f"{size} {crc32c} {tag}".encode()).hexdigest()[:8]
        self.part = target.with_name(f"{target.name}.{version}.part")

    @cached_property
    def there(self) -> bool:
        """It was at its place, and right, when this was first asked."""
        return self._right(self.target)

    @property
    def come(self) -> int:
        """Bytes of it that are here."""
        path = self.target if self.there else self.part
        return path.stat().st_size if path.exists() else 0

    def right(self) -> bool:
        """What has come is all of it, by size and checksum as far as they are known."""
        return self._right(self.part)

    def append(self, chunks: Iterable[bytes], count: Callable[[int], None]) -> None:
        """Write chunks as they come, and tell the size of each."""
        with self._writing():
            self.part.parent.mkdir(parents=True, exist_ok=True)
            with self.part.open("ab") as file:
                for chunk in chunks:
                    file.write(chunk)
                    count(len(chunk))

    def discard(self) -> None:
        """Forget what has come."""
        with self._writing():
            self.part.unlink(missing_ok=True)

    def finish(self) -> None:
        """Put it at its place, and clear away the parts of other versions."""
        with self._writing():
            self.part.replace(self.target)
            for stale in self.target.parent.glob(f"{self.target.name}.*.part"):
                stale.unlink()

    def _right(self, path: Path) -> bool:
        with self._writing():
            try:
                return self._size in (None, path.stat().st_size) and self._crc32c in ("", crc32c(path))
            except FileNotFoundError:
                return False

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StorageError(
                f"Cannot write {str(self.target)!r}: {reason(error)}; make room there, then run it again."
            ) from None


def crc32c(path: Path) -> str:
    """A file's checksum; needs the package google-crc32c, which comes with moonshine-voice. Raises OSError."""
    checksum = importlib.import_module("google_crc32c").Checksum()
    with path.open("rb") as file:
        while data := file.read(_CHUNK):
            checksum.update(data)
    return base64.b64encode(checksum.digest()).decode()


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
        raise StorageError(f"Cannot write in {str(folder)!r}: {reason(error)}.") from None
    try:
        yield
    finally:
        lock.release()


def delete(folder: Path) -> int | None:
    """Delete a folder with all that is in it: bytes of its files, None where it had none. Raises StorageError."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise StorageError(f"Cannot delete {str(folder)!r}: {reason(error)}; delete it by hand.") from error
    return size if files else None

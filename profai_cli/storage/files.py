"""Writing files so that nobody ever finds a half of one."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from profai_cli.errors import StorageError


def write_all(file: IO[bytes], data: bytes | bytearray) -> None:
    """Write all of `data` to an unbuffered file, which may take less at a time. Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def write_atomically(path: Path, data: bytes, remedy: str = "") -> None:
    """Replace `path` (and make its folder): at any moment, even after a kill, it is the old or the new file.

    Several writers may do so at once, the last one wins. Raises StorageError, which ends with the remedy, by default
    that of `way_out`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor has no Path
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # or the name may survive a power cut without the content
            Path(temporary).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise StorageError(f"Cannot write {str(path)!r}: {reason(error)}; {remedy or way_out(error)}.") from error


def reason(error: Exception) -> str:
    """Why the system refused, in its own words, without number and path."""
    return getattr(error, "strerror", None) or str(error)


def way_out(error: OSError) -> str:
    """What a learner can do where the system refuses to write."""
    refused = isinstance(error, PermissionError) or error.errno == errno.EROFS
    return "make that folder writable" if refused else "make room there"


def exists(path: str) -> bool:
    """Whether there is something; not where the system does not say, as in another user's folder."""
    return os.path.exists(path)  # noqa: PTH110 - before Python 3.14 that of Path raises PermissionError

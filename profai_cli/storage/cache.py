"""Derived data by content key, such as a course's language model; may be deleted at any time."""

from pathlib import Path

from profai_cli.storage.files import write_atomically
from profai_cli.storage.names import safe_name


class DiskCache:
    """Obeys `ports.Cache` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> str | None:
        """Path of the entry, None where there is none."""
        path = self._path(key)
        return str(path) if path.is_file() else None

    def store(self, key: str, data: bytes) -> str:
        """Keep an entry (atomically) and return its path. Raises StorageError."""
        path = self._path(key)
        write_atomically(path, data)
        return str(path)

    def _path(self, key: str) -> Path:
        return self._folder / safe_name(key)

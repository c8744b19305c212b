"""Texts that were made once and may be deleted at any time, such as lessons that a model wrote."""

from contextlib import suppress
from pathlib import Path

from profai_cli.errors import StorageError
from profai_cli.storage.cache import DiskCache


class DiskShelf:
    """Obeys `ports.Shelf` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._cache = DiskCache(folder)

    def take(self, key: str) -> str | None:
        """See `ports.Shelf`."""
        path = self._cache.load(key)
        try:
            return Path(path).read_text(encoding="utf-8") if path else None
        except (OSError, ValueError):
            return None

    def put(self, key: str, text: str) -> None:
        """See `ports.Shelf`; a full disk costs the next class its quick begin, and no more."""
        with suppress(StorageError):
            self._cache.store(key, text.encode("utf-8", "replace"))

"""One small file for each vendor whose key was set: the key, or the note that the system's keyring has it.

A newcomer has none of these files, and so pays for no keyring. A file for each vendor means that two commands at
once cannot lose each other's key, and that a damaged file concerns one vendor.
"""

import json
import os
import stat
from pathlib import Path
from typing import Final

from profai_cli.errors import StorageError
from profai_cli.settings import Key
from profai_cli.storage.files import reason, write_atomically
from profai_cli.storage.names import safe_name

_IN_KEYRING: Final = {"in": "keyring"}


class KeyFiles:
    """The files in `folder`, which is made when the first is written; both are for their owner alone (0700, 0600).

    On Windows there are no such modes: the files have the rights of the user's own data folder (untried).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """The file of a vendor."""
        return self._folder / f"{safe_name(name)}.json"

    def load(self, name: str) -> str | None:
        """The text of the key; "" for one in the keyring; None where none was set. Raises StorageError."""
        path = self.path(name)
        try:
            data = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(f"Cannot read {str(path)!r}: {reason(error)}; make it readable or delete it.") from None
        except (ValueError, RecursionError):  # it is raised outside, since this error holds the file's text
            data = None
        if data == _IN_KEYRING:
            return ""
        if isinstance(data, dict) and isinstance(key := data.get("key"), str) and key:
            return key
        raise StorageError(f"{str(path)!r} is damaged: delete it and run 'profai keys set {name}' again.")

    def keep(self, name: str, key: Key) -> None:
        """Write the key. Raises StorageError."""
        self._write(name, {"key": key.reveal()})

    def note(self, name: str) -> None:
        """Write that the keyring has the key. Raises StorageError."""
        self._write(name, _IN_KEYRING)

    def remove(self, name: str) -> None:
        """Delete the file, if there is one. Raises StorageError."""
        path = self.path(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"Cannot delete {str(path)!r}: {reason(error)}; delete it yourself.") from None

    def seen_by_others(self, name: str) -> bool:
        """Whether other users of this computer may read the file, as far as its own mode says."""
        if os.name != "posix":
            return False
        try:
            return bool(self.path(name).stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        except OSError:
            return False

    def _write(self, name: str, value: dict[str, str]) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)  # it may be older, or the process's umask odd
        except OSError as error:
            raise StorageError(
                f"Cannot write in {str(self._folder)!r}: {reason(error)}; set PROFAI_DATA to another folder."
            ) from None
        write_atomically(self.path(name), json.dumps(value).encode())  # a temporary file with mode 0600, renamed

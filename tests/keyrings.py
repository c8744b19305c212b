"""Keyrings for the tests, as the keyring library loads them: PYTHON_KEYRING_BACKEND=tests.keyrings.Working."""

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import KeyringLocked

FILE = "TEST_KEYRING"
"""The environment variable with the file of `Working`."""


class Working(KeyringBackend):
    """Keeps what it is given, from one process to the next."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        found: str | None = self._kept().get(f"{service} {username}")
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path().write_text(json.dumps({**self._kept(), f"{service} {username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        del kept[f"{service} {username}"]
        self._path().write_text(json.dumps(kept))

    def _kept(self) -> dict[str, str]:
        return dict(json.loads(self._path().read_text())) if self._path().exists() else {}

    def _path(self) -> Path:
        return Path(os.environ[FILE])


class Locked(KeyringBackend):
    """Its owner does not unlock it."""

    priority = 5

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("Failed to unlock the collection!")

    set_password = delete_password = get_password  # type: ignore[assignment] # as the library's own "fail" does


class Odd(Locked):
    """Its errors are its own, and tell too much."""

    def set_password(self, service: str, username: str, password: str = "") -> None:
        raise RuntimeError(f"org.freedesktop.DBus.Error: {password}")

    get_password = delete_password = set_password  # type: ignore[assignment] # as above


class Forgetful(Working):
    """Takes all and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Hanging(KeyringBackend):
    """Does not answer."""

    priority = 5
    asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        type(self).asked += 1
        threading.Event().wait()
        return None

    set_password = delete_password = get_password  # type: ignore[assignment] # as above


class HangingWhenFound(Working):
    """Does not even say whether it can be used, to those who chose it; the library asks all that are known."""

    @properties.classproperty
    def priority(cls) -> float:  # type: ignore[override] # as the library's own backends do
        if os.environ.get("PYTHON_KEYRING_BACKEND", "").endswith("HangingWhenFound"):
            threading.Event().wait()
        return 5

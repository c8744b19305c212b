"""The system's keyring through the keyring library: imported late (0.1 s), and never waited for longer than 2 s.

On a Linux without a desktop the library may block on D-Bus, and a locked keyring asks its owner first. Each
question is therefore asked in a thread of its own, which the end of the process does not wait for.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, TypeVar

from profai_cli.settings import Key

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

PATIENCE: Final = 2.0
"""Seconds for an answer, importing the library included."""

_SERVICE: Final = "profai"

T = TypeVar("T")


class SystemKeyring:
    """`fault` says, as a clause, why the last question had no answer; "" where it had one."""

    def __init__(self) -> None:
        self.fault = ""
        self._silent = False

    def get(self, name: str) -> str | None:
        """The text kept under `name`; None where there is none, or with a `fault`."""
        return self._ask(lambda backend: backend.get_password(_SERVICE, name))

    def set(self, name: str, key: Key) -> bool:
        """Keep a key; whether it is kept. It is read again, since there are keyrings that forget."""

        def keep(backend: "KeyringBackend") -> bool:
            backend.set_password(_SERVICE, name, key.reveal())
            return backend.get_password(_SERVICE, name) == key.reveal()

        return self._ask(keep) is True

    def delete(self, name: str) -> bool:
        """Forget the key; whether there is none now."""

        def forget(backend: "KeyringBackend") -> bool:
            if backend.get_password(_SERVICE, name) is not None:
                backend.delete_password(_SERVICE, name)
            return True

        return self._ask(forget) is True

    def _ask(self, question: "Callable[[KeyringBackend], T]") -> T | None:
        """The answer; None with a `fault`. Whoever was silent once is not asked again, so that the waits do not add."""
        if self._silent:
            return None
        answer: Future[T] = Future()
        threading.Thread(target=_answer, args=(question, answer), name="keyring", daemon=True).start()
        self.fault = ""
        try:
            return answer.result(PATIENCE)
        except TimeoutError:
            self._silent = True
            self.fault = f"did not answer within {PATIENCE:.0f} s"
        except Exception as error:  # noqa: BLE001 - each backend is a plugin with errors of its own, and none is a class's
            self.fault = f"cannot be used ({type(error).__name__})"
        return None


def _answer(question: "Callable[[KeyringBackend], T]", answer: "Future[T]") -> None:
    try:
        import keyring  # noqa: PLC0415 - 0.1 s, and it may block
        from keyring.core import recommended  # noqa: PLC0415
        from keyring.errors import NoKeyringError  # noqa: PLC0415

        backend = keyring.get_keyring()
        if not recommended(backend):  # the library's "fail" and "null", and those that keep plain text
            raise NoKeyringError
        answer.set_result(question(backend))
    except Exception as error:  # noqa: BLE001 - handed to the thread that asked
        answer.set_exception(error)

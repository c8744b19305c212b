"""Where a vendor's key comes from: the environment, a .env file, the system's keyring, a file of profai's own."""

import re
from collections.abc import Mapping
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from profai_cli.errors import InputError, StorageError
from profai_cli.settings import Key
from profai_cli.storage.files import reason
from profai_cli.storage.key_files import KeyFiles

if TYPE_CHECKING:
    from profai_cli.storage.system_keyring import SystemKeyring

Where = Literal["environment", "env file", "keyring", "file"]
"""The places, in the order in which they are looked at."""

LONGEST: Final = 512
"""Characters; the vendors' longest keys have about 200, and Windows' vault takes 1,280."""

_ENV_FILE_LIMIT: Final = 2**20


class Found(NamedTuple):
    """A key, and where it is from."""

    key: Key
    where: Where


class Keys:
    """Keys and settings of one user. Nothing is read, and no keyring is woken, before it is needed.

    env: the environment. env_file: a .env file that the user points to, or None. folder: profai's own for keys.
    `warnings`: sentences about what was looked at so far, each once.
    """

    def __init__(self, env: Mapping[str, str], env_file: Path | None, folder: Path) -> None:
        self._env = env
        self._env_file = env_file
        self._files = KeyFiles(folder)
        self.warnings: list[str] = []

    def find(self, variable: str, name: str) -> Found | None:
        """The key of the vendor `name`, whose environment variable is `variable`.

        Waits for the keyring at most `system_keyring.PATIENCE`, and only where a key was put into it: not for an
        event loop. Raises InputError for a key that cannot be one, StorageError for a damaged file.
        """
        where = self.where(variable, name)
        match where:
            case "environment":
                return Found(as_key(self._env[variable], f"{variable} in the environment"), where)
            case "env file":
                return Found(as_key(self._settings[variable], f"{variable} in {str(self._env_file)!r}"), where)
            case "file":
                if self._files.seen_by_others(name):
                    path = str(self._files.path(name))
                    self._warn(f"Other users can read the key in {path!r}; run 'profai keys set {name}' again.")
                return Found(as_key(self._files.load(name) or "", str(self._files.path(name))), where)
            case "keyring":
                return self._from_keyring(name)
        return None

    def where(self, variable: str, name: str) -> Where | None:
        """Where `find` takes the key from; None where there is none. Does not ask the keyring. Raises as `find`."""
        if self._env.get(variable, "").strip():
            return "environment"
        if self._settings.get(variable, "").strip():
            return "env file"
        kept = self._files.load(name)
        if kept is None:
            return None
        return "file" if kept else "keyring"

    def setting(self, variable: str) -> str:
        """A setting that is no secret from the environment, else from the .env file, else "". Raises InputError."""
        return self._env.get(variable, "").strip() or self._settings.get(variable, "").strip()

    def path(self, name: str) -> Path:
        """The file of profai's own for the vendor `name`."""
        return self._files.path(name)

    def set(self, name: str, key: Key) -> Where:
        """Keep a key in the keyring, else in the file; returns which. Raises StorageError."""
        if self._keyring.set(name, key):
            self._files.note(name)
            return "keyring"
        self._files.keep(name, key)
        return "file"

    def remove(self, name: str) -> Where | None:
        """Forget a key that was set; returns where it was, None if none was set. Raises StorageError."""
        kept = self._files.load(name)
        if kept is None:
            return None
        if not kept and not self._keyring.delete(name):
            raise StorageError(f"The system's keyring {self._keyring.fault}; unlock it and try again.")
        self._files.remove(name)
        return "file" if kept else "keyring"

    def _from_keyring(self, name: str) -> Found | None:
        text = self._keyring.get(name)
        if text is not None:
            return Found(as_key(text, f"The key for {name} in the system's keyring"), "keyring")
        if self._keyring.fault:
            self._warn(f"The system's keyring {self._keyring.fault}: unlock it, or run 'profai keys set' again.")
        else:
            self._warn(f"The system's keyring has no key for {name} any more: run 'profai keys set {name}'.")
        return None

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    @cached_property
    def _keyring(self) -> "SystemKeyring":
        from profai_cli.storage.system_keyring import SystemKeyring  # noqa: PLC0415 - only where a key was set

        return SystemKeyring()

    @cached_property
    def _settings(self) -> Mapping[str, str]:
        if self._env_file is None:
            return {}
        values, faulty = _read(self._env_file)
        if faulty:
            lines = ", ".join(map(str, faulty[:5]))
            self._warn(f"In {str(self._env_file)!r}, what is not NAME=value is skipped; see line {lines}.")
        return values


def as_key(text: str, what: str) -> Key:
    """A key from text that somebody typed or stored, trimmed. Raises InputError, which names it as `what`.

    All vendors' keys are printable ASCII; other characters come from copying too much, and break HTTP headers.
    """
    text = text.strip()
    if not text:
        raise InputError(f"{what} is empty: a key is needed.")
    if len(text) > LONGEST:
        raise InputError(f"{what} is longer than any key ({LONGEST} characters): copy the key alone.")
    if not re.fullmatch("[!-~]+", text):
        raise InputError(f"{what} holds spaces or characters that no key has: copy the key alone.")
    return Key(text)


def _read(path: Path) -> tuple[dict[str, str], list[int]]:
    """The variables of a .env file, without interpolation, and the numbers of faulty lines. Raises InputError.

    `os.environ` stays as it is.
    """
    from dotenv.parser import parse_stream  # noqa: PLC0415 - 30 ms; dotenv_values would log faults to the terminal

    try:
        with path.open("rb") as file:
            data = file.read(_ENV_FILE_LIMIT + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"Cannot read {str(path)!r}: {reason(error)}; name another .env file.") from None
    except UnicodeDecodeError:
        raise InputError(f"{str(path)!r} is not UTF-8 text; name another .env file.") from None
    if len(data) > _ENV_FILE_LIMIT:
        raise InputError(f"{str(path)!r} is larger than 1 MB; name another .env file.")
    bindings = list(parse_stream(StringIO(text)))
    values = {binding.key: binding.value for binding in bindings if binding.key and binding.value}
    return values, [binding.original.line for binding in bindings if binding.error]

"""Where profai keeps its files: what must not be lost, and what can be made again."""

import os
import tempfile
from pathlib import Path

from profai_cli.errors import StorageError
from profai_cli.storage.files import reason


def data_folder() -> Path:
    """The folder for progress: PROFAI_DATA, or where the system keeps data of programs.

    It is made when missing. Raises StorageError when nothing can be written there.
    """
    import platformdirs  # noqa: PLC0415 - 10 ms that `profai --help` does not need

    return _writable("PROFAI_DATA", platformdirs.user_data_path("profai", appauthor=False))


def cache_folder() -> Path:
    """The folder for derived data: PROFAI_CACHE, or where the system keeps caches. Otherwise as above."""
    import platformdirs  # noqa: PLC0415 - as above

    return _writable("PROFAI_CACHE", platformdirs.user_cache_path("profai", appauthor=False))


def settings_path() -> Path:
    """The file of settings: PROFAI_SETTINGS, or where the system keeps those of programs. Nothing is made.

    Raises StorageError for the home folder of nobody.
    """
    import platformdirs  # noqa: PLC0415 - as above

    chosen = os.environ.get("PROFAI_SETTINGS")
    try:
        usual = platformdirs.user_config_path("profai", appauthor=False) / "settings.toml"
        return Path(chosen).expanduser() if chosen else usual
    except RuntimeError as error:  # "~name" of an unknown user
        raise StorageError(
            f"Cannot read the settings in {chosen!r}: {reason(error)}; set PROFAI_SETTINGS to another file."
        ) from error


def _writable(variable: str, usual: Path) -> Path:
    chosen = os.environ.get(variable)
    try:
        folder = Path(chosen).expanduser() if chosen else usual
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):  # the one test of "writable" that holds on all systems
            return folder
    except (OSError, RuntimeError) as error:  # RuntimeError: "~name" of an unknown user
        raise StorageError(
            f"Cannot write in {chosen or str(usual)!r}: {reason(error)}; set {variable} to another folder."
        ) from error

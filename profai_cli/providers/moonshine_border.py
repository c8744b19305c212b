"""The border to the library moonshine-voice: its errors become profai's."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

from profai_cli.errors import EngineError


@contextmanager
def border(cannot: str, then: str) -> Iterator[None]:
    """Around all that calls the library. Raises EngineError: "Moonshine cannot ... (why): ..."."""
    try:
        failure: type[Exception] = importlib.import_module("moonshine_voice.errors").MoonshineError
    except ImportError:
        raise EngineError(
            "Moonshine cannot be used, the package moonshine-voice is missing: run pip install moonshine-voice."
        ) from None
    try:
        yield
    except ImportError:  # it checks its own native part when it is imported
        raise EngineError(
            "This moonshine-voice is broken or too new for profai: run pip install --force-reinstall moonshine-voice."
        ) from None
    except failure as error:
        raise EngineError(f"Moonshine cannot {cannot} ({' '.join(str(error).split())}): {then}.") from None

"""Short pieces of a class's recording, small enough to be put into a page."""

import io
from pathlib import Path
from types import TracebackType
from typing import Final

from profai_cli.errors import SoundFileError

MOST_SECONDS: Final = 120.0
"""Of one piece; at 6 kB a second a page with many of them stays small."""


class Excerpts:
    """A stereo file, as `recording` writes it, piece by piece in MP3, which every browser plays. A context."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises SoundFileError."""
        import soundfile  # noqa: PLC0415 - 0.2 s that no other command needs

        self._name = repr(str(path))
        self._soundfile = soundfile
        try:
            self._file = soundfile.SoundFile(str(path))
        except soundfile.SoundFileError as error:
            raise SoundFileError(f"{self._name} is not a recording of a class, or is damaged; remove it.") from error

    def __enter__(self) -> "Excerpts":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def mp3(self, begin: float, end: float) -> bytes:
        """Both voices in one channel, from `begin` to `end` seconds; empty where the recording has nothing of it."""
        rate = self._file.samplerate
        first = max(round(begin * rate), 0)
        frames = min(round(min(end - begin, MOST_SECONDS) * rate), self._file.frames - first)
        if frames <= 0:
            return b""
        piece = io.BytesIO()
        try:
            self._file.seek(first)
            both = self._file.read(frames, dtype="float32", always_2d=True)
            self._soundfile.write(piece, both.sum(axis=1).clip(-1.0, 1.0), rate, format="MP3")
        except (self._soundfile.SoundFileError, ValueError) as error:  # ValueError: a libsndfile without MP3
            raise SoundFileError(f"{self._name} cannot be put into a page ({error}).") from error
        return piece.getvalue()

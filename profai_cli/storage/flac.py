"""A FLAC file that is whole at every moment: libsndfile encodes, and its header is kept up to date here.

libsndfile notes how long a file is when it closes it; until then the header says "unknown", with which players seek
badly, and libsndfile itself not at all near the end.
"""

import io
import os
import struct
from pathlib import Path
from typing import Any, Final

from profai_cli.errors import SoundFileError
from profai_cli.pcm import BYTES_A_SAMPLE
from profai_cli.storage.files import reason

_BLOCK: Final = struct.Struct(">H")
_BLOCK_AT: Final = 10
_SOUND: Final = struct.Struct(">Q")
_SOUND_AT: Final = 18
"""Where the header has the most samples of a block, and rate, channels, width and length (RFC 9639, 8.2)."""


class FlacWriter:
    """Writes 16-bit FLAC as it comes, so that a kill loses 0.3 s at most.

    rate: samples a second in each of `channels`. A fault (no room, deleted) is raised once; what was written stays a
    valid file, and later sound is dropped.
    """

    def __init__(self, path: Path, rate: int, channels: int) -> None:
        """Make the file. Raises SoundFileError."""
        import soundfile  # noqa: PLC0415 - 0.2 s that only a recording needs

        self._name = repr(str(path))
        self._frame = channels * BYTES_A_SAMPLE
        self._batch = rate * self._frame // 10
        self._begin = rate << 44 | (channels - 1) << 41 | (8 * BYTES_A_SAMPLE - 1) << 36
        self._waiting = bytearray()
        self._written = 0
        self._ended = False
        try:
            self._file = _File(str(path), "w+")
        except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
            raise SoundFileError(f"Cannot write {self._name}: {reason(error)}; name another file.") from error
        self._encoder = soundfile.SoundFile(self._file, "w", rate, channels, "PCM_16", format="FLAC")

    def write(self, pcm: bytes) -> None:
        """Append PCM16, the samples of the channels by turns. Raises SoundFileError once, see above."""
        self._waiting += pcm
        if len(self._waiting) >= self._batch:
            self._write_out()

    def close(self) -> None:
        """Write what waits and close the file. Idempotent. Raises SoundFileError, once, see above."""
        if self._file.closed:
            return
        try:
            self._write_out()
        finally:
            self._encoder.close()  # writes the last block, and what the header lacks
            try:
                self._check()
            finally:
                self._ended = True
                self._file.close()

    def _write_out(self) -> None:
        pcm = bytes(self._waiting)
        self._waiting.clear()
        if self._ended or not pcm:
            return
        self._encoder.buffer_write(pcm, "int16")
        self._written += len(pcm) // self._frame
        self._check()
        self._tell_length()

    def _tell_length(self) -> None:
        """Let the header tell of all blocks but the newest, which may still be in the encoder."""
        end = self._file.tell()
        self._file.seek(_BLOCK_AT)
        (block,) = _BLOCK.unpack(self._file.read(_BLOCK.size))
        whole = max(0, self._written // block - 1) * block
        self._file.seek(_SOUND_AT)
        self._file.write(_SOUND.pack(self._begin | whole))
        self._file.seek(end)

    def _check(self) -> None:
        """Raise SoundFileError once where the file cannot be written any more."""
        if self._ended:
            return
        if error := self._file.fault:
            self._ended = True
            raise SoundFileError(f"Cannot go on writing {self._name}: {reason(error)}; make room there.") from error
        if not os.fstat(self._file.fileno()).st_nlink:  # POSIX goes on writing to a file without a name
            self._ended = True
            raise SoundFileError(f"{self._name} was deleted while it was written; start anew to have one.")


class _File(io.FileIO):
    """What libsndfile writes to. It cannot pass on a fault: that is kept here, and from then on nothing is written, so
    that the header tells of what is there."""

    fault: OSError | None = None

    def write(self, data: Any) -> int:  # noqa: ANN401 - a buffer, which has no type before Python 3.12
        """Write all of it, or seem to."""
        rest = memoryview(data)
        try:
            while rest and not self.fault:
                rest = rest[super().write(rest) :]
        except OSError as error:
            self.fault = error
        return len(data)

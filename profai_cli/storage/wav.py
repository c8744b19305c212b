"""Sound files: any WAV in, mono PCM16 out.

libsndfile (through `soundfile`) reads; its own arrays do the mixing, so that sound crosses the floor as
`pcm.py` says. Its conversion to int16 is not used: it gives 0 for a float file's 0.5.
"""

import os
import stat
import struct
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from profai_cli.errors import SoundFileError
from profai_cli.pcm import BYTES_A_SAMPLE
from profai_cli.storage.files import reason, write_all

if TYPE_CHECKING:
    import soundfile

_FORMATS: Final = ("WAV", "WAVEX", "RF64")
_RATES: Final = range(4_000, 384_001)
_FULL_SCALE: Final = 1 << 15


def open_wav(path: Path) -> "WavSource":
    """Open a WAV file of any width, rate and channel count, also float, u-law, A-law, ADPCM and RF64.

    A file that was cut off gives what is there. Raises SoundFileError.
    """
    import soundfile  # noqa: PLC0415 - 0.2 s that no other command needs

    name = repr(str(path))
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # a pipe would block here, a device would never end
            kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            raise SoundFileError(f"{name} is {kind}; name a WAV file.")
        with path.open("rb"):  # the system's own reason is better than libsndfile's "System error"
            pass
        file = soundfile.SoundFile(str(path))
    except FileNotFoundError as error:
        raise SoundFileError(f"There is no file {name}; name a WAV file that exists.") from error
    except OSError as error:
        raise SoundFileError(f"Cannot read {name}: {reason(error)}; name another WAV file.") from error
    except (soundfile.SoundFileError, TypeError, ValueError) as error:
        # TypeError: soundfile's answer to a name in .raw; ValueError: a name with a zero byte
        raise SoundFileError(f"{name} is not a WAV file, or is damaged; name another file.") from error
    fault = _fault(file)
    if fault:
        file.close()
        raise SoundFileError(f"{name} {fault}.")
    return WavSource(file, name)


def _fault(file: "soundfile.SoundFile") -> str | None:
    if file.format not in _FORMATS:
        return f"is {file.format}, not WAV; convert it, for example with ffmpeg"
    if file.samplerate not in _RATES:
        return f"has {file.samplerate} samples a second; convert it to 4,000 to 384,000"
    return None if file.frames else "holds no sound; record it again"


class WavSource:
    """An open WAV file that gives mono PCM16 at its own rate, piece by piece. Made by `open_wav`."""

    def __init__(self, file: "soundfile.SoundFile", name: str) -> None:
        self._file = file
        self._name = name
        self.rate: int = file.samplerate
        """Samples a second."""
        self.seconds: float = file.frames / file.samplerate
        """Its length, as the header and the file's size tell it."""

    def read(self, frames: int) -> bytes:
        """The next `frames` samples, fewer at the end, none after it. Raises SoundFileError.

        Channels are averaged, which cannot clip; float samples beyond full scale are.
        """
        from soundfile import SoundFileError as Refused  # noqa: PLC0415 - as above

        try:
            data = self._file.read(frames, dtype="float32", always_2d=True)
        except Refused as error:
            raise SoundFileError(f"{self._name} cannot be read to its end; record it again.") from error
        data[data != data] = 0.0  # noqa: PLR0124 - NaN, which float files may hold, differs from itself
        scaled = (data.clip(-1.0, 1.0).mean(axis=1) * _FULL_SCALE).round()
        return bytes(scaled.clip(-_FULL_SCALE, _FULL_SCALE - 1).astype("<i2").tobytes())

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._file.close()


_HEADER: Final = struct.Struct("<4sI8sIHHIIHH4sI")
MOST_BYTES: Final = (1 << 32) - _HEADER.size
"""A WAV file's lengths are 32 bits wide: 12.4 hours of one channel at 48 kHz."""


class WavWriter:
    """Writes a PCM16 WAV that is valid at every moment, so that a kill loses 0.1 s at most.

    rate: samples a second, of one channel. A fault (no room, 4 GB reached, deleted) is raised once; what was
    written stays a valid file, and later sound is dropped.
    """

    def __init__(self, path: Path, rate: int) -> None:
        self._name = repr(str(path))
        self._rate = rate
        self._waiting = bytearray()
        self._batch = rate * BYTES_A_SAMPLE // 10
        self._written = 0
        self._ended = False
        try:
            self._file: IO[bytes] = path.open("wb", buffering=0)
        except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
            raise SoundFileError(f"Cannot write {self._name}: {reason(error)}; name another file.") from error
        try:
            self._write_out()
        except SoundFileError:
            self._file.close()
            raise

    def write(self, pcm: bytes) -> None:
        """Append mono PCM16. Raises SoundFileError once, see above."""
        if self._ended:
            return
        self._waiting += pcm
        if len(self._waiting) >= self._batch:
            self._write_out()

    def close(self) -> None:
        """Write what waits and close the file. Idempotent. Raises SoundFileError, once, see above."""
        try:
            if not self._ended:
                self._write_out()
        finally:
            self._ended = True
            self._file.close()

    def _write_out(self) -> None:
        if self._written + len(self._waiting) > MOST_BYTES:
            self._ended = True
            raise SoundFileError(f"{self._name} is full: a WAV file ends at 4 GB; start a new one.")
        try:
            self._file.seek(0 if self._written == 0 else _HEADER.size + self._written)
            if self._written == 0:
                write_all(self._file, self._header(0))
            write_all(self._file, self._waiting)  # first: the header must not promise more
            self._written += len(self._waiting)
            self._waiting.clear()
            self._file.seek(0)
            write_all(self._file, self._header(self._written))
            deleted = not os.fstat(self._file.fileno()).st_nlink
        except OSError as error:
            self._ended = True
            raise SoundFileError(f"Cannot go on writing {self._name}: {reason(error)}; make room there.") from error
        if deleted:  # POSIX goes on writing to a file without a name
            self._ended = True
            raise SoundFileError(f"{self._name} was deleted while it was written; start anew to have one.")

    def _header(self, size: int) -> bytes:
        """RIFF header for `size` bytes of sound (Microsoft, "Multimedia Programming Interface", 1991)."""
        rate, width, channels = self._rate, BYTES_A_SAMPLE, 1
        riff = (b"RIFF", _HEADER.size - 8 + size)
        pcm = 1
        form = (b"WAVEfmt ", 16, pcm, channels, rate, rate * channels * width, channels * width, 8 * width)
        return _HEADER.pack(*riff, *form, b"data", size)

"""The guarded door to PortAudio: the one place that imports sounddevice.

Wheels carry the library on macOS and Windows; on Linux it comes from the distribution and may be missing.
"""

import atexit
import ctypes
import platform
import sys
from ctypes import c_char_p, c_int
from functools import cache
from typing import Any

from profai_cli.errors import DeviceError


@cache
def load() -> Any:  # noqa: ANN401 - the module has no types
    """The module `sounddevice`, ready for use; raises DeviceError where PortAudio is missing.

    Imported here and not above, because it takes 70 ms and `profai --help` does not need it.
    """
    try:
        import sounddevice  # noqa: PLC0415 - see the docstring
    except OSError as error:  # what sounddevice raises where the library is not found
        raise DeviceError(
            "Sound needs the PortAudio library: install it with 'sudo apt install libportaudio2' on Debian "
            "or Ubuntu, or the package 'portaudio' on Fedora or Arch."
        ) from error
    _silence_alsa()
    _silence_portaudio()
    return sounddevice


def look_again() -> None:
    """List the devices as they are now: PortAudio does so once. Ends all streams; they must be closed before.

    Raises sounddevice.PortAudioError.
    """
    sounddevice = load()
    if sounddevice._initialized:  # else the last look failed
        sounddevice._terminate()
    sounddevice._initialize()


def leave() -> None:
    """Let the process end without freeing devices: for a stream that does not close, on which that would wait."""
    atexit.unregister(load()._exit_handler)


_Handler = ctypes.CFUNCTYPE(None, c_char_p, c_int, c_char_p, c_int, c_char_p)


_IGNORE = _Handler(lambda *_: None)
"""An error handler that writes nothing, global because ALSA keeps no more than a bare pointer to it."""


def _silence_alsa() -> None:
    """Stop ALSA from writing lines such as "underrun occurred" into the learner's screen (Linux only)."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_IGNORE)
    except OSError:
        return  # a PortAudio without ALSA has nothing to silence


def _silence_portaudio() -> None:
    """Stop PortAudio from writing lines such as "Expression ... failed" into the learner's screen.

    Distributions build it so that it does when a sound server ends. It writes to C's `stderr`, which is a variable
    in the GNU C library (its manual, "Standard Streams"). Of Python only `input` uses it, for its question where
    standard output is a terminal: so whoever asks after this asks with `err=True` of click.
    """
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    ctypes.c_void_p.in_dll(library, "stderr").value = library.fopen(b"/dev/null", b"w")

"""The guarded door to PortAudio: the one place that imports sounddevice.

Wheels carry the library on macOS and Windows; on Linux it comes from the distribution and may be missing.
"""

import ctypes
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
            "Sound needs the PortAudio library: install it with `sudo apt install libportaudio2` on Debian "
            "or Ubuntu, or the package `portaudio` on Fedora or Arch."
        ) from error
    _silence_alsa()
    return sounddevice


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

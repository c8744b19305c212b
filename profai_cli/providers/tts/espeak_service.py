"""The child's side of `espeak` (see `worker_child`). Only this process loads espeak-ng, which is GPL-3.0.

The structures and numbers are those of espeak-ng 1.52's `speak_lib.h`.
"""

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import espeakng_loader

from profai_cli.errors import EngineError
from profai_cli.providers.tts.streamed import Put, streamed
from profai_cli.providers.wire import Message

_SYNCHRONOUS: Final = 2
_BUFFER_MS: Final = 100
_DONT_EXIT: Final = 0x8000  # without it a fault at loading ends the process
_UTF8: Final = 1
_RATE_PARAMETER: Final = 1
_IPA: Final = 2
_WORD_EVENT: Final = 1
_LONGEST_PATH: Final = 158  # espeak keeps the path of its data in a fixed buffer
_WORDS_A_MINUTE: Final = 160  # by espeak's count; also what a lesson comes to, with its pauses
_SLOWEST, _FASTEST = 80, 450


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),  # in characters, from 1
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


class Service:
    """One voice of espeak."""

    def __init__(self) -> None:
        self._voices: list[str] = []
        self._rate = 0
        self._data = _Data()
        self._library: ctypes.CDLL | None = None

    def handle(self, header: dict[str, Any], _payload: bytes) -> Iterator[Message]:
        """Replies to "load" (voices: the first that exists is taken), "speak" (text, speed) and "phonemes"
        (texts; a reply with the IPA of each)."""
        match header["op"]:
            case "load":
                self._voices = header["voices"]
                self._fresh()
            case "speak":
                yield from streamed(partial(self._say, header["text"], header["speed"]))
            case "phonemes":
                library = self._fresh()
                for text in header["texts"]:
                    yield {"ipa": _phonemes(library, text)}, b""

    def _fresh(self) -> ctypes.CDLL:
        """A library just loaded (2 ms): the old one's oscillators and noise would make a sentence sound,
        and last, differently each time."""
        if self._library is not None:
            self._library.espeak_Terminate()
            _unload(self._library)
            self._library = None
        try:
            self._library = library = ctypes.CDLL(espeakng_loader.get_library_path())
        except OSError as error:
            raise EngineError(f"The voice espeak cannot be loaded ({error}): choose another one with --tts.") from error
        self._rate = library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, self._data.path, _DONT_EXIT)
        if self._rate <= 0:
            raise EngineError("The voice espeak does not find its data: reinstall espeakng-loader.")
        library.espeak_ng_SetRandSeed(ctypes.c_long(1))
        if all(library.espeak_SetVoiceByName(voice.encode()) for voice in self._voices):  # 0 is success
            name = self._voices[0]
            raise EngineError(f"espeak has no voice {name!r}: choose one such as en-us, en-gb-x-rp or hi.")
        return library

    def _say(self, text: str, speed: float, put: Put) -> None:
        def deliver(samples: int | None, count: int, events: Any) -> int:  # noqa: ANN401 - a ctypes pointer
            words = []
            index = 0
            while events[index].type:
                if events[index].type == _WORD_EVENT:
                    words.append((events[index].text_position - 1, events[index].sample / self._rate))
                index += 1
            pcm = ctypes.string_at(samples, count * 2) if samples else b""
            if pcm or words:
                put(({"rate": self._rate, "words": words}, pcm))
            return 0

        library = self._fresh()
        callback = _Callback(deliver)
        library.espeak_SetSynthCallback(callback)
        rate = min(max(round(_WORDS_A_MINUTE * speed), _SLOWEST), _FASTEST)
        library.espeak_SetParameter(_RATE_PARAMETER, rate, 0)
        data = text.encode()
        library.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, 0, 0, _UTF8, None, None)


def _phonemes(library: ctypes.CDLL, text: str) -> str:
    """The text in IPA, clause by clause."""
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    rest = ctypes.c_char_p(text.encode())
    said = []
    while rest.value:
        said.append(library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA).decode())
    return " ".join(said)


def _unload(library: ctypes.CDLL) -> None:
    """Where the system keeps a library loaded (musl does), sentences differ by some milliseconds."""
    handle = ctypes.c_void_p(library._handle)
    if sys.platform == "win32":
        ctypes.windll.kernel32.FreeLibrary(handle)
    else:
        ctypes.CDLL(None).dlclose(handle)


class _Data:
    """The folder of espeak's data, under a name short enough for espeak."""

    def __init__(self) -> None:
        folder = Path(espeakng_loader.get_data_path())
        if len(os.fsencode(folder)) > _LONGEST_PATH:
            self._short = tempfile.TemporaryDirectory(prefix="profai-")
            short = Path(self._short.name) / folder.name
            try:
                short.symlink_to(folder, target_is_directory=True)
            except OSError:  # Windows lets few users make links
                shutil.copytree(folder, short)
            folder = short
        self.path = os.fsencode(folder)

"""Which voice of this machine is used, by default or by name."""

import sys
from collections.abc import AsyncGenerator

from profai_cli.errors import EngineError, InputError
from profai_cli.ports import Speech, TextToSpeech
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.providers.tts.flite import Flite
from profai_cli.providers.tts.system import System


class BestLocal:
    """The easiest voice to understand that works here: for English flite, or the system's own on macOS and Windows;
    else espeak. Implements `ports.TextToSpeech`; which one it is, is known after `start`."""

    def __init__(self, language: str) -> None:
        self._voices: list[TextToSpeech] = [Espeak(language)]
        if language.lower().split("-")[0] == "en":
            self._voices.insert(0, System(language) if sys.platform in ("darwin", "win32") else Flite())

    @property
    def name(self) -> str:
        """Of the voice that is used."""
        return self._voices[0].name

    @property
    def delay(self) -> float:
        """Of the voice that is used."""
        return self._voices[0].delay

    async def start(self) -> None:
        """Start the first that works. Raises EngineError where none does."""
        while True:
            try:
                await self._voices[0].start()
            except EngineError:
                if len(self._voices) == 1:
                    raise
                await self._voices.pop(0).close()
            else:
                del self._voices[1:]
                return

    def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
        """See `ports.TextToSpeech`."""
        return self._voices[0].speak(text, speed)

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._voices[0].close()


def named(name: str, language: str = "en") -> TextToSpeech:
    """The voice "espeak", "flite" or "system", not started; "espeak:en-gb-scotland" names one of its voices.

    Raises InputError for other names.
    """
    engine, _, voice = name.partition(":")
    match engine:
        case "espeak":
            return Espeak(language, voice or None)
        case "flite":
            return Flite(voice or "slt")
        case "system":
            return System(language, voice or None)
    raise InputError(f"There is no local voice {name!r}: choose flite, system or espeak.")

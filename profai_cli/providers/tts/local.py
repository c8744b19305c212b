"""Which voice of this machine is used, by default or by name."""

import sys

from profai_cli.errors import EngineError, InputError
from profai_cli.ports import TextToSpeech
from profai_cli.providers.catalogue import voices
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.providers.tts.flite import Flite
from profai_cli.providers.tts.system import System


async def best_local(language: str) -> TextToSpeech:
    """The easiest voice to understand that works here, started; starting it again does nothing.

    For English that is flite, or the system's own on macOS and Windows; else it is espeak. Raises EngineError
    where none works.
    """
    if language.lower().split("-")[0] == "en":
        easy = System(language) if sys.platform in ("darwin", "win32") else Flite()
        try:
            await easy.start()
        except EngineError:
            pass
        else:
            return easy
    voice = Espeak(language)
    await voice.start()
    return voice


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
    raise InputError(f"There is no local voice {name!r}: choose one of {', '.join(voices())}.")

"""The voice of the emulators that speak: the best local one, started once, with the words' times."""

import asyncio
from contextlib import aclosing
from functools import cache

import numpy as np
import soxr

from profai_cli.ports import TextToSpeech
from profai_cli.providers.tts.local import BestLocal

Spoken = tuple[bytes, list[tuple[int, int, float]]]

_voices: dict[str, TextToSpeech] = {}
_said: dict[tuple[str, int, float, str], Spoken] = {}
_alone = asyncio.Lock()


async def spoken(text: str, rate: int, speed: float = 1.0, language: str = "en") -> Spoken:
    """Mono PCM16 of the text at `rate`, and (first character, end, seconds) of its words.

    The same text sounds the same each time. Text without a letter or digit has no sound.
    """
    key = (text, rate, speed, language)
    async with _alone:
        if key not in _said:
            if language not in _voices:
                voice = BestLocal(language)
                await voice.start()
                _voices[language] = voice
            _said[key] = await _say(_voices[language], text, rate, speed)
        return _said[key]


@cache
def reference(text: str, rate: int, speed: float = 1.0, language: str = "en") -> Spoken:
    """What the emulators' `spoken` gives, for a test in another process."""

    async def say() -> Spoken:
        voice = BestLocal(language)
        await voice.start()
        try:
            return await _say(voice, text, rate, speed)
        finally:
            await voice.close()

    return asyncio.run(say())


async def _say(voice: TextToSpeech, text: str, rate: int, speed: float) -> Spoken:
    sound, own_rate, words = bytearray(), rate, []
    async with aclosing(voice.speak(text, speed)) as pieces:
        async for piece in pieces:
            sound += piece.pcm
            own_rate = piece.rate
            words += [(word.start, word.end, word.at) for word in piece.words]
    samples = np.frombuffer(bytes(sound), np.int16)
    return soxr.resample(samples, own_rate, rate).tobytes() if own_rate != rate else bytes(sound), sorted(words)

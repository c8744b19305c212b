"""The voice espeak: formant speech in many languages, on every machine, from the wheel espeakng-loader."""

from collections.abc import Sequence
from contextlib import aclosing
from typing import Final

from profai_cli.providers.tts.arpabet import arpabet
from profai_cli.providers.tts.plain_text import sayable
from profai_cli.providers.tts.worker_voice import WorkerVoice

VARIANT: Final = "+f3"
"""Of espeak's variants the one that a recogniser understood best (shared facts: engines, 2)."""

_AMERICAN: Final = "en-us"
_BRITISH: Final = "en-gb-x-rp"
"""For India and Australia too, being nearer to them; plain "en-gb" fails in 1.52."""


class Espeak(WorkerVoice):
    """A `ports.TextToSpeech` and `ports.Pronouncer`: espeak-ng in a process of its own.

    language: BCP 47, such as "en-IN" or "hi". voice: a voice of espeak's own naming instead, such as
    "en-gb-scotland" or "en-us+m3". Sound has 22,050 samples a second; speed 1.0 is 160 words a minute.
    """

    def __init__(self, language: str = "en", voice: str | None = None) -> None:
        voices = [voice] if voice else voices_for(language)
        service = "profai_cli.providers.tts.espeak_service"
        super().__init__(f"espeak {voices[0]}", delay=0.03, service=service, load={"voices": voices})

    async def pronounce(self, words: Sequence[str]) -> dict[str, str]:
        """ARPAbet phones, separated by spaces, by word; words that cannot be said are left out.

        Raises EngineError. The phones are those of the voice's language: an English one is asked for.
        """
        wanted = {word: _spelt(sayable(word)) for word in words if any(map(str.isalnum, word))}
        async with aclosing(self._ask({"op": "phonemes", "texts": list(wanted.values())})) as replies:
            said = [header["ipa"] async for header, _ in replies]
        phones = {word: arpabet(ipa) for word, ipa in zip(wanted, said, strict=True)}
        return {word: sounds for word, sounds in phones.items() if sounds}


def voices_for(language: str) -> list[str]:
    """espeak's names of the voices for a language, the best first: that of its region, that of all regions."""
    tag = language.lower()
    base = tag.split("-")[0]
    if base == "en":
        return [(_AMERICAN if tag in ("en", "en-us") else _BRITISH) + VARIANT]
    return [name + VARIANT for name in dict.fromkeys((tag, base))]


def _spelt(word: str) -> str:
    """Abbreviations without a vowel letter by letter."""
    return " ".join(word) if word.isupper() and not set(word) & set("AEIOUY") else word

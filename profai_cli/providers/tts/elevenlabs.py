"""The voice of ElevenLabs, over HTTP: a request a sentence, on one warm connection."""

import asyncio
import importlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BYTES_A_SAMPLE, seconds
from profai_cli.ports import Speech
from profai_cli.providers.limits import Limits
from profai_cli.providers.tts.alignment import CharacterTimes
from profai_cli.providers.tts.elevenlabs_errors import lost, told
from profai_cli.providers.tts.plain_text import sayable
from profai_cli.settings import Access
from profai_cli.tutor.numbers import in_words

if TYPE_CHECKING:
    from profai_cli.providers.tts.elevenlabs_client import Client

RATE: Final = 24_000
"""Samples a second: the highest that every plan includes."""

MODEL: Final = "eleven_flash_v2_5"
VOICE: Final = "JBFqnCBsd6RMkjVDRZzb"
"""George, the voice of ElevenLabs' own quick start."""

LANGUAGES: Final = frozenset({
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "fi", "fil", "fr", "hi", "hr", "hu", "id", "it", "ja", "ko", "ms",
    "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "ta", "tr", "uk", "vi", "zh",
})  # fmt: skip
"""What eleven_flash_v2_5 speaks, by the vendor's list."""

SLOWEST: Final = 0.7
FASTEST: Final = 1.2
_TAKE_LANGUAGE: Final = ("eleven_flash_v2_5", "eleven_turbo_v2_5", "eleven_v3")
_LETTERS_A_SECOND: Final = 30
"""No voice speaks as fast: what is shorter was cut off."""


def supports(language: str) -> bool:
    """Whether the voice speaks a language, given as "hi" or "en-IN"."""
    return _primary(language) in LANGUAGES


def _primary(language: str) -> str:
    return language.lower().split("-")[0]


class ElevenLabs:
    """A `ports.TextToSpeech`. voice: the vendor's id of one. model: its id.

    A language that the model does not know is left to its own guess.
    """

    name = "ElevenLabs"
    delay = 0.3

    def __init__(
        self,
        access: Access,
        *,
        language: str = "en",
        voice: str | None = None,
        model: str | None = None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._access = access
        self._limits = limits
        self._voice = voice or VOICE
        self._english = _primary(language) == "en"
        self._request: dict[str, Any] = {"model_id": model or MODEL, "output_format": f"pcm_{RATE}"}
        if self._request["model_id"] in _TAKE_LANGUAGE and supports(language):
            self._request["language_code"] = _primary(language)
        self._client: Client | None = None
        self._previous = ""

    async def start(self) -> None:
        """Load the SDK in a thread, open the connection and try the key. Raises EngineError."""
        if self._client:
            return
        if not self._access.key.reveal().isascii() or not self._access.key.reveal().isprintable():
            raise told(401, None)  # not sent: the network's own library would write it into its log
        client = await asyncio.to_thread(_loaded, self._access, self._limits)
        try:
            await client.warm()
        except BaseException:  # also a cancelled start must leave no connection behind
            await client.close()
            raise
        self._client = client

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech, None]:
        """Say one sentence as its sound comes; words come with their sound.

        speed: what is beyond 0.7 to 1.2 is said as slowly or fast as the vendor can. Numbers of English text
        are said as words. Words whose time the vendor did not tell come last, with a piece that holds no sound.
        Text without a letter or digit yields nothing. Raises EngineError.
        """
        if self._client is None:
            raise RuntimeError("the voice was not started")
        text = sayable(text)
        if not any(map(str.isalnum, text)):
            return
        said, origin = in_words(text) if self._english else (text, list(range(len(text))))
        request = {**self._request, "text": said}
        if self._previous:
            request["previous_text"] = self._previous
        self._previous = ""  # until this one is said
        times, end, left = CharacterTimes(text, said, origin), 0.0, b""
        async with aclosing(self._client.speak(self._voice, min(max(speed, SLOWEST), FASTEST), **request)) as pieces:
            async for sound, characters in pieces:
                pcm = left + sound
                whole = len(pcm) // BYTES_A_SAMPLE * BYTES_A_SAMPLE
                pcm, left = pcm[:whole], pcm[whole:]
                begin, end = end, end + seconds(pcm, RATE)
                yield Speech(pcm, RATE, times.take(characters, begin))
        if end == 0.0:
            raise lost("sends no sound: try again later, or choose another voice")
        if not times.whole if times.begun else end < sum(map(str.isalnum, said)) / _LETTERS_A_SECOND:
            raise lost("stops in mid-sentence: try again later, or choose another voice")
        self._previous = said
        if rest := times.rest(end):
            yield Speech(b"", RATE, rest)

    async def close(self) -> None:
        """Close the connection. Idempotent; the voice cannot be used again."""
        if self._client:
            await self._client.close()


def _loaded(access: Access, limits: Limits) -> "Client":
    """For a thread: half a second of imports, and the certificates. Raises EngineError."""
    try:
        module = importlib.import_module("profai_cli.providers.tts.elevenlabs_client")
        anyio = importlib.import_module("anyio")
    except ImportError:
        raise EngineError("ElevenLabs' library is not installed: install it with 'pip install elevenlabs'.") from None
    anyio.run(anyio.sleep, 0)  # it loads its half for asyncio: else httpx has it do so in the class's own loop
    try:
        client: Client = module.Client(access, limits)
    except (ImportError, ValueError):  # what httpx makes of a proxy it cannot use
        raise EngineError(
            "ElevenLabs cannot be reached through the proxy that is set: check HTTPS_PROXY and ALL_PROXY."
        ) from None
    return client

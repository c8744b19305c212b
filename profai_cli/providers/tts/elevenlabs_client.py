"""ElevenLabs' own SDK on one warm connection. Heavy: imported in a thread, when the voice starts."""

import asyncio
import base64
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import Any

import httpx
from elevenlabs.core.api_error import ApiError
from elevenlabs.types import VoiceSettings

try:  # the base of the public client, which does all that is needed and is imported 0.3 s sooner
    from elevenlabs.base_client import AsyncBaseElevenLabs as Sdk
except ImportError:  # it is not documented
    from elevenlabs.client import AsyncElevenLabs as Sdk  # type: ignore[assignment] # a subclass of it

from profai_cli.providers.limits import KEEP_ALIVE, Limits
from profai_cli.providers.tts.alignment import Characters, characters
from profai_cli.providers.tts.elevenlabs_errors import NO_PERMISSION, code, lost, stalled, told
from profai_cli.settings import Access

Piece = tuple[bytes, Characters]
"""Bytes of PCM16, maybe an odd number of them, and the characters whose times came with them."""


class Client:
    """One vendor's client. Every method raises an EngineError of the right kind, and nothing else."""

    def __init__(self, access: Access, limits: Limits) -> None:
        self._limits = limits
        timeout = httpx.Timeout(limits.connect + limits.first, connect=limits.connect)
        self._http = httpx.AsyncClient(timeout=timeout, limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE))
        sdk = Sdk(api_key=access.key.reveal(), base_url=access.url or None, httpx_client=self._http)
        self._speech = sdk.text_to_speech
        self._models = sdk.models

    async def warm(self) -> None:
        """Open the connection by a question that costs nothing, and learn whether the key is good."""
        with self._translated():
            try:
                async with asyncio.timeout(self._limits.connect + self._limits.first):
                    await self._models.list(request_options={"max_retries": 0})
            except ApiError as error:
                if code(error.body) != NO_PERMISSION:  # a key for nothing but text to speech is a good one
                    raise

    async def speak(self, voice: str, speed: float, **request: Any) -> AsyncGenerator[Piece, None]:  # noqa: ANN401 - JSON
        """The sound as it comes. request: other parameters of the API, by the SDK's names."""
        limit = self._limits.first
        with self._translated():
            replies = self._speech.stream_with_timestamps(voice, voice_settings=VoiceSettings(speed=speed), **request)
            async with aclosing(replies):
                while piece := await _next(replies, limit):
                    yield piece
                    limit = self._limits.gap

    async def close(self) -> None:
        """Close the connection, whatever runs on it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.close):
                await self._http.aclose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Errors of the SDK, which may show the key, as profai's, which hide where they come from."""
        try:
            yield
        except ApiError as error:
            raise told(error.status_code or 0, error.body, error.headers) from None
        except (TimeoutError, httpx.TimeoutException):
            raise stalled() from None
        except httpx.ConnectError:
            raise lost("cannot be reached: check the network, or choose another voice") from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise lost("was cut off: check the network, or choose another voice") from None
        except RuntimeError:
            if not self._http.is_closed:
                raise
            raise lost("was closed: start it again") from None


async def _next(replies: AsyncIterator[Any], limit: float) -> Piece | None:
    """The next reply that has sound, None after the last one. Raises TimeoutError after `limit` seconds."""
    async with asyncio.timeout(limit):
        async for reply in replies:
            sound = getattr(reply, "audio_base_64", None)
            if isinstance(sound, str) and sound:
                return _decoded(sound), characters(getattr(reply, "alignment", None))
            extra = getattr(reply, "model_extra", None) or {}
            if "detail" in extra:  # an error in mid-stream, which the SDK lets pass
                raise told(0, extra)
    return None


def _decoded(sound: str) -> bytes:
    try:
        return base64.b64decode(sound, validate=True)
    except ValueError:
        raise lost("sends what is no sound: try again later, or choose another voice") from None

"""One connection to Sarvam's voice: text goes out, the sound of one sentence after the other comes back."""

import asyncio
import base64
from typing import Any, Final

from profai_cli.errors import EngineError
from profai_cli.providers.limits import Limits
from profai_cli.providers.sarvam import lost, stalled, told
from profai_cli.providers.sarvam_socket import open_socket
from profai_cli.providers.sdk_socket import Socket
from profai_cli.settings import Access

RATE: Final = 24_000
"""Samples a second: the most that the vendor streams."""

MODEL: Final = "bulbul:v3"


class Line:
    """All methods but `close` and `ping` raise EngineError."""

    def __init__(self, socket: Socket, language: str, speaker: str, limits: Limits) -> None:
        self._socket, self._limits = socket, limits
        self._language, self._speaker = language, speaker
        self._pace = 0.0
        self._sounded = False

    @property
    def open(self) -> bool:
        """As far as is known here."""
        return self._socket.open

    async def configure(self, pace: float) -> None:
        """Choose the pace, 1 being the voice's own."""
        if pace != self._pace:
            self._pace = pace
            await self._socket.do(
                self._socket.sdk.configure(
                    target_language_code=self._language,
                    speaker=self._speaker,
                    pace=pace,
                    speech_sample_rate=RATE,
                    output_audio_codec="linear16",
                )
            )

    async def ask(self, text: str, pace: float) -> None:
        """Have a sentence said; all sound of the one before has to be taken."""
        self._sounded = False
        try:
            async with asyncio.timeout(self._limits.first):
                await self.configure(pace)
                await self._socket.do(self._socket.sdk.convert(text))
                await self._socket.do(self._socket.sdk.flush())
        except TimeoutError:
            raise stalled() from None

    async def sound(self) -> bytes:
        """The next bytes of the sentence's PCM16, maybe an odd number of them; b"" at its end."""
        try:
            async with asyncio.timeout(self._limits.gap if self._sounded else self._limits.first):
                while True:
                    message = await self._socket.receive()
                    match getattr(message, "type", None):
                        case "audio":
                            if sound := _decoded(message.data.audio):
                                self._sounded = True
                                return sound
                        case "event":  # there is but one, "final"
                            if self._sounded:  # else it is of the sentence before, or of one without sound
                                return b""
                        case "error":
                            raise _failure(message.data)
        except TimeoutError:
            raise stalled() from None

    async def ping(self) -> None:
        """Show that there is somebody; it is no matter where that fails."""
        try:
            await self._socket.do(self._socket.sdk.ping())
        except EngineError:
            await self._socket.close()

    async def close(self) -> None:
        """Leave, which also ends what is being said. Idempotent."""
        await self._socket.close()


async def open_line(access: Access, language: str, speaker: str, limits: Limits) -> Line:
    """Connect. language: Sarvam's code. Raises EngineError."""
    socket = await open_socket(access, "text_to_speech", limits, model=MODEL, send_completion_event="true")
    line = Line(socket, language, speaker, limits)
    try:
        await line.configure(1.0)
    except BaseException:  # also a cancelled start must leave no connection behind
        await line.close()
        raise
    return line


def _decoded(sound: str) -> bytes:
    try:
        return base64.b64decode(sound, validate=True)
    except ValueError:
        raise lost("sends what is no sound: try again later, or choose another voice") from None


def _failure(data: Any) -> EngineError:  # noqa: ANN401 - the SDK's class is imported late
    return told(data.code, data.message)

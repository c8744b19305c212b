"""Speech recognition by Sarvam, for Indian languages, over its live socket and through its SDK.

It tells no words before the end of speech, and nothing at all where it finds no speech. So where it was asked for the
final words and does not speak of any, a ping tells whether it is there, and silence then means that there were none.
"""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BYTES_A_SAMPLE, SPEECH_RATE, seconds
from profai_cli.ports import Vocabulary
from profai_cli.providers import sarvam
from profai_cli.providers.limits import Limits
from profai_cli.providers.sarvam import told
from profai_cli.providers.sarvam_socket import open_socket
from profai_cli.providers.sdk_socket import Socket
from profai_cli.providers.stt.connection import Connection, Heard, Word
from profai_cli.providers.stt.streaming import LIMITS, StreamingRecogniser
from profai_cli.settings import Access

MODEL: Final = "saaras:v4"

MOST_TERMS: Final = 50
LONGEST_TERM: Final = 64
"""The vendor's limits of key terms."""

IDLE: Final = 25.0
"""Seconds between two signs of life without sound; the vendor closes a connection after 60."""

BATCH: Final = 0.1
"""Seconds of sound in a message, which is JSON with base64."""

_EARLIER: Final = 0.5  # seconds before its first signal in which speech may have begun
_PATIENCE: Final = 0.8  # of `Limits.final`: how long a flush may stay unanswered


def supports(language: str) -> bool:
    """Whether the recogniser knows a language, given as "hi" or "en-IN", or as "auto"."""
    return language == "auto" or sarvam.supports(language)


class Sarvam(StreamingRecogniser):
    """language: "auto" for whichever of them is spoken, or a tag such as "en-IN" or "hi"."""

    def __init__(
        self, access: Access, vocabulary: Vocabulary, *, language: str = "auto", limits: Limits = LIMITS
    ) -> None:
        async def connect(terms: Sequence[str]) -> Connection:
            query = {
                "language_code": "unknown" if language == "auto" else sarvam.code(language),
                "model": MODEL,
                "mode": "transcribe",
                "sample_rate": str(SPEECH_RATE),
                "input_audio_codec": "pcm_s16le",
                "vad_signals": "true",
                "flush_signal": "true",
            }
            taken = [term for term in dict.fromkeys(terms) if term and len(term) <= LONGEST_TERM][:MOST_TERMS]
            if taken:
                query["keyterms"] = json.dumps(taken)
            return _Connection(await open_socket(access, "speech_to_text", limits, **query), limits)

        super().__init__("Sarvam", connect, terms=vocabulary.terms, limits=limits, batch=BATCH, idle=IDLE, steady=False)


class _Connection:
    """Obeys `connection.Connection`."""

    def __init__(self, socket: Socket, limits: Limits) -> None:
        self._socket = socket
        self._patience = limits.final * _PATIENCE
        self._sent = self._begun = self._told = 0.0  # seconds of sound: all; where speech began; that of the last words
        self._ended: float | None = None  # where speech ended, if words of it are still to come
        self._speaks = False  # it has found speech whose words have not come
        self._alive = False  # it has said something since it was last taken to have heard nothing
        self._silence: asyncio.Queue[float] = asyncio.Queue()
        self._waiting: asyncio.Task[None] | None = None

    async def send(self, pcm: bytes) -> None:
        """See `Connection`."""
        self._sent += seconds(pcm, SPEECH_RATE)
        await self._transcribe(pcm)

    async def flush(self) -> None:
        """See `Connection`."""
        self._ended = self._sent
        await self._socket.do(self._socket.sdk.flush())
        if self._waiting:
            self._waiting.cancel()
        self._waiting = asyncio.create_task(self._wait(self._sent))

    async def expect(self, terms: Sequence[str]) -> None:
        """Nothing: Sarvam takes terms at the begin of a connection only."""

    async def keep_alive(self) -> None:
        """See `Connection`. Only sound counts for Sarvam; this is not of the class, so it is not counted as sent."""
        await self._transcribe(bytes(round(BATCH * SPEECH_RATE) * BYTES_A_SAMPLE))

    async def messages(self) -> AsyncIterator[Heard]:
        """Words, and that there were none; not what only shows that Sarvam is there, for words may still be owed."""
        receiving = asyncio.ensure_future(self._socket.receive())
        silence = asyncio.ensure_future(self._silence.get())
        try:
            while True:
                await asyncio.wait({receiving, silence}, return_when=asyncio.FIRST_COMPLETED)
                if receiving.done():
                    heard = self._heard(receiving.result())
                    receiving = asyncio.ensure_future(self._socket.receive())
                    if heard:
                        yield heard
                else:
                    yield Heard((), final=True, flushed=True, until=silence.result(), guessed=True)
                    silence = asyncio.ensure_future(self._silence.get())
        finally:
            receiving.cancel()
            silence.cancel()
            await asyncio.gather(receiving, silence, return_exceptions=True)

    async def close(self) -> None:
        """See `Connection`."""
        if self._waiting:
            self._waiting.cancel()
        await self._socket.close()

    @property
    def _flushing(self) -> bool:
        """Whether a flush may still be answered."""
        return self._waiting is not None and not self._waiting.done()

    async def _transcribe(self, pcm: bytes) -> None:
        sound = base64.b64encode(pcm).decode()
        # The SDK takes no other encoding; the one that counts is in the query.
        await self._socket.do(self._socket.sdk.transcribe(audio=sound, encoding="audio/wav", sample_rate=SPEECH_RATE))

    async def _wait(self, until: float) -> None:
        """Give Sarvam time to answer a flush; then, if it is there and has found no speech, it has heard no words.

        One that has not said a word since the last such time is not believed.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        with suppress(EngineError):  # `messages` raises the same
            await self._socket.answers()
            if (left := deadline - loop.time()) > 0:
                await asyncio.sleep(left)
                if self._alive and not self._speaks:
                    self._alive, self._ended, self._told = False, None, until
                    self._silence.put_nowait(until)

    def _heard(self, message: Any) -> Heard | None:  # noqa: ANN401 - one of several classes of the SDK
        """The words of a message, None where there are none. Raises EngineError."""
        kind, data = getattr(message, "type", None), getattr(message, "data", None)
        if kind == "error":
            raise told(getattr(data, "code", ""), getattr(data, "error", ""))
        match getattr(data, "signal_type", None):
            case "START_SPEECH":
                self._alive = self._speaks = True
                self._begun = max(self._sent - _EARLIER, self._told)
                if not self._flushing:
                    self._ended = None
            case "END_SPEECH":
                self._ended = self._ended or self._sent
        transcript = getattr(data, "transcript", None)
        return self._words(transcript) if isinstance(transcript, str) else None

    def _words(self, transcript: str) -> Heard:
        """Side by side from where speech began to where it ended: Sarvam tells no times."""
        flushed = self._flushing
        if self._waiting:
            self._waiting.cancel()
        until = self._sent if self._ended is None else self._ended
        texts = transcript.split()
        begun = min(self._begun if self._speaks else self._told, until)
        each = (until - begun) / max(len(texts), 1)
        words = tuple(Word(f" {text}", begun + n * each, begun + (n + 1) * each) for n, text in enumerate(texts))
        self._alive, self._speaks, self._ended, self._told = True, False, None, until
        return Heard(words, final=True, ended=True, flushed=flushed, until=until)

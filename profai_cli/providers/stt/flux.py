"""Speech recognition by Deepgram's Flux, which finds the ends of turns itself, over its live socket v2."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from profai_cli.errors import EngineError
from profai_cli.pcm import SPEECH_RATE
from profai_cli.ports import Vocabulary
from profai_cli.providers.limits import Limits
from profai_cli.providers.sdk_socket import Socket
from profai_cli.providers.stt.connection import Connection, Heard, Word
from profai_cli.providers.stt.deepgram_errors import Errors
from profai_cli.providers.stt.deepgram_socket import open_socket
from profai_cli.providers.stt.deepgram_words import joined, key_terms
from profai_cli.providers.stt.streaming import LIMITS, StreamingRecogniser
from profai_cli.settings import Access

LANGUAGES: Final = ("en", "es", "fr", "de", "hi", "ru", "pt", "ja", "it", "nl")
"""What flux-general-multi knows."""

BATCH: Final = 0.08
"""Seconds of sound in a message: Deepgram's advice for Flux."""

EAGER: Final = 0.5
"""How sure Flux must be of an early end of turn. The answer begins then, and is dropped if the learner goes on."""


class Flux(StreamingRecogniser):
    """language: "auto" for several at once, or a tag such as "en" or "hi".

    Flux's early end of turn gives a final; words that follow in the same turn give another one.
    """

    def __init__(
        self, access: Access, vocabulary: Vocabulary, *, language: str = "auto", limits: Limits = LIMITS
    ) -> None:
        errors = Errors("Deepgram Flux", access.key)

        async def connect(terms: Sequence[str]) -> Connection:
            query = _query(language, vocabulary.language, terms)
            return _Connection(await open_socket(errors, access, "v2", query, limits), errors)

        super().__init__("Deepgram Flux", connect, terms=vocabulary.terms, limits=limits, batch=BATCH)


def _query(language: str, taught: str, terms: Sequence[str]) -> dict[str, Any]:
    """The parameters of the socket. taught: the language of the course. Raises EngineError."""
    tags = (taught, "en") if language == "auto" else (language,)
    hints = [hint for hint in dict.fromkeys(tag.partition("-")[0] for tag in tags) if hint in LANGUAGES]
    if not hints:
        known = ", ".join(LANGUAGES)
        raise EngineError(f"Deepgram Flux does not know the language {language!r}: choose auto or one of {known}.")
    english = language != "auto" and hints == ["en"]
    query: dict[str, Any] = {"model": "flux-general-en"}
    if not english:
        query = {"model": "flux-general-multi", "language_hint": hints}
    if taken := key_terms(terms):
        query["keyterm"] = taken
    return query | {
        "encoding": "linear16",
        "sample_rate": SPEECH_RATE,
        "eager_eot_threshold": EAGER,
        "mip_opt_out": True,  # what learners say is not for training Deepgram's models
    }


class _Connection:
    """Obeys `connection.Connection`."""

    def __init__(self, socket: Socket, errors: Errors) -> None:
        self._socket, self._sdk, self._errors = socket, socket.sdk, errors
        self._turn = -1
        self._seen: list[float] = []  # by word of the turn

    async def send(self, pcm: bytes) -> None:
        """See `Connection`."""
        await self._socket.do(self._sdk.send_media(pcm))

    async def flush(self) -> None:
        """See `Connection`."""
        await self._socket.do(self._sdk.send_force_end_turn())

    async def expect(self, terms: Sequence[str]) -> None:
        """See `Connection`."""
        await self._socket.do(self._sdk.send_configure({"type": "Configure", "keyterms": key_terms(terms)}))

    async def keep_alive(self) -> None:
        """Nothing: v2 has no message for it, and the websocket's own pings do it."""

    async def messages(self) -> AsyncIterator[Heard]:
        """See `Connection`."""
        async for message in self._socket.messages():
            if getattr(message, "type", None) == "Error":
                raise self._errors.said(str(message.code), str(message.description))
            heard = self._heard(message)
            if heard is not None:
                yield heard

    async def close(self) -> None:
        """See `Connection`."""
        await self._socket.close(self._sdk.send_close_stream)

    def _heard(self, message: Any) -> Heard | None:  # noqa: ANN401 - whatever the SDK made of what was sent
        """What a message says; None where it makes no sense: the SDK lets everything pass."""
        match getattr(message, "type", None):
            case "TurnInfo":
                try:
                    return self._heard_turn(message)
                except (AttributeError, TypeError, ValueError):
                    return None
            case "Connected" | "ConfigureSuccess" | "ConfigureFailure" | "Warning":
                return Heard()
        return None

    def _heard_turn(self, message: Any) -> Heard:  # noqa: ANN401 - as above
        """The words of the turn so far. Flux may leave out their times: then a word is as old as its first message."""
        until = float(message.audio_window_end)
        if message.turn_index != self._turn:
            self._turn, self._seen = message.turn_index, []
        self._seen += [until] * (len(message.words) - len(self._seen))
        texts = joined([word.word for word in message.words], message.transcript)
        words = tuple(
            Word(
                text,
                *((seen, seen) if word.start is None or word.end is None else (float(word.start), float(word.end))),
            )
            for text, word, seen in zip(texts, message.words, self._seen, strict=False)
        )
        over = message.event == "EndOfTurn"
        return Heard(
            words,
            final=over,
            ended=over or message.event == "EagerEndOfTurn",
            flushed=over and message.trigger == "manual",
            until=until,
        )

"""Speech recognition by Deepgram's nova models, over its live socket v1 and through its SDK."""

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

ENDPOINTING: Final = 300
"""Milliseconds of silence that end speech for Deepgram. profai asks for the final words after 200 ms itself, so this
is for speech that its own detector does not hear end. Deepgram's documentation has 100 for several languages at once;
that is shorter than the silence before many a consonant, and would punctuate the parts of a sentence one by one."""

UTTERANCE_END: Final = 1000
"""Milliseconds without a new word after which Deepgram says that an utterance has ended, also in noise; its least."""


def _tags(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGES: Final = _tags(
    """
    ar be bg bn bs ca cs da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk mr ms ne nl no pa pl pt ro
    ru sk sl sr sv ta te th tl tr uk ur vi zh
    """
)
"""What nova-3 knows, by the first part of the tag (developers.deepgram.com/docs/models-languages-overview)."""

MULTI: Final = _tags(
    """
    af ar be bg bn bs ca cs da de el en es et fa fi fr gl gu he hi hr hu id it ja kn ko lt lv mk mr ms nl no pl pt ro
    ru sk sl sr sv ta te th tl tr uk vi xh zh zu
    """
)
"""What it can be told to expect with language=multi (developers.deepgram.com/docs/nova-3-language-prompting)."""

NOT_KNOWN: Final = ("hi-Latn",)
"""Variants of those languages that nova-3 lacks."""


class Deepgram(StreamingRecogniser):
    """language: "auto" for several at once, or a tag such as "en-IN" or "hi"."""

    def __init__(
        self,
        access: Access,
        vocabulary: Vocabulary,
        *,
        language: str = "auto",
        model: str = "nova-3",
        limits: Limits = LIMITS,
    ) -> None:
        errors = Errors("Deepgram", access.key)

        async def connect(terms: Sequence[str]) -> Connection:
            query = _query(model, language, vocabulary.language, terms)
            socket = await open_socket(errors, access, "v1", query, limits)
            return _Connection(socket, errors, takes_terms=model.startswith("nova-3"))

        super().__init__("Deepgram", connect, terms=vocabulary.terms, limits=limits)


def _query(model: str, language: str, taught: str, terms: Sequence[str]) -> dict[str, Any]:
    """The parameters of the socket. taught: the language of the course. Raises EngineError."""
    nova_3 = model.startswith("nova-3")
    if nova_3 and language != "auto" and (language.partition("-")[0] not in LANGUAGES or language in NOT_KNOWN):
        raise EngineError(
            f"Deepgram's {model} does not know the language {language!r}: choose auto, en, en-IN, hi or another one."
        )
    query: dict[str, Any] = {"language": language}
    if language == "auto":
        hints = [hint for hint in dict.fromkeys((taught, "en")) if hint.partition("-")[0] in MULTI]
        query = {"language": "multi"} | ({"language_hint": hints} if nova_3 else {})
    if nova_3 and (taken := key_terms(terms)):
        query["keyterm"] = taken
    return query | {
        "model": model,
        "encoding": "linear16",
        "sample_rate": SPEECH_RATE,
        "channels": 1,
        "interim_results": True,
        "vad_events": True,
        "endpointing": ENDPOINTING,
        "utterance_end_ms": UTTERANCE_END,
        "smart_format": True,
        "punctuate": True,
        "mip_opt_out": True,  # what learners say is not for training Deepgram's models
    }


class _Connection:
    """Obeys `connection.Connection`."""

    def __init__(self, socket: Socket, errors: Errors, *, takes_terms: bool) -> None:
        self._socket, self._sdk, self._errors = socket, socket.sdk, errors
        self._takes_terms = takes_terms

    async def send(self, pcm: bytes) -> None:
        """See `Connection`."""
        await self._socket.do(self._sdk.send_media(pcm))

    async def flush(self) -> None:
        """See `Connection`."""
        await self._socket.do(self._sdk.send_finalize())

    async def expect(self, terms: Sequence[str]) -> None:
        """See `Connection`."""
        from deepgram.listen.v1.types import ListenV1Configure  # noqa: PLC0415 - loaded with the SDK

        if self._takes_terms:
            await self._socket.do(self._sdk.send_configure(ListenV1Configure(keyterms=key_terms(terms))))

    async def keep_alive(self) -> None:
        """See `Connection`."""
        await self._socket.do(self._sdk.send_keep_alive())

    async def messages(self) -> AsyncIterator[Heard]:
        """See `Connection`."""
        async for message in self._socket.messages():
            if getattr(message, "type", None) == "Error":
                if not _refuses_terms(message):
                    raise self._errors.said("", str(getattr(message, "description", "")))
                self._takes_terms = False
            heard = _heard(message)
            if heard is not None:
                yield heard

    async def close(self) -> None:
        """See `Connection`."""
        await self._socket.close(self._sdk.send_close_stream)


def _refuses_terms(error: Any) -> bool:  # noqa: ANN401 - as below
    """Whether the server only does not know how to be told terms. It quotes what it does not know, if it does."""
    quoted = getattr(error, "message", None) or "Configure"
    return getattr(error, "variant", None) == "SchemaError" and "Configure" in str(quoted)


def _heard(message: Any) -> Heard | None:  # noqa: ANN401 - whatever the SDK made of what was sent
    """What a message says; None where it makes no sense: the SDK lets everything pass."""
    match getattr(message, "type", None):
        case "Results":
            try:
                return _results(message)
            except (AttributeError, IndexError, TypeError, ValueError):
                return None
        case "UtteranceEnd":
            return Heard(ended=True)
        case "Metadata" | "SpeechStarted" | "ConfigureSuccess" | "ConfigureFailure" | "Error":
            return Heard()
    return None


def _results(message: Any) -> Heard:  # noqa: ANN401 - as above
    best = message.channel.alternatives[0]
    start, until = float(message.start), float(message.start) + float(message.duration)
    texts = joined([word.punctuated_word or word.word for word in best.words], best.transcript)
    words = tuple(Word(text, float(word.start), float(word.end)) for text, word in zip(texts, best.words, strict=True))
    if best.transcript and not words:
        words = (Word(f" {best.transcript}", start, until),)
    return Heard(
        words,
        final=bool(message.is_final),
        ended=bool(message.speech_final),
        flushed=bool(message.from_finalize),
        until=until,
        since=start,
    )

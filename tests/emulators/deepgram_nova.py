"""One live socket of Deepgram's v1 (nova). Its clock is the sound received; only idleness is measured in real time."""

import json
import time
import uuid
from datetime import UTC, datetime
from typing import Any, Final

from multidict import MultiMapping

from tests.emulators.ear import Ear, Heard
from tests.emulators.line import Line
from tests.emulators.stage import Stage

IDLE: Final = 10.0
"""Seconds without sound or text after which the socket is closed."""

_IDLE_TEXT: Final = (
    "Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001"
)
_SCHEMA: Final = "Could not deserialize last text message: unknown message type."
_INTERIM: Final = 0.25  # seconds of sound between two interim results, where the words changed
_EMPTY_INTERIM: Final = 1.0
_LONG: Final = 4.0  # seconds after which a small gap between words makes the result a final one
_GAP: Final = 0.1
_LONGEST: Final = 8.0  # seconds after which it is made final anyway
_NO_ENDPOINT: Final = 1.0  # seconds of silence that end an utterance without endpointing
_KEYTERM_WORDS: Final = 500
_FEATURES: Final = frozenset({"smart_format", "punctuate", "numerals", "profanity_filter"})


class Nova:
    """Results, and what goes with them."""

    def __init__(self, stage: Stage, line: Line, query: MultiMapping[str], request_id: str) -> None:
        self._stage = stage
        self._line = line
        self._id = request_id
        self._model = query["model"]
        self._multi = query.get("language") == "multi"
        self._hints = query.getall("language_hint", [])
        self._interims = query.get("interim_results") == "true"
        self._events = query.get("vad_events") == "true"
        self._written = "true" in (query.get("smart_format"), query.get("punctuate"))
        endpointing = query.get("endpointing", "10")
        self._endpoint = None if endpointing == "false" else float(endpointing) / 1000
        self._gap = float(query.get("utterance_end_ms", "inf")) / 1000
        self._ear = Ear(stage, int(float(query["sample_rate"])))
        self._idle = stage.delays.get("deepgram.idle", IDLE)
        self._deadline = time.monotonic() + self._idle
        self._start = 0.0  # of the result in the making
        self._told: tuple[Heard, ...] = ()  # the words of the last interim
        self._told_at = 0.0
        self._begun = False  # SpeechStarted was said of this utterance
        self._first = True  # the next word begins a sentence
        self._last_word: float | None = None  # end of the last final word, while no UtteranceEnd followed

    async def serve(self, line: Line) -> None:
        """Until either side closes."""
        try:
            while await self._next():
                pass
        finally:
            await self._ear.close()

    async def _next(self) -> bool:
        """Take a message; whether the socket is still open."""
        try:
            message = await self._line.receive(self._deadline - time.monotonic())
        except TimeoutError:
            self._line.send(self._metadata(), think=False)
            self._line.close(1011, _IDLE_TEXT, think=False)
            return False
        if message is None:
            return False
        if not isinstance(message, str) or self._line.received:  # text keeps alive only what once got sound
            self._deadline = time.monotonic() + self._idle
        if isinstance(message, str):
            return await self._command(message)
        if not message:
            return await self._end()
        self._line.received += len(message)
        for step in self._ear.steps(message):
            await self._ear.hear(step)
            await self._tell()
            if self._line.cut(self._ear.now):
                return False
        return True

    async def _command(self, text: str) -> bool:
        """A message of text; whether the socket is still open."""
        try:
            command = json.loads(text)
            kind = command["type"]
        except (ValueError, TypeError, KeyError):
            kind = ""
        match kind:
            case "KeepAlive":
                self._stage.note("deepgram", "keep_alive")
            case "Finalize":
                self._stage.note("deepgram", "finalize")
                if self._ear.speaking and self._line.ordered != "no_final":
                    await self._final(ended=True, from_finalize=True)
            case "CloseStream":
                return await self._end()
            case "Configure":
                self._stage.note("deepgram", "configure", **{k: v for k, v in command.items() if k != "type"})
                self._line.send(self._configured(command))
            case _:
                self._line.send({"type": "Error", "variant": "SchemaError", "description": _SCHEMA, "message": text})
        return True

    async def _end(self) -> bool:
        self._stage.note("deepgram", "close_stream")
        if self._ear.now > self._start:
            await self._final(ended=True, speech_final=True)
        self._line.send(self._metadata())
        self._line.close()
        return False

    async def _tell(self) -> None:
        """After each step of sound: what there is to say."""
        ear, now = self._ear, self._ear.now
        if ear.speaking and not self._begun:
            self._begun = True
            if self._events:
                self._line.send({"type": "SpeechStarted", "channel": [0, 1], "timestamp": ear.begun})
        length = now - self._start
        if ear.speaking and ear.silence >= (_NO_ENDPOINT if self._endpoint is None else self._endpoint):
            await self._final(ended=True, speech_final=self._endpoint is not None, silent=True)
        elif ear.speaking and (length >= _LONGEST or (length >= _LONG and ear.silence >= _GAP)) and ear.words:
            await self._final(ended=False)
        elif not ear.speaking and length >= _LONGEST:
            await self._final(ended=False, speech_final=self._endpoint is not None)
        elif self._interims and now - self._told_at >= (_INTERIM if ear.words != self._told else _EMPTY_INTERIM):
            self._told, self._told_at = ear.words, now
            self._result(ear.words, is_final=False)
        if self._last_word is not None and not ear.speaking and now - self._last_word >= self._gap:
            self._line.send({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": self._last_word})
            self._last_word = None

    async def _final(
        self, ended: bool, speech_final: bool = False, from_finalize: bool = False, silent: bool = False
    ) -> None:
        words = await self._ear.take(ended, silent)
        if self._line.ordered != "no_final":
            self._last_word = words[-1].end if words else self._last_word
            flags = {"is_final": True, "speech_final": speech_final, "from_finalize": from_finalize}
            text = self._result(words, ended, **flags)
            self._stage.note("deepgram", "final", text=text, start=self._start, end=self._ear.now)
        self._first = ended or (self._first and not words)
        self._begun = not ended and self._begun
        self._start = self._told_at = self._ear.now
        self._told = ()

    def _result(self, words: tuple[Heard, ...], ended: bool = False, **flags: bool) -> str:
        """Send a result; its transcript."""
        texts = [word.word for word in words]
        if self._written and texts:
            texts[0] = texts[0].capitalize() if self._first else texts[0]
            texts[-1] += "." if ended else ""
        listed = [
            {"word": w.word, "start": w.start, "end": w.end, "confidence": 0.98}
            | ({"punctuated_word": text} if self._written else {})
            | ({"language": self._hints[0] if self._hints else "en"} if self._multi else {})
            for w, text in zip(words, texts, strict=True)
        ]
        best: dict[str, Any] = {"transcript": " ".join(texts), "confidence": 0.98 if words else 0.0, "words": listed}
        if self._multi and words:
            best["languages"] = [listed[0]["language"]]
        info = {"name": f"general-{self._model}", "version": "2025-07-31.0", "arch": self._model}
        self._line.send(
            {"type": "Results", "channel_index": [0, 1], "duration": round(self._ear.now - self._start, 3)}
            | {"start": self._start, "is_final": False, "speech_final": False, "from_finalize": False}
            | flags
            | {"channel": {"alternatives": [best]}}
            | {"metadata": {"request_id": self._id, "model_info": info, "model_uuid": self._uuid}}
        )
        return str(best["transcript"])

    @property
    def _uuid(self) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, self._model))

    def _metadata(self) -> dict[str, Any]:
        return {
            "type": "Metadata", "transaction_key": "deprecated", "request_id": self._id, "sha256": "incomplete",
            "created": datetime.now(UTC).isoformat().replace("+00:00", "Z"), "duration": self._ear.now, "channels": 1,
            "models": [self._uuid],
            "model_info": {self._uuid: {"name": self._model, "version": "2025-07-31.0", "arch": self._model}},
        }  # fmt: skip

    def _configured(self, command: dict[str, Any]) -> dict[str, Any]:
        def failure(code: str, description: str) -> dict[str, Any]:
            return {"type": "ConfigureFailure", "request_id": self._id, "code": code, "description": description}

        keyterms = command.get("keyterms")
        if keyterms is not None and not self._model.startswith("nova-3"):
            return failure("CONFIGURE_KEYTERMS_NOT_SUPPORTED", "Keyterms can be changed with Nova-3 models only.")
        if keyterms and sum(len(term.split()) for term in keyterms) > _KEYTERM_WORDS:
            return failure("CONFIGURE_KEYTERM_LIMIT_EXCEEDED", "Keyterms exceed the limit of 500 tokens.")
        if set(command.get("features") or {}) - _FEATURES:
            return failure("CONFIGURE_INTERNAL_ERROR", "Unknown feature.")
        known = {} if keyterms is None else {"keyterms": keyterms}
        return {"type": "ConfigureSuccess", "request_id": self._id, **known}

"""Sarvam's socket for speech to text: no partial words, a transcript after each pause or flush.

Its clock is the sound received; only idleness is measured in real time.
"""

import base64
import binascii
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from tests.emulators.ear import Ear
from tests.emulators.line import Line
from tests.emulators.sarvam_query import SPEECH_TO_TEXT, Known
from tests.emulators.stage import Stage

IDLE: Final = 60.0
"""Seconds without a message after which the socket is closed."""

_PAUSE: Final = 1.0  # seconds of silence that end an utterance
_SENSITIVE_PAUSE: Final = 0.5


class Listening:
    """One connection."""

    known: ClassVar[Known] = SPEECH_TO_TEXT

    def __init__(self, stage: Stage, line: Line, query: Mapping[str, str]) -> None:
        self._stage = stage
        self._line = line
        self._language = query["language-code"]
        self._rate = int(query.get("sample_rate", "16000"))
        self._signals = query.get("vad_signals") == "true"
        self._flushes = query.get("flush_signal") == "true"
        self._pause = _SENSITIVE_PAUSE if query.get("high_vad_sensitivity") == "true" else _PAUSE
        self._ear = Ear(stage, self._rate)
        self._begun = False

    async def serve(self, line: Line) -> None:
        """Until either side closes."""
        idle = self._stage.delays.get("sarvam.idle", IDLE)
        try:
            while await self._next(idle):
                pass
        finally:
            await self._ear.close()

    async def _next(self, idle: float) -> bool:
        """Take a message; whether the socket is still open."""
        try:
            message = await self._line.receive(idle)
        except TimeoutError:
            self._line.close(1008, "Connection closed due to inactivity.", think=False)
            return False
        if message is None:
            return False
        pcm = self._sound(message)
        if pcm is None:
            self._error("Invalid message format.", "unprocessable_entity_error")
            return True
        self._line.received += len(pcm)
        for step in self._ear.steps(pcm):
            await self._ear.hear(step)
            await self._tell()
            if self._line.cut(self._ear.now) or self._faulty():
                return False
        if not pcm and self._flushes and self._ear.speaking and self._line.ordered != "no_final":
            await self._transcript(silent=False)
        return True

    def _sound(self, message: str | bytes) -> bytes | None:
        """PCM16 of a message, b"" of a flush, None where it is wrong."""
        try:
            content = json.loads(message)
            if content.get("type") == "flush":
                self._stage.note("sarvam", "flush")
                return b""
            audio = content["audio"]
            assert audio["encoding"] == "audio/wav"
            assert audio["sample_rate"] == self._rate
            return base64.b64decode(audio["data"], validate=True)
        except (ValueError, TypeError, KeyError, AttributeError, AssertionError, binascii.Error):
            return None

    async def _tell(self) -> None:
        """After each step of sound: what there is to say."""
        if self._ear.speaking and not self._begun:
            self._begun = True
            self._signal("START_SPEECH")
        if self._ear.speaking and self._ear.silence >= self._pause:
            self._signal("END_SPEECH")
            await self._transcript(silent=True)

    async def _transcript(self, silent: bool) -> None:
        begun, self._begun = self._ear.begun, False
        words = await self._ear.take(ended=True, silent=silent)
        if self._line.ordered == "no_final":
            return
        text = " ".join(word.word for word in words)
        self._stage.note("sarvam", "final", text=text, start=begun, end=self._ear.now)
        known = self._language != "unknown"
        self._line.send(
            {
                "type": "data",
                "data": {
                    "request_id": str(uuid.uuid4()), "transcript": text[:1].upper() + text[1:], "timestamps": None,
                    "diarized_transcript": None, "language_code": self._language if known else "en-IN",
                    "language_probability": None if known else 0.97,
                    "metrics": {"audio_duration": round(self._ear.now - begun, 3), "processing_latency": 0.1},
                },
            }
        )  # fmt: skip

    def _signal(self, kind: str) -> None:
        if self._signals:
            self._line.send({"type": "events", "data": {"signal_type": kind, "occured_at": time.time()}})

    def _faulty(self) -> bool:
        """Whether an ordered error came now, after which nothing is said."""
        fault = self._line.fault
        if fault is None or fault.kind not in ("error", "quota") or self._ear.now < fault.seconds:
            return False
        if fault.kind == "quota":
            self._error("Insufficient credits.", "insufficient_quota_error")
            self._line.close(1003, "Insufficient credits")
        else:
            self._error(fault.text or "Internal server error", fault.code or "internal_server_error")
            self._line.hush()
        return fault.kind == "quota"

    def _error(self, text: str, code: str) -> None:
        data: dict[str, Any] = {"error": text, "code": code}
        self._line.send({"type": "error", "data": data})

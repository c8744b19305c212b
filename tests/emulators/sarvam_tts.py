"""Sarvam's socket for text to speech: a final event for each flush, no times of words, no cancel but to leave."""

import asyncio
import base64
import hashlib
import itertools
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from tests.emulators.line import Line
from tests.emulators.mouth import spoken
from tests.emulators.sarvam_query import LANGUAGES, TEXT_TO_SPEECH, Known, listed
from tests.emulators.stage import Stage

IDLE: Final = 60.0
"""Seconds without a message after which the socket is closed."""

LONGEST: Final = 2500
"""Characters of a message of text."""

SPEAKERS: Final = {
    "bulbul:v2": listed("anushka manisha vidya arya abhilash karun hitesh"),
    "bulbul:v3": listed("""
        shubh aditya ritu priya neha rahul pooja rohan simran kavya amit dev ishita shreya ratan varun manan sumit
        roopa kabir aayan ashutosh advait anand tanya tarun sunny mani gokul vijay shruti suhani mohit kavitha rehan
        soham rupali
    """),
}  # fmt: skip
_PACES: Final = {"bulbul:v2": (0.3, 3.0), "bulbul:v3": (0.5, 2.0)}
_RATES: Final = (8000, 16_000, 22_050, 24_000)
_CHUNK: Final = 0.1  # seconds of sound
_ODD: Final = (1001, 333, 777)


class Speaking:
    """One connection."""

    known: ClassVar[Known] = TEXT_TO_SPEECH

    def __init__(self, stage: Stage, line: Line, query: Mapping[str, str]) -> None:
        self._stage = stage
        self._line = line
        self._model = query.get("model", "bulbul:v2")
        self._tells_end = query.get("send_completion_event") == "true"
        self._config: dict[str, Any] = {}
        self._text = ""
        self._jobs: asyncio.Queue[tuple[str, dict[str, Any], bool]] = asyncio.Queue()
        self._sent = 0.0
        self._busy = False

    async def serve(self, line: Line) -> None:
        """Until either side closes."""
        idle = self._stage.delays.get("sarvam.idle", IDLE)
        work = asyncio.create_task(self._work())
        try:
            while await self._next(idle, work):
                pass
        finally:
            if self._busy:
                self._stage.note("sarvam", "stopped", seconds=self._sent)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _next(self, idle: float, work: asyncio.Task[None]) -> bool:
        """Take a message; whether the socket is still open."""
        receiving = asyncio.ensure_future(self._line.receive())
        await asyncio.wait((receiving, work), timeout=idle, return_when=asyncio.FIRST_COMPLETED)
        if not receiving.done():
            receiving.cancel()
            if not work.done():
                self._line.close(1008, "Connection closed due to inactivity.", think=False)
            return False  # or a fault has ended it
        message = receiving.result()
        if message is None:
            return False
        fail = self._take(message)
        if fail:
            self._error(fail, 422)
        return True

    def _take(self, message: str | bytes) -> str:
        """Obey; what is wrong with the message, if anything."""
        try:
            content = json.loads(message)
            kind, data = content["type"], content.get("data") or {}
        except (ValueError, TypeError, KeyError, AttributeError):
            return "Invalid message format."
        if kind == "ping":
            self._stage.note("sarvam", "ping")
            return ""
        if kind == "config":
            self._stage.note("sarvam", "configure", **data)
            self._flush(False)
            self._config = data
            return self._wrong()
        if not self._config:
            return "The first message must be a config message."
        text = data.get("text", "")
        if kind == "flush":
            self._flush(True)
        elif kind == "text" and 0 < len(text) <= LONGEST:
            self._text += text
            if len(self._text) >= self._config.get("min_buffer_size", 50):
                self._flush(False)
        else:
            return "Invalid message."
        return ""

    def _wrong(self) -> str:
        """What is wrong with the configuration, if anything."""
        config = self._config
        low, high = _PACES[self._model]
        checks = {
            "language_code": config.get("language_code") in LANGUAGES,
            "speaker": config.get("speaker") in SPEAKERS[self._model],
            "output_audio_codec": config.get("output_audio_codec") == "linear16",  # the emulator makes no other
            "speech_sample_rate": config.get("speech_sample_rate") in _RATES,
            "pace": low <= (config.get("pace") or 1.0) <= high,
        }
        bad = [name for name, good in checks.items() if not good]
        if bad:
            self._config = {}
        return f"Validation error: {bad[0]} is not valid for {self._model}." if bad else ""

    def _flush(self, asked: bool) -> None:
        """Say what is buffered; a final event follows where it was asked for."""
        if self._text or asked:
            self._jobs.put_nowait((self._text, self._config, asked))
            self._text = ""

    async def _work(self) -> None:
        """Speak, until a fault ends it."""
        while True:
            text, config, asked = await self._jobs.get()
            self._busy = True
            if text and not await self._speak(text, config):
                return
            if asked and self._tells_end and self._line.ordered != "no_final":
                data = {"event_type": "final", "timestamp": datetime.now(UTC).isoformat()}
                self._line.send({"type": "event", "data": data})
                self._stage.note("sarvam", "spoken")
            self._busy = not self._jobs.empty()

    async def _speak(self, text: str, config: dict[str, Any]) -> bool:
        """Send the sound; False where a fault has ended the connection."""
        kind, rate = self._line.ordered, config["speech_sample_rate"]
        pcm, _ = await spoken(text, rate, config.get("pace") or 1.0, config["language_code"].split("-")[0])
        digest = hashlib.sha256(pcm).hexdigest()
        self._stage.note("sarvam", "speak", text=text, seconds=len(pcm) / 2 / rate, sha256=digest)
        sizes = itertools.cycle(_ODD if kind == "odd" else (round(rate * _CHUNK) * 2,))
        request, begin = str(uuid.uuid4()), 0
        while begin < len(pcm) and kind != "no_audio":
            if self._line.cut(self._sent) or self._faulty():
                return False
            piece = pcm[begin : begin + next(sizes)]
            begin += len(piece)
            audio = {"null_audio": None, "empty_audio": ""}.get(kind, base64.b64encode(piece).decode())
            data = {"content_type": "audio/linear16", "audio": audio, "request_id": request}
            self._line.send({"type": "audio", "data": data})
            self._sent += len(piece) / 2 / rate
            await self._stage.delay("sarvam.chunk")
        return True

    def _faulty(self) -> bool:
        """Whether an ordered error came now; after "error" and "stall" the line stays open, but is silent."""
        fault = self._line.fault
        if fault is None or fault.kind not in ("error", "quota", "stall") or self._sent < fault.seconds:
            return False
        if fault.kind == "quota":
            self._error("Insufficient credits.", 429)
            self._line.close(1003, "Insufficient credits")
            return True
        if fault.kind == "error":
            self._error(fault.text or "Internal server error", int(fault.code or 500))
        self._line.hush()
        return False

    def _error(self, text: str, code: int) -> None:
        self._line.send({"type": "error", "data": {"message": text, "code": code, "request_id": str(uuid.uuid4())}})

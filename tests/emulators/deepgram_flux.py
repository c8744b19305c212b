"""One live socket of Deepgram's v2 (Flux), which finds the ends of turns. Its clock is the sound received."""

import json
from typing import Any, Final

from multidict import MultiMapping

from tests.emulators.ear import Ear, Heard
from tests.emulators.line import Line
from tests.emulators.stage import Stage

_UPDATE: Final = 0.25  # seconds of sound between two updates
_EAGER: Final = 0.3  # seconds of silence that make an end of turn likely
_SURE: Final = 0.7  # and sure
_MANUAL: Final = 1.0  # an eot_threshold that only a ForceEndTurn or the time-out reaches
_THRESHOLDS: Final = {"eager_eot_threshold": (0.3, 0.9), "eot_threshold": (0.5, 1.0), "eot_timeout_ms": (500, 60_000)}


class Flux:
    """TurnInfo, and what goes with it. Words are final once they are said in an EagerEndOfTurn."""

    def __init__(self, stage: Stage, line: Line, query: MultiMapping[str], request_id: str) -> None:
        self._stage = stage
        self._line = line
        self._id = request_id
        self._multi = query["model"] == "flux-general-multi"
        self._thresholds = {name: float(query[name]) for name in _THRESHOLDS if name in query}
        self._keyterms = query.getall("keyterm", [])
        self._hints = query.getall("language_hint", [])
        self._ear = Ear(stage, int(float(query["sample_rate"])))
        self._sequence = 0
        self._turn = 0
        self._start = 0.0
        self._words: tuple[Heard, ...] = ()  # taken, of this turn
        self._started = False
        self._eager = False
        self._told_at = 0.0

    async def serve(self, line: Line) -> None:
        """Until either side closes."""
        self._send("Connected")
        try:
            while await self._next():
                pass
        finally:
            await self._ear.close()

    async def _next(self) -> bool:
        """Take a message; whether the socket is still open."""
        message = await self._line.receive()
        if message is None:
            return False
        if isinstance(message, str):
            return await self._command(message)
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
            case "CloseStream":
                self._stage.note("deepgram", "close_stream")
                self._line.close(None)
                return False
            case "ForceEndTurn":
                self._stage.note("deepgram", "force_end_turn")
                if (self._started or self._ear.speaking) and self._line.ordered != "no_final":
                    await self._end_turn("manual")
            case "Configure":
                self._stage.note("deepgram", "configure", **{k: v for k, v in command.items() if k != "type"})
                self._configure(command)
            case _:
                description = "Could not deserialize last text message."
                self._send("Error", code="UNPARSABLE_CLIENT_MESSAGE", description=description)
                self._line.close(1008, "UNPARSABLE_CLIENT_MESSAGE")
                return False
        return True

    async def _tell(self) -> None:
        """After each step of sound: what there is to say."""
        ear, now = self._ear, self._ear.now
        if not self._started and ear.words:
            self._started = True
            self._info("StartOfTurn", 0.01)
        if self._eager and ear.speaking and ear.silence == 0:
            self._eager = False
            self._info("TurnResumed", 0.05)
        timeout = self._thresholds.get("eot_timeout_ms", 5000) / 1000
        model = self._thresholds.get("eot_threshold", 0.7) < _MANUAL
        if (self._started or ear.speaking) and ear.silence >= min(timeout, _SURE if model else timeout):
            await self._end_turn("model" if model else "timeout")
        elif "eager_eot_threshold" in self._thresholds and ear.speaking and ear.silence >= _EAGER:
            self._words += await ear.take(ended=True, silent=True)
            if self._words:
                self._start_turn()
                self._eager = True
                self._info("EagerEndOfTurn", self._thresholds["eager_eot_threshold"])
        elif now - self._told_at >= _UPDATE:
            self._info("Update", 0.02 if ear.speaking else 0.1)

    def _start_turn(self) -> None:
        """Late, for a turn whose words all came at its end."""
        if not self._started:
            self._started = True
            self._info("StartOfTurn", 0.01)

    async def _end_turn(self, trigger: str) -> None:
        self._words += await self._ear.take(ended=True, silent=trigger != "manual")
        if self._words and self._line.ordered != "no_final":
            self._start_turn()
            text = self._info("EndOfTurn", self._thresholds.get("eot_threshold", 0.7), trigger=trigger)
            self._stage.note("deepgram", "final", text=text, start=self._start, end=self._ear.now)
        if self._words:
            self._turn += 1
            self._start = self._ear.now
        self._words, self._started, self._eager = (), False, False

    def _info(self, event: str, confidence: float, **more: str) -> str:
        """Send a TurnInfo; its transcript."""
        words = self._words + self._ear.words
        texts = [word.word for word in words]
        if texts:
            texts[0] = texts[0].capitalize()
            texts[-1] += "." if event in ("EagerEndOfTurn", "EndOfTurn") else ""
        listed = [
            {"word": text, "confidence": 0.98, "start": word.start, "end": word.end}
            for word, text in zip(words, texts, strict=True)
        ]
        known: dict[str, Any] = {"languages": self._hints[:1] or ["en"]} if self._multi and words else {}
        known |= {"languages_hinted": self._hints} if self._hints else {}
        self._told_at = self._ear.now
        self._send(
            "TurnInfo", event=event, turn_index=self._turn, audio_window_start=self._start,
            audio_window_end=self._ear.now, transcript=" ".join(texts), words=listed,
            end_of_turn_confidence=confidence, **known, **more,
        )  # fmt: skip
        return " ".join(texts)

    def _configure(self, command: dict[str, Any]) -> None:
        thresholds = {name: value for name, value in (command.get("thresholds") or {}).items() if value is not None}
        if any(name not in _THRESHOLDS for name in thresholds) or any(
            not _THRESHOLDS[name][0] <= value <= _THRESHOLDS[name][1] for name, value in thresholds.items()
        ):
            self._send("ConfigureFailure", code="INVALID_THRESHOLD", description="A threshold is out of its range.")
            return
        if command.get("language_hints") and not self._multi:
            self._send("ConfigureFailure", code="INVALID_LANGUAGE_HINT", description="Only for flux-general-multi.")
            return
        self._thresholds |= thresholds
        self._keyterms = self._keyterms if command.get("keyterms") is None else command["keyterms"]
        self._hints = command.get("language_hints") or self._hints
        hints = {"language_hints": self._hints} if self._multi else {}
        self._send("ConfigureSuccess", thresholds=self._thresholds, keyterms=self._keyterms, **hints)

    def _send(self, kind: str, **fields: Any) -> None:
        more = {} if kind == "Error" else {"request_id": self._id}
        self._line.send({"type": kind, **more, "sequence_id": self._sequence, **fields}, think=kind != "Connected")
        self._sequence += 1

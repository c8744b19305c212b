"""What Deepgram says when it does not listen, as errors of profai. Pure.

Sources: developers.deepgram.com/docs/errors, and the handshakes in the shared facts.
"""

from typing import Any, Final

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.providers.refusals import pause, short
from profai_cli.settings import Key

_BUSY: Final = 429
_REFUSED: Final = {
    400: "does not take the request{}: choose another language or model",
    401: "refuses the key: set another one with 'profai keys set deepgram'",
    402: "has no credit left on this account{}: buy some on console.deepgram.com, or choose another recogniser",
    403: "does not allow this key what was asked: choose another model, or use another key",
}
_STATUS: Final = {
    "INVALID_AUTH": 401,
    "ASR_PAYMENT_REQUIRED": 402,
    "INSUFFICIENT_PERMISSIONS": 403,
    "TOO_MANY_REQUESTS": 429,
}


class Errors:
    """name: of the engine, for the learner. key: to be hidden."""

    def __init__(self, name: str, key: Key) -> None:
        self._name, self._key = name, key

    def silent(self) -> EngineStalled:
        """It does not answer the handshake."""
        return EngineStalled(f"{self._name} does not answer: check the network.")

    def unreachable(self) -> EngineLost:
        """There is no way to it, or something else is there."""
        return EngineLost(f"{self._name} cannot be reached: check the network.")

    def cut_off(self, code: int = 0, text: str = "") -> EngineLost:
        """The connection has ended. code: of the close frame, 0 where none came."""
        reason = self._reason(f"{code} {text}" if code else "")
        return EngineLost(f"{self._name} ended the connection{reason}: check the network.")

    def answered(self, status: int, headers: dict[str, Any]) -> EngineError:
        """The handshake was answered with another status."""
        return self._told(status, str(headers.get("dg-error", "")), headers.get("Retry-After"))

    def said(self, code: str, text: str) -> EngineError:
        """An error message in mid-stream."""
        return self._told(_STATUS.get(code, 0), text or code)

    def _told(self, status: int, text: str, wait: object = None) -> EngineError:
        if status == _BUSY:
            return EngineBusy(f"{self._name} is busy: wait a moment, or choose another recogniser.", pause(wait))
        if why := _REFUSED.get(status):
            return EngineRefused(f"{self._name} {why.format(self._reason(text))}.")
        return EngineLost(f"{self._name} has a fault of its own{self._reason(text)}: try again later.")

    def _reason(self, text: str) -> str:
        """Deepgram's own words in brackets."""
        words = short(self._key, text)
        return f" ({words})" if words else ""

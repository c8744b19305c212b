"""Sarvam's languages, and what it says when it does not serve, as errors of profai. Pure.

Sources: docs.sarvam.ai, "Errors & Troubleshooting", and the shared facts (wire, 4).
"""

from typing import Final

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.providers.refusals import pause

LANGUAGES: Final = frozenset(("bn", "gu", "hi", "kn", "ml", "mr", "od", "pa", "ta", "te"))
"""Besides English as it is spoken in India."""

_SPENT: Final = "insufficient_quota_error"
_KEY: Final = "refuses the key: set another one with 'profai keys set sarvam'"
_QUOTA: Final = "has no credits left on this account: buy some at dashboard.sarvam.ai, or choose another engine"
_ASKED: Final = "does not take what it was asked: choose another language or voice"
_REFUSALS: Final[dict[str | int, str]] = {
    **dict.fromkeys(("invalid_api_key_error", "authentication_error", 401, 403), _KEY),
    **dict.fromkeys((_SPENT, 402, 1003), _QUOTA),
    **dict.fromkeys(("invalid_request_error", "unprocessable_entity_error", 400, 404, 422, 4000), _ASKED),
}
"""By the code of a message, the status of a handshake or the code of a close."""
_BUSY: Final = ("rate_limit_exceeded_error", 429)


def supports(language: str) -> bool:
    """Whether a language, given as "hi" or "en-IN", is one of Sarvam's."""
    return language.lower() == "en-in" or _primary(language) in LANGUAGES


def code(language: str) -> str:
    """Sarvam's code of a language. Raises EngineError where it has none."""
    primary = _primary(language)
    if primary != "en" and primary not in LANGUAGES:
        raise EngineError(f"Sarvam does not know the language {language!r}: choose another engine.")
    return f"{primary}-IN"


def _primary(language: str) -> str:
    primary = language.lower().split("-")[0]
    return "od" if primary == "or" else primary  # Odia: Sarvam's code is not that of ISO 639


def lost(why: str) -> EngineLost:
    """The error for a network or a vendor that fails."""
    return EngineLost(f"Sarvam {why}.")


def stalled() -> EngineStalled:
    """The error for a connection on which nothing comes."""
    return EngineStalled("Sarvam does not answer in time: check the network.")


def refuses(close: int) -> bool:
    """Whether the code of a close says more than that the connection has ended."""
    return close in _REFUSALS


def told(reason: object, text: object = "", wait: object = None) -> EngineError:
    """The error for the code of a message, a status or a close code. text: the vendor's. wait: its Retry-After."""
    known = reason if isinstance(reason, str | int) else 0
    if "credit" in str(text).lower() or "quota" in str(text).lower():
        known = _SPENT
    if known in _BUSY:
        return EngineBusy("Sarvam is busy: wait a moment, or choose another engine.", pause(wait))
    if why := _REFUSALS.get(known):
        return EngineRefused(f"Sarvam {why}.")
    return lost("has a fault of its own: try again later, or choose another engine")

"""What ElevenLabs says when it does not speak, as errors of profai. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.providers.refusals import pause

_KEY: Final = "refuses the key: set another one with 'profai keys set elevenlabs'"
_SCOPE: Final = "does not let this key speak: give it the permission 'text to speech' on elevenlabs.io"
_QUOTA: Final = "has no credits left on this account: wait for the next ones, buy some, or choose another voice"
_PLAN: Final = "does not offer this in the plan of this account: choose another voice or another plan"
_VOICE: Final = "does not know this voice: choose another one"
_MODEL: Final = "does not know this model, or not with this language: choose another one"
_BUSY: Final = "is busy: wait a moment, or choose another voice"
_DOWN: Final = "has a fault of its own: try again later, or choose another voice"

_REFUSALS: Final = {
    **dict.fromkeys(("invalid_api_key", "missing_api_key", "unauthorized", "needs_authorization"), _KEY),
    "missing_permissions": _SCOPE,
    **dict.fromkeys(("quota_exceeded", "insufficient_credits", "payment_required"), _QUOTA),
    **dict.fromkeys(("subscription_required", "voice_access_denied", "detected_unusual_activity"), _PLAN),
    **dict.fromkeys(("voice_not_found", "voice_id_does_not_exist"), _VOICE),
    **dict.fromkeys(("model_not_found", "unsupported_model", "unsupported_language"), _MODEL),
}
_BUSY_CODES: Final = ("concurrent_limit_exceeded", "too_many_concurrent_requests", "rate_limit_exceeded", "system_busy")
_BY_STATUS: Final = {401: _KEY, 402: _QUOTA, 403: _PLAN, 404: _VOICE}
_BUSY_STATUS: Final = 429
_REFUSING: Final = range(400, 500)
_CODE: Final = re.compile(r"[a-z_]{3,40}")

NO_PERMISSION: Final = "missing_permissions"
"""The code for a key that may do some things, and not this one."""


def lost(why: str) -> EngineLost:
    """The error for a network or a vendor that fails."""
    return EngineLost(f"ElevenLabs {why}.")


def stalled() -> EngineStalled:
    """The error for a reply that does not come."""
    return EngineStalled("ElevenLabs does not answer in time: check the network, or choose another voice.")


def code(body: Any) -> str:  # noqa: ANN401 - JSON of a stranger
    """The code in the body of an answer, or in a line of a stream; empty where there is none."""
    detail = body.get("detail") if isinstance(body, Mapping) else None
    found = (detail.get("code") or detail.get("status")) if isinstance(detail, Mapping) else None
    return found if isinstance(found, str) and _CODE.fullmatch(found) else ""


def told(status: int, body: Any, headers: Mapping[str, str] | None = None) -> EngineError:  # noqa: ANN401 - as above
    """The error for an answer that is no speech. status: of HTTP; 0 for an error in mid-stream."""
    name = code(body)
    if status == _BUSY_STATUS or name in _BUSY_CODES:
        lowered = {header.lower(): value for header, value in (headers or {}).items()}
        return EngineBusy(f"ElevenLabs {_BUSY}.", pause(lowered.get("retry-after")))
    if why := _REFUSALS.get(name) or _BY_STATUS.get(status):
        return EngineRefused(f"ElevenLabs {why}.")
    if status in _REFUSING:
        told_why = f" ({name})" if name else ""
        return EngineRefused(f"ElevenLabs does not take what it was asked{told_why}: choose another voice.")
    return lost(_DOWN)

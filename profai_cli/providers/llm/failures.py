"""What an OpenAI-compatible server's refusal means, as an error of profai's. Pure.

Sources: platform.openai.com/docs/guides/error-codes; console.groq.com/docs/errors. llama.cpp and OpenRouter put an HTTP
status into "code", Ollama and others say no more than a text.
"""

import json
import re
from typing import Any, Final

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused
from profai_cli.lesson.plain import plain
from profai_cli.providers.refusals import pause, short
from profai_cli.settings import Key

_SPENT: Final = frozenset(("insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "402"))
_BAD_KEY: Final = frozenset(("invalid_api_key", "missing_api_key", "401"))
_PASSING: Final = ("408", "409", "425")
"""Of the statuses that blame the request, those that may be gone with the next one."""


def failure(
    error: object, *, status: int = 0, after: str = "", name: str, vendor: str, model: str, key: Key
) -> EngineError:
    """The error for `error`, the value of a JSON body's "error", of a response with `status`; 0 within a stream.

    after: the header Retry-After. name: for the learner. vendor: for `profai keys`, "" for a server without keys there.
    """
    details = error if isinstance(error, dict) else {"message": error}
    codes = {str(details.get(field) or "") for field in ("code", "type")} | {str(status or "")}
    told = _told(details.get("message"), key)
    if codes & _SPENT:
        return EngineRefused(f"{name}'s quota is used up: add credit there, or choose another model with --model.")
    if codes & _BAD_KEY:
        why = f"refuses the key: set another one with 'profai keys set {vendor}'"
        return EngineRefused(f"{name} {why if vendor else 'wants a key: start its server without one'}.")
    if codes & {"429", "rate_limit_exceeded", "rate_limit_error"}:
        return EngineBusy(
            f"{name} asks for a pause: ask again later, or choose another model with --model.", pause(after)
        )
    if codes & {"404", "model_not_found"}:
        whose = " for this key" if key.reveal() else ""
        return EngineRefused(f"{name} has no model {plain(model)}{whose}: choose another one with --model.")
    if any(re.fullmatch("4[0-9][0-9]", code) and code not in _PASSING for code in codes):
        return EngineRefused(f"{name} refuses the question{told}: choose another model with --model.")
    return EngineLost(f"{name} has trouble of its own{told}: ask again later.")


def body_error(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """The value of "error" in a JSON body; None where there is none."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value.get("error") or value.get("detail") if isinstance(value, dict) else None


def _told(message: object, key: Key) -> str:
    """The vendor's own words in brackets, short and on one line; "" where there are none, or they are about a key."""
    words = short(key, message) if isinstance(message, str) else ""
    return f" ({words})" if words and "key" not in words.lower() else ""  # of which they may show a part

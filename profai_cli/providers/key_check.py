"""Asks a vendor whether it takes a key: one small request, which costs nothing or next to it.

Sources: developers.deepgram.com/docs/authenticating; elevenlabs.io/docs, "Get user" and "Errors"; platform.openai.com
and console.groq.com, "List models"; docs.sarvam.ai, "Errors & Troubleshooting". Sarvam's list of models does not tell
whether there is credit left, so that it identifies the language of a text of two letters instead.
"""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Literal, NamedTuple

from profai_cli.lesson.plain import plain
from profai_cli.providers.vendors import Vendor
from profai_cli.settings import Access

TIMEOUT: Final = 3.0

Outcome = Literal["works", "refused", "spent", "busy", "lost", "missing"]
"""refused: the key. spent: its quota. busy: too many requests now. lost: no network, too slow, or nonsense.
missing: there is no key; `check` does not say so."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a check. why: a clause for the learner, without a full stop."""

    outcome: Outcome
    why: str


@dataclass(frozen=True, slots=True)
class _Question:
    """A request. header and prefix: how the key is sent. body: makes it a POST."""

    path: str
    header: str
    prefix: str = ""
    body: Mapping[str, str] | None = None


_QUESTIONS: Final[Mapping[str, _Question]] = {
    "deepgram": _Question("/v1/auth/token", "Authorization", "Token "),
    "elevenlabs": _Question("/v1/user", "xi-api-key"),
    "sarvam": _Question("/text-lid", "api-subscription-key", body={"input": "hi"}),
    "openai": _Question("/models", "Authorization", "Bearer "),
    "groq": _Question("/models", "Authorization", "Bearer "),
}
_SCOPED: Final = frozenset(("missing_permissions", "missing_scope", "INSUFFICIENT_PERMISSIONS"))
"""Codes for a good key that may do less than was asked; ElevenLabs' keys for speech alone are such."""
_SPENT: Final = frozenset(
    ("quota_exceeded", "insufficient_credits", "insufficient_quota", "insufficient_quota_error", "ASR_PAYMENT_REQUIRED")
)
_REFUSED: Final = frozenset(("invalid_api_key", "missing_api_key", "INVALID_AUTH", "invalid_api_key_error"))
_BODY_LIMIT: Final = 4 * 2**20
_CODE_LIMIT: Final = 40


async def check(vendor: Vendor, access: Access, timeout: float = TIMEOUT) -> Verdict:  # noqa: ASYNC109 - of the whole
    """Ask `vendor` about the key, at most `timeout` seconds. Raises nothing; no text has the key or a part of it."""
    import httpx  # noqa: PLC0415 - 0.25 s that `profai keys list` does not need

    ours = vendor.url_variable if access.url else "the network"
    try:
        async with asyncio.timeout(timeout):
            return _judge(vendor, access, await _ask(vendor, access))
    except (TimeoutError, httpx.TimeoutException):
        why = f"there is no answer within {timeout:g} s: check {ours}"
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
        why = f"the address cannot be used: check {vendor.url_variable}"
    except (ValueError, ImportError):  # of httpx about HTTPS_PROXY and its like; SOCKS needs a package more
        why = "the proxy that the environment names cannot be used: check HTTPS_PROXY and ALL_PROXY"
    except httpx.DecodingError:
        why = f"it does not answer as it should: check {ours}"
    except httpx.TransportError as error:
        certificate = "CERTIFICATE" in str(error)
        why = f"{'its certificate is not trusted here' if certificate else 'it cannot be reached'}: check {ours}"
    return Verdict("lost", why)


class _Answer(NamedTuple):
    """Status, Retry-After, and the JSON object of the body: {} where it is no such thing, or too long."""

    status: int
    after: str
    body: dict[str, Any]


async def _ask(vendor: Vendor, access: Access) -> _Answer:
    import httpx  # noqa: PLC0415 - as above

    question = _QUESTIONS[vendor.name]
    async with (
        httpx.AsyncClient(follow_redirects=False, timeout=None) as client,  # noqa: S113 - `check` limits the whole
        client.stream(
            "POST" if question.body else "GET",
            (access.url or vendor.url) + question.path,
            headers={question.header: question.prefix + access.key.reveal()},
            json=question.body,
        ) as response,
    ):
        data = b""
        async for piece in response.aiter_bytes():
            data += piece
            if len(data) > _BODY_LIMIT:
                data = b""
                break
    return _Answer(response.status_code, response.headers.get("retry-after", ""), _object(data))


def _judge(vendor: Vendor, access: Access, answer: _Answer) -> Verdict:
    status, code = answer.status, _code(answer.body)
    if code in _SPENT or status == HTTPStatus.PAYMENT_REQUIRED or _used_up(answer.body):
        return Verdict("spent", f"the key is accepted, but its quota is used up: add credit at {vendor.page}")
    if code in _SCOPED or (status == HTTPStatus.OK and answer.body):
        return Verdict("works", "the key works")
    if code in _REFUSED or status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and not code):
        return Verdict("refused", "the key is not accepted")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        when = f"in {answer.after} s" if re.fullmatch("[0-9]{1,5}", answer.after) else "later"
        return Verdict("busy", f"it asks for fewer requests: try again {when}")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Verdict("lost", f"it has trouble of its own (HTTP {status}): try again later")
    told = access.key.hide(plain(code))[:_CODE_LIMIT]
    what = f"HTTP {status}, {told}" if told else f"HTTP {status}"
    hint = vendor.url_variable if access.url else f"the network, and your account at {vendor.page}"
    return Verdict("lost", f"it does not answer as it should ({what}): check {hint}")


def _object(data: bytes) -> dict[str, Any]:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _code(body: dict[str, Any]) -> str:
    """The error's code, wherever a vendor puts it: "err_code" (Deepgram), "detail" (ElevenLabs) or "error"; else ""."""
    for place in (body.get("detail"), body.get("error"), {"code": body.get("err_code")}):
        if isinstance(place, dict):
            for name in ("code", "status", "type"):
                if isinstance(code := place.get(name), str) and code:
                    return code
    return ""


def _used_up(body: dict[str, Any]) -> bool:
    """Whether ElevenLabs' user has spoken as much as the plan allows, and may not go beyond."""
    subscription = body.get("subscription")
    if not isinstance(subscription, dict):
        return False
    count, limit = subscription.get("character_count"), subscription.get("character_limit")
    beyond = subscription.get("max_credit_limit_extension") or 0  # or "unlimited"
    if isinstance(count, int) and isinstance(limit, int) and isinstance(beyond, int):
        return count >= limit + beyond
    return False

"""Asking a vendor about a key: the right question, a verdict for every answer, and never a part of the key in it."""

import asyncio
import datetime
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from profai_cli.providers.key_check import Verdict, check
from profai_cli.providers.vendors import VENDORS
from profai_cli.settings import Access, Key
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

SECRET = "sk-secret-0123456789"
SPENT_PAGE = "https://elevenlabs.io/app/settings/api-keys"


@dataclass
class Answer:
    """What a vendor says."""

    status: int = 200
    body: Any = field(default_factory=lambda: {"object": "list"})
    headers: dict[str, str] = field(default_factory=dict)

    async def __call__(self, request: web.Request) -> web.Response:
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return web.Response(status=self.status, text=text, headers=self.headers)


@asynccontextmanager
async def served(
    answer: Callable[[web.Request], Awaitable[web.StreamResponse]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[str, list[web.Request]]]:
    """A vendor's server: its URL, and what was asked."""
    asked: list[web.Request] = []

    async def note(request: web.Request) -> web.StreamResponse:
        await request.read()
        asked.append(request)
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", note)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}", asked
    finally:
        await runner.cleanup()


def verdict(answer: Callable[[web.Request], Awaitable[web.StreamResponse]], vendor: str = "openai") -> Verdict:
    async def ask() -> Verdict:
        async with served(answer) as (url, _):
            return await check(VENDORS[vendor], Access(Key(SECRET), url), timeout=10)

    found = asyncio.run(ask())
    assert SECRET not in repr(found)
    return found


@pytest.mark.parametrize(
    ("vendor", "method", "path", "header", "value"),
    [
        ("deepgram", "GET", "/v1/auth/token", "Authorization", f"Token {SECRET}"),
        ("elevenlabs", "GET", "/v1/user", "xi-api-key", SECRET),
        ("sarvam", "POST", "/text-lid", "api-subscription-key", SECRET),
        ("openai", "GET", "/base/v1/models", "Authorization", f"Bearer {SECRET}"),
        ("groq", "GET", "/base/v1/models", "Authorization", f"Bearer {SECRET}"),
    ],
)
def test_each_vendor_is_asked_its_own_question(vendor: str, method: str, path: str, header: str, value: str) -> None:
    async def ask() -> None:
        async with served(Answer()) as (url, asked):
            base = "/base/v1" if path.endswith("models") else ""
            found = await check(VENDORS[vendor], Access(Key(SECRET), url + base))
            assert found == Verdict("works", "the key works")
            assert [(r.method, r.path, r.headers[header]) for r in asked] == [(method, path, value)]

    asyncio.run(ask())


def subscription(count: int, limit: int, beyond: object = 0) -> dict[str, Any]:
    plan = {"character_count": count, "character_limit": limit, "max_credit_limit_extension": beyond}
    return {"user_id": "u", "subscription": plan}


DETAIL = {"type": "authentication_error", "code": "invalid_api_key", "message": f"{SECRET} is wrong"}
WORKS = "the key works"
REFUSED = "the key is not accepted"
SPENT = "the key is accepted, but its quota is used up: add credit at "


@pytest.mark.parametrize(
    ("vendor", "answer", "outcome", "why"),
    [
        ("deepgram", Answer(401, {"err_code": "INVALID_AUTH", "err_msg": "Invalid credentials."}), "refused", REFUSED),
        ("deepgram", Answer(403, {"err_code": "INSUFFICIENT_PERMISSIONS"}), "works", WORKS),
        ("deepgram", Answer(402, {"err_code": "ASR_PAYMENT_REQUIRED"}), "spent", SPENT + VENDORS["deepgram"].page),
        ("elevenlabs", Answer(200, subscription(9, 10)), "works", WORKS),
        ("elevenlabs", Answer(200, subscription(10, 10)), "spent", SPENT + SPENT_PAGE),
        ("elevenlabs", Answer(200, subscription(10, 10, 5)), "works", WORKS),
        ("elevenlabs", Answer(200, subscription(10, 10, "unlimited")), "works", WORKS),
        ("elevenlabs", Answer(200, {"subscription": {"character_count": "many"}}), "works", WORKS),
        ("elevenlabs", Answer(200, {"subscription": None}), "works", WORKS),
        ("elevenlabs", Answer(401, {"detail": DETAIL}), "refused", REFUSED),
        ("elevenlabs", Answer(400, {"detail": DETAIL}), "refused", REFUSED),
        ("elevenlabs", Answer(401, {"detail": {"status": "missing_permissions"}}), "works", WORKS),
        ("elevenlabs", Answer(401, {"detail": {"status": "quota_exceeded"}}), "spent", SPENT + SPENT_PAGE),
        ("sarvam", Answer(403, {"error": {"code": "invalid_api_key_error"}}), "refused", REFUSED),
        (
            "sarvam",
            Answer(429, {"error": {"code": "insufficient_quota_error"}}),
            "spent",
            SPENT + VENDORS["sarvam"].page,
        ),
        ("openai", Answer(401, {"error": {"code": "invalid_api_key", "message": "sk-se***6789"}}), "refused", REFUSED),
        ("openai", Answer(401, "nonsense"), "refused", REFUSED),
        ("openai", Answer(403, {"error": {"code": "missing_scope"}}), "works", WORKS),
        ("openai", Answer(429, {"error": {"code": "insufficient_quota"}}), "spent", SPENT + VENDORS["openai"].page),
        ("groq", Answer(429, headers={"Retry-After": "7"}), "busy", "it asks for fewer requests: try again in 7 s"),
        ("groq", Answer(429, headers={"Retry-After": "Mon"}), "busy", "it asks for fewer requests: try again later"),
        ("groq", Answer(503, "<html>"), "lost", "it has trouble of its own (HTTP 503): try again later"),
    ],
)
def test_every_documented_answer_has_its_verdict(vendor: str, answer: Answer, outcome: str, why: str) -> None:
    assert verdict(answer, vendor) == Verdict(outcome, why)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Answer(200, "<html>sign in to the hotel's network</html>"), "HTTP 200"),
        (Answer(200, "[" * 100_000), "HTTP 200"),
        (Answer(200, "[]"), "HTTP 200"),
        (Answer(200, " " * 5_000_000 + "{}"), "HTTP 200"),
        (Answer(404, {"error": "x"}), "HTTP 404"),
        (Answer(403, {"error": {"code": "unsupported_country"}}), "HTTP 403, unsupported_country"),
        (Answer(400, {"error": {"code": f"bad {SECRET}\x1b[31m\n"}}), "HTTP 400, bad [key]"),
        (Answer(400, {"error": {"code": f"{SECRET[:9]}\x1b[0m{SECRET[9:]}"}}), "HTTP 400, [key]"),
        (Answer(400, {"error": {"code": "x" * 500}}), f"HTTP 400, {'x' * 40}"),
    ],
)
def test_an_unknown_answer_is_told_briefly_and_harmlessly(answer: Answer, what: str) -> None:
    assert verdict(answer) == Verdict("lost", f"it does not answer as it should ({what}): check PROFAI_OPENAI_URL")


def test_a_redirect_does_not_get_the_key() -> None:
    async def ask() -> None:
        async with (
            served(Answer()) as (elsewhere, stolen),
            served(Answer(302, "", {"Location": elsewhere})) as (url, _),
        ):
            assert (await check(VENDORS["deepgram"], Access(Key(SECRET), url))).outcome == "lost"
            assert stolen == []

    asyncio.run(ask())


def test_silence_and_a_slow_drip_end_in_time() -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        return web.Response()

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    async def ask() -> None:
        for vendor in (silent, drip):
            async with served(vendor) as (url, _):
                found = await check(VENDORS["groq"], Access(Key(SECRET), url), timeout=0.2)
            assert found == Verdict("lost", "there is no answer within 0.2 s: check PROFAI_GROQ_URL")

    asyncio.run(ask())


def test_a_cut_connection_a_wrong_encoding_and_nobody_at_all() -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        assert request.transport
        request.transport.abort()
        return web.Response()

    assert verdict(cut) == Verdict("lost", "it cannot be reached: check PROFAI_OPENAI_URL")
    packed = Answer(200, "no gzip", {"Content-Encoding": "gzip"})
    assert verdict(packed) == Verdict("lost", "it does not answer as it should: check PROFAI_OPENAI_URL")

    async def ask() -> Verdict:
        async with served(Answer()) as (url, _):
            pass
        return await check(VENDORS["openai"], Access(Key(SECRET), url))

    assert asyncio.run(ask()) == Verdict("lost", "it cannot be reached: check PROFAI_OPENAI_URL")


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://[::1", "ftp://127.0.0.1", "http://\ud800"])
def test_an_address_that_is_none(url: str) -> None:
    found = asyncio.run(check(VENDORS["openai"], Access(Key(SECRET), url)))
    assert found == Verdict("lost", "the address cannot be used: check PROFAI_OPENAI_URL")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "gopher://127.0.0.1:1"])
def test_a_proxy_that_cannot_be_used(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    found = asyncio.run(check(VENDORS["openai"], Access(Key(SECRET))))
    assert found.why == "the proxy that the environment names cannot be used: check HTTPS_PROXY and ALL_PROXY"


def test_a_certificate_that_nobody_signed(tmp_path: Path) -> None:
    pem = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    async def ask() -> Verdict:
        async with served(Answer(), tls=context) as (url, asked):
            found = await check(VENDORS["openai"], Access(Key(SECRET), url))
            assert asked == []
            return found

    assert asyncio.run(ask()) == Verdict("lost", "its certificate is not trusted here: check PROFAI_OPENAI_URL")


def _certificate(folder: Path) -> Path:
    x509 = pytest.importorskip("cryptography.x509", reason="no library that makes certificates")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, private.public_key(), 1, now, now + datetime.timedelta(days=1))
    pem = folder / "server.pem"
    pem.write_bytes(
        builder.sign(private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return pem


@pytest.mark.parametrize("vendor", ["deepgram", "elevenlabs", "sarvam", "openai"])
def test_the_emulators_take_their_key_and_no_other(vendor: str) -> None:
    with Emulators() as emulators:
        url = emulators.url(vendor)
        assert asyncio.run(check(VENDORS[vendor], Access(Key(KEY), url), timeout=20)) == Verdict("works", WORKS)
        assert asyncio.run(check(VENDORS[vendor], Access(Key(SECRET), url), timeout=20)) == Verdict("refused", REFUSED)

"""What holds for the sockets of every SDK: the key stays off the log and with its vendor, and no version hangs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from profai_cli.errors import EngineError, EngineLost, EngineRefused
from profai_cli.ports import Vocabulary
from profai_cli.providers.limits import Limits
from profai_cli.providers.sdk_socket import Sdk
from profai_cli.providers.stt.deepgram import Deepgram
from profai_cli.providers.stt.flux import Flux
from profai_cli.providers.stt.sarvam import Sarvam
from profai_cli.providers.tts.sarvam import SarvamVoice
from profai_cli.settings import Access, Key
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

LIMITS = Limits(connect=5.0)
VOCABULARY = Vocabulary("en", (), ("pointer",), ())
Use = Callable[[Access], Any]


async def hear(ear: Deepgram | Flux | Sarvam) -> None:
    try:
        await ear.start(lambda _result: None)
    finally:
        await ear.close()


async def speak(voice: SarvamVoice) -> None:
    try:
        await voice.start()
    finally:
        await voice.close()


ENGINES = pytest.mark.parametrize(
    ("vendor", "use"),
    [
        ("deepgram", lambda access: hear(Deepgram(access, VOCABULARY, limits=LIMITS))),
        ("deepgram", lambda access: hear(Flux(access, VOCABULARY, limits=LIMITS))),
        ("sarvam", lambda access: hear(Sarvam(access, VOCABULARY, limits=LIMITS))),
        ("sarvam", lambda access: speak(SarvamVoice(access, language="hi", limits=LIMITS))),
    ],
    ids=["nova", "flux", "sarvam-ear", "sarvam-voice"],
)


@pytest.fixture(scope="module")
def emulators() -> Iterator[Emulators]:
    with Emulators() as emulators:
        yield emulators


@ENGINES
@pytest.mark.parametrize("refused", [False, True])
def test_the_key_is_in_no_log(
    emulators: Emulators, vendor: str, use: Use, refused: bool, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", *logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, name)
    emulators.set(seen=[], faults=[{"vendor": vendor, "kind": "refuse", "status": 403}] if refused else [])
    access = Access(Key(KEY), emulators.url(vendor))
    if refused:
        with pytest.raises(EngineRefused):
            asyncio.run(use(access))
    else:
        asyncio.run(use(access))
    assert emulators.seen(vendor, "connect")
    assert any(record.name == "asyncio" for record in caplog.records)  # the log is on
    assert KEY not in caplog.text
    assert not any(KEY in repr(vars(record)) for record in caplog.records)


@asynccontextmanager
async def answering(asked: list[bytes], answer: str) -> AsyncIterator[int]:
    """The port of a server that gives the same answer to every request, and keeps what it was asked."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer.encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@ENGINES
@pytest.mark.parametrize("status", [301, 307])
def test_nobody_is_asked_where_a_redirect_leads(vendor: str, use: Use, status: int) -> None:
    asked: list[bytes] = []
    others: list[bytes] = []

    async def test() -> None:
        async with answering(others, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") as other:
            moved = f"HTTP/1.1 {status} Moved\r\nLocation: ws://127.0.0.1:{other}/\r\nContent-Length: 0\r\n\r\n"
            async with answering(asked, moved) as port:
                with pytest.raises(EngineLost, match=f"(?i)^{vendor}"):
                    await use(Access(Key(KEY), f"http://127.0.0.1:{port}"))

    asyncio.run(test())
    assert len(asked) == 1
    assert KEY.encode() in asked[0]
    assert others == []


@ENGINES
def test_a_proxy_of_the_environment_is_no_matter(
    emulators: Emulators, vendor: str, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")  # httpx lacks what it needs for one
    emulators.set(faults=[])
    asyncio.run(use(Access(Key(KEY), emulators.url(vendor))))


def test_an_sdk_that_is_not_there_is_to_be_installed() -> None:
    with pytest.raises(EngineError, match="Acme needs its SDK: run 'pip install acme-sdk'"):
        Sdk("Acme", "acme_of_nowhere", "acme-sdk").load("sockets")


@pytest.mark.parametrize(
    ("package", "sockets", "supported"),
    [
        ("acme_as_ever", "websockets_client_connect = None", True),
        ("acme_renamed", "connect = None", False),
        ("acme_moved", None, False),
    ],
)
def test_an_sdk_that_cannot_be_held_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, sockets: str | None, supported: bool
) -> None:
    (tmp_path / package).mkdir()
    for name in ("__init__", "client", "environment"):
        (tmp_path / package / f"{name}.py").touch()
    if sockets is not None:
        (tmp_path / package / "sockets.py").write_text(sockets)
    monkeypatch.syspath_prepend(str(tmp_path))
    sdk = Sdk("Acme", package, "acme-sdk")
    if supported:
        assert [module.__name__ for module in sdk.load("sockets")] == [f"{package}.client", f"{package}.environment"]
    else:
        with pytest.raises(EngineError, match="Acme's SDK has a version that is not supported: run 'pip install"):
            sdk.load("sockets")

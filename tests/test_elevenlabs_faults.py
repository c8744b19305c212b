"""What can go wrong with ElevenLabs: every fault ends in one error of the right kind, soon."""

import asyncio
from collections.abc import Iterator

import pytest

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.providers.tts.elevenlabs import RATE, ElevenLabs
from profai_cli.settings import Access, Key
from tests.elevenlabs import NEXT, SHORT, TEXT, heard, run, using, voice
from tests.emulators.mouth import reference
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY


@pytest.fixture(scope="module")
def emulators() -> Iterator[Emulators]:
    with Emulators() as running:
        yield running


@pytest.fixture(autouse=True)
def clean(emulators: Emulators) -> None:
    emulators.set(delays={}, faults=[], seen=[])


REFUSALS = [
    ({"status": 401, "code": "invalid_api_key"}, EngineRefused, "refuses the key"),
    ({"status": 400, "code": "invalid_api_key"}, EngineRefused, "refuses the key"),
    ({"status": 401, "code": "quota_exceeded"}, EngineRefused, "no credits"),
    ({"status": 402, "code": "insufficient_credits"}, EngineRefused, "no credits"),
    ({"status": 403, "code": "voice_access_denied"}, EngineRefused, "plan"),
    ({"status": 404, "code": "voice_not_found"}, EngineRefused, "voice"),
    ({"status": 400, "code": "model_not_found"}, EngineRefused, "model"),
    ({"status": 400, "code": "text_too_long"}, EngineRefused, r"\(text_too_long\)"),
    ({"status": 422}, EngineRefused, "does not take"),
    ({"status": 401, "code": "missing_permissions"}, EngineRefused, "permission"),
    ({"status": 500}, EngineLost, "fault of its own"),
    ({"status": 503, "code": "maintenance"}, EngineLost, "fault of its own"),
    ({"status": 503, "code": "system_busy"}, EngineBusy, "busy"),
    ({"status": 302}, EngineLost, "fault of its own"),
]


@pytest.mark.parametrize(("fault", "kind", "says"), REFUSALS)
def test_a_refusal_is_of_the_right_kind(emulators, fault, kind, says):
    emulators.set(faults=[{"vendor": "elevenlabs", "kind": "refuse", **fault}])

    async def act(engine):
        with pytest.raises(kind, match=f"^ElevenLabs .*{says}"):
            await heard(engine)
        await heard(engine, NEXT)  # the next one may go well

    using(emulators, act)


@pytest.mark.parametrize(("seconds", "pause"), [(0, 10.0), (7, 7.0)])
def test_a_busy_vendor_says_for_how_long(emulators, seconds, pause):
    emulators.set(faults=[{"vendor": "elevenlabs", "kind": "busy", "seconds": seconds}])

    async def act(engine):
        with pytest.raises(EngineBusy) as caught:
            await heard(engine)
        assert caught.value.seconds == pause

    using(emulators, act)


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        ("stall_before", EngineStalled, "in time"),
        ("stall_after", EngineStalled, "in time"),
        ("slow_drip", EngineStalled, "in time"),
        ("abort", EngineLost, "cut off"),
        ("short", EngineLost, "mid-sentence"),
        ("blip", EngineLost, "mid-sentence"),
        ("null_audio", EngineBusy, "busy"),
        ("garbage", EngineLost, "no sound"),
        ("no_audio", EngineLost, "no sound"),
        ("no_base64", EngineLost, "no sound"),
    ],
)
def test_a_fault_is_told_once_and_the_sound_before_it_is_right(emulators, fault, kind, says):
    emulators.set(faults=[{"vendor": "elevenlabs", "kind": fault}])
    expected = reference(TEXT, RATE)[0]

    async def act(engine):
        sound = b""
        with pytest.raises(kind, match=f"^ElevenLabs .*{says}"):
            async for piece in engine.speak(TEXT, 1.0):
                sound += piece.pcm
        assert expected.startswith(sound)
        assert len(sound) < len(expected)
        assert bool(sound) == (fault in ("slow_drip", "abort", "short", "blip", "null_audio"))
        await heard(engine, NEXT)

    using(emulators, act, limits=SHORT)


ACCOUNT = [
    ({"kind": "refuse", "status": 401, "code": "invalid_api_key"}, EngineRefused),
    ({"kind": "refuse", "status": 500}, EngineLost),
    ({"kind": "busy", "seconds": 3}, EngineBusy),
    ({"kind": "stall_before"}, EngineLost),
    ({"kind": "abort"}, EngineLost),
]


@pytest.mark.parametrize(("fault", "kind"), ACCOUNT)
def test_a_start_that_fails_says_why(emulators, fault, kind):
    emulators.set(faults=[{"vendor": "elevenlabs.account", **fault}])

    async def scene():
        engine = voice(emulators, limits=SHORT)
        with pytest.raises(kind, match=r"^ElevenLabs "):
            await engine.start()
        await engine.close()

    run(scene)


def test_a_key_for_speech_alone_is_good(emulators):
    fault = {"vendor": "elevenlabs.account", "kind": "refuse", "status": 401, "code": "missing_permissions"}
    emulators.set(faults=[fault])
    assert using(emulators, heard)[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://no-such-host.invalid", "nonsense"])
def test_nobody_there(url):
    async def scene():
        with pytest.raises(EngineLost, match=r"^ElevenLabs "):
            await ElevenLabs(Access(Key(KEY), url), limits=SHORT).start()

    run(scene)


def test_a_proxy_that_cannot_be_used(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "carrier-pigeon://coop")

    async def scene():
        with pytest.raises(EngineError, match="proxy"):
            await ElevenLabs(Access(Key(KEY), "http://127.0.0.1:9")).start()

    run(scene)


def test_a_frozen_server_holds_nothing_up(emulators):
    """Frozen at the start, in mid-sentence, and at the close."""
    emulators.set(delays={"elevenlabs.pace": 1.0})

    async def scene():
        engine = voice(emulators, limits=SHORT)
        await engine.start()
        pieces = engine.speak(TEXT, 1.0)
        await anext(pieces)
        emulators.freeze()
        try:
            with pytest.raises(EngineLost, match="in time"):
                async for _ in pieces:
                    pass
            with pytest.raises(EngineLost, match="in time"):
                await heard(engine)
            await engine.close()
            with pytest.raises(EngineLost, match="in time"):
                await voice(emulators, limits=SHORT).start()
        finally:
            emulators.thaw()

    run(scene)


def test_a_sentence_that_runs_into_a_frozen_server_is_cancelled_at_once(emulators):
    emulators.set(delays={"elevenlabs.pace": 1.0})

    async def scene():
        engine = voice(emulators)
        await engine.start()
        pieces = engine.speak(TEXT, 1.0)
        await anext(pieces)
        emulators.freeze()
        try:
            async with asyncio.timeout(1.0):  # less than any limit of the engine
                await pieces.aclose()
                await engine.close()
        finally:
            emulators.thaw()

    run(scene)

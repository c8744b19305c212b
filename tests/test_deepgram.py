"""Deepgram's two recognisers: the real SDK, against the emulator in a process of its own."""

import asyncio
import json
import logging
import traceback
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.ports import Frame, Recognition, Recognized, Vocabulary
from profai_cli.providers.limits import Limits
from profai_cli.providers.stt.deepgram import Deepgram
from profai_cli.providers.stt.deepgram_errors import Errors
from profai_cli.providers.stt.deepgram_words import joined, key_terms
from profai_cli.providers.stt.flux import Flux
from profai_cli.providers.stt.streaming import StreamingRecogniser
from profai_cli.settings import Access, Key
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

FRAME = 320
SOON = Limits(connect=0.3, first=0.3, gap=0.4, final=0.3, close=0.15)
WORDS = "what is a pointer"
VOCABULARY = Vocabulary("en", ("A pointer points.",), ("pointer", "dangling  pointer", "pointer"), ("stop",))
ENGINES = pytest.mark.parametrize("engine", [Deepgram, Flux])
HANG = 8.0
"""Seconds; websockets alone would take ten and more to let go of a dead connection."""
Engine = type[Deepgram] | type[Flux]


@pytest.fixture(scope="module")
def running() -> Iterator[Emulators]:
    with Emulators() as emulators:
        yield emulators


@pytest.fixture
def emulators(running: Emulators) -> Iterator[Emulators]:
    running.set(delays={}, script=[WORDS, "and why"], faults=[], seen=[])
    yield running
    running.thaw()


class Room:
    """A learner in front of a recogniser: sound comes as fast as it is taken."""

    def __init__(self, ear: StreamingRecogniser) -> None:
        self.ear = ear
        self.results: list[Recognition] = []
        self.t = 0.0
        self._news = asyncio.Event()

    def take(self, result: Recognition) -> None:
        self.results.append(result)
        self._news.set()

    def sound(self, pcm: bytes, **changes: float) -> None:
        """changes: seconds into the sound at which the voice "started", was "confirmed" or "ended"."""
        at = {round(seconds * 100): change for change, seconds in changes.items()}
        for number in range(len(pcm) // FRAME):
            self.t = round(self.t + 0.01, 2)
            voice: Any = at.get(number + 1)
            self.ear.feed(Frame(self.t, pcm[number * FRAME :][:FRAME], 0, voice))

    def say(self, seconds: float = 1.2) -> None:
        """Silence, voice, and as much silence as the local detector takes; Deepgram would take more."""
        self.sound(silence(1.0))
        self.sound(voice(seconds) + silence(0.2), started=0.05, confirmed=0.3, ended=seconds + 0.2)

    async def final(self) -> str:
        """The next final's words; it is taken off the results with all before it."""
        while True:
            for number, result in enumerate(self.results):
                assert not isinstance(result, EngineError), result
                if isinstance(result, Recognized) and result.final:
                    del self.results[: number + 1]
                    return result.text
            await self.wait()

    async def error(self) -> EngineError:
        """Its error, with sound going on in real time until it comes."""
        while not self.results or not isinstance(self.results[-1], EngineError):
            self.sound(silence(0.01))
            await asyncio.sleep(0.01)
        assert isinstance(self.results[-1], EngineError)
        return self.results[-1]

    async def wait(self) -> None:
        self._news.clear()
        await self._news.wait()

    def partials(self) -> list[str]:
        return [r.text for r in self.results if isinstance(r, Recognized) and not r.final]


def silence(seconds: float) -> bytes:
    return bytes(round(seconds * 16_000) * 2)


def voice(seconds: float) -> bytes:
    """A square wave of 200 Hz at -20 dBFS."""
    return (b"\xb8\x0c" * 40 + b"\x48\xf3" * 40) * round(200 * seconds)


def access(emulators: Emulators, key: str = KEY) -> Access:
    return Access(Key(key), emulators.url("deepgram"))


def run(ear: StreamingRecogniser, test: Callable[[Room], Coroutine[Any, Any, None]]) -> Room:
    """Run the test with the started engine; it is closed in time and leaves no task."""

    async def whole() -> Room:
        room = Room(ear)
        async with asyncio.timeout(20):
            await ear.start(room.take)
            try:
                await test(room)
            finally:
                await closed(ear)
        return room

    return asyncio.run(whole())


async def closed(ear: StreamingRecogniser) -> None:
    """Close it, and see that nothing is left of it."""
    await ear.close()
    await ear.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def gone() -> None:
    """Wait for the SDK's tasks that were cut, which end by themselves."""
    while asyncio.all_tasks() != {asyncio.current_task()}:  # noqa: ASYNC110 - they have no event to wait for
        await asyncio.sleep(0.01)


@ENGINES
def test_words_come_as_they_are_said_and_the_final_without_waiting_for_the_engines_end(
    emulators: Emulators, engine: Engine
) -> None:
    async def test(room: Room) -> None:
        room.say()
        while not room.partials():
            await room.wait()
        partials = list(room.partials())
        assert await room.final() == "What is a pointer."
        assert partials[0] in ("What", "What is", "What is a", "What is a pointer")

    room = run(engine(access(emulators), VOCABULARY, language="en"), test)
    assert room.results == []
    asked = "finalize" if engine is Deepgram else "force_end_turn"
    assert len(emulators.seen("deepgram", asked)) == 1


@ENGINES
def test_the_engines_own_end_of_speech_gives_a_final_once(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.sound(voice(1.2) + silence(2.5), started=0.05)  # the local detector does not hear it end
        assert await room.final() == "What is a pointer."
        room.sound(voice(0.6) + silence(0.2), ended=0.8)
        assert await room.final() == "And why."

    room = run(engine(access(emulators), VOCABULARY, language="en"), test)
    assert room.results == []


@ENGINES
def test_several_utterances_in_a_row(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.say()
        assert await room.final() == "What is a pointer."
        room.say(0.6)
        room.ear.finalize()
        assert await room.final() == "And why."
        room.ear.finalize()
        assert await room.final() == ""

    assert run(engine(access(emulators), VOCABULARY, language="en"), test).results == []


@ENGINES
def test_what_nobody_asked_for_is_not_told(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.sound(silence(0.5) + voice(1.2) + silence(2.0))  # the tutor's own voice
        room.say(0.6)
        assert await room.final() == "And why."
        room.say()
        room.ear.discard()
        room.sound(silence(1.5))
        room.ear.finalize()
        assert await room.final() == ""

    emulators.set(script=[WORDS, "and why", WORDS])
    assert run(engine(access(emulators), VOCABULARY, language="en"), test).results == []


@ENGINES
def test_key_terms_are_told_at_the_start_and_with_each_topic(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.ear.expect(["heap", "stack"])
        room.say()
        await room.final()

    run(engine(access(emulators), VOCABULARY, language="en"), test)
    assert emulators.seen("deepgram", "connect")[0]["query"]["keyterm"] == ["pointer", "dangling pointer"]
    assert emulators.seen("deepgram", "configure")[0]["keyterms"] == ["heap", "stack"]


def test_another_model_gets_no_key_terms(emulators: Emulators) -> None:
    async def test(room: Room) -> None:
        room.ear.expect(["heap"])
        room.say()
        await room.final()

    run(Deepgram(access(emulators), VOCABULARY, language="en", model="nova-2"), test)
    query = emulators.seen("deepgram", "connect")[0]["query"]
    assert query["model"] == "nova-2"
    assert "keyterm" not in query
    assert emulators.seen("deepgram", "configure") == []


def test_key_terms_keep_to_the_limits() -> None:
    assert len(key_terms([f"t{number}" for number in range(200)])) == 100
    assert len(key_terms([f"incomprehensibilities {number}" for number in range(200)])) < 70
    assert key_terms(["", " a  b ", "a b"]) == ["a b"]


def test_words_are_joined_as_in_the_text() -> None:
    assert joined(["What", "is", "it?"], "What is it?") == [" What", " is", " it?"]
    assert joined(["これ", "は"], "これは") == [" これ", "は"]
    assert joined(["a", "lost", "b"], "a b") == [" a", " lost", " b"]


@pytest.mark.parametrize(
    ("engine", "taught", "language", "expected"),
    [
        (Deepgram, "en", "auto", {"language": "multi", "language_hint": "en"}),
        (Deepgram, "hi", "auto", {"language": "multi", "language_hint": ["hi", "en"]}),
        (Deepgram, "sat", "auto", {"language": "multi", "language_hint": "en"}),
        (Deepgram, "en", "en-IN", {"language": "en-IN"}),
        (Deepgram, "en", "hi", {"language": "hi"}),
        (Flux, "en", "en-IN", {"model": "flux-general-en"}),
        (Flux, "hi-IN", "auto", {"model": "flux-general-multi", "language_hint": ["hi", "en"]}),
        (Flux, "en", "hi", {"model": "flux-general-multi", "language_hint": "hi"}),
    ],
)
def test_languages(
    emulators: Emulators, engine: Engine, taught: str, language: str, expected: dict[str, str | list[str]]
) -> None:
    async def test(room: Room) -> None:
        """The emulator has checked the whole query."""

    run(engine(access(emulators), Vocabulary(taught, (), (), ()), language=language), test)
    query = emulators.seen("deepgram", "connect")[0]["query"]
    about = {name: query[name] for name in ("language", "language_hint") if name in query}
    assert about | {"model": query["model"]} == {"model": "nova-3"} | expected
    assert query["mip_opt_out"] == "true"


@pytest.mark.parametrize(("engine", "language"), [(Deepgram, "hi-Latn"), (Deepgram, "xx"), (Flux, "ta"), (Flux, "xx")])
def test_a_language_it_lacks_is_an_error_that_says_what_to_choose(
    emulators: Emulators, engine: Engine, language: str
) -> None:
    error = refusal(engine(access(emulators), VOCABULARY, language=language))
    assert type(error) is EngineError
    assert language in str(error)
    assert "choose" in str(error)
    assert emulators.seen("deepgram") == []


def refusal(ear: StreamingRecogniser) -> EngineError:
    """The error with which it does not start; nothing is left of it."""

    async def whole() -> EngineError:
        async with asyncio.timeout(HANG):
            with pytest.raises(EngineError) as caught:
                await ear.start(lambda _result: None)
            await ear.close()
            await gone()
        return caught.value

    return asyncio.run(whole())


@ENGINES
@pytest.mark.parametrize(
    ("fault", "kind", "advice"),
    [
        ({"kind": "refuse", "status": 400}, EngineRefused, "choose another language or model"),
        ({"kind": "refuse", "status": 401}, EngineRefused, "profai keys set deepgram"),
        ({"kind": "refuse", "status": 402}, EngineRefused, "no credit"),
        ({"kind": "refuse", "status": 403}, EngineRefused, "choose another model"),
        ({"kind": "refuse", "status": 500}, EngineLost, "try again later"),
        ({"kind": "refuse", "status": 503}, EngineLost, "try again later"),
        ({"kind": "busy", "seconds": 7}, EngineBusy, "wait"),
        ({"kind": "stall_before"}, EngineStalled, "check the network"),
    ],
)
def test_faults_at_the_start(
    emulators: Emulators, engine: Engine, fault: dict[str, Any], kind: type[EngineError], advice: str
) -> None:
    emulators.set(faults=[{"vendor": "deepgram", **fault}])
    error = refusal(engine(access(emulators), VOCABULARY, language="en", limits=SOON))
    assert type(error) is kind
    assert str(error).startswith("Deepgram")
    assert advice in str(error)
    if isinstance(error, EngineBusy):
        assert error.seconds == 7


@ENGINES
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "stall_after"}, EngineStalled),
        ({"kind": "garbage"}, EngineStalled),
        ({"kind": "slow_drip"}, EngineStalled),
        ({"kind": "abort", "seconds": 1.5}, EngineLost),
        ({"kind": "close", "status": 1011, "text": "NET-0001", "seconds": 1.5}, EngineLost),
        ({"kind": "close", "status": 1008, "text": "DATA-0000", "seconds": 1.5}, EngineLost),
        ({"kind": "close", "status": 1000, "seconds": 1.5}, EngineLost),
    ],
)
def test_faults_while_it_listens(
    emulators: Emulators, engine: Engine, fault: dict[str, Any], kind: type[EngineError]
) -> None:
    async def test(room: Room) -> None:
        room.say()
        room.ear.finalize()
        assert type(await room.error()) is kind
        told = len(room.results)
        room.say()
        room.ear.finalize()
        await room.ear.settle()
        assert len(room.results) == told
        assert fault.get("text", "") in str(room.results[-1])

    emulators.set(faults=[{"vendor": "deepgram", **fault}])
    run(engine(access(emulators), VOCABULARY, language="en", limits=SOON), test)


@ENGINES
def test_nonsense_between_good_messages_is_skipped(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.say()
        assert await room.final() == "What is a pointer."

    emulators.set(faults=[{"vendor": "deepgram", "kind": "malformed"}])
    run(engine(access(emulators), VOCABULARY, language="en"), test)


@ENGINES
def test_an_engine_that_gives_no_final_is_lost(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.sound(voice(1.2), started=0.05)
        room.ear.finalize()
        error = await room.error()
        assert type(error) is EngineStalled
        assert "gives no final words" in str(error)

    emulators.set(faults=[{"vendor": "deepgram", "kind": "no_final"}])
    run(engine(access(emulators), VOCABULARY, language="en", limits=SOON), test)


def test_an_error_message_ends_it() -> None:
    errors = Errors("Deepgram Flux", Key(KEY))
    assert type(errors.said("INTERNAL_SERVER_ERROR", f"it broke\nfor {KEY}")) is EngineLost
    assert str(errors.said("INTERNAL_SERVER_ERROR", f"it broke\nfor {KEY}")).count("it broke for [key]") == 1
    assert type(errors.said("INVALID_AUTH", "")) is EngineRefused
    assert type(errors.said("TOO_MANY_REQUESTS", "")) is EngineBusy


class OldNova:
    """A Deepgram whose parser answers a Configure with an error; it hears "one", "two" and so on, when asked."""

    def __init__(self, error: dict[str, str]) -> None:
        self.configured: list[list[str]] = []
        self._error = error

    @property
    def application(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/v1/listen", self._listen)])
        return app

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        texts, told, heard = iter(("one", "two", "three")), 0.0, 0.0
        async for message in socket:
            if isinstance(message.data, bytes):
                heard += len(message.data) / 32_000
                continue
            match (asked := json.loads(message.data))["type"]:
                case "Configure":
                    self.configured.append(asked["keyterms"])
                    await socket.send_json({"type": "Error", "variant": "SchemaError", **self._error})
                case "Finalize":
                    word = {"word": next(texts), "start": heard - 1.0, "end": heard - 0.5, "confidence": 1.0}
                    best = {"transcript": word["word"], "confidence": 1.0, "words": [word]}
                    flags = dict.fromkeys(("is_final", "speech_final", "from_finalize"), True)
                    when = {"start": told, "duration": heard - told}
                    await socket.send_json({"type": "Results", "channel": {"alternatives": [best]}, **when, **flags})
                    told = heard
                case "CloseStream":
                    await socket.close()
        return socket

    def meet(self, test: Callable[[Room], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            async with TestServer(self.application) as server, asyncio.timeout(20):
                ear = Deepgram(Access(Key(KEY), str(server.make_url(""))), VOCABULARY, language="en")
                room = Room(ear)
                await ear.start(room.take)
                try:
                    await test(room)
                finally:
                    await ear.close()

        asyncio.run(whole())


@pytest.mark.parametrize("quoted", [{}, {"message": '{"type": "Configure", "keyterms": ["heap"]}'}])
def test_a_server_that_cannot_be_told_terms_listens_all_the_same(quoted: dict[str, str]) -> None:
    nova = OldNova({"description": "unknown message type", **quoted})

    async def test(room: Room) -> None:
        room.ear.expect(["heap"])
        room.say()
        assert await room.final() == "one"
        room.ear.expect(["stack"])
        room.say()
        assert await room.final() == "two"

    nova.meet(test)
    assert nova.configured == [["heap"]]


@pytest.mark.parametrize(
    "error",
    [{"message": '{"type": "KeepAlive"}'}, {"variant": "InternalError"}],
    ids=["another message", "another error"],
)
def test_another_error_message_ends_it(error: dict[str, str]) -> None:
    async def test(room: Room) -> None:
        room.ear.expect(["heap"])
        assert type(error := await room.error()) is EngineLost
        assert "it broke" in str(error)

    OldNova({"description": "it broke", **error}).meet(test)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:9", EngineLost),
        ("https://127.0.0.1:9", EngineLost),
        ("http://profai.invalid", EngineLost),
        ("https://two..dots", EngineLost),
        ("deepgram.com", EngineError),
        ("http://[", EngineError),
        ("http://host:port", EngineError),
    ],
)
def test_an_address_at_which_nobody_is(url: str, kind: type[EngineError]) -> None:
    error = refusal(Deepgram(Access(Key(KEY), url), VOCABULARY))
    assert isinstance(error, kind)
    assert (type(error) is EngineError) == (kind is EngineError)


def test_an_address_at_which_somebody_else_is(emulators: Emulators) -> None:
    assert isinstance(refusal(Deepgram(Access(Key(KEY), emulators.url("openai")), VOCABULARY)), EngineLost)


@ENGINES
def test_a_frozen_server_does_not_hold_up_the_start(emulators: Emulators, engine: Engine) -> None:
    emulators.freeze()
    assert type(refusal(engine(access(emulators), VOCABULARY, limits=SOON))) is EngineStalled


@ENGINES
def test_a_frozen_server_is_noticed_and_does_not_hold_up_the_end(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.sound(silence(1.0) + voice(1.0), started=1.05)
        while not room.partials():
            await room.wait()
        emulators.freeze()
        assert type(await room.error()) is EngineStalled
        before = asyncio.get_running_loop().time()
        await room.ear.close()
        assert asyncio.get_running_loop().time() - before < HANG

    run(engine(access(emulators), VOCABULARY, language="en", limits=SOON), test)


@ENGINES
def test_a_start_that_is_cancelled_leaves_nothing(emulators: Emulators, engine: Engine) -> None:
    async def whole() -> None:
        ear = engine(access(emulators), VOCABULARY)
        starting = asyncio.create_task(ear.start(lambda _result: None))
        while not (await asyncio.to_thread(emulators.seen, "deepgram", "connect")):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.01)
        starting.cancel()
        async with asyncio.timeout(HANG):
            with pytest.raises(asyncio.CancelledError):
                await starting
            await ear.close()
            await gone()

    emulators.set(faults=[{"vendor": "deepgram", "kind": "stall_before"}])
    asyncio.run(whole())


@ENGINES
def test_the_server_sees_it_go(emulators: Emulators, engine: Engine) -> None:
    async def test(room: Room) -> None:
        room.say()
        await room.final()

    run(engine(access(emulators), VOCABULARY, language="en"), test)
    emulators.wait_for("deepgram", "disconnect")
    assert emulators.seen("deepgram", "close_stream") or engine is Flux
    spoken, rest = silence(1.0) + voice(1.2), silence(0.2)  # the final may come before all of the rest was sent
    assert len(spoken) <= emulators.seen("deepgram", "media")[0]["bytes"] <= len(spoken + rest)


@ENGINES
@pytest.mark.parametrize("fault", [None, {"kind": "refuse", "status": 401, "text": f"the key {KEY} is bad"}])
def test_the_key_is_shown_nowhere(
    emulators: Emulators, engine: Engine, fault: dict[str, Any] | None, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(room: Room) -> None:
        room.say()
        await room.final()

    emulators.set(faults=[{"vendor": "deepgram", **fault}] if fault else [])
    ear = engine(access(emulators), VOCABULARY, language="en")
    with caplog.at_level(logging.DEBUG):
        if fault:
            error: BaseException | None = refusal(ear)
            shown = "".join(traceback.format_exception(error))  # type: ignore[arg-type]
            assert "refuses the key: set another one" in str(error)
            while error:  # also what a traceback leaves out
                shown += repr(error) + repr(getattr(error, "__dict__", ""))
                error = error.__cause__ or error.__context__
        else:
            run(ear, test)
            shown = ""
    records: Sequence[logging.LogRecord] = caplog.records
    assert any(record.name == "asyncio" for record in records)  # the log is on
    assert KEY not in "".join([shown, repr(ear), repr(vars(ear)), *(record.getMessage() for record in records)])

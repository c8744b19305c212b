"""The emulator of Deepgram says what Deepgram says, to the real SDK and to a bare client."""

import asyncio
import contextlib
import json
import wave
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

RATE = 16_000
SPEECH = Path(__file__).parents[2] / "shared" / "speech"
NOVA = {
    "model": "nova-3", "language": "en", "encoding": "linear16", "sample_rate": "16000", "interim_results": "true",
    "vad_events": "true", "endpointing": "300", "utterance_end_ms": "1000", "smart_format": "true",
}  # fmt: skip
FLUX = {"model": "flux-general-en", "encoding": "linear16", "sample_rate": "16000", "eager_eot_threshold": "0.4"}
Message = dict[str, Any]


@pytest.fixture(scope="module")
def running() -> Iterator[Emulators]:
    with Emulators() as emulators:
        yield emulators


@pytest.fixture
def emulators(running: Emulators) -> Emulators:
    running.set(delays={}, script=["what is a pointer"], faults=[], seen=[])
    return running


def silence(seconds: float) -> bytes:
    return bytes(round(RATE * seconds) * 2)


def voice(seconds: float) -> bytes:
    """A square wave of 200 Hz at -20 dBFS."""
    return (b"\xb8\x0c" * 40 + b"\x48\xf3" * 40) * round(200 * seconds)


class Bare:
    """A websocket without an SDK, and all that it has got."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.got: list[Message] = []
        self.raw: list[str] = []

    async def sound(self, pcm: bytes) -> None:
        for first in range(0, len(pcm), 640):
            with contextlib.suppress(ConnectionError):
                await self.socket.send_bytes(pcm[first : first + 640])

    async def say(self, kind: str, **fields: Any) -> None:
        with contextlib.suppress(ConnectionError):
            await self.socket.send_json({"type": kind, **fields})

    async def until(self, wanted: Callable[[Message], bool]) -> Message:
        while True:
            message = await self._next()
            if message is not None and wanted(message):
                return message

    async def end(self) -> int | None:
        """Read to the end; the close code."""
        with contextlib.suppress(EOFError):
            while True:
                await self._next()
        return self.socket.close_code

    async def _next(self) -> Message | None:
        message = await self.socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise EOFError
        self.raw.append(message.data)
        with contextlib.suppress(ValueError):
            self.got.append(json.loads(message.data))
            return self.got[-1]
        return None

    def finals(self) -> list[str]:
        return [transcript(m) for m in self.got if m["type"] == "Results" and m["is_final"]]


def transcript(message: Message) -> str:
    return str(message["channel"]["alternatives"][0]["transcript"])


def is_final(message: Message) -> bool:
    return bool(message.get("is_final") and "channel" in message)


@contextlib.asynccontextmanager
async def bare(emulators: Emulators, query: dict[str, str], version: str = "v1", key: str = KEY) -> AsyncIterator[Bare]:
    url = f"{emulators.url('deepgram')}/{version}/listen"
    headers = {"Authorization": f"Token {key}"}
    async with aiohttp.ClientSession() as session, session.ws_connect(url, params=query, headers=headers) as socket:
        yield Bare(socket)


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(20):
            await test()

    asyncio.run(limited())


def test_an_utterance_from_its_first_sound_to_its_end(emulators: Emulators) -> None:
    async def test() -> None:
        async with bare(emulators, NOVA) as line:
            await line.sound(silence(1.2) + voice(1.2) + silence(1.5))
            await line.until(lambda m: m["type"] == "UtteranceEnd")
            await line.say("CloseStream")
            assert await line.end() == 1000
            got = line.got
            assert got[0]["type"] == "Results"  # silence: an empty interim, about once a second
            assert transcript(got[0]) == ""
            started = next(m for m in got if m["type"] == "SpeechStarted")
            assert started["timestamp"] == pytest.approx(1.2, abs=0.02)
            said = [transcript(m) for m in got if m["type"] == "Results" and not m["is_final"] and transcript(m)]
            assert said == ["What", "What is", "What is a", "What is a pointer"]
            final = next(m for m in got if m.get("is_final"))
            assert final["speech_final"]
            assert not final["from_finalize"]
            assert transcript(final) == "What is a pointer."
            words = final["channel"]["alternatives"][0]["words"]
            assert [w["word"] for w in words] == ["what", "is", "a", "pointer"]
            assert words[-1]["punctuated_word"] == "pointer."
            assert (words[0]["start"], words[-1]["end"]) == (pytest.approx(1.2, abs=0.02), pytest.approx(2.4, abs=0.02))
            assert final["start"] + final["duration"] == pytest.approx(2.7, abs=0.03)  # 300 ms of silence
            assert next(m for m in got if m["type"] == "UtteranceEnd")["last_word_end"] == words[-1]["end"]
            assert got[-1]["type"] == "Metadata"
            assert got[-1]["duration"] == pytest.approx(3.9)

    run(test)
    emulators.wait_for("deepgram", "disconnect")
    assert [s["bytes"] for s in emulators.seen("deepgram", "media")] == [round(3.9 * RATE) * 2]
    assert [(s["by"], s["code"]) for s in emulators.seen("deepgram", "disconnect")] == [("server", 1000)]
    assert KEY not in json.dumps(emulators.seen("deepgram"))


def test_finalize_answers_where_something_is_buffered_and_only_there(emulators: Emulators) -> None:
    async def test() -> None:
        async with bare(emulators, NOVA) as line:
            await line.sound(silence(0.5))
            await line.say("Finalize")  # nothing is buffered: nothing comes
            await line.sound(voice(0.7))
            await line.say("Finalize")
            final = await line.until(is_final)
            assert final["from_finalize"]
            assert not final["speech_final"]
            assert transcript(final) == "What is a pointer."
            await line.socket.send_bytes(b"")  # ends the stream, as CloseStream does
            assert await line.end() == 1000
            assert line.finals() == ["What is a pointer."]

    run(test)
    assert len(emulators.seen("deepgram", "finalize")) == 2


def test_an_utterance_sent_again_after_a_lost_connection_says_the_same(emulators: Emulators) -> None:
    emulators.set(
        script=["what is a pointer", "go on"], faults=[{"vendor": "deepgram", "kind": "abort", "seconds": 1.0}]
    )

    async def test() -> None:
        async with bare(emulators, NOVA) as line:
            await line.sound(voice(0.9))
            await line.sound(voice(0.5))
            assert await line.end() in (None, 1006)
            assert line.finals() == []
        async with bare(emulators, NOVA) as line:
            await line.sound(voice(1.2) + silence(1.0) + voice(0.6) + silence(0.5))
            await line.until(lambda m: is_final(m) and transcript(m) == "Go on.")
            assert line.finals() == ["What is a pointer.", "Go on."]

    run(test)


def test_a_silent_client_is_sent_away_and_keep_alive_counts_only_after_sound(emulators: Emulators) -> None:
    emulators.set(delays={"deepgram.idle": 0.4})

    async def test() -> None:
        async with bare(emulators, NOVA) as line:
            await line.say("KeepAlive")
            assert await line.end() == 1011
            assert [m["type"] for m in line.got] == ["Metadata"]
        async with bare(emulators, NOVA) as line:
            await line.sound(silence(0.1))
            for _ in range(8):  # twice as long as the server waits
                await line.say("KeepAlive")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(line.socket.receive(), 0.1)
            await line.say("CloseStream")
            assert await line.end() == 1000

    run(test)
    assert len(emulators.seen("deepgram", "keep_alive")) == 9


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"colour": "red"}, "colour"),
        ({"interim_results": "True"}, "interim_results"),
        ({"utterance_end_ms": "900"}, "utterance_end_ms"),
        ({"interim_results": "false"}, "utterance_end_ms"),
        ({"language": "auto"}, "language"),
        ({"encoding": ""}, "encoding"),
        ({"model": "nova-2", "keyterm": "malloc"}, "keyterm"),
    ],
)
def test_a_wrong_query_is_refused(emulators: Emulators, change: dict[str, str], says: str) -> None:
    async def test() -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            async with bare(emulators, NOVA | change):
                pass
        assert caught.value.status == 400
        assert caught.value.headers
        assert says in caught.value.headers["dg-error"]
        assert caught.value.headers["dg-request-id"]

    run(test)


def test_keys_are_checked_everywhere(emulators: Emulators) -> None:
    async def test() -> None:
        async with aiohttp.ClientSession() as session:
            for path in ("v1/auth/token", "v1/projects", "v1/listen"):
                url = f"{emulators.url('deepgram')}/{path}"
                async with session.get(url, headers={"Authorization": "Token wrong"}) as response:
                    body = await response.json()
                    assert (response.status, body["err_code"]) == (401, "INVALID_AUTH")
                    assert body["request_id"] == response.headers["dg-request-id"]
            url = f"{emulators.url('deepgram')}/v1/auth/token"
            async with session.get(url, headers={"Authorization": f"Token {KEY}"}) as response:
                assert response.status == 200

    run(test)


def test_faults_of_the_handshake(emulators: Emulators) -> None:
    emulators.set(
        faults=[
            {"vendor": "deepgram", "kind": "refuse", "status": 402},
            {"vendor": "deepgram", "kind": "busy", "seconds": 7},
            {"vendor": "deepgram", "kind": "stall_before"},
        ]
    )

    async def test() -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as paid:
            async with bare(emulators, NOVA):
                pass
        assert paid.value.status == 402
        with pytest.raises(aiohttp.WSServerHandshakeError) as busy:
            async with bare(emulators, NOVA):
                pass
        assert busy.value.headers
        assert (busy.value.status, busy.value.headers["Retry-After"]) == (429, "7")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3), bare(emulators, NOVA):
                pass
        while await asyncio.to_thread(lambda: emulators.open):  # the stalled request ends with its client
            pass

    run(test)


def test_faults_of_the_stream(emulators: Emulators) -> None:
    close = {"vendor": "deepgram", "kind": "close", "status": 1008, "text": "DATA-0000", "seconds": 0.5}
    kinds = ("malformed", "garbage", "no_final", "stall_after")
    emulators.set(script=["go on"] * 5, faults=[close, *({"vendor": "deepgram", "kind": kind} for kind in kinds)])

    async def ended() -> Bare:
        async with bare(emulators, NOVA) as line:
            await line.sound(voice(0.6) + silence(0.5))
            await line.say("CloseStream")
            await line.end()
            return line

    async def test() -> None:
        assert (await ended()).socket.close_code == 1008
        malformed = await ended()
        assert any("channel" not in m for m in malformed.got if m["type"] == "Results")
        assert len(malformed.raw) > len(malformed.got)
        garbage = await ended()
        assert garbage.raw
        assert not any('"Results"' in text for text in garbage.raw)
        no_final = await ended()
        assert any(m["type"] == "Results" for m in no_final.got)
        assert not any(m.get("is_final") for m in no_final.got)
        assert (await ended()).raw == []

    run(test)


def test_delays_come_on_top_of_the_sound(emulators: Emulators) -> None:
    emulators.set(delays={"network": 0.05, "deepgram.think": 0.1})

    async def test() -> None:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        async with bare(emulators, NOVA) as line:
            assert loop.time() - begin >= 0.1
            begin = loop.time()
            await line.sound(voice(0.6) + silence(0.4))
            await line.until(is_final)
            assert loop.time() - begin >= 0.2

    run(test)


def test_flux_takes_an_eager_end_back_and_then_ends_the_turn(emulators: Emulators) -> None:
    async def test() -> None:
        async with bare(emulators, FLUX, "v2") as line:
            await line.sound(silence(0.3) + voice(0.9) + silence(0.4) + voice(0.3) + silence(0.8))
            end = await line.until(lambda m: m.get("event") == "EndOfTurn")
            events = [m["event"] for m in line.got if m["type"] == "TurnInfo" and m["event"] != "Update"]
            assert events == ["StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EagerEndOfTurn", "EndOfTurn"]
            assert [m["sequence_id"] for m in line.got] == list(range(len(line.got)))
            assert line.got[0]["type"] == "Connected"
            eager = next(m for m in line.got if m.get("event") == "EagerEndOfTurn")
            assert eager["transcript"] == end["transcript"] == "What is a pointer."
            assert (end["trigger"], end["turn_index"]) == ("model", 0)

    run(test)


def test_flux_ends_a_turn_by_force_and_knows_no_keep_alive(emulators: Emulators) -> None:
    async def test() -> None:
        async with bare(emulators, FLUX, "v2") as line:
            await line.say("Configure", thresholds={"eot_threshold": 1.0}, keyterms=["malloc"])
            done = await line.until(lambda m: m["type"] == "ConfigureSuccess")
            assert (done["thresholds"]["eot_threshold"], done["keyterms"]) == (1.0, ["malloc"])
            await line.sound(voice(0.4))
            await line.say("ForceEndTurn")
            end = await line.until(lambda m: m.get("event") == "EndOfTurn")
            assert (end["trigger"], end["transcript"]) == ("manual", "What is a pointer.")
            await line.say("KeepAlive")
            await line.until(lambda m: m["type"] == "Error")

    run(test)


@pytest.mark.skipif(not SPEECH.is_dir(), reason="the recordings of ../shared/speech are not here")
@pytest.mark.xdist_group("stt")
def test_without_a_script_it_really_recognises(emulators: Emulators) -> None:
    emulators.set(script=[])
    with wave.open(str(SPEECH / "austen_0880.wav")) as file:
        recording = file.readframes(file.getnframes())

    async def test() -> None:
        async with bare(emulators, NOVA) as line:
            await line.sound(recording + silence(0.5))
            final = await line.until(is_final)
            assert transcript(final).startswith("He was not")
            assert transcript(final).endswith("young man.")

    run(test)


def test_the_real_sdk_understands_it(emulators: Emulators) -> None:
    emulators.set(script=["what is a pointer", "go on"])

    async def test() -> None:
        from deepgram import AsyncDeepgramClient, DeepgramClientEnvironment

        url = emulators.url("deepgram")
        socket = url.replace("http", "ws")
        environment = DeepgramClientEnvironment(base=url, production=socket, agent=socket, agent_rest=url)
        client = AsyncDeepgramClient(api_key=KEY, environment=environment)
        async with client.listen.v1.connect(
            model="nova-3", language="en-IN", encoding="linear16", sample_rate=16000, interim_results=True,
            vad_events=True, endpointing=300, utterance_end_ms=1000, smart_format=True, mip_opt_out=True,
            keyterm=["malloc", "pointer arithmetic"],
        ) as line:  # fmt: skip
            await line.send_media(voice(0.9) + silence(0.4))
            await line.send_close_stream()
            got = [message async for message in line]
        finals = [m.channel.alternatives[0].transcript for m in got if m.type == "Results" and m.is_final]
        assert finals[0] == "What is a pointer."
        assert got[-1].type == "Metadata"
        async with client.listen.v2.connect(model="flux-general-en", encoding="linear16", sample_rate=16000) as flux:
            await flux.send_media(voice(0.9) + silence(0.8))
            await flux.send_close_stream()
            turns = [message async for message in flux]
            assert flux._websocket.close_code == 1005  # a close frame without a code
        assert turns[0].type == "Connected"
        assert [m.transcript for m in turns if getattr(m, "event", "") == "EndOfTurn"] == ["Go on."]

    run(test)
    query = emulators.seen("deepgram", "connect")[0]["query"]
    assert query["keyterm"] == ["malloc", "pointer arithmetic"]

"""Sarvam's engines with the real SDK against the emulator: words, sound, cancel, and every fault."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterator
from contextlib import aclosing

import pytest

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.pcm import SPEECH_BLOCK
from profai_cli.ports import Frame, Recognition, Recognized, Speech, Vocabulary
from profai_cli.providers.limits import Limits
from profai_cli.providers.stt import sarvam as hearing
from profai_cli.providers.stt.sarvam import Sarvam
from profai_cli.providers.tts import sarvam as speaking
from profai_cli.providers.tts.sarvam import SarvamVoice
from profai_cli.settings import Access, Key
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

LIMITS = Limits(connect=1.5, first=0.6, gap=0.4, final=0.6, close=0.25)
"""Short waits, for faults that are nothing but waits."""

SENTENCE = "A pointer holds the address of another variable, and nothing else at all."
QUESTION = "एक पॉइंटर क्या है"


@pytest.fixture(scope="module")
def running() -> Iterator[Emulators]:
    with Emulators() as emulators:
        yield emulators


@pytest.fixture
def emulators(running: Emulators) -> Iterator[Emulators]:
    running.set(delays={}, script=[QUESTION], faults=[], seen=[])
    yield running
    running.thaw()


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test, and see that it leaves no task behind."""

    async def limited() -> None:
        async with asyncio.timeout(20):
            await test()
            async with asyncio.timeout(1):  # what the SDK was told to end, ends
                while len(asyncio.all_tasks()) > 1:
                    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()}, timeout=0.05)

    asyncio.run(limited())


def access(emulators: Emulators, key: str = KEY) -> Access:
    return Access(Key(key), emulators.url("sarvam"))


def fault(kind: str, **fields: str | float) -> list[dict[str, str | float]]:
    return [{"vendor": "sarvam", "kind": kind, **fields}]


# --- speech to text --------------------------------------------------------------------------------


class Learner:
    """Feeds an engine with frames of 10 ms, faster than real time."""

    def __init__(self, emulators: Emulators, language: str = "hi", key: str = KEY, limits: Limits = LIMITS) -> None:
        vocabulary = Vocabulary(language, (), ("पॉइंटर", "malloc"), ())
        self.engine = Sarvam(access(emulators, key), vocabulary, language=language, limits=limits)
        self.results: list[Recognition] = []
        self._told = asyncio.Event()
        self.t = 0.0

    async def __aenter__(self) -> "Learner":
        await self.engine.start(self._take)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.engine.close()

    async def hush(self, seconds: float) -> None:
        await self._feed(seconds, bytes(2 * SPEECH_BLOCK))

    async def speak(self, seconds: float) -> None:
        """Speech of which the detector knows 100 ms after its begin, and 200 ms after its end."""
        loud = (b"\xb8\x0c" * 40 + b"\x48\xf3" * 40) * 2
        await self._feed(0.1, loud)
        await self._feed(seconds - 0.1, loud, "started")
        await self._feed(0.2, bytes(2 * SPEECH_BLOCK))
        await self._feed(0.01, bytes(2 * SPEECH_BLOCK), "ended")

    async def final(self) -> str:
        self.engine.finalize()
        await self.engine.settle()
        return self.finals()[-1]

    def finals(self) -> list[str]:
        return [result.text for result in self.results if isinstance(result, Recognized) and result.final]

    async def error(self) -> EngineError:
        while not (errors := [result for result in self.results if isinstance(result, EngineError)]):
            self._told.clear()
            await self._told.wait()
        assert len(errors) == 1
        return errors[0]

    def _take(self, result: Recognition) -> None:
        self.results.append(result)
        self._told.set()

    async def _feed(self, seconds: float, pcm: bytes, change: str | None = None) -> None:
        for n in range(round(seconds * 100)):
            self.t = round(self.t + 0.01, 2)
            self.engine.feed(Frame(self.t, pcm[: 2 * SPEECH_BLOCK], 0, change if n == 0 else None))  # type: ignore[arg-type]
            await asyncio.sleep(0)


def test_an_utterance_becomes_its_words(emulators: Emulators) -> None:
    emulators.set(script=[QUESTION, "फिर से"])

    async def test() -> None:
        async with Learner(emulators) as learner:
            await learner.hush(0.5)
            await learner.speak(1.2)
            assert await learner.final() == QUESTION
            await learner.hush(0.3)
            await learner.speak(0.6)
            assert await learner.final() == "फिर से"
            assert learner.finals() == [QUESTION, "फिर से"]

    run(test)
    query = emulators.seen("sarvam", "connect")[0]["query"]
    assert (query["language-code"], query["input_audio_codec"]) == ("hi-IN", "pcm_s16le")
    assert query["keyterms"] == '["\\u092a\\u0949\\u0907\\u0902\\u091f\\u0930", "malloc"]'
    assert emulators.seen("sarvam", "disconnect")[0]["by"] == "client"


def test_a_noise_without_words_is_an_empty_final_and_no_fault(emulators: Emulators) -> None:
    async def test() -> None:
        async with Learner(emulators) as learner:
            await learner.speak(1.2)
            assert await learner.final() == QUESTION
            await learner.hush(0.5)
            learner.engine.feed(Frame(learner.t + 0.01, bytes(2 * SPEECH_BLOCK), 0, "started"))
            learner.t += 0.01
            await learner.hush(0.3)
            learner.engine.feed(Frame(learner.t + 0.01, bytes(2 * SPEECH_BLOCK), 0, "ended"))
            assert await learner.final() == ""

    run(test)


@pytest.mark.parametrize(
    ("ordered", "kind", "says"),
    [
        (fault("refuse", status=403), EngineRefused, "keys set sarvam"),
        (fault("refuse", status=422, code="unprocessable_entity_error"), EngineRefused, "language"),
        (fault("busy", seconds=7), EngineBusy, "busy"),
        (fault("refuse", status=503), EngineLost, "fault of its own"),
        (fault("stall_before"), EngineStalled, "in time"),
    ],
)
def test_a_connection_that_fails(
    emulators: Emulators, ordered: list[dict[str, str | float]], kind: type[EngineError], says: str
) -> None:
    async def test() -> None:
        for start in (
            SarvamVoice(access(emulators), language="hi", limits=LIMITS).start,
            Learner(emulators).__aenter__,
        ):
            emulators.set(faults=ordered)
            with pytest.raises(kind, match=says) as caught:
                await start()
            assert KEY not in str(caught.value)
            if isinstance(caught.value, EngineBusy):
                assert caught.value.seconds == 7

    run(test)


@pytest.mark.parametrize(
    ("ordered", "kind"),
    [
        (fault("stall_after"), EngineStalled),
        (fault("no_final"), EngineStalled),
        (fault("garbage"), EngineStalled),
        (fault("abort", seconds=0.5), EngineLost),
        (fault("close", status=1008, text="idle", seconds=0.5), EngineLost),
        (fault("close", status=1003, seconds=0.5), EngineRefused),
        (fault("quota", seconds=0.5), EngineRefused),
        (fault("error", code="rate_limit_exceeded_error", seconds=0.5), EngineBusy),
        (fault("error", seconds=0.5), EngineLost),
    ],
)
def test_listening_fails_once_and_with_the_right_kind(
    emulators: Emulators, ordered: list[dict[str, str | float]], kind: type[EngineError]
) -> None:
    emulators.set(faults=ordered)

    async def test() -> None:
        async with Learner(emulators) as learner:
            await learner.speak(1.2)
            learner.engine.finalize()
            error = await learner.error()
            assert type(error) is kind
            assert learner.finals() == []

    run(test)


def test_words_among_nonsense_are_heard(emulators: Emulators) -> None:
    emulators.set(faults=fault("malformed"))

    async def test() -> None:
        async with Learner(emulators) as learner:
            await learner.speak(1.2)
            assert await learner.final() == QUESTION

    run(test)


# --- text to speech --------------------------------------------------------------------------------


async def said(voice: SarvamVoice, text: str = SENTENCE, speed: float = 1.0) -> list[Speech]:
    return [piece async for piece in voice.speak(text, speed)]


def digest(pieces: list[Speech]) -> str:
    return hashlib.sha256(b"".join(piece.pcm for piece in pieces)).hexdigest()


def spoken(emulators: Emulators) -> dict[str, str]:
    """The digest of what the server said, by its text."""
    return {spoken["text"]: spoken["sha256"] for spoken in emulators.seen("sarvam", "speak")}


@pytest.mark.parametrize("chunks", [[], fault("odd")])
def test_the_sound_is_right_sample_for_sample(emulators: Emulators, chunks: list[dict[str, str | float]]) -> None:
    emulators.set(faults=chunks)

    async def test() -> None:
        voice = SarvamVoice(access(emulators), language="en-IN", limits=LIMITS)
        await voice.start()
        first, second = await said(voice), await said(voice, "And then?", 1.2)
        await voice.close()
        assert [digest(first), digest(second)] == list(spoken(emulators).values())
        words = [word for piece in first for word in piece.words]
        assert [SENTENCE[word.start : word.end] for word in words] == SENTENCE.split()
        times = [word.at for word in words]
        assert times == sorted(times)
        assert times[-1] < sum(len(piece.pcm) for piece in first) / 48_000

    run(test)
    assert len(emulators.seen("sarvam", "connect")) == 1  # one warm connection for both
    assert [c["pace"] for c in emulators.seen("sarvam", "configure")] == [1.0, 1.2]
    assert emulators.seen("sarvam", "configure")[0]["speaker"] == "shubh"


def test_words_come_with_the_sound_once_the_speed_is_known(emulators: Emulators) -> None:
    async def test() -> None:
        voice = SarvamVoice(access(emulators), language="en-IN", limits=LIMITS)
        await voice.start()
        await said(voice)
        pieces = await said(voice)
        await voice.close()
        end = 0.0
        for piece in pieces[:-1]:
            end += len(piece.pcm) / 48_000
            assert all(word.at <= end for word in piece.words)
        assert sum(bool(piece.words) for piece in pieces) > 5

    run(test)


def test_a_cancelled_sentence_ends_at_the_server_and_the_next_is_ready(emulators: Emulators) -> None:
    emulators.set(delays={"sarvam.chunk": 0.05})

    async def test() -> None:
        voice = SarvamVoice(access(emulators), language="en-IN", limits=LIMITS)
        await voice.start()
        async with aclosing(voice.speak(SENTENCE, 1.0)) as pieces:
            await anext(pieces)
        while not (stopped := await asyncio.to_thread(emulators.seen, "sarvam", "stopped")):
            pass
        assert stopped[0]["seconds"] < 1.0
        assert digest(await said(voice, "Go on.")) == spoken(emulators)["Go on."]
        await voice.close()

    run(test)
    assert len(emulators.seen("sarvam", "connect")) == 2


def test_two_sentences_at_once_do_not_mix(emulators: Emulators) -> None:
    async def test() -> None:
        voice = SarvamVoice(access(emulators), language="en-IN", limits=LIMITS)
        await voice.start()
        one, two = await asyncio.gather(said(voice), said(voice, "And then?"))
        await voice.close()
        assert {SENTENCE: digest(one), "And then?": digest(two)} == spoken(emulators)

    run(test)


@pytest.mark.parametrize(
    ("ordered", "kind"),
    [
        (fault("stall_after"), EngineStalled),
        (fault("stall", seconds=0.5), EngineStalled),
        (fault("no_final"), EngineStalled),
        (fault("garbage"), EngineStalled),
        (fault("no_audio"), EngineStalled),
        (fault("null_audio"), EngineStalled),
        (fault("empty_audio"), EngineStalled),
        (fault("abort", seconds=0.5), EngineLost),
        (fault("close", status=1011, text="oops", seconds=0.5), EngineLost),
        (fault("close", status=1003, seconds=0.5), EngineRefused),
        (fault("quota"), EngineRefused),
        (fault("error", code="422"), EngineRefused),
        (fault("error", code="429", seconds=0.5), EngineBusy),
        (fault("error"), EngineLost),
    ],
)
def test_speaking_fails_with_the_right_kind(
    emulators: Emulators, ordered: list[dict[str, str | float]], kind: type[EngineError]
) -> None:
    emulators.set(faults=ordered)

    async def test() -> None:
        voice = SarvamVoice(access(emulators), language="en-IN", limits=LIMITS)
        await voice.start()
        with pytest.raises(EngineError) as caught:
            await said(voice)
        assert type(caught.value) is kind
        await voice.close()

    run(test)


def test_an_unknown_speaker_is_refused(emulators: Emulators) -> None:
    async def test() -> None:
        voice = SarvamVoice(access(emulators), language="hi", speaker="anushka", limits=LIMITS)
        await voice.start()
        with pytest.raises(EngineRefused, match="voice"):
            await said(voice)
        await voice.close()

    run(test)


# --- both ------------------------------------------------------------------------------------------


def test_a_frozen_server_is_noticed_and_left_quickly(emulators: Emulators) -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        voice = SarvamVoice(access(emulators), language="en-IN", limits=LIMITS)
        await voice.start()
        async with Learner(emulators) as learner:
            await learner.speak(0.6)
            assert await learner.final()
            emulators.freeze()
            await learner.hush(0.5)
            await learner.speak(1.2)
            learner.engine.finalize()
            assert type(await learner.error()) is EngineStalled
            with pytest.raises(EngineStalled):
                await said(voice)
            begin = loop.time()
            await asyncio.gather(voice.close(), learner.engine.close())
            took.append(loop.time() - begin)

    took: list[float] = []
    run(test)
    assert took[0] < 5  # 0.3 where nothing else runs; 30 with the SDK alone


def test_a_wrong_key_is_refused_and_never_shown(emulators: Emulators) -> None:
    async def test() -> None:
        with pytest.raises(EngineRefused, match="keys set sarvam") as caught:
            await SarvamVoice(access(emulators, "wrong-secret"), language="hi").start()
        shown = "".join(map(str, (caught.value, caught.value.__cause__, caught.value.__context__)))
        assert "wrong-secret" not in shown

    run(test)


def test_nobody_is_there() -> None:
    async def test() -> None:
        with pytest.raises(EngineLost, match="cannot be reached"):
            await SarvamVoice(Access(Key(KEY), "http://127.0.0.1:9"), language="hi", limits=LIMITS).start()

    run(test)


def test_languages() -> None:
    assert all(map(hearing.supports, ("hi", "hi-IN", "ta", "or", "en-IN", "auto")))
    assert all(map(speaking.supports, ("hi", "bn-IN", "od", "en-IN")))
    assert not any(map(speaking.supports, ("en", "en-US", "de", "auto")))

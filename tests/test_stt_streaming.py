"""The core of the network's recognisers, with a connection that says what the test tells it, on a clock of its own."""

import asyncio
import selectors
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, Literal

import pytest

from profai_cli.errors import EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.pcm import SPEECH_BLOCK
from profai_cli.ports import Frame, Recognition, Recognized
from profai_cli.providers.limits import Limits
from profai_cli.providers.stt.connection import Heard, Timeline, Word
from profai_cli.providers.stt.streaming import StreamingRecogniser

Change = Literal["started", "confirmed", "ended"]
LIMITS = Limits()
PATIENT = Limits(gap=60)
"""For tests in which the engine speaks only when the test has something to say."""


class Clock(selectors.DefaultSelector):
    """Waiting takes no time: the loop's clock jumps to the next thing to do."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        self.now += timeout or 0.0
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.clock = Clock()
        super().__init__(self.clock)

    def time(self) -> float:
        return self.clock.now


class Wire:
    """A `Connection` that remembers what it is told, and says what `hear` gives it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.orders: list[str] = []
        self.terms: list[Sequence[str]] = []
        self.closed = 0
        self._messages: asyncio.Queue[Heard | EngineError | None] = asyncio.Queue()

    async def send(self, pcm: bytes) -> None:
        self.sent.append(pcm)
        self.orders.append("send")

    async def flush(self) -> None:
        self.orders.append("flush")

    async def expect(self, terms: Sequence[str]) -> None:
        self.terms.append(terms)

    async def keep_alive(self) -> None:
        self.orders.append("keep_alive")

    async def messages(self) -> AsyncIterator[Heard]:
        while (message := await self._messages.get()) is not None:
            if isinstance(message, EngineError):
                raise message
            yield message

    async def close(self) -> None:
        self.closed += 1

    def say(self, message: Heard | EngineError | None) -> None:
        self._messages.put_nowait(message)


class Class:
    """A recogniser in a class: frames in real time, and all that it emitted."""

    def __init__(self, **options: Any) -> None:
        self.wire = Wire()
        self.asked_for: list[Sequence[str]] = []
        self.results: list[Recognition] = []
        self.t = 0.0
        self.ear = StreamingRecogniser("Ear", self._connect, **options)

    async def _connect(self, terms: Sequence[str]) -> Wire:
        self.asked_for.append(terms)
        return self.wire

    async def sound(self, until: float, voice: Change | None = None) -> None:
        """Frames up to the time; the last one has the change of the voice."""
        while self.t < until - 0.005:
            self.t = round(self.t + 0.01, 2)
            last = self.t >= until - 0.005
            self.ear.feed(Frame(self.t, bytes(2 * SPEECH_BLOCK), 0, voice if last else None))
            await asyncio.sleep(0.01)

    async def hear(self, text: str | None = None, start: float = 0.0, end: float = 0.0, **more: Any) -> None:
        """A message with words spread over that time."""
        said = (text or "").split()
        each = (end - start) / max(len(said), 1)
        words = tuple(Word(f" {w}", start + n * each, start + (n + 1) * each) for n, w in enumerate(said))
        self.wire.say(Heard(None if text is None else words, **more))
        await asyncio.sleep(0.001)

    def take(self) -> list[tuple[str, bool]]:
        """Words and finality of what was emitted since the last call."""
        results, self.results[:] = list(self.results), []
        assert all(isinstance(r, Recognized) and r.delay == 0.0 for r in results), results
        return [(r.text, r.final) for r in results if isinstance(r, Recognized)]

    def errors(self) -> list[type]:
        return [type(r) for r in self.results if isinstance(r, EngineError)]

    async def voice(self, seconds: float, *, confirmed: bool = True) -> None:
        """A voice of that length, confirmed at once or not at all, and the silence by which it has ended."""
        await self.sound(self.t + 0.1, "started")
        if confirmed:
            await self.sound(self.t + 0.01, "confirmed")
        await self.sound(self.t + seconds + 0.2)
        self.t = round(self.t + 0.01, 2)
        self.ear.feed(Frame(self.t, bytes(2 * SPEECH_BLOCK), 0, "ended", voiced=seconds))


def run(test: Callable[[Class], Coroutine[Any, Any, None]], **options: Any) -> None:
    """Run the test with a recogniser that has started; it leaves no task."""

    async def whole() -> None:
        scene = Class(**({"limits": PATIENT} | options))
        await scene.ear.start(scene.results.append)
        try:
            await test(scene)
        finally:
            await scene.ear.close()
            await scene.ear.close()
        assert scene.wire.closed == 1
        assert len(asyncio.all_tasks()) == 1

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(whole())


def test_all_sound_goes_out_in_batches_and_the_rest_before_a_flush() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(1.1)
        assert {len(pcm) for pcm in scene.wire.sent} == {4 * 2 * SPEECH_BLOCK}
        await scene.sound(1.11, "ended")
        assert scene.wire.orders[-2:] == ["send", "flush"]
        assert len(b"".join(scene.wire.sent)) == 111 * 2 * SPEECH_BLOCK
        scene.ear.feed(Frame(1.12, b"", 0))
        await scene.sound(2.0)
        assert all(scene.wire.sent)

    run(test)


def test_partials_come_when_the_words_change_and_the_engines_end_gives_a_final() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(1.6)
        await scene.hear("what", 1.0, 1.3, until=1.5)
        await scene.hear("what", 1.0, 1.3, until=1.55)
        assert scene.results == [Recognized("what", False, 1.6, 0.0)]
        await scene.sound(2.2)
        await scene.hear("what is", 1.0, 1.6, until=2.1, final=True)
        await scene.hear("it", 1.7, 1.9, until=2.2)
        await scene.hear()
        await scene.hear(ended=True)
        assert scene.take() == [("what", False), ("what is", False), ("what is it", False), ("what is it", True)]

    run(test)


def test_the_answer_to_its_own_flush_is_the_final_and_the_engines_end_after_it_is_none() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0, "ended")
        await scene.hear("why", 1.1, 1.7, until=2.0, final=True, flushed=True)
        assert scene.take() == [("why", True)]
        await scene.sound(2.3)
        await scene.hear("", until=2.2, final=True, ended=True)
        await scene.hear("why", 1.1, 1.7, until=2.2, final=True, ended=True)
        await scene.hear(ended=True)
        scene.ear.finalize()
        assert scene.take() == [("", True)]

    run(test)


def test_words_count_by_their_time_from_a_pre_roll_on() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(3.0)
        await scene.hear("the tutor says", 0.5, 2.0, until=2.9, final=True)
        await scene.hear("echo now", 2.0, 2.8, until=3.0, final=True)
        assert scene.take() == []
        await scene.sound(3.3, "started")
        await scene.hear("stop", 3.2, 3.3, until=3.3)
        assert scene.take() == [("now stop", False)]  # within 0.8 s, so it may be the learner's

    run(test)


def test_nothing_is_emitted_for_what_was_discarded_until_the_voice_is_confirmed() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0)
        scene.ear.discard()
        await scene.hear("hm", 1.0, 1.2, until=1.5, final=True)
        await scene.hear("wait please", 1.3, 1.9, until=2.0, final=True, ended=True)
        assert scene.take() == []
        await scene.sound(2.3, "confirmed")
        await scene.hear("now", 2.1, 2.3, until=2.3)
        assert scene.take() == [("please now", False)]
        await scene.sound(2.5, "ended")
        scene.ear.discard()
        await scene.hear("now", 2.1, 2.3, until=2.5, final=True, flushed=True)
        assert scene.take() == []

    run(test)


def test_words_that_come_after_the_next_voice_has_started_belong_where_they_were_said() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0, "ended")
        await scene.sound(2.2, "started")
        await scene.hear("first", 1.2, 1.8, until=2.0)
        await scene.hear("first second", 1.2, 2.7, until=2.2)
        await scene.hear("first", 1.2, 1.8, until=2.0, final=True, flushed=True)
        assert scene.take() == [("first", False), ("first second", False), ("first", True)]
        await scene.sound(3.0, "ended")
        await scene.hear("second", 2.2, 2.8, until=3.0, final=True, flushed=True)
        assert scene.take() == [("second", True)]

    run(test)


def test_an_answer_to_an_earlier_flush_does_not_end_a_later_utterance() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(1.3, "ended")
        scene.ear.discard()
        await scene.sound(1.5, "started")
        await scene.sound(2.5, "ended")
        await scene.hear("begin", 1.5, 1.8, until=1.9, final=True, flushed=True)
        assert scene.take() == [("begin", False)]
        await scene.hear("end", 1.9, 2.2, until=2.5, final=True, flushed=True)
        assert scene.take() == [("begin end", True)]

    run(test)


def test_an_engines_end_before_the_voices_own_end_does_not_cut_off_what_follows() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.5)
        await scene.hear("one", 1.0, 1.5, until=1.9, final=True, ended=True)
        await scene.sound(3.0, "ended")
        await scene.hear("two", 2.1, 2.4, until=2.6, final=True, ended=True)
        await scene.hear("three", 2.6, 2.8, until=3.0, final=True, flushed=True)
        assert scene.take() == [("one", True), ("two", True), ("three", True)]

    run(test)


def test_when_all_words_came_before_the_voice_ended_its_end_is_an_empty_final() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0)
        await scene.hear("one", 1.0, 1.5, until=2.0, final=True, ended=True)
        await scene.sound(3.0, "ended")
        await scene.hear("", until=3.0, final=True, flushed=True)
        await scene.hear("", until=3.0, final=True, ended=True)
        assert scene.take() == [("one", True), ("", True)]

    run(test)


def test_an_early_end_is_said_once_and_words_that_follow_are_new() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0, "ended")
        await scene.hear("why not", 1.0, 1.8, until=2.0, ended=True)
        await scene.hear("why not", 1.0, 1.8, until=2.2, final=True, ended=True, flushed=True)
        assert scene.take() == [("why not", True)]
        await scene.sound(2.5, "started")
        await scene.sound(3.5, "ended")
        await scene.hear("so early", 2.5, 3.3, until=3.4, ended=True)
        await scene.sound(3.7, "started")
        await scene.sound(4.5, "ended")
        await scene.hear("so early today", 2.5, 4.2, until=4.5, final=True, ended=True)
        assert scene.take() == [("so early", True), ("today", True)]

    run(test)


def test_finalize_is_answered_at_once_where_nothing_is_owed() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0)
        scene.ear.finalize()
        assert scene.results == [Recognized("", True, 1.0, 0.0)]
        await scene.sound(1.1, "started")
        await scene.sound(1.5, "ended")
        await scene.hear("", until=1.5, final=True, flushed=True)
        scene.ear.finalize()
        assert scene.take() == [("", True), ("", True)]
        assert scene.wire.orders.count("flush") == 1

    run(test)


def test_finalize_waits_for_the_flush_that_is_under_way_and_joins_what_is_owed() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0, "ended")
        await scene.sound(2.1, "started")
        await scene.sound(2.8, "ended")
        scene.ear.finalize()
        scene.ear.discard()  # concerns no utterance: this one is over
        await scene.sound(2.9)
        assert scene.wire.orders.count("flush") == 2  # one for each end, none for the question
        await scene.hear("one two", 1.0, 2.6, until=2.8, final=True, flushed=True)
        assert scene.take() == [("one two", True)]
        await scene.sound(5.0)
        assert scene.take() == []

    run(test)


def test_finalize_in_mid_speech_keeps_what_is_said_on() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(3.0)
        scene.ear.finalize()
        await scene.sound(3.1)
        await scene.hear("a long story", 1.0, 3.0, until=3.0, final=True, flushed=True)
        await scene.sound(4.0, "ended")
        await scene.hear("goes on", 3.1, 3.8, until=4.0, final=True, flushed=True)
        assert scene.take() == [("a long story", True), ("goes on", True)]

    run(test)


def test_an_engine_that_hears_on_and_gives_no_final_is_lost_and_its_words_are_no_final() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0)
        await scene.hear("one", 1.0, 1.4, until=1.5, final=True)
        await scene.sound(2.2, "ended")
        scene.ear.finalize()
        await scene.hear("two", 1.6, 1.9, until=2.2)
        await scene.ear.settle()
        assert scene.errors() == [EngineStalled]
        assert not any(result.final for result in scene.results[:-1])  # type: ignore[union-attr]

    run(test)


def test_an_engine_that_still_hears_what_was_sent_late_gets_more_time() -> None:
    async def test(scene: Class) -> None:
        for number in range(1, 501):  # five seconds at once, as after a lost connection
            voice: Change | None = {100: "started", 480: "ended"}.get(number)  # type: ignore[assignment]
            scene.ear.feed(Frame(number / 100, bytes(320), 0, voice))
        scene.ear.finalize()
        for until in (1.5, 3.0):
            await asyncio.sleep(0.8)
            await scene.hear("slow but sure", 1.0, 4.5, until=until)
        await asyncio.sleep(0.8)
        await scene.hear("slow but sure", 1.0, 4.5, until=5.0, final=True, flushed=True)
        assert scene.take() == [("slow but sure", False), ("slow but sure", True)]

    run(test)


@pytest.mark.parametrize(
    ("seconds", "confirmed", "kinds"), [(1.2, True, [EngineStalled]), (0.5, True, []), (1.2, False, [])]
)
def test_that_a_person_spoke_for_long_and_said_no_words_is_not_believed_by_a_guess(
    seconds: float, confirmed: bool, kinds: list[type]
) -> None:
    async def test(scene: Class) -> None:
        await scene.voice(seconds, confirmed=confirmed)
        scene.ear.finalize()
        await scene.hear("", final=True, flushed=True, until=scene.t, guessed=True)
        assert scene.errors() == kinds
        assert kinds or scene.take() == [("", True)]

    run(test, steady=False)


def test_no_message_at_all_after_a_flush_is_a_stalled_engine_and_the_last_word() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.hear("one", 0.9, 1.0, until=1.0)
        await scene.sound(2.0, "ended")
        scene.ear.finalize()
        await scene.ear.settle()
        assert scene.errors() == [EngineStalled]
        await scene.sound(6.0, "started")
        await scene.hear("late", 1.0, 1.5, final=True, ended=True)
        scene.ear.finalize()
        assert len(scene.results) == 2  # the partial, and the error

    run(test)


def test_sound_without_messages_is_a_stalled_engine() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0)
        await scene.hear()
        await scene.sound(1.0 + LIMITS.gap - 0.1)
        assert scene.results == []
        await scene.sound(9.0)
        assert scene.errors() == [EngineStalled]

    run(test, limits=LIMITS)


def test_an_engine_that_says_nothing_in_silence_may_be_silent() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(9.0)
        assert scene.results == []

    run(test, limits=LIMITS, steady=False)


def test_without_sound_there_need_be_no_messages_and_the_connection_is_kept_alive() -> None:
    async def test(scene: Class) -> None:
        await asyncio.sleep(10.0)
        assert scene.wire.orders == ["send", "keep_alive", "keep_alive"]  # sound must come first
        await scene.sound(1.0)
        await asyncio.sleep(60.0)
        await scene.sound(2.0, "started")
        assert scene.results == []
        await scene.hear("back", 1.84 + 0.04, 2.04, until=2.04)  # the silence was sent, too
        assert scene.take() == [("back", False)]

    run(test, limits=LIMITS)


@pytest.mark.parametrize(
    ("message", "kind"), [(None, EngineLost), (EngineRefused("Ear has no credit."), EngineRefused)]
)
def test_an_end_or_an_error_is_told_once(message: EngineError | None, kind: type) -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        scene.wire.say(message)
        await scene.sound(9.0)
        assert scene.errors() == [kind]
        assert len(scene.results) == 1

    run(test)


def test_terms_are_expected_from_the_start_and_when_they_change() -> None:
    async def test(scene: Class) -> None:
        assert scene.asked_for == [("stack",)]
        scene.ear.expect(["queue"])
        await scene.sound(0.1)
        assert scene.wire.terms == [("queue",)]

    run(test, terms=("stack",))


def test_terms_of_the_first_topic_replace_those_of_the_course() -> None:
    async def whole() -> None:
        scene = Class(terms=("stack",))
        scene.ear.expect(["heap"])
        await scene.ear.start(scene.results.append)
        await scene.ear.close()
        assert scene.asked_for == [("heap",)]

    asyncio.run(whole())


def test_settle_waits_for_nothing_but_final_words() -> None:
    async def test(scene: Class) -> None:
        loop = asyncio.get_running_loop()
        await scene.sound(1.0, "started")
        before = loop.time()
        await scene.ear.settle()
        assert loop.time() == before
        await scene.sound(2.0, "ended")
        before = loop.time()
        await scene.ear.settle()
        assert loop.time() == pytest.approx(before + LIMITS.final)

    run(test)


def test_the_clock_of_a_connection_follows_gaps_in_the_sound() -> None:
    timeline = Timeline()
    timeline.add(10.0, bytes(32_000))
    timeline.add(11.0, bytes(32_000))
    timeline.add(20.0, bytes(32_000))
    assert [timeline.media(sent) for sent in (0.0, 1.5, 2.0, 2.5)] == [10.0, 11.5, 20.0, 20.5]


def test_a_recogniser_that_cannot_connect_says_why_and_is_closed_without_a_connection() -> None:
    async def refuse(terms: Sequence[str]) -> Wire:
        raise EngineRefused("Ear refuses.")

    async def whole() -> None:
        ear = StreamingRecogniser("Ear", refuse)
        with pytest.raises(EngineRefused):
            await ear.start(lambda _result: None)
        ear.feed(Frame(0.01, bytes(320), 0))
        ear.finalize()
        await ear.settle()
        await ear.close()

    asyncio.run(whole())


def test_words_that_were_told_and_passed_over_without_a_final_are_kept() -> None:
    async def test(scene: Class) -> None:
        await scene.sound(1.0, "started")
        await scene.sound(2.0)
        await scene.hear("what is it", 1.0, 1.9, since=0.0, until=2.0)
        await scene.sound(2.2, "ended")
        await scene.hear("", since=2.2, until=2.2)  # its final message never came
        scene.ear.finalize()
        await scene.hear("", since=2.2, until=2.3, final=True, flushed=True)
        assert scene.take() == [("what is it", False), ("what is it", True)]

    run(test)


def test_what_goes_out_is_the_cancelled_sound() -> None:
    cancelled, undimmed = b"\x01\x00" * SPEECH_BLOCK, b"\x02\x00" * SPEECH_BLOCK

    async def test(scene: Class) -> None:
        for number, voice in enumerate((None, "started", "confirmed", None), 1):
            scene.ear.feed(Frame(number / 100, cancelled, 0, voice, raw=undimmed, undimmed=undimmed))  # type: ignore[arg-type]
        await asyncio.sleep(0.01)
        assert b"".join(scene.wire.sent) == 4 * cancelled

    run(test)

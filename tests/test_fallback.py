"""Several engines as one: who goes on after whom, and that nothing said or to be said is lost."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.ports import (
    AnswerPart,
    EngineFailed,
    EngineReady,
    Frame,
    Question,
    Recognition,
    Recognized,
    Speech,
    WordTime,
)
from profai_cli.providers.fallback.answers import CUT_OFF, FallbackAnswerer
from profai_cli.providers.fallback.ears import FallbackEars
from profai_cli.providers.fallback.ladder import FIRST_REST, LONGEST_REST, PATIENCE, Ladder, Rung
from profai_cli.providers.fallback.voice import FallbackVoice
from tests.fakes import RATE, FakeAnswerer

TEXT = "One two three four five six seven."


class Clock:
    """Stands still until a test moves it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def ladder(count: int) -> Ladder[None]:
    return Ladder([Rung(str(n), lambda: None) for n in range(count)])


# --- which engine ----------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [EngineRefused("no"), EngineError("not installed")])
def test_what_is_refused_is_not_tried_again(error: EngineError) -> None:
    two = ladder(2)
    two.failed(0, error, 0.0)
    assert two.best(1e9) == 1
    assert not two.hopeless
    two.failed(1, error, 0.0)
    assert two.best(1e9) is None
    assert two.hopeless


def test_a_cut_connection_is_tried_at_once_then_rests_twice_as_long_each_time() -> None:
    two = ladder(2)
    two.worked(0)
    rests = []
    now = 0.0
    for _ in range(4):
        two.failed(0, EngineLost("cut"), now)
        rested = next(rest for rest in [0.0, *(FIRST_REST * 2**n for n in range(9))] if two.best(now + rest) == 0)
        rests.append(rested)
        now += rested
    assert rests == [0.0, FIRST_REST, FIRST_REST * 2, FIRST_REST * 4]


def test_a_result_ends_the_row_of_failures_and_a_stall_always_costs_a_rest() -> None:
    two = ladder(2)
    for now in range(20):
        two.failed(0, EngineLost("cut"), now)
        assert two.best(now) == 0
        two.worked(0)
    two.failed(0, EngineStalled("silent"), 20)
    assert two.best(20) == 1
    assert two.best(20 + FIRST_REST) == 0


def test_engines_of_a_vendor_that_stalls_are_not_waited_for_one_by_one() -> None:
    three = Ladder([Rung("Flux", lambda: None, "deepgram"), Rung("Nova", lambda: None, "deepgram"), *ladder(1).rungs])
    three.failed(0, EngineLost("cut"), 0.0)
    three.failed(0, EngineLost("cut"), 0.0)
    assert three.best(0) == 1
    three.failed(1, EngineStalled("silent"), 1.0)
    assert three.best(1 + FIRST_REST - 0.1) == 2
    assert three.best(1 + FIRST_REST) == 0


def test_a_key_that_is_taken_and_never_works_is_not_tried_for_ever() -> None:
    one = ladder(1)
    now = 0.0
    for _ in range(PATIENCE):
        assert not one.hopeless
        one.failed(0, EngineLost("closed"), now)
        now += LONGEST_REST
    assert one.hopeless


def test_a_busy_vendor_is_left_alone_as_long_as_it_asks() -> None:
    two = ladder(2)
    two.failed(0, EngineBusy("busy", 30.0), 100.0)
    assert (two.best(129.9), two.best(130.0)) == (1, 0)


# --- voices ----------------------------------------------------------------------------------------


@dataclass
class Voice:
    """Says each word in a piece of 0.1 s; raises `error` before the word number `fails_at` of what it is given.

    early: it tells the times of all words with the first piece.
    """

    name: str = "a voice"
    error: EngineError | None = None
    fails_at: int = 0
    start_error: EngineError | None = None
    times: bool = True
    early: bool = False
    delay: float = 0.0
    said: list[str] = field(default_factory=list)
    closed: bool = False
    started: int = 0

    async def start(self) -> None:
        self.started += 1
        if self.start_error:
            raise self.start_error

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
        self.said.append(text)
        found = enumerate(re.finditer(r"\S+", text))
        times = [WordTime(word.start(), word.end(), number * 0.1) for number, word in found] if self.times else []
        for number in range(len(text.split())):
            if self.error and number == self.fails_at:
                raise self.error
            told = times if self.early and number == 0 else [] if self.early else times[number : number + 1]
            yield Speech(bytes(2 * RATE // 10), RATE, tuple(told))

    async def close(self) -> None:
        self.closed = True


class Told(list[tuple[str, str]]):
    def __call__(self, name: str, line: str) -> None:
        self.append((name, line))


def say(voice: FallbackVoice, text: str = TEXT) -> list[Speech]:
    async def collect() -> list[Speech]:
        await voice.start()
        return [piece async for piece in voice.speak(text, 1.0)]

    return asyncio.run(collect())


def spoken(pieces: Sequence[Speech], text: str = TEXT) -> list[str]:
    return [text[word.start : word.end] for piece in pieces for word in piece.words]


def rungs(*engines: Any) -> list[Rung[Any]]:
    def once(engine: Any) -> Callable[[], Any]:
        return lambda: engine

    return [Rung(engine.name, once(engine)) for engine in engines]


def test_a_sentence_is_finished_by_the_next_voice_from_the_word_that_was_cut() -> None:
    first, second, told = Voice("first", EngineRefused("First is out of quota."), fails_at=3), Voice("second"), Told()
    pieces = say(FallbackVoice(rungs(first, second), told))
    assert second.said == ["three four five six seven."]
    assert spoken(pieces) == ["One", "two", "three", "three", "four", "five", "six", "seven."]
    starts = [word.at for piece in pieces for word in piece.words]
    assert starts == pytest.approx([0.1 * n for n in range(8)])
    assert told == [("first", "First is out of quota. second speaks now.")]


def test_a_word_counts_as_said_when_its_sound_has_come() -> None:
    first = Voice("first", EngineRefused("First is out of quota."), fails_at=3, early=True)
    pieces = say(FallbackVoice(rungs(first, Voice("second", early=True)), Told()))
    assert spoken(pieces) == ["One", "two", "three", "three", "four", "five", "six", "seven."]


def test_words_that_were_to_come_after_the_end_of_the_sound_are_told_last() -> None:
    class Hasty(Voice):
        async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
            yield Speech(bytes(2 * RATE // 10), RATE, (WordTime(0, 3, 0.0), WordTime(4, 7, 0.3)))

    pieces = say(FallbackVoice(rungs(Hasty("hasty")), Told()), "One two")
    assert [(len(piece.pcm), piece.rate) for piece in pieces] == [(2 * RATE // 10, RATE), (0, RATE)]
    assert spoken(pieces, "One two") == ["One", "two"]


def test_a_voice_that_tells_no_times_is_cut_at_about_the_right_word() -> None:
    first = Voice("first", EngineRefused("out"), fails_at=5, times=False)
    second = Voice("second")
    say(FallbackVoice(rungs(first, second), Told()))
    assert second.said == ["two three four five six seven."]


def test_a_cut_connection_is_made_again_and_nobody_is_told() -> None:
    made: list[Voice] = []

    def make() -> Voice:
        made.append(Voice("first", EngineLost("cut") if not made else None, fails_at=2))
        return made[-1]

    told = Told()
    pieces = say(FallbackVoice([Rung("first", make), *rungs(Voice("second"))], told))
    assert [voice.said for voice in made] == [[TEXT], ["two three four five six seven."]]
    assert spoken(pieces)[0] == "One"
    assert told == []


def test_without_another_voice_the_error_comes_out() -> None:
    only = Voice("only", EngineRefused("Only refuses the key."), fails_at=1)
    with pytest.raises(EngineRefused, match="refuses the key"):
        say(FallbackVoice(rungs(only), Told()))


def test_the_best_voice_that_starts_is_taken_and_all_are_closed() -> None:
    broken, good, told = Voice("broken", start_error=EngineError("No package.")), Voice("good"), Told()

    async def use() -> None:
        voice = FallbackVoice(rungs(broken, good), told)
        await voice.start()
        assert voice.name == "good"
        await voice.close()

    asyncio.run(use())
    assert broken.closed
    assert good.closed
    assert told == [("broken", "No package. good speaks now.")]


def test_a_better_voice_is_tried_beside_the_class_and_used_from_the_next_sentence_on() -> None:
    clock, told = Clock(), Told()
    first = Voice("first", EngineStalled("First is silent."), fails_at=0)
    second = Voice("second")

    async def use() -> None:
        voice = FallbackVoice(rungs(first, second), told, clock)
        for wait in (0.0, 1.0, FIRST_REST):
            clock.now += wait
            async for _ in voice.speak(TEXT, 1.0):
                await asyncio.sleep(0)
        first.error = None
        async for _ in voice.speak(TEXT, 1.0):
            pass
        assert voice.name == "first"
        await voice.close()

    asyncio.run(use())
    assert len(second.said) == 3
    assert first.said == [TEXT, TEXT]
    assert second.closed


# --- answers ---------------------------------------------------------------------------------------


class Cut(FakeAnswerer):
    """Fails after its first sentence."""

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        yield AnswerPart("It is so.")
        raise EngineLost("The model is cut off.")


class Slow(FakeAnswerer):
    """Takes too long for an answer."""

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        raise EngineStalled("The model takes too long.")
        yield


def ask(answerer: FallbackAnswerer) -> list[str]:
    async def collect() -> list[str]:
        return [part.text async for part in answerer.answer(Question("What?", 0, 0))]

    return asyncio.run(collect())


def test_a_question_goes_to_the_next_answerer() -> None:
    told = Told()
    answerer = FallbackAnswerer(rungs(FakeAnswerer(fails=True, name="model"), FakeAnswerer(name="course search")), told)
    assert ask(answerer) == ["An answer."]
    assert told == [("model", "The engine fake answerer stopped by itself. course search answers now.")]


def test_a_broken_answer_is_not_begun_anew() -> None:
    second = FakeAnswerer()
    assert ask(FallbackAnswerer(rungs(Cut(), second), Told())) == ["It is so.", CUT_OFF]
    assert second.asked == []


def test_a_lesson_is_of_the_answerer_in_use_and_its_failure_changes_nobody() -> None:
    async def write(answerer: FallbackAnswerer) -> list[str]:
        assert [piece async for piece in answerer.lesson(0, 1)] == [], "nobody answers yet"
        await answerer.start()
        return [piece async for piece in answerer.lesson(0, 1)]

    told = Told()
    good = FakeAnswerer(lessons={(0, 1): ["1| Tea."]})
    assert asyncio.run(write(FallbackAnswerer(rungs(good), told))) == ["1| Tea."]
    with pytest.raises(EngineError, match="stopped by itself"):
        asyncio.run(write(FallbackAnswerer(rungs(FakeAnswerer(fails=True), good), told)))
    assert told == []


def test_a_model_that_has_rested_teaches_again_but_ends_no_answer_for_it() -> None:
    model = Slow(lessons={(0, 1): ["1| Tea."]})
    course, clock = FakeAnswerer(), Clock()

    async def scene() -> list[list[str]]:
        answerer = FallbackAnswerer(rungs(model, course), Told(), clock)

        async def written() -> list[str]:
            await asyncio.sleep(0)
            return [piece async for piece in answerer.lesson(0, 1)]

        await answerer.start()
        question = Question("What?", 0, 0)
        async with aclosing(answerer.answer(question)) as parts:
            await anext(parts)
            clock.now += FIRST_REST + 1
            model.fails = False
            found = [await written() for _ in range(3)]
        found += [await written() for _ in range(3)]
        await answerer.close()
        return found

    *others, last = asyncio.run(scene())
    assert others[:3] == [[], [], []]
    assert last == ["1| Tea."]


class Reluctant(FakeAnswerer):
    """Answers without an end, and takes its time to stop."""

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        try:
            yield AnswerPart("It is so.")
            await asyncio.Event().wait()
        finally:
            await turns(3)


async def turns(count: int) -> None:
    """Let the other tasks go on."""
    for _ in range(count):
        await asyncio.sleep(0)


def test_an_answer_that_was_given_up_and_still_ends_is_not_taken_for_the_present_one() -> None:
    model, clock = Slow(lessons={(0, 1): ["1| Tea."]}), Clock()

    async def scene() -> list[list[str]]:
        answerer = FallbackAnswerer(rungs(model, Reluctant()), Told(), clock)

        async def answered() -> None:
            async for _ in answerer.answer(Question("What?", 0, 0)):
                await turns(1)

        async def written() -> list[str]:
            await turns(9)
            return [piece async for piece in answerer.lesson(0, 1)]

        first = asyncio.create_task(answered())
        await turns(9)
        first.cancel()
        second = asyncio.create_task(answered())
        await turns(9)
        clock.now += FIRST_REST + 1
        found = [await written() for _ in range(3)]
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        await answerer.close()
        return found

    assert asyncio.run(scene()) == [[], [], []]


def test_without_another_answerer_the_error_comes_out() -> None:
    with pytest.raises(EngineError, match="stopped by itself"):
        ask(FallbackAnswerer(rungs(FakeAnswerer(fails=True)), Told()))


# --- ears ------------------------------------------------------------------------------------------


@dataclass
class Ear:
    """Hears every frame as a letter of its `t`; says them all when it is asked."""

    name: str = "an ear"
    start_error: EngineError | None = None
    heard: list[float] = field(default_factory=list)
    terms: Sequence[str] = ()
    closed: bool = False
    starts: asyncio.Event | None = None

    async def start(self, emit: Callable[[Recognition], None]) -> None:
        self.emit = emit
        if self.starts:
            await self.starts.wait()
        if self.start_error:
            raise self.start_error

    def expect(self, terms: Sequence[str]) -> None:
        self.terms = terms

    def feed(self, frame: Frame) -> None:
        self.heard.append(frame.t)

    def finalize(self) -> None:
        self.emit(Recognized(f"{self.name} heard", True, self.heard[-1], 0.0))

    def discard(self) -> None:
        pass

    async def settle(self) -> None:
        pass

    async def close(self) -> None:
        self.closed = True


def frames(first: int, last: int, voice: dict[int, str] | None = None) -> list[Frame]:
    changes = voice or {}
    return [Frame(n / 100, bytes(320), 0, changes.get(n)) for n in range(first, last)]  # type: ignore[arg-type] # a Literal


def listen(scene: Callable[[Clock, list[Recognition]], Coroutine[Any, Any, None]]) -> list[Recognition]:
    emitted: list[Recognition] = []
    asyncio.run(scene(Clock(), emitted))
    return emitted


def test_what_was_said_before_the_failure_is_heard_by_the_next_ear() -> None:
    first, second = Ear("first"), Ear("second")

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        ears.expect(["moon"])
        for frame in frames(0, 300, {200: "started"}):
            ears.feed(frame)
        first.emit(EngineRefused("First refuses the key."))
        for frame in frames(300, 320):
            ears.feed(frame)
        ears.finalize()
        await ears.settle()
        assert ears.name == "second"
        await ears.close()

    assert listen(scene) == [
        EngineFailed("first", "First refuses the key."),
        EngineReady("second"),
        Recognized("second heard", True, 3.19, 0.0),
    ]
    assert second.heard == [n / 100 for n in range(50, 320)]
    assert second.terms == ["moon"]
    assert first.closed
    assert second.closed


class Deaf(Ear):
    """Notices while it is fed that nothing comes back, as an ear on a dead network does."""

    def feed(self, frame: Frame) -> None:
        self.emit(EngineStalled(f"{self.name} is silent."))


def test_a_failure_that_shows_while_an_ear_is_fed_begins_one_change() -> None:
    made: list[Ear] = []

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        loaded = asyncio.Event()

        def make() -> Ear:
            made.append(Ear("second", starts=loaded))
            return made[-1]

        ears = FallbackEars([*rungs(Deaf("first")), Rung("second", make)], clock)
        await ears.start(emitted.append)
        for frame in frames(0, 3):
            ears.feed(frame)
            await asyncio.sleep(0)
        loaded.set()
        await ears.settle()
        await ears.close()

    assert listen(scene) == [EngineFailed("first", "first is silent."), EngineReady("second")]
    assert len(made) == 1


def test_after_final_words_nothing_is_heard_twice() -> None:
    first, second = Ear("first"), Ear("second")

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        for frame in frames(0, 200, {100: "started", 190: "ended"}):
            ears.feed(frame)
        ears.finalize()
        for frame in frames(200, 210, {205: "started"}):
            ears.feed(frame)
        first.emit(EngineStalled("First is silent."))
        await ears.settle()
        await ears.close()

    listen(scene)
    assert second.heard == [n / 100 for n in range(200, 210)]


def test_a_cut_connection_is_made_again_with_the_sound_that_was_said() -> None:
    made: list[Ear] = []

    def make() -> Ear:
        made.append(Ear("only"))
        return made[-1]

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars([Rung("only", make)], clock)
        await ears.start(emitted.append)
        for frame in frames(0, 100, {10: "started"}):
            ears.feed(frame)
        made[0].emit(EngineLost("cut"))
        ears.finalize()
        await ears.settle()
        await ears.close()

    assert listen(scene) == [Recognized("only heard", True, 0.99, 0.0)]
    assert made[1].heard == made[0].heard


def test_an_ear_alone_that_is_gone_for_a_while_leaves_no_turn_waiting_and_comes_back() -> None:
    only = Ear("only")

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(only), clock)
        await ears.start(emitted.append)
        for frame in frames(0, 100, {10: "started", 90: "ended"}):
            ears.feed(frame)
        only.emit(EngineStalled("Only is silent."))
        await ears.settle()
        ears.finalize()
        clock.now = FIRST_REST
        ears.feed(Frame(1.0, bytes(320), 0))
        await ears.settle()
        await ears.close()

    assert listen(scene) == [
        EngineFailed("only", "Only is silent."),
        Recognized("", True, 0.99, 0.0),
        EngineReady("only"),
    ]


def test_when_the_last_ear_refuses_the_error_is_told_once() -> None:
    first, second = Ear("first"), Ear("second")

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        ears.feed(Frame(0.0, bytes(320), 0))
        for ear in (first, second):
            ear.emit(EngineRefused(f"{ear.name} refuses."))
            await ears.settle()
        await ears.close()

    told = listen(scene)
    assert told[:2] == [EngineFailed("first", "first refuses."), EngineReady("second")]
    assert [str(error) for error in told[2:]] == ["second refuses."]


def test_the_better_ear_takes_over_only_when_nobody_speaks() -> None:
    first, second = Ear("first"), Ear("second")

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        ears.feed(Frame(0.0, bytes(320), 0))
        first.emit(EngineStalled("First is silent."))
        await ears.settle()
        first.starts = asyncio.Event()
        clock.now = FIRST_REST
        for frame in frames(1, 50, {20: "started", 40: "ended"}):
            ears.feed(frame)
            await asyncio.sleep(0)
            if frame.t == 0.3:  # while the learner speaks
                first.starts.set()
        assert ears.name == "second"
        ears.finalize()
        ears.feed(Frame(0.5, bytes(320), 0))
        await ears.settle()
        assert ears.name == "first"
        await ears.close()

    told = listen(scene)
    assert told[2:] == [Recognized("second heard", True, 0.49, 0.0), EngineReady("first")]
    assert first.heard == [0.0, 0.5]


def test_closing_leaves_no_task_even_in_the_middle_of_a_change() -> None:
    first, second = Ear("first"), Ear("second", starts=None)

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        second.starts = asyncio.Event()
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        first.emit(EngineRefused("no"))
        await asyncio.sleep(0)
        await ears.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    listen(scene)
    assert second.closed


def test_the_network_may_be_away_for_long_and_is_tried_again() -> None:
    two, now = ladder(2), 0.0
    for _ in range(3 * PATIENCE):
        two.failed(0, EngineLost("no network"), now, begun=False)
        now += LONGEST_REST
    assert two.best(now) == 0


def test_a_voice_that_breaks_in_every_sentence_is_not_asked_for_ever() -> None:
    made: list[Voice] = []

    def make() -> Voice:
        made.append(Voice("first", EngineLost("cut"), fails_at=1))
        return made[-1]

    second = Voice("second")
    pieces = say(FallbackVoice([Rung("first", make), *rungs(second)], Told()))
    assert len(made) == 2
    assert spoken(pieces) == ["One", "One", *TEXT.split()]


def test_a_voice_alone_that_asks_for_a_short_pause_gets_it() -> None:
    first = Voice("first", EngineBusy("busy", 1.0), fails_at=3)
    clock = Clock()

    async def use() -> list[str]:
        voice = FallbackVoice(rungs(first), Told(), clock)
        said = []
        async for piece in voice.speak(TEXT, 1.0):
            said += [TEXT[word.start : word.end] for word in piece.words]
            if len(said) == 3:  # while it waits
                loop = asyncio.get_running_loop()
                loop.call_later(0.01, setattr, clock, "now", 2.0)
                loop.call_later(0.01, setattr, first, "error", None)
        return said

    assert asyncio.run(use()) == ["One", "two", "three", *TEXT.split()[2:]]


def test_what_a_broken_answer_gave_is_remembered() -> None:
    first = Cut()

    async def scene() -> None:
        answerer = FallbackAnswerer(rungs(first, FakeAnswerer()), Told())
        async for _ in answerer.answer(Question("What?", 0, 0)):
            pass
        answerer.heard("It is so.")

    asyncio.run(scene())
    assert first.remembered == ["It is so."]


def test_a_better_ear_that_dies_while_it_waits_is_never_used() -> None:
    first, second = Ear("first"), Ear("second")

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        ears.feed(Frame(0.0, bytes(320), 0))
        first.emit(EngineStalled("First is silent."))
        await ears.settle()
        clock.now = FIRST_REST
        for frame in frames(1, 50, {1: "started", 40: "ended"}):
            ears.feed(frame)
            await asyncio.sleep(0)
        clock.now = FIRST_REST + 1
        ears.feed(Frame(0.5, bytes(320), 0))
        await asyncio.sleep(0.01)
        first.emit(EngineLost("cut"))
        ears.finalize()
        ears.feed(Frame(0.51, bytes(320), 0))
        await ears.settle()
        assert ears.name == "second"
        await ears.close()

    assert Recognized("second heard", True, 0.5, 0.0) in listen(scene)


def test_after_final_words_in_mid_speech_the_next_ear_knows_that_speech_goes_on() -> None:
    first, second = Ear("first"), Ear("second")
    seen: list[str | None] = []
    second.feed = lambda frame: seen.append(frame.voice)  # type: ignore[method-assign]

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        for frame in frames(0, 200, {100: "started"}):
            ears.feed(frame)
        first.emit(Recognized("what is", True, 1.5, 0.0))
        first.emit(EngineStalled("First is silent."))
        await ears.settle()
        await ears.close()

    listen(scene)
    assert seen == ["confirmed", *[None] * 48]


def test_what_was_discarded_is_no_utterance_for_the_next_ear() -> None:
    first, second = Ear("first"), Ear("second")
    seen: list[str | None] = []
    second.feed = lambda frame: seen.append(frame.voice)  # type: ignore[method-assign]

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        for frame in frames(0, 100, {10: "started", 60: "ended"}):
            ears.feed(frame)
        ears.discard()
        first.emit(EngineStalled("First is silent."))
        await ears.settle()
        await ears.close()

    listen(scene)
    assert set(seen) == {None}


def test_a_noise_does_not_lose_the_words_that_a_failing_ear_was_asked_for() -> None:
    first, second = Ear("first"), Ear("second")
    first.finalize = lambda: None  # type: ignore[method-assign]

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first, second), clock)
        await ears.start(emitted.append)
        for frame in frames(0, 300, {10: "started", 260: "ended"}):
            ears.feed(frame)
        ears.finalize()
        ears.discard()
        first.emit(EngineStalled("First is silent."))
        await ears.settle()
        await ears.close()

    assert Recognized("second heard", True, 2.99, 0.0) in listen(scene)
    assert second.heard[0] == 0.0


def test_the_terms_of_the_first_topic_reach_an_ear_that_starts_late() -> None:
    first = Ear("first")

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(first), clock)
        ears.expect(["float"])
        await ears.start(emitted.append)
        await ears.close()

    listen(scene)
    assert first.terms == ["float"]


@pytest.mark.parametrize("required", [True, False])
def test_an_ear_that_is_out_of_reach_at_the_start_is_tried_again_unless_the_class_needs_it(required: bool) -> None:
    only = Ear("only", start_error=EngineStalled("Only does not answer."))

    async def scene(clock: Clock, emitted: list[Recognition]) -> None:
        ears = FallbackEars(rungs(only), clock, required=required)
        if required:
            with pytest.raises(EngineStalled):
                await ears.start(emitted.append)
        else:
            await ears.start(emitted.append)
            only.start_error = None
            clock.now = FIRST_REST
            ears.feed(Frame(1.0, bytes(320), 0))
            await ears.settle()
            assert emitted == [EngineFailed("only", "Only does not answer."), EngineReady("only")]
        await ears.close()

    listen(scene)

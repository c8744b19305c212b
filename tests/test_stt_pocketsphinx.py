"""The local recogniser: the real engine in its real process, fed with recordings of people."""

import asyncio
import os
import signal
import wave
from collections.abc import Callable, Coroutine, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from profai_cli.errors import EngineError
from profai_cli.pcm import SPEECH_BLOCK
from profai_cli.ports import Frame, Recognized, Vocabulary
from profai_cli.providers.stt.pocketsphinx import (
    DOUBTED_DELAY_A_SECOND,
    FINAL_DELAY,
    FINAL_DELAY_A_SECOND,
    Pocketsphinx,
)
from profai_cli.storage.cache import DiskCache

SPEECH = Path(__file__).parents[2] / "shared" / "speech"
pytestmark = [
    pytest.mark.skipif(not SPEECH.is_dir(), reason="the recordings of ../shared/speech are not here"),
    pytest.mark.xdist_group("stt"),
]

AUSTEN = Vocabulary(
    language="en",
    sentences=(
        "He was not an ill disposed young man.",
        "He might even have been made amiable himself.",
        "He has UDP and Zyxxian habits.",
    ),
    terms=("an amiable man", "UDP"),
    commands=("stop", "enough"),
)
MAN = "he was not an ill disposed young man"
AMIABLE = "he might even have been made amiable himself"
Results = list[Recognized | EngineError]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> DiskCache:
    return DiskCache(tmp_path_factory.mktemp("models"))


def frames(name: str, t: float = 0.0, started: float = 0.6) -> Iterator[Frame]:
    """A recording as the sound path gives it, its voice found `started` seconds in (the words begin before)."""
    with wave.open(str(SPEECH / name)) as file:
        pcm = file.readframes(file.getnframes())
    size = 2 * SPEECH_BLOCK
    for number in range(len(pcm) // size):
        voice = "started" if number == round(started * 100) else None
        yield Frame(round(t + (number + 1) / 100, 2), pcm[number * size :][:size], 0, voice)


def run(
    cache: DiskCache,
    test: Callable[[Pocketsphinx, Results], Coroutine[None, None, None]],
    vocabulary: Vocabulary = AUSTEN,
) -> Results:
    """Run `test` with a fresh engine; what the engine emitted."""
    results: Results = []

    async def whole() -> None:
        engine = Pocketsphinx(vocabulary, cache, None)
        await engine.start(results.append)
        try:
            await test(engine, results)
        finally:
            await engine.close()

    asyncio.run(whole())
    return results


def texts(results: Results, final: bool) -> list[str]:
    return [r.text for r in results if isinstance(r, Recognized) and r.final is final]


def test_words_before_the_voice_was_found_are_kept_and_partials_come_first(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        fed = list(frames("austen_0880.wav"))
        for frame in fed:
            engine.feed(frame)
        engine.finalize()
        await engine.settle()
        final = results[-1]
        assert isinstance(final, Recognized)
        assert final.final
        assert final.on_course
        assert final.text == MAN
        assert final.cause == fed[-1].t
        seconds = len(fed) / 100
        stated = [FINAL_DELAY + a_second * seconds for a_second in (FINAL_DELAY_A_SECOND, DOUBTED_DELAY_A_SECOND)]
        assert any(final.delay == pytest.approx(delay) for delay in stated)

    results = run(cache, test)
    partials = [r for r in results[:-1] if isinstance(r, Recognized)]
    assert partials
    assert not any(r.final for r in partials)
    assert all(r.delay == 0.05 for r in partials)
    causes = [r.cause for r in partials]
    assert causes == sorted(causes)
    words = texts(results, final=False)
    assert all(one != other for one, other in pairwise(words))


def test_finalize_without_an_utterance_is_an_empty_final(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        engine.feed(Frame(0.01, bytes(2 * SPEECH_BLOCK), 0))
        engine.finalize()
        await engine.settle()

    assert run(cache, test) == [Recognized("", True, 0.01, FINAL_DELAY)]


def test_discard_forgets_the_utterance_and_the_next_one_is_heard(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        for frame in frames("austen_0880.wav"):
            engine.feed(frame)
        engine.discard()
        await engine.settle()
        assert results == []
        for frame in frames("austen_0930.wav", t=10, started=0.85):
            engine.feed(frame)
        engine.finalize()
        engine.discard()  # concerns no utterance: this one is over
        await engine.settle()

    assert texts(run(cache, test), final=True) == [AMIABLE]


def test_an_utterance_does_not_begin_with_words_of_the_one_before(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        for frame in frames("austen_0880.wav"):
            engine.feed(frame)
        engine.finalize()
        for frame in frames("austen_0930.wav", t=10, started=0.3):
            engine.feed(frame)
        engine.finalize()
        await engine.settle()

    assert texts(run(cache, test), final=True) == [MAN, AMIABLE]


def test_after_thirty_seconds_it_finalizes_and_hears_on(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        quiet = bytes(2 * SPEECH_BLOCK)
        engine.feed(Frame(0.01, quiet, 0, "started"))
        for number in range(2, 3001):
            engine.feed(Frame(number / 100, quiet, 0))
        await engine.settle()
        assert [(r.text, r.cause) for r in results if isinstance(r, Recognized) and r.final] == [("", 30.0)]
        for frame in frames("austen_0880.wav", t=30, started=100):
            engine.feed(frame)
        engine.finalize()
        await engine.settle()

    assert texts(run(cache, test), final=True) == ["", MAN]


def test_two_fresh_engines_give_the_same(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        for frame in frames("austen_0880.wav"):
            engine.feed(frame)
        engine.finalize()
        for frame in frames("austen_0930.wav", t=10):
            engine.feed(frame)
            await engine.settle()
        engine.finalize()
        await engine.settle()

    assert run(cache, test) == run(cache, test)


def test_speech_about_other_things_is_told_apart(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        for frame in frames("arctic_a0024.wav"):
            engine.feed(frame)
        engine.finalize()
        await engine.settle()

    final = run(cache, test)[-1]
    assert isinstance(final, Recognized)
    assert not final.on_course
    assert "people to buy" in final.text


def test_a_crash_loses_nothing_and_a_second_one_is_an_error(cache: DiskCache) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        def crash() -> None:
            assert engine.pid is not None
            os.kill(engine.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

        for number, frame in enumerate(frames("austen_0880.wav")):
            if number == 150:
                await engine.settle()
                crash()
            engine.feed(frame)
        engine.finalize()
        await engine.settle()
        assert texts(results, final=True) == [MAN]
        crash()
        for frame in frames("austen_0930.wav", t=10):
            engine.feed(frame)
        engine.finalize()
        await engine.settle()
        assert isinstance(results[-1], EngineError)
        count = len(results)
        engine.finalize()
        await engine.settle()
        assert len(results) == count

    run(cache, test)


class Speller:
    """A pronouncer that knows one word, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def pronounce(self, words: Sequence[str]) -> dict[str, str]:
        self.asked.append(list(words))
        return {"Zyxxian": "Z IH K S IY AH N"}


def test_the_model_is_built_once_kept_and_mended(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path)

    speller = Speller()

    async def load() -> None:
        engine = Pocketsphinx(AUSTEN, cache, speller)
        await engine.start(lambda result: None)
        await engine.close()

    asyncio.run(load())
    assert speller.asked == [["Zyxxian"]]
    (model,) = tmp_path.iterdir()
    text = model.read_bytes()
    assert b" zyxxian " in text
    assert b" udp " in text
    asyncio.run(load())
    assert len(speller.asked) == 1
    model.write_bytes(text[: len(text) // 2])
    asyncio.run(load())
    assert len(speller.asked) == 2
    assert model.read_bytes() == text


def test_a_disk_that_takes_no_model_is_an_error_of_the_engine(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    async def load() -> None:
        await Pocketsphinx(AUSTEN, DiskCache(tmp_path / "file"), None).start(lambda result: None)

    with pytest.raises(EngineError, match="Cannot write"):
        asyncio.run(load())


def test_without_a_course_the_stock_model_hears(tmp_path: Path) -> None:
    async def test(engine: Pocketsphinx, results: Results) -> None:
        for frame in frames("austen_0930.wav"):
            engine.feed(frame)
        engine.finalize()
        await engine.settle()

    results = run(DiskCache(tmp_path), test, Vocabulary("en", (), (), ()))
    assert "he might even have been made" in texts(results, final=True)[0]
    assert list(tmp_path.iterdir()) == []

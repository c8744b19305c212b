"""The engines of moonshine-voice as far as they go without weights: the real library's stream and failures, the
record of what was downloaded, and the parents' side in front of stand-ins in real processes."""

import array
import asyncio
import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import aclosing
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest

from profai_cli.errors import EngineError
from profai_cli.pcm import SPEECH_BLOCK, SPEECH_RATE
from profai_cli.ports import Frame, Recognized, Vocabulary
from profai_cli.providers.moonshine_models import RECORD, Model, Models, StoredFile
from profai_cli.providers.stt import moonshine_service
from profai_cli.providers.stt.moonshine import DELAY, Moonshine
from profai_cli.providers.tts import moonshine_voice_service
from profai_cli.providers.tts.moonshine import MoonshineVoice, clauses
from profai_cli.storage.cache import DiskCache
from tests.scripted import ROOT, environment
from tests.stand_in_voice import RATE

needs_library = pytest.mark.skipif(not find_spec("moonshine_voice"), reason="moonshine-voice is not installed")

COURSE = Vocabulary("en-IN", ("Rubisco fixes carbon.",), ("rubisco", "light, dark"), ("stop",))
SOUND = b"\x01\x00" * SPEECH_BLOCK
SILENCE = bytes(2 * SPEECH_BLOCK)
Results = list[Recognized | EngineError]


def stored(folder: Path, does: str = "hears", language: str = "en", name: str = "tiny") -> Model:
    """A model whose files are there, and are no weights."""
    paths = (
        ("tokenizer.bin", "frontend.model.ort", "streaming_config.json")
        if does == "hears"
        else ("kokoro/config.json", f"kokoro/voices/{name}.kokorovoice")
    )
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"no weights")
    files = tuple(StoredFile(path, 10, "AAAAAA==") for path in paths)
    return Model(does, language, name, 2 if does == "hears" else 0, str(folder), files)  # type: ignore[arg-type] # a Literal


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(DiskCache(tmp_path / "data"))


# --- the record ------------------------------------------------------------------------------------


def test_only_what_is_recorded_and_whole_counts(tmp_path: Path, models: Models) -> None:
    assert models.hears("en") is None
    model = stored(tmp_path / "ear")
    models.keep([model])
    assert models.hears("en-US") == model
    assert models.hears("hi") is None
    assert models.speaks("en") is None
    file = tmp_path / "ear" / "tokenizer.bin"
    file.write_bytes(b"cut")
    assert models.hears("en") is None
    file.unlink()
    assert models.hears("en") is None
    assert models.all() == [model]
    models.forget()
    assert models.all() == []


def test_the_voice_of_the_very_region_comes_first(tmp_path: Path, models: Models) -> None:
    american = stored(tmp_path, "speaks", "en-us", "kokoro_af_heart")
    british = stored(tmp_path, "speaks", "en-gb", "kokoro_bf_emma")
    models.keep([american, british])
    assert models.speaks("en") == american
    assert models.speaks("en_GB") == british
    assert models.speaks("en-us", "kokoro_bf_emma") == british
    assert models.speaks("en", "kokoro_am_adam") is None
    newer = replace(american, name="kokoro_am_adam")
    models.keep([newer])
    assert models.all() == [british, newer]


@pytest.mark.parametrize("text", ["", "{", "null", "[1]", '[{"does": "hears"}]', '{"a": 1}', "[" * 5000, "\udcff"])
def test_a_damaged_record_is_none(tmp_path: Path, text: str) -> None:
    records = DiskCache(tmp_path)
    records.store(RECORD, text.encode(errors="surrogateescape"))
    assert Models(records).all() == []


def test_the_engines_refuse_what_setup_has_not_recorded(models: Models) -> None:
    async def start() -> None:
        ear, voice = Moonshine(models, COURSE), MoonshineVoice(models, "en")
        with pytest.raises(EngineError, match=r"no model for 'en-IN' here: run 'profai setup --local'\."):
            await ear.start(lambda result: None)
        with pytest.raises(EngineError, match=r"no voice for 'en' here: run 'profai setup --local'\."):
            await voice.start()
        assert ear.pid is None
        assert voice.pid is None
        with pytest.raises(EngineError, match="no voice kokoro_af_sky here"):
            await MoonshineVoice(models, "en", "kokoro_af_sky").start()
        await ear.close()
        await voice.close()

    asyncio.run(start())


def test_a_class_without_moonshine_imports_nothing_of_it(tmp_path: Path) -> None:
    code = (
        "import sys, profai_cli.cli.main as m\n"
        "try: m.main(sys.argv[1:])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(sorted(n for n in sys.modules if n.split('.')[0] in ('moonshine_voice', 'google_crc32c', 'aiohttp')\n"
        "    or n in ('profai_cli.providers.downloads', 'profai_cli.providers.moonshine_library')))"
    )
    for arguments in (["--help"], ["class", "--fast", "--minutes", "0.05"]):
        command = [sys.executable, "-c", code, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]"


# --- the real library ------------------------------------------------------------------------------


@needs_library
@pytest.mark.parametrize("samples", [16_000, 16_001, 17_791, 31 * 16_000])
def test_the_library_s_stream_leaves_no_sample_out_and_cuts_nothing(tmp_path: Path, samples: int) -> None:
    """Without a model (skip_transcription) it finds the same lines as with one."""
    from moonshine_voice.moonshine_api import ModelArch
    from moonshine_voice.transcriber import MOONSHINE_FLAG_FORCE_UPDATE, Transcriber

    options = {**moonshine_service.OPTIONS, "skip_transcription": True}
    transcriber = Transcriber(tmp_path, ModelArch.TINY_STREAMING, options=options)
    stream = transcriber.create_stream(update_interval=math.inf, transcribe_flags=MOONSHINE_FLAG_FORCE_UPDATE)
    stream.start()
    for begin in range(0, samples, 4_800):
        stream.add_audio([0.1] * min(4_800, samples - begin), SPEECH_RATE)
        stream.update_transcription(MOONSHINE_FLAG_FORCE_UPDATE)
    stream.add_audio([0.0] * moonshine_service.TAIL, SPEECH_RATE)
    (line,) = stream.stop().lines
    transcriber.close()
    assert (line.start_time, line.is_complete, line.is_updated) == (0, True, True)
    # What is left over for the detector (up to 511 samples) and the model (up to 1,279) is of the added silence.
    assert line.duration * SPEECH_RATE >= samples + 1_279


@needs_library
def test_the_service_runs_the_library_s_stream(tmp_path: Path) -> None:
    service = moonshine_service.Service()

    def ask(op: str, pcm: bytes = b"", **header: object) -> dict[str, object]:
        ((reply, payload),) = service.handle({"op": op, **header}, pcm)
        assert payload == b""
        return reply

    assert ask("load", folder=str(tmp_path), arch=2, options={"skip_transcription": True}) == {}
    assert ask("live", SOUND * 30, first=True, terms=["Rubisco"], decode=True) == {"text": ""}
    assert ask("live", SOUND * 30, first=False, terms=["Rubisco"], decode=False) == {"text": ""}
    assert ask("final", SOUND, first=False, terms=["Rubisco"]) == {"text": ""}
    assert ask("live", SOUND, first=True, terms=[], decode=True) == {"text": ""}  # discarded
    assert ask("final", SOUND, first=True, terms=["a", "b c"]) == {"text": ""}


@needs_library
@pytest.mark.parametrize("weights", ["missing", "nonsense"])
def test_weights_that_cannot_be_loaded_are_one_sentence(tmp_path: Path, models: Models, weights: str) -> None:
    """The library in its real processes; what it prints goes nowhere."""
    ear = stored(tmp_path / "ear")
    voice = stored(tmp_path / "voice", "speaks", "en-us", "kokoro_af_heart")
    if weights == "missing":  # more than is recorded
        ear, voice = replace(ear, files=()), replace(voice, files=())
        for file in [*(tmp_path / "ear").rglob("*.*"), *(tmp_path / "voice").rglob("*.*")]:
            file.unlink()
    models.keep([ear, voice])

    async def start() -> None:
        hears, speaks = Moonshine(models, COURSE), MoonshineVoice(models, "en")
        with pytest.raises(EngineError) as deaf:
            await hears.start(lambda result: None)
        with pytest.raises(EngineError) as dumb:
            await speaks.start()
        assert hears.pid is None
        assert speaks.pid is None
        for error in (deaf, dumb):
            assert "oonshine" in str(error.value)
            assert str(error.value).endswith(".")
            assert "\n" not in str(error.value)
        assert "run 'profai setup --local' once more." in str(deaf.value)

    asyncio.run(start())


@pytest.mark.parametrize("service", ["moonshine_service", "moonshine_voice_service"])
def test_a_service_without_the_package_says_how_to_install_it(service: str) -> None:
    floor = "stt" if service == "moonshine_service" else "tts"
    code = (
        f"import sys; sys.modules['moonshine_voice'] = None\n"
        f"from profai_cli.providers.{floor} import {service} as s\n"
        "load = {'op': 'load', 'folder': '', 'arch': 2, 'options': {}, 'language': 'en', 'voice': 'v'}\n"
        "list(s.Service().handle(load, b''))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].endswith(
        "EngineError: Moonshine cannot be used, the package moonshine-voice is missing: "
        "run pip install moonshine-voice."
    )


# --- the ear, in front of a stand-in ---------------------------------------------------------------


class StandInEar(Moonshine):
    service = "tests.stand_in_ear"


def hear(models: Models, folder: Path, test: Callable[[Moonshine, Results], Coroutine[None, None, None]]) -> Results:
    results: Results = []
    models.keep([stored(folder)])

    async def whole() -> None:
        ear = StandInEar(models, COURSE)
        await ear.start(results.append)
        try:
            await test(ear, results)
        finally:
            await ear.close()
        assert ear.pid is None

    asyncio.run(whole())
    return results


def frames(
    begin: int, count: int, started: int | None = 0, pcm: bytes = SOUND, undimmed: bytes = b""
) -> Iterator[Frame]:
    """Blocks from number `begin` on; the voice is found in that with the number `started` of them."""
    for number in range(count):
        t = (begin + number + 1) / 100
        yield Frame(t, pcm, 0, "started" if number == started else None, undimmed=undimmed)


def finals(results: Results) -> list[str]:
    return [result.text for result in results if isinstance(result, Recognized) and result.final]


def partials(results: Results) -> list[str]:
    return [result.text for result in results if isinstance(result, Recognized) and not result.final]


def test_an_utterance_has_its_pre_roll_partials_and_terms(tmp_path: Path, models: Models) -> None:
    async def test(ear: Moonshine, results: Results) -> None:
        for frame in frames(0, 250, started=100):
            ear.feed(frame)
            await ear.settle()
        ear.finalize()
        await ear.settle()
        assert results[-1] == Recognized("230 rubisco light dark", True, 2.5, DELAY)
        ear.expect(("loop", "list, tuple", "loop"))
        for frame in frames(250, 40, started=20):
            ear.feed(frame)
        ear.finalize()
        await ear.settle()

    results = hear(models, tmp_path, test)
    assert finals(results) == ["230 rubisco light dark", "40 loop list tuple"]
    # At once (800 ms of pre-roll and the first block), then every 300 ms.
    counts = [int(text.split()[0]) for text in partials(results)]
    assert counts[:6] == [81, 90, 120, 150, 180, 210]


def test_discard_forgets_and_the_next_utterance_begins_anew(tmp_path: Path, models: Models) -> None:
    async def test(ear: Moonshine, results: Results) -> None:
        for frame in frames(0, 50):
            ear.feed(frame)
        ear.discard()
        await ear.settle()
        assert results == []
        ear.finalize()  # of no utterance
        for frame in frames(50, 60, started=10):
            ear.feed(frame)
        ear.finalize()
        await ear.settle()

    assert finals(hear(models, tmp_path, test))[0] == ""
    assert finals(hear(models, tmp_path, test))[1].split()[0] == "60"


def test_where_no_words_were_found_the_cancelled_sound_is_tried(tmp_path: Path, models: Models) -> None:
    async def test(ear: Moonshine, results: Results) -> None:
        for frame in frames(0, 60, pcm=SOUND, undimmed=SILENCE):
            ear.feed(frame)
        ear.finalize()
        await ear.settle()

    results = hear(models, tmp_path, test)
    assert results == [Recognized("60 rubisco light dark", True, 0.6, 2 * DELAY)]


def test_an_engine_that_is_behind_still_gives_all_words_at_the_end(tmp_path: Path, models: Models) -> None:
    async def test(ear: Moonshine, results: Results) -> None:
        for frame in frames(0, 400):
            ear.feed(frame)
        ear.finalize()
        await ear.settle()

    assert finals(hear(models, tmp_path, test)) == ["400 rubisco light dark"]


def test_a_crash_loses_nothing_and_a_second_one_is_an_error(tmp_path: Path, models: Models) -> None:
    async def test(ear: Moonshine, results: Results) -> None:
        def crash() -> None:
            assert ear.pid is not None
            os.kill(ear.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

        ear.expect(["loop"])
        for number, frame in enumerate(frames(0, 200)):
            if number == 100:
                await ear.settle()
                crash()
            ear.feed(frame)
        ear.finalize()
        await ear.settle()
        assert finals(results) == ["200 loop"]
        crash()
        for frame in frames(200, 50):
            ear.feed(frame)
        ear.finalize()
        await ear.settle()
        assert str(results[-1]) == "Moonshine has crashed twice: go on by typing, or start the class again."
        ear.finalize()
        await ear.settle()
        assert isinstance(results[-1], EngineError)
        assert len([result for result in results if isinstance(result, EngineError)]) == 1

    hear(models, tmp_path, test)


# --- the voice, in front of a stand-in -------------------------------------------------------------

SENTENCE = "Plants make sugar from sunlight, which they catch with their leaves, and they breathe."


class StandInVoice(MoonshineVoice):
    service = "tests.stand_in_voice"


def test_a_sentence_is_cut_into_clauses_that_are_not_short() -> None:
    assert [text for _, text in clauses(SENTENCE)] == [
        "Plants make sugar from sunlight,",
        "which they catch with their leaves, and they breathe.",
    ]
    assert all(SENTENCE.startswith(text, offset) for offset, text in clauses(SENTENCE))
    for short in ("", "Yes, and no.", "a, " * 5):
        assert list(clauses(short)) == [(0, short)]


def test_a_voice_says_every_word_once_at_its_time_even_over_a_crash(tmp_path: Path, models: Models) -> None:
    models.keep([stored(tmp_path, "speaks", "en-us", "kokoro_af_heart")])

    async def say() -> None:
        voice = StandInVoice(models, "en-IN")
        assert voice.name == "moonshine kokoro_af_heart"
        await voice.start()
        heard, words, length = [], [], 0
        async with aclosing(voice.speak(SENTENCE, 1.0)) as speech:
            async for piece in speech:
                assert piece.rate == RATE
                heard.append(len(piece.pcm) // 2 * 100 // RATE)
                words += piece.words
                length += len(piece.pcm)
                if len(heard) == 1:
                    assert voice.pid is not None
                    os.kill(voice.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        await voice.close()
        assert heard == [len(text) for _, text in clauses(SENTENCE)]
        assert [SENTENCE[w.start : w.end] for w in words] == SENTENCE.split()
        # The space between the clauses has no sound.
        assert [w.at for w in words] == pytest.approx([(w.start - (w.start > 32)) / 100 for w in words])

    asyncio.run(say())


def test_the_sound_of_a_clause_loses_its_pauses_and_does_not_wrap_around() -> None:
    rate = 1_000
    samples = [0.0] * 200 + [2.0] * 500 + [-2.0] * 500 + [0.001] * 300
    ((header, pcm),) = moonshine_voice_service.clipped("ab cd", samples, rate)
    sound = array.array("h", pcm)
    assert len(sound) == 30 + 1_000 + 119
    assert (max(sound), min(sound)) == (32_767, -32_767)
    assert header == {"rate": rate, "words": [(0, 0.0), (3, 0.617)]}
    assert json.dumps(header)
    assert list(moonshine_voice_service.clipped("...", [0.0] * 100, rate)) == []
    assert list(moonshine_voice_service.clipped("...", [], rate)) == []

"""The voice of ElevenLabs: the vendor's own SDK against an emulator in a process of its own."""

import asyncio
import logging
from collections.abc import Iterator

import pytest

from profai_cli.errors import EngineLost, EngineRefused
from profai_cli.providers.tts.elevenlabs import RATE, supports
from tests.elevenlabs import NEXT, TEXT, heard, run, until, using, voice
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


# --- speaking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["", "odd_chunks", "malformed", "restart_times", "no_alignment"])
def test_all_of_the_sound_and_the_words_come(emulators, fault):
    emulators.set(faults=[{"vendor": "elevenlabs", "kind": fault}] if fault else [])
    sound, words = using(emulators, heard)
    expected, times = reference(TEXT, RATE)
    assert sound == expected
    assert [(word.start, word.end) for word in words] == [(start, end) for start, end, _ in times]
    slack = 0.8 if fault == "no_alignment" else 0.01
    assert [word.at for word in words] == pytest.approx([at for _, _, at in times], abs=slack)


def test_words_come_with_their_sound(emulators):
    async def act(engine):
        begin = 0.0
        async for piece in engine.speak(TEXT, 1.0):
            end = begin + len(piece.pcm) / 2 / RATE
            assert all(begin - 0.01 <= word.at <= end for word in piece.words)
            begin = end

    using(emulators, act)


def test_a_request_says_what_is_needed(emulators):
    async def act(engine):
        await heard(engine, "It has 12 legs.", 2.0)
        await heard(engine, NEXT, 0.1)

    using(emulators, act, language="en-IN", voice="EXAVITQu4vr4xnSDxMaL", model="eleven_turbo_v2_5")
    first, second = emulators.seen("elevenlabs", "speak")
    assert first["text"] == "It has twelve legs."
    assert (first["voice"], first["model_id"]) == ("EXAVITQu4vr4xnSDxMaL", "eleven_turbo_v2_5")
    assert (first["language_code"], first["voice_settings"]) == ("en", {"speed": 1.2})
    assert "previous_text" not in first
    assert second["previous_text"] == "It has twelve legs."
    assert second["voice_settings"] == {"speed": 0.7}


def test_words_of_numbers_are_words_of_the_text(emulators):
    text = "In 1969, 2 of 3 men walked there at 02:56."
    _, words = using(emulators, lambda engine: heard(engine, text))
    assert [text[word.start : word.end] for word in words] == text.split()
    assert [word.at for word in words] == sorted(word.at for word in words)


def test_other_languages_keep_their_digits(emulators):
    using(emulators, lambda engine: heard(engine, "5 mm"), language="de", model="eleven_multilingual_v2")
    (request,) = emulators.seen("elevenlabs", "speak")
    assert request["text"] == "5 mm"
    assert "language_code" not in request


def test_what_cannot_be_said_is_not_sent(emulators):
    assert using(emulators, lambda engine: heard(engine, "... \x1b !")) == (b"", [])
    assert emulators.seen("elevenlabs", "speak") == []


def test_a_connection_lasts(emulators):
    async def act(engine):
        for _ in range(3):
            await heard(engine, NEXT)

    using(emulators, act)
    asked = emulators.seen("elevenlabs")
    assert len({request["port"] for request in asked if "port" in request}) == 1
    assert [request["what"] for request in asked] == ["get"] + ["speak", "done"] * 3


@pytest.mark.slow
def test_a_connection_outlives_the_learners_turn(emulators):
    async def scene():
        engine = voice(emulators)
        await engine.start()
        await asyncio.sleep(6)  # httpx by itself would have closed it after 5 s
        await heard(engine, NEXT)
        await engine.close()

    asyncio.run(scene())
    assert len({request["port"] for request in emulators.seen("elevenlabs") if "port" in request}) == 1


def test_supports():
    assert supports("en-IN") and supports("hi") and supports("ta")
    assert not supports("te") and not supports("auto")


# --- stopping --------------------------------------------------------------------------------------


def test_the_server_sees_that_it_is_interrupted(emulators):
    emulators.set(delays={"elevenlabs.pace": 1.0})

    async def act(engine):
        await heard(engine, "Yes.")
        pieces = engine.speak(TEXT, 1.0)
        await anext(pieces)
        await pieces.aclose()
        assert (await until(emulators, "cancelled"))[0]["text"] == TEXT
        await heard(engine, "No.")

    using(emulators, act)
    previous = [request.get("previous_text") for request in emulators.seen("elevenlabs", "speak")]
    assert previous == [None, "Yes.", None]  # what was cut is not what came before


def test_a_cancelled_task_cancels_the_request(emulators):
    emulators.set(faults=[{"vendor": "elevenlabs", "kind": "stall_before"}])

    async def act(engine):
        task = asyncio.create_task(heard(engine))
        await until(emulators, "speak")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(emulators, "cancelled")

    using(emulators, act)


def test_close_ends_a_sentence_too_and_is_for_ever(emulators):
    emulators.set(delays={"elevenlabs.pace": 1.0})

    async def act(engine):
        task = asyncio.create_task(heard(engine))
        await until(emulators, "speak")
        await engine.close()
        await engine.close()
        with pytest.raises(EngineLost):
            await task
        with pytest.raises(EngineLost, match="was closed"):
            await heard(engine)

    using(emulators, act)


def test_a_voice_is_started_before_it_speaks(emulators):
    async def scene():
        engine = voice(emulators)
        await engine.close()
        with pytest.raises(RuntimeError):
            await heard(engine)

    run(scene)


# --- the key ---------------------------------------------------------------------------------------


def test_the_key_is_never_shown(emulators, caplog):
    caplog.set_level(logging.DEBUG)
    key = "sk_" + "5ecre7" * 8
    errors = []

    async def scene():
        for bad in (key, key + "\n", key + "\u00e9"):
            engine = voice(emulators, bad)
            with pytest.raises(EngineRefused) as caught:
                await engine.start()
            errors.append(caught.value)
            errors.append(engine)
        engine = voice(emulators)
        await engine.start()
        await heard(engine)
        await engine.close()

    run(scene)
    shown = caplog.text + "".join(f"{error} {error!r} {vars(error)}" for error in errors)
    assert "127.0.0.1" in caplog.text  # the loggers do tell
    assert "5ecre7" not in shown
    assert KEY not in shown

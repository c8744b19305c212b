"""What the tests of the voice of ElevenLabs share."""

import asyncio
from contextlib import aclosing

from profai_cli.providers.limits import Limits
from profai_cli.providers.tts.elevenlabs import RATE, ElevenLabs
from profai_cli.settings import Access, Key
from tests.emulators.stage import KEY

TEXT = "Plants make their own food from light, water and air. They do not need to hunt."
NEXT = "This is called photosynthesis."
SHORT = Limits(connect=0.4, first=0.4, gap=0.3, final=0.4, close=0.1)
HANG = 5.0  # seconds: far beyond all limits, so that a hang ends as a failure


def voice(emulators, key=KEY, **options):
    return ElevenLabs(Access(Key(key), emulators.url("elevenlabs")), **options)


async def heard(engine, text=TEXT, speed=1.0):
    sound, words = b"", []
    async with aclosing(engine.speak(text, speed)) as pieces:
        async for piece in pieces:
            assert piece.rate == RATE
            sound += piece.pcm
            words += piece.words
    return sound, words


def run(scene):
    """Run a scene; it may not hang, nor leave a task behind."""

    async def alone():
        async with asyncio.timeout(HANG):
            result = await scene()
        for _ in range(20):  # the SDK leaves the generators of a cut reply to the loop, which ends them one by one
            await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    return asyncio.run(alone())


def using(emulators, act, **options):
    """What `act` returns for a started engine, which is closed after it."""

    async def scene():
        engine = voice(emulators, **options)
        try:
            await engine.start()
            return await act(engine)
        finally:
            await engine.close()

    return run(scene)


async def until(emulators, what):
    """The emulator's record of something that is about to happen."""
    while not (found := await asyncio.to_thread(emulators.seen, "elevenlabs", what)):  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.005)
    return found

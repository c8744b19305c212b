"""What local recognisers are given of a class: an engine that hears how much sound there was."""

import asyncio
from collections.abc import Sequence

from profai_cli.pcm import SPEECH_BLOCK
from profai_cli.ports import Frame, Recognition, Recognized
from profai_cli.providers.stt.local_ear import LULL, PRE_ROLL, FinalWords, LocalEar

BLOCK = bytes(2 * SPEECH_BLOCK)


class Measuring(LocalEar):
    """Its final words are the number of blocks of an utterance."""

    name = "measuring"
    batch = 10
    partial_delay = 0.0

    def expect(self, terms: Sequence[str]) -> None:
        raise NotImplementedError

    async def _load(self) -> None:
        pass

    async def _live(self, pcm: bytes, begin: int) -> str:
        return ""

    async def _whole(self, pcm: bytes, begin: int) -> FinalWords:
        return FinalWords(str(len(pcm) // len(BLOCK)), 0.0)

    async def _unload(self) -> None:
        pass


def blocks(*voices: tuple[str | None, int]) -> list[int]:
    """Lengths of the finals for voice changes, each in the first of so many blocks; the end asks for the words."""

    async def hear() -> list[Recognition]:
        heard: list[Recognition] = []
        ear = Measuring()
        await ear.start(heard.append)
        number = 0
        for change, count in voices:
            for at in range(count):
                number += 1
                ear.feed(Frame(number / 100, BLOCK, 0, change if at == 0 else None))  # type: ignore[arg-type]
        ear.finalize()
        await ear.settle()
        await ear.close()
        return heard

    return [int(r.text) for r in asyncio.run(hear()) if isinstance(r, Recognized) and r.final]


def test_an_utterance_is_its_pre_roll_its_voice_and_a_lull() -> None:
    lull = round(100 * LULL)
    assert blocks((None, 200), ("started", 100), ("ended", 30)) == [PRE_ROLL + 130]
    assert blocks((None, 200), ("started", 100), ("ended", 900)) == [PRE_ROLL + 100 + lull]


def test_a_long_pause_in_an_utterance_is_shortened() -> None:
    lull = round(100 * LULL)
    found = blocks((None, 200), ("started", 100), ("ended", 300), ("started", 100), ("ended", 900))
    assert found == [PRE_ROLL + 2 * (100 + lull)]

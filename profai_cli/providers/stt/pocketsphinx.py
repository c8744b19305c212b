"""Speech recognition without a network: CMU's pocketsphinx in a process of its own, told what a course is about."""

from collections.abc import Sequence
from typing import ClassVar, Final

from profai_cli.pcm import SPEECH_RATE, seconds
from profai_cli.ports import Cache, Pronouncer, Vocabulary
from profai_cli.providers.stt.decoder import Decoder
from profai_cli.providers.stt.local_ear import FinalWords, LocalEar

PARTIAL_DELAY: Final = 0.05
FINAL_DELAY: Final = 0.04
FINAL_DELAY_A_SECOND: Final = 0.06
DOUBTED_DELAY_A_SECOND: Final = 0.25
"""The stated delays, s, and s a second of sound with its pre-roll; more where the stock model is asked too.
Measured beside other work on two cores: 0.09 to 0.18 for 1.8 to 2.4 s of sound, 0.4 to 0.6 where it was asked."""


class Pocketsphinx(LocalEar):
    """Obeys `ports.SpeechToText`; see `LocalEar`. At first use it builds the course's model."""

    name = "pocketsphinx"
    batch: ClassVar[int] = 10
    partial_delay: ClassVar[float] = PARTIAL_DELAY

    def __init__(self, vocabulary: Vocabulary, cache: Cache, pronouncer: Pronouncer | None) -> None:
        super().__init__()
        self._decoder = Decoder(vocabulary, cache, pronouncer)

    @property
    def pid(self) -> int | None:
        """Process number of the engine."""
        return self._decoder.pid

    def expect(self, terms: Sequence[str]) -> None:
        """Nothing: the whole course was learned at the start."""

    async def _load(self) -> None:
        await self._decoder.start()

    async def _live(self, pcm: bytes, begin: int) -> str:
        return await self._decoder.live(pcm, begin)

    async def _whole(self, pcm: bytes, begin: int) -> FinalWords:
        text, on_course, doubted = await self._decoder.whole(pcm) if pcm else ("", True, False)
        a_second = DOUBTED_DELAY_A_SECOND if doubted else FINAL_DELAY_A_SECOND
        return FinalWords(text, FINAL_DELAY + a_second * seconds(pcm, SPEECH_RATE), on_course)

    async def _unload(self) -> None:
        await self._decoder.close()

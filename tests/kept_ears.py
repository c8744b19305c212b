"""Recognisers for the benchmark that keep the sound they were sent: the local one, and one such as the network's."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Final

from profai_cli.pcm import BYTES_A_SAMPLE, SPEECH_RATE
from profai_cli.ports import Cache, Recognized, Vocabulary
from profai_cli.providers.stt.connection import Connection, Heard, Word
from profai_cli.providers.stt.local_ear import _Job
from profai_cli.providers.stt.pocketsphinx import Pocketsphinx
from profai_cli.providers.stt.streaming import StreamingRecogniser
from profai_cli.storage.wav import WavWriter

WORDS: Final = ("first", "second", "third", "fourth", "fifth")
WORD: Final = 0.3
"""Seconds of each of them: what the perfect connection hears a learner say, whatever it is."""


def keep(path: Path, pcm: bytes) -> None:
    """Write mono PCM16 at 16 kHz."""
    file = WavWriter(path, SPEECH_RATE)
    file.write(pcm)
    file.close()


class KeptPocketsphinx(Pocketsphinx):
    """Keeps in `folder`/SECONDS.wav the utterance whose final words were asked for at that media time."""

    def __init__(self, vocabulary: Vocabulary, cache: Cache, folder: Path) -> None:
        super().__init__(vocabulary, cache, None)  # the course's model is in the cache
        self._folder = folder

    async def _recognize(self, job: _Job) -> Recognized | None:
        if job.final:
            keep(self._folder / f"{job.cause:.2f}.wav", bytes(job.utterance.pcm[: job.end]))
        return await super()._recognize(job)


class KeptStream(StreamingRecogniser):
    """A recogniser on the network whose other end is here. Keeps all that it is sent in `folder`/0.00.wav.

    said: the media times in seconds at which the learner begins to speak. The other end hears `WORDS` there, as soon
    as their sound has come, and tells them when it is asked for final words.
    """

    def __init__(self, said: Iterable[float], folder: Path) -> None:
        words = [Word(f" {word}", at + n * WORD, at + (n + 1) * WORD) for at in said for n, word in enumerate(WORDS)]
        self._wire = _Wire(words)
        self._file = folder / "0.00.wav"
        super().__init__("kept stream", self._connect_here, steady=False)

    async def close(self) -> None:
        """See `ports.SpeechToText`."""
        await super().close()
        keep(self._file, bytes(self._wire.sent))

    async def _connect_here(self, _terms: Sequence[str]) -> Connection:
        return self._wire


class _Wire:
    """A `connection.Connection`. It is sent every block from the class's begin, so that its time is the media time."""

    def __init__(self, words: list[Word]) -> None:
        self.sent = bytearray()
        self._words = words
        self._answers: asyncio.Queue[Heard] = asyncio.Queue()

    async def send(self, pcm: bytes) -> None:
        self.sent += pcm

    async def flush(self) -> None:
        now = len(self.sent) / BYTES_A_SAMPLE / SPEECH_RATE
        heard = tuple(word for word in self._words if word.end <= now)
        del self._words[: len(heard)]
        self._answers.put_nowait(Heard(heard, final=True, flushed=True, until=now))

    async def expect(self, terms: Sequence[str]) -> None:
        """Nothing: it knows what is said."""

    async def keep_alive(self) -> None:
        """Nothing: it never leaves."""

    async def messages(self) -> AsyncIterator[Heard]:
        while True:
            yield await self._answers.get()

    async def close(self) -> None:
        """Nothing: there is no network."""

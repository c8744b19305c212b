"""A voice that says some words as the teacher of a course wants; its times are those of the words in the course."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from itertools import chain

from profai_cli.pcm import SPEECH_RATE, seconds
from profai_cli.ports import Speech, TextToSpeech
from profai_cli.providers.tts.word_times import WordTimes
from profai_cli.tutor.sounds import Sounds


class SoundedVoice:
    """A `ports.TextToSpeech` in front of another one, which is given other words and tells the times of those."""

    def __init__(self, voice: TextToSpeech, sounds: Sounds) -> None:
        self._voice, self._sounds = voice, sounds

    @property
    def name(self) -> str:
        """Of the voice."""
        return self._voice.name

    @property
    def delay(self) -> float:
        """Of the voice."""
        return self._voice.delay

    async def start(self) -> None:
        """See `ports.TextToSpeech`."""
        await self._voice.start()

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
        """Say one sentence; what has no word with a sound of its own is the voice's alone."""
        said, origin = self._sounds.said(text)
        async with aclosing(self._voice.speak(said, speed)) as pieces:
            if said == text:
                async for piece in pieces:
                    yield piece
                return
            words, length, rate = WordTimes(text), 0.0, SPEECH_RATE
            async for piece in pieces:
                rate = piece.rate
                length += seconds(piece.pcm, rate)
                reached = (words.reach(origin[word.start], word.at) for word in piece.words)
                yield Speech(piece.pcm, rate, tuple(chain.from_iterable(reached)))
            if rest := words.until(len(text), length):
                yield Speech(b"", rate, rest)

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._voice.close()

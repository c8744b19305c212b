"""Several voices as one. A sentence whose voice fails is said to its end by the next, from the word that was cut."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.pcm import SPEECH_RATE, seconds
from profai_cli.ports import Speech, TextToSpeech, WordTime
from profai_cli.providers.fallback.relay import Relay

CHARACTERS_A_SECOND: Final = 14.0
"""How fast a voice speaks that tells no times of words: English read aloud has 13 to 15."""


class FallbackVoice(Relay[TextToSpeech]):
    """A `ports.TextToSpeech` made of others, from the best to the last resort."""

    does = "speaks"

    @property
    def name(self) -> str:
        """Of the voice in use, by its own name: "the best of this machine" stands for several."""
        return self._keeper.engine.name if self._keeper.engine else self._keeper.name

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
        """Say one sentence, by as many voices as it takes. Raises EngineError where none is left."""
        said = _Said(text, speed)
        while True:
            voice = await self._keeper.best()
            try:
                async with aclosing(voice.speak(text[said.rest :], speed)) as pieces:
                    async for piece in pieces:
                        yield said.take(piece)
                self._keeper.worked()
                if said.ahead:
                    yield Speech(b"", said.rate, tuple(said.ahead))
                return
            except EngineError as error:
                said.cut()
                self._keeper.failed(error)


@dataclass(slots=True)
class _Said:
    """What was said of a sentence. rest: the first character that a voice has still to say."""

    text: str
    speed: float
    rest: int = 0
    begin: float = 0.0  # s: where the sound of the voice in use begins
    length: float = 0.0  # s of sound, of all voices
    rate: int = SPEECH_RATE  # of the voice in use
    last: int | None = None  # the first character of the last word that the voice in use has begun
    ahead: list[WordTime] = field(default_factory=list)  # words whose sound has not come: it may never

    def take(self, piece: Speech) -> Speech:
        """The next piece, as a part of the whole sentence, with the words that have begun."""
        self.ahead += [WordTime(w.start + self.rest, w.end + self.rest, w.at + self.begin) for w in piece.words]
        self.length += seconds(piece.pcm, piece.rate)
        self.rate = piece.rate
        begun = [word for word in self.ahead if word.at < self.length]
        self.ahead = [word for word in self.ahead if word.at >= self.length]
        if begun:
            self.last = begun[-1].start
        return Speech(piece.pcm, piece.rate, tuple(begun))

    def cut(self) -> None:
        """The voice failed here: the next one says the word again that may have been cut."""
        if self.last is not None:
            self.rest = self.last
        elif self.length > self.begin:  # no times came: by how fast people speak
            spoken = round((self.length - self.begin) * CHARACTERS_A_SECOND * self.speed)
            self.rest = max(self.text.rfind(" ", self.rest, self.rest + spoken) + 1, self.rest)
        self.begin, self.last, self.ahead = self.length, None, []

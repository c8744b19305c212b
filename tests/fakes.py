"""Engines and a sound that obey the ports and do what a test says, in no time."""

from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from profai_cli.errors import EngineCrashed, EngineError
from profai_cli.kinds import Verdict
from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND
from profai_cli.ports import AnswerPart, DeviceChange, Frame, Question, Recognized, Speech, WordTime
from profai_cli.sound.player import VoicePlayer

RATE = 16_000
SECONDS_A_CHARACTER = 0.05


class FakeVoice:
    """Says each word as a square wave, 0.05 s a character; fails at the sentences that hold `fails_at`."""

    name = "fake voice"
    delay = 0.1

    def __init__(self, fails_at: str = "") -> None:
        self.fails_at = fails_at
        self.said: list[tuple[str, float]] = []
        self.closed = False

    async def start(self) -> None:
        """Nothing to load."""

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
        """One piece a word."""
        self.said.append((text, speed))
        at, position = 0.0, 0
        for word in text.split():
            if self.fails_at and self.fails_at in word:
                raise EngineCrashed("The engine fake stopped by itself.")
            start = text.index(word, position)
            position = start + len(word)
            seconds = SECONDS_A_CHARACTER * (len(word) + 1) / speed
            yield Speech(_square(seconds), RATE, (WordTime(start, position, at),))
            at += seconds

    async def close(self) -> None:
        """Remember it."""
        self.closed = True


def _square(seconds: float) -> bytes:
    period = b"\x00\x20" * 40 + b"\x00\xe0" * 40
    count = round(seconds * RATE)
    return (period * (count // 80 + 1))[: count * 2]


@dataclass
class FakeEar:
    """A recogniser that hears the words of `script`, one entry an utterance."""

    script: list[str]
    fails_to_start: bool = False
    dies_at: float | None = None
    name: str = "fake ear"
    delay: float = 0.1
    t: float = 0.0
    open: bool = False
    expected: list[Sequence[str]] = field(default_factory=list)

    async def start(self, emit: Callable[[Recognized | EngineError], None]) -> None:
        """Raise, or keep `emit`."""
        if self.fails_to_start:
            raise EngineError("The engine fake ear is not installed; run: pip install it.")
        self.emit = emit

    def expect(self, terms: Sequence[str]) -> None:
        """Remember them."""
        self.expected.append(terms)

    def feed(self, frame: Frame) -> None:
        """An utterance begins with the voice; its first partial comes half a second later."""
        self.t = frame.t
        if self.dies_at is not None and frame.t >= self.dies_at:
            self.dies_at = None
            self.emit(EngineError("The engine fake ear stopped by itself."))
        if frame.voice in ("started", "confirmed"):
            self.open = True
        if frame.voice == "confirmed" and self.script:
            self.emit(Recognized(self.script[0].split()[0] if self.script[0] else "", False, frame.t, self.delay))

    def finalize(self) -> None:
        """The next words of the script."""
        text = self.script.pop(0) if self.open and self.script else ""
        self.open = False
        self.emit(Recognized(text, True, self.t, self.delay))

    def discard(self) -> None:
        """It was no speech."""
        self.open = False

    async def settle(self) -> None:
        """Nothing is ever under way."""

    async def close(self) -> None:
        """Nothing to free."""


@dataclass
class FakeAnswerer:
    """Says `sentences` to every question, with `verdict` to every answer; raises where `fails`."""

    sentences: Sequence[str] = ("An answer.",)
    fails: bool = False
    fails_to_start: bool = False
    name: str = "fake answerer"
    delay: float = 0.2
    verdict: Verdict | None = None
    asked: list[Question] = field(default_factory=list)
    remembered: list[str] = field(default_factory=list)
    lessons: dict[tuple[int, int], Sequence[str]] = field(default_factory=dict)

    async def start(self) -> None:
        """Nothing to load."""
        if self.fails_to_start:
            raise EngineError("The engine fake answerer is not installed; run: pip install it.")

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """The sentences."""
        self.asked.append(question)
        if self.fails:
            raise EngineError("The engine fake answerer stopped by itself.")
        for sentence in self.sentences:
            yield AnswerPart(sentence, "Apples", self.verdict if question.check else None)

    async def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """Pieces of `lessons`, by topic."""
        if self.fails:
            raise EngineError("The engine fake answerer stopped by itself.")
        for piece in self.lessons.get((module, topic), ()):
            yield piece

    def heard(self, text: str) -> None:
        """Remember it."""
        self.remembered.append(text)

    async def close(self) -> None:
        """Nothing to free."""


@dataclass
class FakeShelf:
    """A shelf in memory."""

    texts: dict[str, str]

    def take(self, key: str) -> str | None:
        """As it was put."""
        return self.texts.get(key)

    def put(self, key: str, text: str) -> None:
        """Keep it."""
        self.texts[key] = text


class FakeSound:
    """A stepped sound with a real player. `voice`: by the second, what the reflex sees of the learner.

    An utterance "(begin, end)" is confirmed 0.1 s after its begin; `cough` gives those that never are. `late`:
    blocks that a sample takes from the player to the speaker.
    """

    def __init__(
        self,
        utterances: Sequence[tuple[float, float]] = (),
        coughs: Sequence[tuple[float, float]] = (),
        ends: float | None = None,
        late: int = 0,
    ) -> None:
        self.player = VoicePlayer()
        self.played = deque([0] * (late + 1), maxlen=late + 1)
        self.microphone, self.speaker = "fake microphone", "fake speaker"
        self.hears = True
        self.muted = False
        self.on_device: Callable[[DeviceChange], None] = lambda _change: None
        self.on_fault: Callable[[Exception], None] = lambda _fault: None
        self.closed = False
        self.out = np.zeros(BLOCK, np.int16)
        self.blocks = 0
        self.ends = ends
        self.changes: dict[int, str] = {}
        for begin, end in utterances:
            self.changes |= {_block(begin): "started", _block(begin + 0.1): "confirmed", _block(end): "ended"}
        for begin, end in coughs:
            self.changes |= {_block(begin): "started", _block(end): "ended"}
        self.spoken: list[bytes] = []

    def step(self) -> Frame:
        """One block."""
        self.player.render(self.out)
        self.played.append(self.player.rendered)
        self.spoken.append(self.out.tobytes())
        self.blocks += 1
        change = None if self.muted else self.changes.get(self.blocks)
        hold = 0
        if change in ("started", "confirmed") and self.player.sounding:
            hold = self.player.hold()
        t = self.blocks / BLOCKS_A_SECOND
        ended = self.ends is not None and t >= self.ends
        heard = change, hold, 1.0 if change == "ended" else 0.0
        return Frame(t, bytes(320), self.played[0], *heard, input_ended=ended)  # type: ignore[arg-type] # a Literal

    def rest(self) -> None:
        """Nothing to free."""

    def wake(self) -> None:
        """Nothing to open."""

    def mute(self, muted: bool) -> None:
        """A muted one sees nothing of the learner."""
        self.muted = muted

    def start(self, sink: Callable[[Frame], None]) -> None:
        """Only steps."""
        raise AssertionError("this sound has no real time")

    def close(self) -> None:
        """Remember it."""
        self.closed = True


def _block(seconds: float) -> int:
    return round(seconds * BLOCKS_A_SECOND)

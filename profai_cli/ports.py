"""The seams: what sound, engines and storage promise to the session. Each is one to five methods.

Time stamps: an engine says by which sample a result was caused (`cause`, media time in seconds) and the
`delay` it states for itself. In real time a result counts when it comes; on the samples' clock (`--fast`)
it counts at cause + delay, so that every run gives the same events.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from profai_cli.errors import EngineError
from profai_cli.kinds import DeviceKind, Verdict
from profai_cli.lesson.place import CheckPlace

# --- sound -----------------------------------------------------------------------------------------

HANGOVER: Final = 0.2
"""Seconds without a voice after which `Frame.voice` says "ended": they outlast the gap before a plosive."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a block did or did not count as a voice, for `profai listen --vad`. Levels in dBFS, without echo.

    level_dbfs: of the block. gate_dbfs: the weakest voice. noise_dbfs: the room's noise. detector: it sounds like
    a voice. vote: it counts as one, all together. judge: how likely a person spoke lately.
    """

    level_dbfs: float
    gate_dbfs: float
    noise_dbfs: float
    detector: bool
    vote: bool
    judge: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What the sound path knows after one block of 10 ms.

    t: media time of the block's end, s. pcm: the microphone after echo cancelling, 160 samples of PCM16
    at 16 kHz; raw: the same before it; undimmed: the same with less of the echo taken away, but nothing of the
    learner; both empty where nothing is cancelled. played: voice samples (48 kHz) that have left the speaker
    since the class began, corrected by the device's output latency. voice: a change of the learner's voice in
    this block. hold: number of the hold that the reflex made in this block, 0 for none; `played` is then exact.
    voiced: seconds of voice from first to last sample, with voice == "ended"; 0 where a confirmed one turned out to be
    none; faint: it was so soft that parts of it may not have been heard. Levels in dBFS (RMS), -120 for
    digital silence.
    echo_db: what the canceller takes away; echo_dbfs: level of the echo at the microphone; both None where nothing
    is cancelled or the speaker is silent. settled: the canceller knows the room. faults: under- and overflows since
    the class began. evidence: None without a microphone. near, far: the microphone's block as it came (silence while
    it is muted) and the one that left the speaker meanwhile, 480 samples of PCM16 at 48 kHz each, for a recording.
    lead: samples by which `far` is heard later than `near` was captured, 0 at the begin, and then steady
    unless the devices' delay changes.
    """

    t: float
    pcm: bytes
    played: int
    voice: Literal["started", "confirmed", "ended"] | None = None
    hold: int = 0
    voiced: float = 0.0
    faint: bool = False
    microphone_dbfs: float = -120.0
    speaker_dbfs: float = -120.0
    echo_db: float | None = None
    echo_dbfs: float | None = None
    settled: bool = False
    faults: int = 0
    raw: bytes = b""
    undimmed: bytes = b""
    input_ended: bool = False
    evidence: Evidence | None = None
    near: bytes = b""
    far: bytes = b""
    lead: int = 0


class Player(Protocol):
    """The tutor's voice on its way to the speaker. Samples are counted from the class's begin.

    `write` may be called from one thread, `render` runs in another (the callback's), `hold` in a third.
    """

    @property
    def written(self) -> int:
        """Voice samples (48 kHz) accepted so far; the next one written gets this index."""

    @property
    def rendered(self) -> int:
        """Voice samples handed to the speaker so far; after a flush it equals `written`."""

    def write(self, pcm: bytes, rate: int, last: bool = False) -> None:
        """Append mono PCM16 at `rate` samples a second; `last` ends a sentence (empties the resampler)."""

    def silence(self, seconds: float) -> None:
        """Append silence, as part of the voice."""

    def hold(self) -> int:
        """Fade and fall silent from the next block on, and return the hold's number (> 0).

        Holding what is held returns the same number.
        """

    def release(self, hold: int) -> None:
        """Go on at the very sample, if `hold` is the number of the present hold."""

    def flush(self) -> None:
        """Drop all that is written and not rendered, with a short fade, and end any hold."""

    def volume(self, gain: float) -> None:
        """Set a factor on all samples rendered from now on (limited to full scale)."""


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A device was lost, and `trouble` says so in one sentence; or, where that is empty, one is in use.

    device: its name; empty where none has been there since the begin. hold: of the voice, which fell silent with its
    speaker; 0 where it was silent. Who gets the change releases it.
    """

    kind: DeviceKind
    device: str
    trouble: str = ""
    hold: int = 0


class Sound(Protocol):
    """A microphone and a speaker joined by echo canceller, voice activity and player."""

    on_device: Callable[[DeviceChange], None]
    """Called from the sound's own thread when a device is lost, missing at the begin, or in use; set before `start`."""

    on_fault: Callable[[Exception], None]
    """Called from the sound's own thread with a fault of profai itself, which has ended it; set before `start`."""

    @property
    def player(self) -> Player:
        """The one voice."""

    @property
    def microphone(self) -> str:
        """Name for the learner; empty where there is none."""

    @property
    def speaker(self) -> str:
        """Name for the learner; empty where there is none."""

    @property
    def hears(self) -> bool:
        """There is a microphone, or one is looked for."""

    def mute(self, muted: bool) -> None:
        """From the next block on give silence in place of the microphone, or not any more. From any thread.

        Frames have no voice of the learner's then, and nothing holds the tutor's; the canceller still knows the room.
        """

    def rest(self) -> None:
        """Free the devices until `wake`: the process is about to be stopped. Waits for that, 2 s at most.

        Frames go on only where no device gives them: without a microphone, or in a simulation.
        """

    def wake(self) -> None:
        """Go on with the next frame, as if no time had passed. Never waits."""

    def start(self, sink: Callable[[Frame], None]) -> None:
        """Run in real time: call `sink` for every block, from a thread of its own."""

    def step(self) -> Frame:
        """Run one block now, on the samples' clock. Raises RuntimeError for real devices."""

    def close(self) -> None:
        """Stop and free the devices. Idempotent."""


# --- engines ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recognized:
    """Words from the recogniser; a `final` one ends its utterance. An empty final is a result too."""

    text: str
    final: bool
    cause: float
    delay: float
    on_course: bool = True


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the recogniser should expect: sentences of the course, its terms, and the tutor's commands.

    sounds: how words are said that a dictionary may lack, see `lesson.course.Course`.
    """

    language: str
    sentences: tuple[str, ...]
    terms: tuple[str, ...]
    commands: tuple[str, ...]
    sounds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The engine `name` does not listen any more, and why; another one may go on."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class EngineReady:
    """From here on `name` listens, beginning with what was said while none did."""

    name: str


Recognition = Recognized | EngineFailed | EngineReady | EngineError
"""What a recogniser tells. After an EngineError nothing more comes; one engine alone tells no changes of engine."""


class SpeechToText(Protocol):
    """A recogniser. `feed` gets every frame of the class; an utterance runs from frame.voice == "started"
    (with a pre-roll of at least 500 ms) to `finalize` or `discard`. Where it was discarded before the voice was
    "confirmed", another one begins then, with that pre-roll."""

    @property
    def name(self) -> str:
        """For the learner; empty while no engine of several listens."""

    async def start(self, emit: Callable[[Recognition], None]) -> None:
        """Load; raises EngineError."""

    def expect(self, terms: Sequence[str]) -> None:
        """The terms of what is taught now. Nothing, where the whole course was learned at the start."""

    def feed(self, frame: Frame) -> None:
        """Take a block; never waits."""

    def finalize(self) -> None:
        """End the utterance: its final words follow. Without an utterance: an empty final follows."""

    def discard(self) -> None:
        """Forget the utterance: nothing more is emitted for it. A final that was asked for before still comes."""

    async def settle(self) -> None:
        """Return when all that was caused by what was fed so far has been emitted."""

    async def close(self) -> None:
        """Free everything. Idempotent."""


@dataclass(frozen=True, slots=True)
class WordTime:
    """Characters [start, end) of the sentence begin to sound `at` seconds into its sound."""

    start: int
    end: int
    at: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A piece of a spoken sentence: mono PCM16 at `rate`, and the words whose times became known."""

    pcm: bytes
    rate: int
    words: tuple[WordTime, ...] = ()


class TextToSpeech(Protocol):
    """A voice."""

    @property
    def name(self) -> str:
        """For the learner."""

    @property
    def delay(self) -> float:
        """Stated seconds from request to first sample (for the samples' clock)."""

    async def start(self) -> None:
        """Load; raises EngineError."""

    def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
        """Say one sentence; closing the iterator cancels it. Raises EngineError while iterated."""

    async def close(self) -> None:
        """Free everything. Idempotent."""


class Pronouncer(Protocol):
    """Says how words sound, in ARPAbet, for a recogniser that lacks them."""

    async def pronounce(self, words: Sequence[str]) -> dict[str, str]:
        """ARPAbet phones, separated by spaces, by word; words that cannot be said are left out."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the learner asked, and where in the course: before `sentence` all of its topic was heard.

    check: the tutor asked, by this check question, and `text` is what the learner said to it; it is to be judged.
    """

    text: str
    module: int
    topic: int
    sentence: int = 0
    check: CheckPlace | None = None

    @property
    def at(self) -> tuple[int, int, int]:
        """Module, topic and sentence."""
        return self.module, self.topic, self.sentence


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A sentence of the answer, plain words for the ear; `source` names the topic it is from.

    verdict: in the first part of a judgement. made: a model wrote it.
    """

    text: str
    source: str = ""
    verdict: Verdict | None = None
    made: bool = field(default=False, compare=False)


class Answerer(Protocol):
    """Answers questions. Keeps the conversation so far for follow-ups."""

    @property
    def name(self) -> str:
        """For the learner."""

    @property
    def delay(self) -> float:
        """Stated seconds from question to first part (for the samples' clock)."""

    async def start(self) -> None:
        """Load; raises EngineError."""

    def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """The answer's sentences; closing the iterator cancels it. Raises EngineError while iterated."""

    def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """A topic as a spoken lesson, in pieces, in the form of `tutor.teaching`; nothing where no model is.

        Raises EngineError while iterated. Questions may be answered meanwhile.
        """

    def heard(self, text: str) -> None:
        """What the learner heard of the last answer, once it was finished or cut: that is what follow-ups are about.

        The answerer remembers an answer by this alone; without it, or with "", only the question was asked.
        """

    async def close(self) -> None:
        """Free everything. Idempotent."""


# --- storage ---------------------------------------------------------------------------------------


class Cache(Protocol):
    """Derived data on disk, by content key; may be deleted at any time."""

    def load(self, key: str) -> str | None:
        """Path of the entry, None where there is none."""

    def store(self, key: str, data: bytes) -> str:
        """Keep an entry (atomically) and return its path."""


class Shelf(Protocol):
    """Lessons that were made once, by key; any may be gone the next time."""

    def take(self, key: str) -> str | None:
        """The text that was put there, None where there is none. From any thread."""

    def put(self, key: str, text: str) -> None:
        """Keep a text, as far as that can be done. From any thread."""

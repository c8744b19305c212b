"""What profai adds to what cloud engines take, from the learner's last sample to the answer's first; and how often it
would answer half a sentence. With the real SDKs and the emulators, in real time."""

import asyncio
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from pocketsphinx import Decoder

from profai_cli.cli.wiring import course_info, header
from profai_cli.events import AgentResponse, Event
from profai_cli.lesson.place import Place
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import SpeechToText, Vocabulary
from profai_cli.providers.llm.chat import ChatModel
from profai_cli.providers.stt.deepgram import Deepgram
from profai_cli.providers.stt.flux import Flux
from profai_cli.providers.tts.elevenlabs import ElevenLabs
from profai_cli.session.classroom import Classroom, Engines
from profai_cli.settings import Access, Key
from profai_cli.sound.simulated import SimulatedSound
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.turns import patience
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY
from tests.measure_class import LEARNERS, CannotMeasure, voiced
from tests.measure_turns import Row, ms
from tests.measuring import Samples, first_sample
from tests.sounds import RECORDED_AT, RECORDINGS, clip, recording

ENDPOINTING, FIRST_TOKEN, FIRST_BYTE = 0.3, 0.2, 0.075
"""Seconds that the engines take in this measurement; the network takes none."""

QUESTION, ANSWER = "what is a float", "A float is a number with a decimal point."
EVERY, COUNT = 9.0, 10
LEVEL, LOUD = -20.0, -30.0
"""dBFS: of the learner, and of what is a voice for every detector."""


class WaitingDeepgram(Deepgram):
    """Deepgram without a flush of ours: the end of speech is the engine's."""

    def _flush(self) -> None:
        self._send()


def cloud_answers(notes: list[str]) -> Iterator[Row]:
    """Three ways to find the end of a question, and what pauses in speech do to the first."""
    for what, make in (
        ("waiting for Deepgram's endpointing of 300 ms", WaitingDeepgram),
        ("asking Deepgram itself when the detector ends (300 ms counted all the same)", Deepgram),
        ("with Flux, likewise", Flux),
    ):
        try:
            delays = asyncio.run(_delays(make))
        except CannotMeasure as reason:
            notes.append(f"{what}: {reason}")
            continue
        added = [delay - ENDPOINTING - FIRST_TOKEN - FIRST_BYTE for delay in delays]
        yield f"added to the engines' delays, question to answer, {what}", f"{ms(added)} ({len(added)})", "50 ms, < 0"
    yield from _false_ends(notes)


async def _delays(make: Callable[..., SpeechToText]) -> list[float]:
    """Seconds from the last sample of each question to the first of its answer."""
    samples = _to_the_last_loud_block(await asyncio.to_thread(voiced, QUESTION, "flite:rms", LEVEL))
    starts = [8.0 + EVERY * k for k in range(COUNT)]
    course, heard, events = load_course(shipped_courses(), "1"), bytearray(), list[Event]()
    with Emulators() as emulators:
        emulators.set(
            delays={"openai.think": FIRST_TOKEN, "elevenlabs.think": FIRST_BYTE},
            script=[QUESTION.capitalize() + "?"] * COUNT,
            replies=[ANSWER] * COUNT,
        )

        def access(vendor: str) -> Access:
            return Access(Key(KEY), emulators.url(vendor))

        sound = SimulatedSound(
            [clip(samples, at) for at in starts],
            speaker=lambda block: heard.extend(block.tobytes()),
            cancel_echo=False,
            microphone_name="a file",
        )
        room = Classroom(
            course,
            sound,
            Engines(
                ElevenLabs(access("elevenlabs")),
                ChatModel(access("openai"), course, model="a model", name="OpenAI"),
                make(access("deepgram"), Vocabulary("en", (), (), ()), language="en"),
            ),
            interactive=True,
            stepped=False,
            readers=[events.append],
            save=lambda _place: None,
            minutes=(starts[-1] + EVERY) / 60,
        )
        await room.run(header(sound, interactive=True), course_info(course, Place(0, 0)))
    speaker = np.frombuffer(bytes(heard), np.int16)
    delays = []
    for start in starts:
        end = start + len(samples) / RECORDED_AT
        answered = [event for event in events if isinstance(event, AgentResponse) and end < event.t < end + EVERY - 3]
        sample = first_sample(speaker, round(end * SOUND_RATE))
        if answered and sample is not None and sample / SOUND_RATE > answered[0].t:
            delays.append(sample / SOUND_RATE - end)
    if not delays:
        raise CannotMeasure("no question was answered")
    return delays


def _to_the_last_loud_block(samples: Samples) -> Samples:
    """Without the fading end, of which every detector thinks differently: the last 10 ms are a voice for all."""
    blocks = samples[: len(samples) // 160 * 160].reshape(-1, 160).astype(np.float64)
    loud = np.flatnonzero(np.sqrt((blocks**2).mean(axis=1)) > 32768 * 10 ** (LOUD / 20))
    return samples[: (int(loud[-1]) + 1) * 160]


def _false_ends(notes: list[str]) -> Iterator[Row]:
    """Pauses inside what people say: how many of them end the turn, and how many let an answer begin."""
    if not RECORDINGS.is_dir():
        raise CannotMeasure(f"there are no recordings of people in {RECORDINGS}")
    silence = FIRST_TOKEN + FIRST_BYTE + 0.05
    engine = ours = spoken = 0
    pauses = [pause for name in LEARNERS for pause in _pauses(name)]
    for words, pause in pauses:
        wait = 0.2 + patience.after_words(words)
        engine += pause > ENDPOINTING
        ours += pause > wait
        spoken += pause > wait + silence
        notes.append(f"a pause of {pause:.2f} s after {words!r}: the turn ends after {wait:.2f} s")
    yield (
        f"pauses of over 0.2 s inside {len(LEARNERS)} recordings that end the turn; that let an answer begin",
        f"{ours} of {len(pauses)}; {spoken}, the rest goes on as one question (Deepgram's endpointing ends {engine})",
        "no answer to half a sentence",
    )


def _pauses(name: str) -> Iterator[tuple[str, float]]:
    """The words before each pause inside a recording, and its length in seconds from last to first voiced sample."""
    samples = recording(name)
    sound = SimulatedSound([clip(samples)], cancel_echo=False, microphone_name=name)
    changes = []
    for _ in range(len(samples) // 160 + 50):
        frame = sound.step()
        changes += [(frame.t, frame.voice)] if frame.voice in ("started", "ended") else []
    sound.close()
    words = _aligned(name, samples.tobytes())
    for (ended, change), (started, _) in pairwise(changes):
        if change == "ended":
            yield " ".join(word for word, middle in words if middle < ended), started - ended + 0.2


def _aligned(name: str, pcm: bytes) -> list[tuple[str, float]]:
    """The words that are said, each with the second of its middle, by forced alignment."""
    table = (RECORDINGS / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {name}\.wav \|[^|]*\|([^|]*)\|", table, re.MULTILINE)
    decoder = Decoder(samprate=RECORDED_AT, loglevel="FATAL")
    words = [word for word in (row[1] if row else "").split() if decoder.lookup_word(word)]
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    said = [segment for segment in decoder.seg() if not segment.word.startswith("<")]
    return [(re.sub(r"\(.*", "", x.word), (x.start_frame + x.end_frame) / 200) for x in said]

"""How often a question is answered rightly without a model, typed and spoken, and what a model is given with it.

The questions are those of `asking`. No person's recording of a question is at hand: the spoken ones are by machines,
one of them in the noise of a recording of 1961. What people say in the recordings is of no course, and to be refused.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import numpy as np

from profai_cli.cli.engines import EngineChoice, EngineRoom
from profai_cli.cli.transcribe import _frames
from profai_cli.cli.wiring import SoundChoice, open_sound
from profai_cli.ports import Recognized
from profai_cli.providers.stt.transcription import transcribe
from profai_cli.tutor import reply
from profai_cli.tutor.question import follow_up
from profai_cli.tutor.vocabulary import words
from tests.asking import Answered, Asked, answered, read, shipped, talk
from tests.emulators.running import Emulators
from tests.measure_class import FILES, LEARNERS, learner, said_aloud, write
from tests.measure_turns import Row
from tests.measuring import Samples
from tests.prompted import prompted
from tests.sounds import RECORDED_AT, RECORDINGS, at_level, loudness, noise, recording

SETS = ("thirty", "thirty_more", "thirty_last")
SPOKEN = ("thirty", "thirty_last")
FOLLOW_UPS = ("Why is that?", "Can you say that simpler?", "What was that word?", "Give me an example", "Tell me more")
NONE_THERE = (reply.NO_REASON, reply.NO_EXAMPLE, reply.NOTHING_MORE)
VOICES = ("flite:rms", "flite:slt", "flite:awb", "espeak:en-us+f3")
NOISY = "flite:rms in the noise of jfk.wav"
DBFS = -24.0
HISS_DBFS = -65.0
APART = 2.5
"""Seconds between two questions."""


def questions(notes: list[str]) -> Iterator[Row]:
    """The typed questions, the follow-ups on them, and what a model is given with them: ten seconds."""
    for name in SETS:
        found = asyncio.run(answered(read(name)))
        notes += _faults("typed", found)
        yield f"questions typed ({name})", _shares(found), "all"
        kinds = asyncio.run(_followed([one for one in read(name) if one.topic]))
        yield f"five follow-ups on each answer ({name}): of the answer's topic; plainly none there", kinds, "all"
    with Emulators() as emulators:
        for name in SETS:
            given = prompted(emulators, read(name))
            of_course = [one for one in given if one.asked.topic]
            topics, facts = (sum(getattr(one, x) for one in of_course) for x in ("has_topic", "has_fact"))
            places, heard = (sum(getattr(one, x) for one in given) for x in ("has_place", "has_only_heard"))
            right = f"right topic {topics}, key fact {facts} of {len(of_course)}"
            measured = f"{right}; place {places}, nothing but what was heard {heard} of {len(given)}"
            yield f"what a model is given ({name})", measured, "all"


def spoken_questions(notes: list[str]) -> Iterator[Row]:
    """The same questions by five voices, bare follow-ups, and people who speak of other things: ten minutes."""
    for name in SPOKEN:
        asked = read(name)
        for voice in (*VOICES, NOISY):
            heard = [text for course in ("1", "2") for text in _heard(course, _said(asked, course, voice))]
            found = asyncio.run(answered(asked, heard))
            understood = sum(words(one.question) == words(text) for one, text in zip(asked, heard, strict=True))
            notes += _faults(voice, found, heard)
            yield f"questions spoken ({name}), {voice}", f"{_shares(found)}; {understood} word for word", "as typed"
    for voice in VOICES:
        heard = _heard("1", [said_aloud(text, voice, DBFS) for text in FOLLOW_UPS])
        kinds = sum(follow_up(a) == follow_up(b) for a, b in zip(FOLLOW_UPS, heard, strict=True))
        yield f"follow-ups spoken and understood, {voice}", f"{kinds} of {len(FOLLOW_UPS)}", "all"
    if RECORDINGS.is_dir():
        heard = _heard("1", [learner(name, 12, DBFS) for name in LEARNERS])
        found = asyncio.run(answered([Asked("1", name, None, None) for name in LEARNERS], heard))
        refused = sum(one.from_topic for one in found)
        yield "people who speak of other things", f"{refused} of {len(found)} refused", "all"


def _shares(found: Sequence[Answered]) -> str:
    of_course = [one for one in found if one.asked.topic]
    other = [one for one in found if not one.asked.topic]
    right = [one for one in of_course if one.from_topic]
    facts = sum(one.has_fact for one in right)
    later = [one for one in right if one.asked.topic != shipped(one.asked.course).modules[0].topics[0].title]
    named = sum(one.text.startswith("That comes later, in the lesson about") for one in later)
    shares = f"right topic {len(right)}, with the key fact {facts} of {len(of_course)}"
    refused = f"{sum(one.from_topic for one in other)} of {len(other)} others refused"
    return f"{shares}; later topic named {named} of {len(later)}; {refused}"


def _faults(how: str, found: Sequence[Answered], heard: Sequence[str] = ()) -> Iterator[str]:
    for number, one in enumerate(found):
        if not (one.from_topic and one.has_fact):
            understood = f", heard as {heard[number]!r}," if heard else ""
            yield f"{how}: {one.asked.question!r}{understood} was answered: {one.text[:120]}"


async def _followed(asked: Sequence[Asked]) -> str:
    """What became of the follow-ups on the answers to questions."""
    of_topic = none = 0
    for one in asked:
        for text in FOLLOW_UPS:
            first, (part, *_) = await talk(shipped(one.course), one.question, text)
            of_topic += part.source in {x.source for x in first if x.source}
            none += part.text in NONE_THERE
    return f"{of_topic}; {none} of {len(asked) * len(FOLLOW_UPS)}"


def _said(asked: Sequence[Asked], course: str, voice: str) -> list[Samples]:
    said = [said_aloud(one.question, voice.partition(" ")[0], DBFS) for one in asked if one.course == course]
    return [_in_noise(samples) for samples in said] if voice == NOISY else said


def _in_noise(samples: Samples) -> Samples:
    """As loud as the voice in jfk.wav, over that recording's noise before its first word."""
    level = loudness(recording("jfk"))
    noisy = at_level(samples, level) + np.resize(recording("jfk", 0.05, 0.3), len(samples)).astype(int)
    return np.clip(noisy, -32768, 32767).astype(np.int16)


def _heard(course: str, said: Sequence[Samples]) -> list[str]:
    """What the local recogniser of a course understands, each for itself."""
    begins = np.cumsum([1.0, *(len(samples) / RECORDED_AT + APART for samples in said)])
    track = noise(float(begins[-1]), HISS_DBFS, RECORDED_AT).astype(int)
    for begin, samples in zip(begins[:-1], said, strict=True):
        at = round(begin * RECORDED_AT)
        track[at : at + len(samples)] += samples
    path = write(FILES / "questions.wav", np.clip(track, -32768, 32767).astype(np.int16), RECORDED_AT)
    texts: list[list[str]] = [[] for _ in said]
    with ExitStack() as files:
        sound = open_sound(SoundChoice(inputs=[(0.0, path)], headphones=True, stepped=True), files, lambda _: None)
        files.callback(sound.close)
        ears = EngineRoom(EngineChoice(local=True), shipped(course), "en", lambda *_: None).ears()
        found: list[Recognized] = asyncio.run(transcribe(ears, _frames(sound)))
    for one in found:
        texts[int(np.searchsorted(begins[1:], one.cause))].append(one.text)
    return [" ".join(text) for text in texts]

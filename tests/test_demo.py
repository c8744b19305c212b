"""`profai demo`: runs by itself, shows what it promises, and its figures are those of the samples."""

import asyncio
import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from profai_cli.events import (
    AgentResponse,
    ClassComplete,
    Event,
    FinalTranscript,
    Heard,
    LessonResumed,
    SpeechConfirmed,
    SttReady,
    TeachingContent,
    TtsHeld,
    TtsInterrupted,
    TtsResumed,
    TutorState,
)
from profai_cli.lesson.place import Place, sentence_at
from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.session.coverage import Coverage, coverage
from profai_cli.session.script import Line, Script
from profai_cli.sound.aloud import Aloud
from profai_cli.sound.gaps import Gap, gap_at, gaps
from profai_cli.sound.mouth import Mouth, Said, utterance
from profai_cli.sound.player import VoicePlayer
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.event_log import read_events


class Run:
    """One demo, on the samples' clock and with the voice that every machine has."""

    def __init__(self, folder: Path, *options: str) -> None:
        log = folder / f"events-{len(options)}.jsonl"
        command = [sys.executable, "-m", "profai_cli.cli.main", "demo", "--fast", "--voice", "espeak"]
        environment = {**os.environ, "PROFAI_CACHE": str(folder), "PROFAI_DATA": str(folder / "data")}
        self.result = subprocess.run(
            [*command, "--events", str(log), *options], capture_output=True, text=True, check=False, env=environment
        )
        self.events = read_events(log)

    def between(self, begin: float, end: float, *kinds: type[Event]) -> list[Event]:
        return [event for event in self.events if begin <= event.t <= end and isinstance(event, kinds)]


pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def shown(folder):
    return Run(folder, "--output", str(folder / "heard.wav"))


@pytest.fixture(scope="module")
def measured(folder):
    return Run(folder, "--json")


@pytest.fixture(scope="module")
def acts(measured):
    return json.loads(measured.result.stdout)["acts"]


@pytest.fixture(scope="module")
def heard(shown, folder):
    with wave.open(str(folder / "heard.wav")) as file:
        assert (file.getframerate(), file.getnchannels()) == (SOUND_RATE, 1)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def act(acts, words):
    return next(each for each in acts if each["words"] == words)


def test_it_ends_by_itself_with_its_figures(shown):
    assert (shown.result.returncode, shown.result.stderr) == (0, "")
    assert shown.events[-1] == ClassComplete(shown.events[-1].t, "quit")
    assert 50 < shown.events[-1].t < 75
    assert "said: What is a float?\n" in shown.result.stdout
    assert shown.result.stdout.rstrip().splitlines()[-1].startswith("Lesson: ")


def test_nothing_is_kept_of_the_learners_progress(shown, folder):
    assert not [path for path in (folder / "data").rglob("*") if path.is_file()]


def test_an_interruption_is_answered_from_the_course(shown):
    asked = next(event for event in shown.events if isinstance(event, FinalTranscript))
    assert asked.text == "what is a float"
    answer = [event for event in shown.events if isinstance(event, AgentResponse) and event.source]
    assert answer[0].source == "Numbers and text"
    assert any("decimal point" in part.text for part in answer)


def test_the_lesson_goes_on_at_the_phrase_that_was_cut(shown):
    cut = next(event for event in shown.events if isinstance(event, TtsInterrupted))
    sentence = next(
        event
        for event in shown.events
        if isinstance(event, TeachingContent) and (event.reply, event.sentence) == (cut.reply, cut.sentence)
    )
    back = next(event for event in shown.events if isinstance(event, LessonResumed))
    phrases = sentence_at(load_course(shipped_courses(), "1"), Place(*sentence.place)).phrases
    assert back.place[:3] == sentence.place[:3]
    unheard = cut.char + 1  # past the space
    assert phrases[back.place[3]] == max(start for start in phrases if start <= unheard)


def test_a_cough_holds_and_releases(measured, acts):
    cough = act(acts, "(a cough)")
    around = (cough["t_s"], cough["t_s"] + 1.0)
    held, resumed = measured.between(*around, TtsHeld, TtsResumed, TtsInterrupted)
    assert isinstance(held, TtsHeld)
    assert isinstance(resumed, TtsResumed)
    assert not measured.between(*around, SpeechConfirmed, FinalTranscript)
    assert 0 < cough["silence_ms"] <= 600


def test_pause_and_go_on_meet_at_the_very_sample(measured, acts, heard):
    paused, again = act(acts, "Stop!")["t_s"], act(acts, "Go on.")["t_s"]
    assert [event.state for event in measured.between(paused, again, TutorState)] == ["held", "paused"]
    held = measured.between(paused, again, TtsHeld)[0]
    resumed = measured.between(again, again + 5, TtsResumed)[0]
    sentence = measured.between(0, paused, TeachingContent)[-1]
    said = asyncio.run(spoken(sentence.text))
    stop, go_on = round(held.t * SOUND_RATE), round(resumed.t * SOUND_RATE)
    before = heard[stop - SOUND_RATE // 2 :][: SOUND_RATE // 4]  # before the learner spoke
    at = said.tobytes().index(before.tobytes()) // 2 + SOUND_RATE // 2
    faded = SOUND_RATE // 100
    assert np.array_equal(heard[go_on + faded :][:SOUND_RATE], said[at + faded :][:SOUND_RATE])


async def spoken(text: str) -> np.ndarray:
    """All samples of a sentence of the tutor's, as they leave an undisturbed player."""
    voice, player = Espeak("en"), VoicePlayer()
    await voice.start()
    async for speech in voice.speak(text, 1.0):
        player.write(speech.pcm, speech.rate)
    await voice.close()
    player.write(b"", SOUND_RATE, last=True)
    samples = np.zeros((player.written // BLOCK, BLOCK), np.int16)
    for block in samples:
        player.render(block)
    return samples.reshape(-1)


def test_the_figures_are_sane(measured, acts):
    assert measured.result.returncode == 0
    assert [each["words"] for each in acts] == [
        "What is a float?",
        "(a cough)",
        "Yes.",
        "Stop!",
        "Go on.",
        "What is a comment?",
        "Stop!",
        "Stop the class.",
    ]
    assert not any(each["missed"] for each in acts)
    silent = [each["silent_after_ms"] for each in acts if each["silent_after_ms"] is not None]
    assert len(silent) == 6
    assert min(silent) > 0
    assert max(silent) < 250
    assert act(acts, "Yes.")["silence_ms"] < 1200
    assert 0 < act(acts, "What is a float?")["again_after_ms"] < 2000
    lesson = json.loads(measured.result.stdout)["lesson_words"]
    assert lesson["lost"] == 0
    assert lesson["twice"] <= 20
    assert lesson["heard"] > 40


def test_two_runs_are_equal(shown, measured):
    assert shown.events[1:] == measured.events[1:]


def test_the_output_is_what_is_heard_of_both(shown, acts, heard):
    assert len(heard) / SOUND_RATE == pytest.approx(shown.events[-1].t, abs=2 * BLOCK / SOUND_RATE)
    begin = round(act(acts, "Go on.")["t_s"] * SOUND_RATE)  # said into silence
    assert not heard[begin - SOUND_RATE // 2 : begin - SOUND_RATE // 50].any()
    assert heard[begin : begin + SOUND_RATE // 10].any()


# --- the parts -------------------------------------------------------------------------------------


def tone(seconds: float) -> np.ndarray:
    return (8000 * np.sin(np.arange(round(seconds * SOUND_RATE)) / 20) + 9000).astype("<i2")


def test_gaps_are_silences_that_are_long_enough():
    quiet, breath = np.zeros(SOUND_RATE, "<i2"), np.zeros(SOUND_RATE // 20, "<i2")
    sound = tone(0.5)
    pcm = np.concatenate([sound, breath, sound, quiet, sound]).tobytes()
    begin = 2 * len(sound) + len(breath)
    gap = Gap(begin, begin + SOUND_RATE)
    assert gaps(pcm) == [gap]
    assert gaps(quiet.tobytes()) == [Gap(0, SOUND_RATE)]
    assert gap_at([gap], begin - 1000) == gap
    assert gap_at([gap], begin + 1000) == gap
    assert gap_at([gap], begin - SOUND_RATE) is None
    assert gap_at([gap], gap.end) is None


def test_what_is_said_is_heard_at_once_and_again_after_a_wait():
    mouth = Mouth()
    aloud = Aloud(mouth)
    heard: list[bytes] = []
    aloud.outlets.append(heard.append)
    read = mouth.clip().read
    word = utterance("word", np.concatenate([np.zeros(300, "<i2"), tone(0.02)]).tobytes(), SOUND_RATE)
    blocks = [read(BLOCK)]
    mouth.say(word)
    mouth.say(word, wait=0.01)
    for _ in range(9):
        aloud(np.zeros(BLOCK, np.int16))
        blocks.append(read(BLOCK))
    first = Said("word", BLOCK, BLOCK + word.samples)
    assert mouth.said == [first, Said("word", first.end + BLOCK, first.end + BLOCK + word.samples)]
    assert word.samples == round(0.02 * SOUND_RATE)
    track = b"".join(block.tobytes() for block in blocks)
    assert track[2 * first.begin : 2 * first.end] == word.pcm
    assert b"".join(heard) == track[: 9 * BLOCK * 2]


def test_a_script_waits_for_the_recogniser_and_the_midst_of_a_sentence():
    said: list[tuple[float, Line]] = []

    def say(t: float, line: Line) -> float:
        said.append((t, line))
        return 0.5

    first, last = Line(1.0, ("one",)), Line(1.0, ("two",), answers=True)
    script = Script([first, last], say)
    text = "A sentence that is long enough to break into, in its midst."
    taught = [TutorState(0.0, "teaching"), TeachingContent(0.1, 1, 0, text, "lesson", (0, 0, 0, 0))]
    for event in [*taught, Heard(2.0, 1, 0, 30), SttReady(2.1, "ear"), Heard(2.2, 1, 0, 5)]:
        script(event)
    assert said == []
    script(Heard(2.3, 1, 0, 30))
    script(Heard(2.9, 1, 0, 35))
    assert said == [(2.3, first)]
    script(TutorState(3.0, "answering"))
    script(TeachingContent(3.0, 2, 0, text, "answer"))
    script(Heard(4.5, 2, 0, 30))
    script(Heard(6.5, 2, 0, 35))
    assert said[1:] == [(4.5, last), (6.5, last)]


def test_coverage_counts_words_lost_and_said_twice():
    course = load_course(shipped_courses(), "1")
    place = Place(0, 2, 1)
    words = sentence_at(course, place).text.split()
    whole = sentence_at(course, place).text
    cut = len(" ".join(words[:4]))
    begun = [TeachingContent(0.0, 1, 0, whole, "lesson", tuple(place)), TtsInterrupted(1.0, 1, 0, cut)]
    again = [TeachingContent(2.0, 2, 1, whole, "lesson", tuple(place)), Heard(3.0, 2, 1, len(whole), end=True)]
    assert coverage(begun, course) == Coverage(4, 0, 0)
    assert coverage([*begun, *again], course) == Coverage(len(words), 0, 4)
    after = Place(0, 2, 2)
    later = sentence_at(course, after).text
    skipped = [TeachingContent(2.0, 2, 0, later, "lesson", tuple(after)), Heard(3.0, 2, 0, len(later), end=True)]
    lost = coverage([*begun, *skipped], course)
    assert (lost.lost, lost.twice) == (len(words) - 4, 0)
    assert coverage([], course) == Coverage(0, 0, 0)

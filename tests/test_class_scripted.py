"""A whole class by the real command with the real engines: a scripted learner in a simulated room, `--fast`."""

import json
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import TypeVar

import numpy as np
import pytest
import soundfile
import soxr

from profai_cli.events import (
    AgentResponse,
    ClassComplete,
    Event,
    FinalTranscript,
    LessonResumed,
    TeachingContent,
    TtsHeld,
    TtsInterrupted,
    TtsResumed,
)
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, sentence_at
from profai_cli.pcm import SOUND_RATE
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.storage.event_log import read_events
from profai_cli.turns import lines
from tests.measuring import holes, lesson_words, voice_span
from tests.scripted import LEARNER_DBFS, Samples, at_48k, begin, cough, environment, finish, read_wav, said, write_wav
from tests.sounds import ONSETS, at_level, needs_recordings, recording, room

pytestmark = pytest.mark.xdist_group("scripted")

COUGH, QUESTION, SECOND, THIRD, STOP, GO_ON, NEXT, REST, QUIT = 4.0, 8.5, 30.0, 36.0, 57.0, 61.0, 67.0, 73.0, 76.5
"""When the learner makes himself heard, in seconds."""

SCRIPT = {
    QUESTION: "what is a dictionary",
    SECOND: "what is a variable",
    THIRD: "what is a list",
    STOP: "stop",
    GO_ON: "go on",
    NEXT: "next topic",
    REST: "stop",
    QUIT: "quit",
}
WORST_BARGE_IN = 0.15
"""Seconds of media time from the learner's voice to the tutor's last sample: the goal of the design."""

FADE = SOUND_RATE // 200

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Class:
    """A class that was held."""

    log: Path
    output: Path

    @property
    def events(self) -> list[Event]:
        return read_events(self.log)

    @property
    def speaker(self) -> Samples:
        return read_wav(self.output)

    def of(self, kind: type[E], begin: float = 0.0, end: float = float("inf")) -> list[E]:
        return [event for event in self.events if isinstance(event, kind) and begin <= event.t < end]

    def names(self, begin: float, end: float) -> list[str]:
        return [event.name for event in self.events if begin <= event.t < end]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scripted")


@pytest.fixture(scope="module")
def classes(folder: Path) -> tuple[Class, Class]:
    """The same class twice, at the same time."""
    options: list[object] = ["--room", write_wav(folder / "room.wav", response())]
    options += ["--input", f"{COUGH}:{write_wav(folder / 'cough.wav', cough())}"]
    for at, text in SCRIPT.items():
        options += ["--input", f"{at}:{write_wav(folder / f'{at}.wav', said(text))}"]
    held = [Class(folder / f"{n}.jsonl", folder / f"{n}.wav") for n in range(2)]
    running = [hold(folder / str(n), one, *options, "--minutes", 2) for n, one in enumerate(held)]
    for process in running:
        finish(process)
    return held[0], held[1]


@pytest.fixture(scope="module")
def held(classes: tuple[Class, Class]) -> Class:
    return classes[0]


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(shipped_courses(), "1")


def response() -> Samples:
    return np.rint(room(0.2, -12) * 32767).astype(np.int16)


def hold(folder: Path, to: Class, *options: object) -> "Popen[str]":
    """Begin a class on course 1."""
    command = ["class", "--course", 1, "--interactive", "--from-start", "--fast", "--plain"]
    return begin([*command, "--events", to.log, "--output", to.output, *options], environment(folder))


def follow(names: list[str], order: str) -> bool:
    """The names of `order` are among `names`, in this order."""
    rest = iter(names)
    return all(name in rest for name in order.split())


def silent(speaker: Samples, begin: float, end: float) -> bool:
    """Nothing leaves the speaker between two times, but for a fade at the begin."""
    return not speaker[round(begin * SOUND_RATE) + FADE : round(end * SOUND_RATE)].any()


def test_a_question_is_answered_from_the_course_and_the_lesson_goes_on(held: Class) -> None:
    assert follow(
        held.names(QUESTION, SECOND),
        "speech_started tts_held speech_confirmed partial_transcript tts_interrupted speech_ended final_transcript "
        "utterance_end agent_response teaching_content lesson_resumed teaching_content",
    )
    (question,) = held.of(FinalTranscript, QUESTION, SECOND)
    assert "dictionary" in question.text
    answer = held.of(AgentResponse, QUESTION, SECOND)
    assert "key" in " ".join(part.text for part in answer)
    assert answer[0].source == "Dictionaries"
    assert [part.done for part in answer].count(True) == 1
    said_aloud = [x.text for x in held.of(TeachingContent, QUESTION, SECOND) if x.kind == "answer"]
    assert said_aloud == [part.text for part in answer if part.text]


def test_the_lesson_goes_on_at_the_begin_of_the_cut_phrase(held: Class, course: Course) -> None:
    (cut,) = held.of(TtsInterrupted, QUESTION, SECOND)
    (resumed,) = held.of(LessonResumed, QUESTION, SECOND)
    before = held.of(TeachingContent, 0, QUESTION)[-1]
    assert (before.reply, before.sentence) == (cut.reply, cut.sentence)
    assert resumed.place[:3] == (before.place or ())[:3]
    sentence = sentence_at(course, Place(*resumed.place))
    phrase = max(n for n, start in enumerate(sentence.phrases) if start <= cut.char + 1)
    assert resumed.place[3] == phrase
    bridge, lesson = held.of(TeachingContent, resumed.t, SECOND)[:2]
    assert bridge.text == lines.BACK
    assert lesson.text == sentence.text[sentence.phrases[phrase] :]


@pytest.mark.parametrize("at", [QUESTION, SECOND, THIRD])
def test_the_tutor_is_silent_soon_after_the_learner_begins_until_it_answers(held: Class, at: float) -> None:
    onset = at + voice_span(said(SCRIPT[at]), SOUND_RATE)[0] / SOUND_RATE
    (stop, *_) = held.of(TtsHeld, at)
    assert onset <= stop.t <= onset + WORST_BARGE_IN
    answer = next(x for x in held.of(TeachingContent, at) if x.kind == "answer")
    assert silent(held.speaker, stop.t, answer.t - 0.01)
    assert held.speaker[round((stop.t - 0.05) * SOUND_RATE) : round(stop.t * SOUND_RATE)].any()


def test_after_a_cough_the_voice_goes_on_at_the_very_sample(held: Class, folder: Path) -> None:
    quiet = Class(folder / "quiet.jsonl", folder / "quiet.wav")
    finish(hold(folder / "quiet", quiet, "--minutes", QUESTION / 60))
    (stop,) = held.of(TtsHeld, COUGH, QUESTION)
    (go_on,) = held.of(TtsResumed, COUGH, QUESTION)
    (hole,) = holes(held.speaker[: round(QUESTION * SOUND_RATE)], quiet.speaker)
    assert hole.exact
    assert hole.length == round((go_on.t - stop.t) * SOUND_RATE)
    assert 0 < hole.length <= 0.6 * SOUND_RATE


def test_an_answer_is_interrupted_by_another_question(held: Class) -> None:
    cut = next(x for x in held.of(TtsInterrupted, THIRD))
    first = held.of(AgentResponse, SECOND, THIRD)[0]
    second = held.of(AgentResponse, THIRD, STOP)[0]
    assert cut.reply == first.reply < second.reply
    assert (first.source, second.source) == ("Variables, names for values", "Lists")
    assert not [x for x in held.of(TeachingContent, cut.t) if x.reply == cut.reply]
    assert held.of(LessonResumed, SECOND, THIRD) == []
    assert len(held.of(LessonResumed, THIRD, STOP)) == 1


def test_stop_holds_the_lesson_and_go_on_lets_it_go_on(held: Class) -> None:
    (stop,) = held.of(TtsHeld, STOP, GO_ON)
    (go_on,) = held.of(TtsResumed, STOP, NEXT)
    assert go_on.t > GO_ON
    assert (stop.reply, stop.hold) == (go_on.reply, go_on.hold)
    assert silent(held.speaker, stop.t, go_on.t - 0.01)
    assert held.of(TtsInterrupted, STOP, NEXT) == []


def test_next_topic_and_quit_are_obeyed(held: Class) -> None:
    (resumed,) = held.of(LessonResumed, NEXT)
    assert resumed.place == (0, 1, 0, 0)
    assert held.of(TeachingContent, QUIT)[-1].text == lines.GOODBYE
    assert [x.reason for x in held.of(ClassComplete)] == ["quit"]
    assert held.events[-1].name == "class_complete"


def test_no_word_of_the_lesson_is_lost_and_only_cut_phrases_come_twice(held: Class, course: Course) -> None:
    words = lesson_words([x for x in held.events if x.t < NEXT], course)
    assert words.count > 30
    assert (words.lost, words.strays) == ((), ())


def test_two_runs_give_the_same_bytes(classes: tuple[Class, Class]) -> None:
    first, second = (one.log.read_bytes().split(b"\n", 1) for one in classes)
    assert json.loads(first[0])["event"] == "class_starting"
    assert first[1] == second[1]
    assert classes[0].output.read_bytes() == classes[1].output.read_bytes()


def test_the_log_replays_to_the_same_decisions(held: Class, folder: Path) -> None:
    assert "All decisions are the same" in finish(begin(["replay", held.log], environment(folder)))


ASKED_AT, MINUTES = 3.0, 0.11

FORMATS = {
    "8 bit, 16 kHz, mono": ("PCM_U8", 16_000, 1),
    "24 bit, 44.1 kHz, stereo": ("PCM_24", 44_100, 2),
    "float, 48 kHz, stereo": ("FLOAT", 48_000, 2),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_question_in_any_kind_of_wav_gets_the_same_answer(folder: Path, kind: str) -> None:
    subtype, rate, channels = FORMATS[kind]
    path = folder / f"{subtype}.wav"
    question = soxr.resample(said(SCRIPT[QUESTION]) / 32768, SOUND_RATE, rate)
    soundfile.write(path, np.repeat(question[:, None], channels, axis=1), rate, subtype)
    held = Class(folder / f"{subtype}.jsonl", folder / f"{subtype}-out.wav")
    finish(hold(folder / "0", held, "--input", f"{ASKED_AT}:{path}", "--minutes", MINUTES))
    answer = held.of(AgentResponse)[0]
    assert answer.source == "Dictionaries"
    assert answer.text.endswith("A dictionary stores pairs of a key and a value.")


@needs_recordings
@pytest.mark.parametrize("name", ["jfk", "austen_0880"])
def test_a_person_who_speaks_over_the_tutor_has_the_floor(folder: Path, name: str) -> None:
    at, seconds = 7.0, 2.0
    person = at_48k(at_level(recording(name, ONSETS[name], ONSETS[name] + seconds), LEARNER_DBFS))
    options = ["--room", write_wav(folder / "room.wav", response()), "--minutes", 0.23]
    options += ["--input", f"{at}:{write_wav(folder / f'{name}.wav', person)}"]
    held = Class(folder / f"{name}.jsonl", folder / f"{name}-out.wav")
    finish(hold(folder / "0", held, *options))
    assert follow(held.names(at, 14), "tts_held tts_interrupted speech_ended final_transcript agent_response")
    stop = held.of(TtsHeld)[0]
    assert at <= stop.t <= at + WORST_BARGE_IN
    assert silent(held.speaker, stop.t, at + seconds)

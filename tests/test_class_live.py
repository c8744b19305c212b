"""The real command in real time: on a virtual sound card, killed, and with engines that are killed."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from profai_cli.events import (
    AgentResponse,
    AudioGenerationComplete,
    AudioGenerationStarted,
    ClassComplete,
    CourseInfo,
    Error,
    FinalTranscript,
    Heard,
    LessonResumed,
    SpeechStarted,
    SttReady,
    TeachingContent,
    TtsHeld,
    TtsResumed,
)
from profai_cli.pcm import SOUND_RATE
from profai_cli.storage.event_log import read_events
from tests.live import Live, alive, needs_proc, until
from tests.measuring import find, last_sample, voice_span
from tests.rig import MISSING, Rig
from tests.scripted import begin, cough, finish, read_wav, said, write_wav
from tests.terminal import Terminal, needs_pty

pytestmark = [pytest.mark.xdist_group("card"), needs_proc]

QUESTION = "can you please tell me, what is a kiwi"
LONG = 4
"""From this sentence on the lesson has no short ones."""
SETTLED = 6.0
"""Seconds after which the echo canceller knows the room."""

VOICE, EAR = "tts.", "stt."


@pytest.fixture
def rig() -> Iterator[Rig]:
    """Before `env`, so that the command finds the card."""
    with Rig(echo_ms=30, echo_db=-12) as rig:
        yield rig


@pytest.mark.slow
@pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}")
def test_on_a_sound_card_a_cough_holds_a_question_is_answered_and_ctrl_c_ends_the_class(
    rig: Rig, log: Path, class_: list[object], env: dict[str, str]
) -> None:
    question = said(QUESTION)
    with rig.recording() as recorded, Live(log, [*class_, "--interactive"], env) as live:
        live.wait(SttReady)
        live.wait(Heard, SETTLED, lambda x: x.char > 10)
        rig.say(cough()).wait()
        stop = live.wait(TtsHeld)
        go_on = live.wait(TtsResumed)
        assert go_on.hold == stop.hold
        live.wait(Heard, go_on.t, lambda x: x.sentence >= LONG and 10 < x.char < 50)
        asked = recorded.length
        rig.say(question).wait()
        stop = live.wait(TtsHeld, go_on.t + 0.1)
        final = live.wait(FinalTranscript, stop.t)
        answer = live.wait(AgentResponse, final.t)
        resumed = live.wait(LessonResumed, answer.t)
        live.wait(Heard, resumed.t + 0.5)
        workers = live.children()
        live.process.send_signal(signal.SIGINT)
        assert live.ends() == 130
        assert live.errors == ""
        assert alive(workers) == []
        assert live.of(ClassComplete)[0].reason == "stopped"
    assert len(workers) == 2
    assert "kiwi" in final.text
    assert answer.text
    onset = find(recorded.microphone, question, asked, asked + 3 * SOUND_RATE) + voice_span(question, SOUND_RATE)[0]
    assert recorded.speaker[onset - SOUND_RATE // 4 : onset].any()
    end = last_sample(recorded.speaker, onset)
    print(f"the tutor's last sample came {1000 * (end - onset) / SOUND_RATE:.0f} ms after the learner's first one")
    assert end < onset + len(question)


def test_a_kill_in_mid_sentence_loses_no_more_than_that_sentence(
    tmp_path: Path, log: Path, class_: list[object], env: dict[str, str]
) -> None:
    output = tmp_path / "out.wav"
    with Live(log, [*class_, "--output", output], env) as live:
        live.wait(Heard, such=lambda x: x.sentence == 2 and x.char > 20)
        workers = live.children()
        live.process.kill()
        live.ends()
        until(lambda: not alive(workers), "the end of the engines' processes")
    assert len(workers) == 1
    place = live.of(TeachingContent)[-1].place
    assert place
    recorded = read_wav(output)
    assert abs(len(recorded) / SOUND_RATE - live.events[-1].t) < 1
    assert recorded.any()
    info = _begin_again(log, class_, env)
    assert (info.module, info.topic, info.sentence) == place[:3]


@pytest.mark.slow
def test_the_class_survives_the_death_of_an_engine_and_a_voice_that_dies_twice_is_one_sentence(
    tmp_path: Path, log: Path, class_: list[object], env: dict[str, str]
) -> None:
    asked = 9.0  # in the sentence after the one whose making is disturbed
    question = write_wav(tmp_path / "question.wav", said("what is a kiwi"))
    options = ["--interactive", "--input", f"{asked}:{question}"]
    with Live(log, [*class_, *options], env) as live:
        cut = _kill_while_it_makes_sound(live)
        whole = live.wait(Heard, such=lambda x: (x.reply, x.sentence) == (cut.reply, cut.sentence) and x.end)
        content = live.wait(TeachingContent, such=lambda x: (x.reply, x.sentence) == (cut.reply, cut.sentence))
        assert whole.char == len(content.text)
        live.wait(SpeechStarted, asked)
        os.kill(live.worker(EAR), signal.SIGKILL)
        assert "kiwi" in live.wait(FinalTranscript, asked).text
        answer = live.wait(AgentResponse, asked)
        assert answer.text == "In this lesson: A kiwi is a small brown berry."
        live.wait(LessonResumed, answer.t)
        os.kill(live.worker(VOICE), signal.SIGKILL)
        live.wait(Error, answer.t)
        assert live.ends() == 3
        assert re.fullmatch(r"profai: The voice .+ has stopped: choose another one with --tts\.\n", live.errors)
        assert live.of(ClassComplete)[0].reason == "failed"
    info = _begin_again(log, class_, env)
    assert info.sentence == live.of(LessonResumed)[-1].place[2]


@needs_pty
def test_without_any_device_there_are_captions_at_speaking_pace_and_typed_questions(
    log: Path, class_: list[object], env: dict[str, str]
) -> None:
    env["PULSE_SERVER"] = "unix:/nowhere"
    if finish(begin(["devices"], env)).count("none") < 2:
        pytest.skip("this machine has sound devices that cannot be hidden")
    with Terminal([*class_, "--interactive", "--events", log], env) as terminal:
        terminal.wait("No speaker was found: plug one in. Until then the class has captions.")
        terminal.wait("No microphone was found: plug one in. Until then you can type.")
        terminal.wait("tutor: A kiwi is a small brown berry.")
        terminal.press("what is a kiwi\n")
        terminal.wait("answer: In this lesson: A kiwi is a small brown berry.")
        terminal.press("quit\n")
        assert terminal.ends() == 0
    texts = {(x.reply, x.sentence): x for x in read_events(log) if isinstance(x, TeachingContent)}
    ends = [x for x in read_events(log) if isinstance(x, Heard) and x.end]
    paces = [len(texts[x.reply, x.sentence].text) / (x.t - texts[x.reply, x.sentence].t) for x in ends]
    assert len(paces) > 1
    assert all(5 < pace < 30 for pace in paces), "characters a second"


def _kill_while_it_makes_sound(live: Live) -> AudioGenerationStarted:
    """Kill the voice's process in the middle of a sentence, which is returned: stopped first, so that it takes long."""
    live.wait(Heard)
    voice = live.worker(VOICE)
    os.kill(voice, signal.SIGSTOP)
    made = [(x.reply, x.sentence) for x in live.of(AudioGenerationComplete)]
    begun = live.wait(AudioGenerationStarted, such=lambda x: (x.reply, x.sentence) not in made)
    os.kill(voice, signal.SIGKILL)
    return begun


def _begin_again(log: Path, class_: list[object], env: dict[str, str]) -> CourseInfo:
    """Where the next class of this learner begins."""
    again = log.with_suffix(".again")
    finish(begin([*class_, "--fast", "--minutes", 0.01, "--events", again], env))
    return next(x for x in read_events(again) if isinstance(x, CourseInfo))

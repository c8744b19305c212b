"""Plain lines: one an event, stable, harmless."""

import re
import subprocess
import sys
from dataclasses import fields

import pytest

from profai_cli import events as ev
from profai_cli.ports import Evidence, Frame
from profai_cli.ui.hearing_lines import HearingLines
from profai_cli.ui.hearing_tally import Tally
from profai_cli.ui.keys import KEYS
from profai_cli.ui.plain import ORDERS, PlainLines

CLASS = [
    ev.ClassStarting(0.0, "0.1", "2026-11-22", True, "Built-in", ""),
    ev.InteractiveModeStarting(0.0),
    ev.CourseInfo(0.0, "1", "Python basics", "en", "f", 2, 5, 0, 1, 3, 0),
    ev.Decision(0.0, {"command": "speak", "reply": 1}),
    ev.TutorState(0.0, "teaching"),
    ev.SttReady(0.2, "sphinx"),
    ev.TtsReady(0.2, "espeak"),
    ev.AgentReady(0.2, "OpenAI"),
    ev.AudioGenerationStarted(0.0, 1, 0, "espeak"),
    ev.AudioChunk(0.0, 1, 0, 0.0, 1.0),
    ev.TeachingContent(0.5, 1, 0, "A loop repeats its body as often as its condition says.", "lesson", (0, 1, 3, 0)),
    ev.EchoMeasured(0.6, 0.0, -41.0, False),
    ev.Heard(0.8, 1, 0, 6),
    ev.SpeechStarted(1.0, 1),
    ev.TtsHeld(1.01, 1, 1, 0, 0),
    ev.SpeechEnded(1.2, 0.2),
    ev.TtsResumed(1.3, 1, 1),
    ev.EchoMeasured(1.4, 31.6, -38.2, True),
    ev.EchoMeasured(1.9, 32.6, -38.2, True),
    ev.TtsHeld(2.0, 1, 2, 0, 35),
    ev.PartialTranscript(2.5, "what is"),
    ev.TtsInterrupted(2.6, 1, 0, 35),
    ev.FinalTranscript(123.456, "what is a condition"),
    ev.FinalTranscript(123.456, ""),
    ev.TutorState(123.5, "thinking"),
    ev.AgentResponse(124.0, 2, "It is true or false.", "Loops"),
    ev.AgentResponse(124.0, 2, "", done=True),
    ev.TeachingContent(124.1, 2, 0, "It is true or false.", "answer"),
    ev.ReplyFinished(126.0, 2),
    ev.LessonResumed(127.0, 3, (0, 1, 3, 1)),
    ev.TeachingContent(127.1, 3, 0, "Back to the lesson.", "bridge"),
    ev.Control(128.0, "pause"),
    ev.TutorState(128.0, "paused"),
    ev.Control(128.0, "faster"),
    ev.Control(128.0, "time"),
    ev.Error(129.0, "sphinx", "It stopped."),
    ev.Error(129.0, "ElevenLabs", "ElevenLabs is busy."),
    ev.SttFailed(129.0, "Deepgram", "Deepgram is busy."),
    ev.Metrics(129.0, "gap_ms", 1.0),
    ev.Metrics(129.1, "sound_faults_count", 1),
    ev.Metrics(129.2, "sound_faults_count", 9),
    ev.Metrics(129.3, "sound_faults_count", 12),
    ev.DeviceLost(129.4, "microphone", "USB", "USB is gone: plug it in again."),
    ev.DeviceReady(129.5, "microphone", "Built-in"),
    ev.MicrophoneMuted(129.6, True),
    ev.MicrophoneMuted(129.7, False),
    ev.VoiceTuned(129.8, 1.25, 0.8),
    ev.LessonMoved(129.9, "A list is a row.", (1, 0, 0, 0)),
    ev.Metrics(129.9, "barge_in_ms", 62.4, 2),
    ev.Metrics(129.9, "end_to_end_ms", 912.4, 2),
    ev.InputEnded(130.0),
    ev.ClassComplete(1234.5, "quit"),
]

LINES = """\
class: microphone Built-in, speaker none
recogniser: loading
course: Python basics, module 1, topic 2, sentence 4
recogniser: sphinx
voice: espeak
answers: OpenAI
tutor: A loop repeats its body as often as its condition says.
echo: learning the room
held: before the first word
resumed: the tutor goes on
echo: is cancelled
held: after "… repeats its body as often as"
interrupted: after "… repeats its body as often as"
you: what is a condition
state: thinking
answer: It is true or false. (from Loops)
lesson: goes on at module 1, topic 2, sentence 4
tutor: Back to the lesson.
key: pause
state: paused
key: speak faster
error: sphinx: It stopped.
error: ElevenLabs is busy.
error: Deepgram is busy.
sound: The sound was interrupted 9 times: close other programs, or run 'profai doctor'.
device: USB is gone: plug it in again.
device: microphone Built-in
microphone: muted
microphone: on
voice: speed 1.25, volume 80%
lesson: moved to module 2, topic 1, sentence 1: A list is a row.
answered: after 0.9 seconds
input: ended
over: you quit
"""


def lines(events, **options):
    written = []
    reader = PlainLines(written.append, **options)
    for event in events:
        reader(event)
    return written


def test_a_class_as_plain_lines():
    assert "".join(f"{line}\n" for line in lines(CLASS)) == LINES


def test_verbose_shows_every_event_on_a_line_of_its_own():
    written = lines(CLASS, verbose=True)
    assert len(written) == len(CLASS)
    assert "heard: reply=1 sentence=0 char=6 end=False" in written
    assert "decision: command={'command': 'speak', 'reply': 1}" in written


@pytest.mark.parametrize("line", lines(CLASS))
def test_a_line_is_a_name_and_words_without_signs(line):
    assert re.match(r"[a-z]+: \S", line)
    assert not set(line) & set("_[]{}=<>|*")


def asked(action, *events):
    written = []
    reader = PlainLines(written.append)
    for event in events:
        reader(event)
    written.clear()
    reader.look(action)
    return written


def test_the_help_of_plain_lines_has_every_key_that_is_typed_as_a_line():
    written = asked("help")
    keys = [line for line in written if line.startswith("key: ")]
    assert keys == [f"key: {x.label} and Enter, {x.words}" for x in KEYS if x.label in "mrnp+-f?q"]
    assert written[-1] == f"orders: {ORDERS}"


def test_the_figures_of_plain_lines_are_the_newest_turn_s():
    assert asked("figures") == ["figure: no turn was measured yet", "gaps: 0"]
    assert asked("figures", *CLASS) == [
        "figure: barge-in, 62 milliseconds, your voice to the tutor's silence",
        "figure: end to end, 912 milliseconds, your silence to the answer's sound",
        "echo: -38 dBFS at the microphone, 33 dB of it taken away",
        "gaps: 12",
    ]


def speaking(t, judge=0.9):
    return Frame(t, b"", 0, evidence=Evidence(-30.0, -50.0, -70.0, detector=True, vote=False, judge=judge))


def test_who_speaks_while_muted_is_told_once_a_while():
    written = []
    reader = PlainLines(written.append)
    for block in range(200):
        reader.watch(speaking(block / 100))
    assert written == []
    reader(ev.MicrophoneMuted(2.0, True))
    for block in range(200, 239):
        reader.watch(speaking(block / 100))
    reader.watch(speaking(2.39, judge=0.1))  # a cough ends before a word does
    reader.watch(Frame(2.4, b"", 0))
    assert written == ["microphone: muted"]
    for block in range(241, 1241):
        reader.watch(speaking(block / 100))
    assert written == ["microphone: muted", "microphone: you are muted: type m and Enter"]
    for block in range(2000, 2100):
        reader.watch(speaking(block / 100))
    assert len(written) == 3


def test_what_listen_says_of_gaps_and_devices():
    written = []
    reader = HearingLines(written.append)
    for event in (
        *(ev.Metrics(1.0, "sound_faults_count", count) for count in range(1, 12)),
        ev.DeviceLost(2.0, "microphone", "USB", "USB is gone: plug it in again."),
        ev.DeviceReady(3.0, "microphone", "Built-in"),
    ):
        reader(event)
    assert written == [
        "[   1.00] error       The sound was interrupted 3 times: close other programs, or run 'profai doctor'.",
        "[   2.00] error       USB is gone: plug it in again.",
        "[   3.00] microphone  Built-in",
    ]
    tally = Tally(None)
    tally.watch(Frame(1.0, b"", 0, faults=11))
    assert "The sound was interrupted 11 times: close other programs, or run 'profai doctor'." in tally.lines()


def test_a_check_question_and_its_judgement_have_lines_of_their_own():
    judged = ev.CheckJudged(9.0, 3, (0, 0, 0), "What is it?", "a loop", "partly", (0, 0, 1, 0), "course search")
    assert lines([ev.TeachingContent(7.0, 2, 0, "What is it?", "check"), judged]) == [
        "question: What is it?",
        "judged: partly right",
    ]


def sample(kind):
    """An event of any kind whose every text is hostile."""
    plain_types = {str: "a\x1b[2J\nb\u202e", int: 1, float: 1.0, bool: False}
    values = {f.name: plain_types.get(f.type, "\x1b[31m") for f in fields(kind)[1:]}
    if "place" in values:
        values["place"] = (0, 1, 2, 3)
    if "verdict" in values:
        values["verdict"] = "right"
    if "command" in values:
        values["command"] = {"command": "speak", "text": "\x1b[2J\n"}
    return kind(1.0, **values)


@pytest.mark.parametrize("kind", list(ev.EVENTS.values()), ids=lambda kind: kind.name)
def test_no_event_can_break_a_line_or_carry_an_escape_code(kind):
    (line,) = lines([sample(kind)], verbose=True)
    assert line.isprintable()
    assert re.match(r"[a-z_]+:( \S|$)", line)


def test_plain_lines_load_no_rich_and_no_engine():
    code = "import sys, profai_cli.ui.plain; print(*sorted({'rich', 'asyncio', 'numpy'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""

"""The live screen at fixed sizes, state by state, and what stays on the terminal after it."""

import io

import pytest
from rich.console import Console

from profai_cli import events as ev
from profai_cli.ui.model import Line, Model
from profai_cli.ui.screen import Screen
from profai_cli.ui.view import Outline, picture, sentence

OUTLINE = (Outline("First steps", ("Values", "Loops")), Outline("More", ("Functions", "Files", "Tests")))
LONG = (
    "A loop repeats its body as long as its condition holds, which is why a condition that never changes "
    "makes a program hang for ever."
)
BEGIN = [
    ev.CourseInfo(0.0, "1", "Python basics", "en", "f", 2, 5, 0, 1, 3, 0),
    ev.SttReady(0.1, "sphinx"),
    ev.TtsReady(0.2, "espeak"),
    ev.AgentReady(0.2, "OpenAI"),
    ev.TutorState(0.2, "teaching"),
    ev.TeachingContent(61.5, 1, 0, LONG, "lesson", (0, 1, 3, 0)),
    ev.Heard(62.0, 1, 0, 6),
]


def terminal(width=60, height=16, **options):
    options = {"color_system": None, "legacy_windows": False, "force_terminal": True} | options
    return Console(width=width, height=height, file=io.StringIO(), **options)


def shown(events, *, width=60, height=16, outline=OUTLINE, levels=(-30.0, -7.0), typed=""):
    model = Model()
    for event in events:
        model(event)
    console = terminal(width, height)
    text = picture(model, console, outline, levels, typed)
    console.print(text)
    rows = console.file.getvalue().splitlines()
    assert len(rows) < height
    assert [row.rstrip() for row in rows] == [row.rstrip() for row in text.plain.split("\n")]
    return "\n".join(row.rstrip() for row in rows)


LOST = ev.DeviceLost(63.0, "microphone", "USB", "USB is gone.")

FRAME = """\
Python basics                                           1:02
20% | 1 First steps | 1.2 Loops

A loop repeats its body as long as its condition holds,
which is why a condition that never changes makes a program
hang for ever.




you:{you}
{state:<10}  microphone ■■■■····  voice ■■■■■■■·
ear: sphinx, voice: espeak, answers: OpenAI{fault}
say: stop · pause · go on · repeat · next topic · quit, or
type a question"""

HELD = [ev.SpeechStarted(62.1, 1), ev.TtsHeld(62.1, 1, 1, 0, 6), ev.TutorState(62.1, "held")]
CUT = [
    *HELD,
    ev.PartialTranscript(62.4, "what is a"),
    ev.TtsInterrupted(62.4, 1, 0, 6),
    ev.TutorState(62.4, "listening"),
]
ASKED = [*CUT, ev.FinalTranscript(62.8, "what is a loop"), ev.TutorState(62.8, "thinking")]


@pytest.mark.parametrize(
    ("events", "you", "state", "fault"),
    [
        ([], "", "teaching", ""),
        (HELD, "", "held", ""),
        ([*HELD, ev.TtsResumed(62.3, 1, 1), ev.TutorState(62.3, "teaching")], "", "teaching", ""),
        (CUT, " what is a", "listening", ""),
        (ASKED, " what is a loop", "thinking", ""),
        ([*HELD, ev.TutorState(62.5, "paused")], "", "paused", ""),
        ([ev.Error(62.5, "espeak", "It \x1b[31mfailed.")], "", "teaching", "  It failed."),
    ],
    ids=["teaching", "held", "resumed", "listening", "thinking", "paused", "fault"],
)
def test_the_screen_of_60_by_16_in_each_state(events, you, state, fault):
    assert shown([*BEGIN, *events]) == FRAME.format(you=you, state=state, fault=fault)


def test_an_answer():
    answer = [ev.TeachingContent(63.9, 2, 0, "It repeats.", "answer"), ev.TutorState(63.9, "answering")]
    rows = shown([*BEGIN, *ASKED, *answer]).splitlines()
    assert rows[3:5] == ["It repeats.", ""]
    assert rows[10] == "you: what is a loop"
    assert rows[11].startswith("answering ")


def test_the_screen_of_200_by_60():
    rows = shown(BEGIN, width=200, height=60).splitlines()
    assert rows[0] == "Python basics" + " " * 183 + "1:02"
    assert rows[3] == LONG
    assert rows[-1] == "say: stop · pause · go on · repeat · next topic · quit, or type a question"
    assert len(rows) == 14


def test_before_the_first_event_and_without_an_outline():
    rows = shown([], outline=()).splitlines()
    assert rows[0] == "profai" + " " * 50 + "0:00"
    assert rows[11].startswith("starting ")
    assert rows[12] == "ear: none, voice: none, answers: none"
    assert shown(BEGIN, outline=()).splitlines()[1] == "module 1 of 2, topic 2, sentence 4"


def test_a_long_sentence_is_shown_around_the_word_that_sounds():
    text = " ".join(f"word{n:03}" for n in range(200))
    begin = [ev.TeachingContent(1.0, 1, 0, text, "lesson", (0, 0, 0, 0))]
    first = shown(begin).splitlines()[3:9]
    assert first[0].startswith("word000")
    middle = shown([*begin, ev.Heard(2.0, 1, 0, text.index("word100"))]).splitlines()[3:9]
    assert any("word100" in row for row in middle)
    last = shown([*begin, ev.Heard(2.0, 1, 0, len(text), end=True)]).splitlines()[3:9]
    assert last[-1].endswith("word199")


def test_long_words_of_the_learner_show_their_end():
    row = shown([*BEGIN, ev.PartialTranscript(63.0, "well " * 30 + "so what")]).splitlines()[10]
    assert row.startswith("you: ")
    assert row.endswith("so what")


def test_what_is_typed_is_shown():
    assert shown(BEGIN, typed="why [bold]so").splitlines()[10] == "type: why [bold]so"


def test_meters_at_their_ends():
    assert "microphone ········  voice ■■■■■■■■" in shown(BEGIN, levels=(-120.0, 3.0))


KNOWN = ev.EchoMeasured(63.0, 31.6, -38.2, True)
LEARNING = ev.EchoMeasured(62.0, 0.0, -41.0, False)
GAPS = ev.Metrics(63.0, "sound_faults_count", 12)
METERS = "teaching    microphone ■■■■····  voice ■■■■■■■·"


@pytest.mark.parametrize(
    ("events", "width", "status"),
    [
        ([LEARNING], 80, f"{METERS}  learning the room"),
        ([LEARNING, KNOWN], 80, f"{METERS}  echo -32 dB of -38 dBFS"),
        ([LEARNING, KNOWN], 60, f"{METERS}  echo -32 dB"),
        ([KNOWN, LEARNING], 80, f"{METERS}  learning the room"),
        ([GAPS], 80, f"{METERS}  gaps 12"),
        ([GAPS, KNOWN], 80, f"{METERS}  gaps 12  echo -32 dB"),
        ([GAPS, KNOWN], 60, f"{METERS}  gaps 12"),
        ([GAPS, LEARNING], 60, f"{METERS}  gaps 12"),
        ([KNOWN, LOST, LEARNING], 80, "teaching    microphone missing   voice ■■■■■■■·"),
        ([KNOWN, LOST, ev.DeviceReady(64.0, "microphone", "Built-in")], 80, f"{METERS}  echo -32 dB of -38 dBFS"),
        ([ev.DeviceLost(63.0, "speaker", "HDMI", "Gone.")], 80, "teaching    microphone ■■■■····  voice missing"),
    ],
)
def test_the_status_line_says_what_the_ears_know(events, width, status):
    assert shown([*BEGIN, *events], width=width).splitlines()[11] == status


@pytest.mark.parametrize("size", [(1, 1), (8, 3), (20, 5), (30, 100)])
def test_no_size_breaks_the_picture(size):
    model = Model()
    for event in [*BEGIN, *ASKED]:
        model(event)
    rows = picture(model, terminal(*size), OUTLINE, (-30.0, -7.0), "").plain.split("\n")
    assert all(len(row) <= size[0] for row in rows)


def test_a_terminal_without_unicode_gets_ascii():
    model = Model()
    for event in BEGIN:
        model(event)
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = Console(width=60, height=16, file=file, color_system=None)
    console.print(picture(model, console, OUTLINE, (-30.0, -7.0), ""))
    file.flush()
    assert b"####....  " in file.buffer.getvalue()


@pytest.mark.parametrize(
    ("heard", "dim", "marked"),
    [
        (0, "", "One"),
        (2, "", "One"),
        (3, "One ", "two"),
        (4, "One ", "two"),
        (7, "One two ", "three."),
        (14, "One two three.", ""),
    ],
)
def test_heard_words_are_dim_and_the_next_is_marked(heard, dim, marked):
    text = sentence(Line(1, 0, "One two three.", "lesson", heard=heard))
    by_style = {str(span.style): text.plain[span.start : span.end] for span in text.spans}
    assert by_style.get("dim", "") == dim
    assert by_style.get("bold reverse", "") == marked


# --- the live screen -------------------------------------------------------------------------------


def test_questions_answers_and_faults_stay_on_the_terminal_and_the_cursor_comes_back():
    console = terminal()
    screen = Screen(console, OUTLINE)
    screen.start()
    hostile = [
        ev.AgentResponse(63.0, 2, "It [red]repeats\x1b]0;x\x07.", "Loops"),
        ev.TeachingContent(63.1, 2, 0, "It [red]repeats\x1b]0;x\x07.", "answer"),
        ev.Error(64.0, "x", "A fault\x1b[2J."),
        *(ev.Metrics(64.0, "sound_faults_count", count) for count in range(1, 13)),
        LOST,
        ev.DeviceReady(65.0, "microphone", "Built\x1b[2J-in"),
    ]
    for event in [*BEGIN, *ASKED, *hostile]:
        screen(event)
    screen.levels(-20.0, -20.0)
    screen.typing("wh\x1b[2Jy")
    screen.stop()
    screen.stop()
    written = console.file.getvalue()
    assert "you: what is a loop\n" in written
    assert "tutor: It [red]repeats. (Loops)\n" in written
    assert "A fault.\n" in written
    assert written.count("The sound was interrupted") == 2
    assert "The sound was interrupted 10 times: close" in written
    assert "USB is gone.\nmicrophone: Built-in\n" in written
    assert "\x1b]0;" not in written
    assert written.index("\x1b[?25l") < written.rindex("\x1b[?25h")
    assert "\x1b[?25l" not in written[written.rindex("\x1b[?25h") :]


def test_events_alone_draw_nothing_and_a_frame_shows_the_newest():
    console = terminal()
    screen = Screen(console, OUTLINE)
    for event in BEGIN:
        screen(event)
    for char in range(len(LONG)):
        screen(ev.Heard(63.0, 1, 0, char))
    assert console.file.getvalue() == ""
    screen.start()
    screen.draw()
    screen.stop()
    assert "20% | 1 First steps | 1.2 Loops" in console.file.getvalue()


def test_no_colour_is_used_where_none_is_wanted():
    model = Model()
    for event in [*BEGIN, ev.Error(62.5, "espeak", "It failed.")]:
        model(event)
    written = []
    for no_color in (False, True):
        console = terminal(color_system="standard", no_color=no_color)
        console.print(picture(model, console, OUTLINE, (-30.0, -7.0), ""))
        written.append(console.file.getvalue())
    assert "\x1b[31m" in written[0]
    assert not any(f"{code}m" in written[1] for code in ("[31", ";31", "[32", ";32"))
    assert "It failed." in written[1]

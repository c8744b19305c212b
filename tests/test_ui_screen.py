"""The live screen: what it takes and draws, what stays on the terminal after it, and what does not come to it."""

import io
from contextlib import ExitStack

import pytest
from rich.console import Console

from profai_cli import events as ev
from profai_cli.ports import Evidence, Frame
from profai_cli.ui.screen import Screen
from tests.scenes import ANSWERING, BEGIN, COURSE, JUDGED, LARGE, SENTENCES, SMALL, THINKING, TOLD, terminal

HARMFUL = ("\x1b[2J", "\x1b]0;", "\x1b[31m[", "owned")


@pytest.fixture
def console():
    return terminal(*SMALL)


def written(console):
    return console.file.getvalue()


@pytest.fixture
def drawing():
    """Makes screens that have the terminal, but no thread: frames are drawn when the test says so."""
    with ExitStack() as stack:

        def make(console):
            screen = Screen(console, COURSE)
            screen._region.start()
            stack.callback(screen._region.stop)
            return screen

        yield make


def test_questions_answers_and_faults_stay_on_the_terminal_and_the_cursor_comes_back(console):
    screen = Screen(console, COURSE)
    screen.start()
    for event in [
        *ANSWERING,
        ev.Error(66.0, "x", "A fault\x1b[2J."),
        *(ev.Metrics(66.0, "sound_faults_count", count) for count in range(1, 13)),
        ev.DeviceLost(67.0, "microphone", "USB", "USB is gone."),
        ev.DeviceReady(68.0, "microphone", "Built\x1b[2J-in"),
    ]:
        screen(event)
    screen.note(68.0, "note", "of [red]something\x1b[2J")
    screen.typing("wh\x1b[2Jy")
    screen.stop()
    screen.stop()
    out = written(console)
    assert "you: what is [red]a loop\n" in out
    assert "tutor: It repeats [blink]lines. (Loops)\n" in out
    assert "A fault.\n" in out
    assert out.count("The sound was interrupted 3 times") == 1
    assert "USB is gone.\n" in out
    assert "microphone: Built-in\n" in out
    assert "note: of [red]something\n" in out
    assert not [code for code in HARMFUL if code in out]
    assert out.index("\x1b[?25l") < out.rindex("\x1b[?25h")
    assert "\x1b[?25l" not in out[out.rindex("\x1b[?25h") :]


def test_it_can_be_stopped_and_started_again(console):
    screen = Screen(console, COURSE)
    screen.start()
    screen.stop()
    before = len(written(console))
    for event in THINKING:
        screen(event)
    screen.start()
    screen.stop()
    assert "you: what is [red]a loop\n" in written(console)[before:]
    assert written(console).endswith("\x1b[?25h")


def test_events_alone_draw_nothing_however_many_come(console, drawing):
    screen = drawing(console)
    for event in BEGIN:
        screen(event)
    screen.draw()
    before = written(console)
    for n in range(10_000):
        screen(ev.Heard(63.0, 1, 0, n % len(SENTENCES[1].text)))
        screen(ev.PartialTranscript(63.0, f"word {n}"))
        screen.watch(Frame(63.0, b"", 0, microphone_dbfs=-20.0, speaker_dbfs=-20.0))
    assert (screen.frames, written(console)) == (1, before)
    screen.draw()
    assert screen.frames == 2
    assert "word 9999" in written(console)
    assert "word 9998" not in written(console)


def test_a_frame_writes_only_the_rows_that_are_new(console, drawing):
    screen = drawing(console)
    for event in BEGIN:
        screen(event)
    screen.draw()
    begin = len(written(console))
    screen.draw()
    assert written(console)[begin:] == ""
    screen(ev.Heard(63.0, 1, 0, 20))
    screen.draw()
    new = written(console)[begin:]
    assert "A loop repeats its body" in new
    assert "Control and C" not in new
    assert "sphinx" not in new
    assert "\n" not in new
    assert "\x1b[2K" not in new  # nothing is blank for a moment
    assert new.startswith("\x1b[?2026h")
    assert new.endswith("\x1b[?2026l")


def test_what_was_printed_by_others_stays_above(console, drawing):
    screen = drawing(console)
    screen.draw()
    console.print("a warning of a library")
    screen.draw()
    assert "a warning of a library\n" in written(console)


def test_after_a_resize_it_waits_until_the_size_stays(console, drawing):
    screen = drawing(console)
    for event in BEGIN:
        screen(event)
    screen.draw()
    console.size = LARGE
    begin = len(written(console))
    screen.draw()
    assert "loop" not in written(console)[begin:]
    screen.draw()
    assert "╭─ Python [bold]basics[/] ─" in written(console)[begin:]


def test_meters_rise_at_once_and_fall_slowly(console, drawing):
    screen = drawing(console)
    screen.levels(-10.0, -120.0)
    for _ in range(20):
        screen.levels(-120.0, -120.0)
    assert any("mic ■■■■■■■■····" in row.plain for row in screen.rows())
    for _ in range(100):
        screen.levels(-120.0, -120.0)
    assert any("mic ··········" in row.plain for row in screen.rows())


def test_help_and_figures_come_and_go_and_take_each_other_s_place(console, drawing):
    screen = drawing(console)
    for action, keys, figures in (
        ("help", True, False),
        ("figures", False, True),
        ("help", True, False),
        ("help", False, False),
    ):
        screen.look(action)
        rows = [row.plain for row in screen.rows()]
        assert any("── keys ─" in row for row in rows) is keys
        assert any("── figures of the last turn ─" in row for row in rows) is figures


def test_who_speaks_into_the_muted_microphone_gets_a_hint_for_a_while(console, drawing):
    screen = drawing(console)
    evidence = Evidence(-30.0, -50.0, -70.0, detector=True, vote=False, judge=0.9)

    def hinted(t):
        screen(ev.Heard(t, 9, 0, 0))
        screen.draw()
        return any("you are muted: press m" in row.plain for row in screen.rows())

    for muted in (False, True):
        screen(ev.MicrophoneMuted(1.0, muted))
        screen.draw()
        for block in range(100):
            screen.watch(Frame(1 + block / 100, b"", 0, evidence=evidence))
        assert hinted(2.1) is muted
    assert not hinted(6.1)
    screen(ev.MicrophoneMuted(6.2, False))
    assert not hinted(6.2)


def colours(drawing, **options):
    console = terminal(*LARGE, color_system="standard", **options)
    screen = drawing(console)
    for event in [*ANSWERING, ev.Error(65.5, "espeak", "It failed.")]:
        screen(event)
    screen.draw()
    screen.draw()
    return written(console)


def test_only_the_terminals_own_colours_are_used_and_no_background(drawing):
    codes = {
        code for part in colours(drawing).split("\x1b[")[1:] if "m" in part for code in part.split("m")[0].split(";")
    }
    assert codes <= {
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "7",
        "31",
        "32",
        "33",
        "35",
        "36",
        "49",
        "?2026h",
        *map(str, range(90, 97)),
    }


def test_no_colour_is_used_where_none_is_wanted(drawing):
    out = colours(drawing, no_color=True)
    assert "It failed." in out
    assert not [n for n in range(30, 108) if f"[{n}m" in out or f";{n}m" in out]


def test_a_terminal_without_unicode_gets_ascii(drawing):
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    console = Console(width=120, height=40, file=file, color_system=None, force_terminal=True, legacy_windows=False)
    screen = drawing(console)
    for event in [*ANSWERING, ev.FinalTranscript(66.0, "“Ça va…”, 日本")]:
        screen(event)
    screen.draw()
    screen.draw()
    file.flush()
    out = file.buffer.getvalue()
    assert b"+- Python [bold]basics[/] ---" in out
    assert b'"Ca va~", ??' in out
    assert b"> Loops" in out


def test_a_border_after_signs_of_unsure_width_is_put_where_it_belongs(drawing):
    console = terminal(110, 30)
    screen = drawing(console)
    hindi = "\u0939\u093f\u0928\u094d\u0926\u0940 "
    for event in [*BEGIN, ev.FinalTranscript(63.0, hindi * 5)]:
        screen(event)
    screen.draw()
    out = written(console)
    begin = out.rindex(hindi.strip())
    assert out[begin:].partition("│")[0].endswith("\x1b[109G")  # cells are counted from 1
    assert out.count("\x1b[109G") == 1
    assert out.count("\x1b[?7l") == out.count("\x1b[?7h")  # no row breaks into two


def test_a_question_of_the_tutor_and_what_was_said_to_it_stay_on_the_terminal(console):
    screen = Screen(console, COURSE)
    screen.start()
    for event in JUDGED:
        screen(event)
    screen.stop()
    out = written(console)
    asked = out.index("tutor: When does a loop [blink]end?\n")
    assert asked < out.index("you: when its condition is [red]false\n") < out.index("tutor: That is right.\n")


def test_a_lesson_that_is_told_in_other_words_is_shown_in_them(drawing):
    console = terminal(*LARGE)
    screen = drawing(console)
    for event in [BEGIN[0], TOLD, *BEGIN[1:]]:
        screen(event)
    screen.draw()
    shown = "\n".join(row.plain for row in screen.rows())
    assert "A loop says it again." in shown
    assert "So [red]it goes on." in shown
    assert "2 of 3" in shown

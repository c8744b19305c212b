"""What the screen costs: barge-in with it, without it, and drawn 60 times a second; its processor time; its keys.

Barge-in is measured as in `measure_card`, on the virtual sound card and in real time, over an echo 6 dB below the
tutor, with learners as loud as it and 12 dB louder. Processor time is that of a lesson in which every frame is new: its
meters move, its words go on. A key is timed from the keyboard to the bytes that the terminal is sent for it.
"""

import io
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Final

from rich.console import Console

from profai_cli.events import Heard
from profai_cli.ports import Frame
from profai_cli.ui.screen import FRAMES_A_SECOND, Screen
from tests import rig
from tests.live import GUARD_SECONDS
from tests.measure_card import delays, interrupted
from tests.measure_class import FILES, CannotMeasure, environment, hold_class
from tests.measure_turns import Row, ms
from tests.scenes import COURSE, SENTENCES, TALKED
from tests.scripted import PROFAI
from tests.sixty_frames import SIXTY
from tests.terminal import Terminal, needs_pty

ECHO_DB: Final = -6
TRIES: Final = 10
"""Interruptions in each class."""
SHOWN: Final[dict[str, tuple[Sequence[str], Sequence[str]]]] = {
    "no screen (--plain)": (("--plain",), PROFAI),
    "the screen": ((), PROFAI),
    f"the screen at {SIXTY} frames a second": ((), (sys.executable, "-m", "tests.sixty_frames")),
}
"""Options of a class, and the program."""

SIZES: Final = ((80, 24), (200, 60))
WATCHED: Final = 10.0
"""Seconds in which processor time is measured."""
PRESSES: Final = 30


def barge_in_screen(notes: list[str]) -> Iterator[Row]:
    """What the screen costs: barge-in on a virtual card with and without it, processor, keys (real time, 6 min)."""
    yield from processor(notes)
    yield from keys(notes)
    yield from barge_in(notes)


def barge_in(notes: list[str]) -> Iterator[Row]:
    """Barge-in with and without a screen."""
    if rig.MISSING:
        raise CannotMeasure(rig.MISSING)
    hold_class(1)  # fills the cache
    for shown, (options, program) in SHOWN.items():
        held = interrupted(ECHO_DB, TRIES, *options, program=program)
        what = f"barge-in on a virtual card, real time, {shown}"
        yield what, f"{delays(what, held, held.said, notes)}; {held.seen.faults} under- and overflows", "the same"


def processor(notes: list[str]) -> Iterator[Row]:
    """Processor time of a screen alone, in this process."""
    for width, height in SIZES:
        for rate in (FRAMES_A_SECOND, SIXTY):
            begun = time.process_time()
            screen, written = _lesson(width, height, rate)
            share = (time.process_time() - begun) / WATCHED
            what = f"processor of the screen at {width}x{height}, {rate} frames a second, every one new"
            notes.append(f"{what}: {screen.frames} frames, {written / max(1, screen.frames):.0f} characters each")
            measured = f"{share:.1%} of a core, {1000 * share * WATCHED / screen.frames:.1f} ms a frame"
            yield what, measured, "5 % of a core" if rate == FRAMES_A_SECOND else ""


def _lesson(width: int, height: int, rate: float) -> tuple[Screen, int]:
    """A lesson of `WATCHED` seconds in a terminal that keeps what is written; how many characters that was."""
    file = io.StringIO()
    console = Console(
        width=width, height=height, file=file, force_terminal=True, color_system="standard", legacy_windows=False
    )
    screen = Screen(console, COURSE, rate)
    for event in TALKED:
        screen(event)
    screen.start()
    blocks = round(WATCHED * 100)
    begin = time.monotonic()
    for block in range(blocks):
        t = 72 + block / 100
        level = -50.0 + block * 7 % 45
        screen.watch(Frame(t, b"", 0, microphone_dbfs=level, speaker_dbfs=level))
        if block % 7 == 0:  # a character of speech
            screen(Heard(t, 5, 0, block // 7 % len(SENTENCES[2].text)))
        time.sleep(max(0.0, begin + (block + 1) / 100 - time.monotonic()))
    screen.stop()
    return screen, len(file.getvalue())


def keys(notes: list[str]) -> Iterator[Row]:
    """Keys of the whole program in a terminal: the help comes and goes, and the class pauses and goes on."""
    if needs_pty.args[0]:
        raise CannotMeasure("there are no pseudo-terminals here")
    hold_class(1)  # fills the cache
    output = Path(tempfile.mkdtemp(dir=FILES)) / "speaker.wav"
    command = ["class", "--course", "1", "--from-start", "--interactive", "--output", output]
    random = Random(1)
    with Terminal(command, environment()) as terminal:
        terminal.wait("voice ")
        time.sleep(5)  # what is loaded in the background
        for key, words in (("?", ("help", "speak faster", "Python")), (" ", ("pause", "paused", "teaching"))):
            took = [_pressed(terminal, key, words[1 + n % 2], random.uniform(0.3, 0.7)) for n in range(PRESSES)]
            notes.append(f"key {words[0]}: {', '.join(f'{1000 * each:.0f}' for each in took)} ms")
            yield f"key to screen, whole program, {words[0]}", ms(took), "50 ms"
        terminal.process.terminate()
        terminal.ends()


def _pressed(terminal: Terminal, key: str, words: str, after: float) -> float:
    """Seconds from a key to the words that the terminal is sent for it."""
    time.sleep(after)
    before, begin = len(terminal.raw), time.perf_counter()
    terminal.press(key)
    while words not in terminal.raw[before:]:
        if time.perf_counter() - begin > GUARD_SECONDS:
            raise CannotMeasure(f"{words!r} did not come to the terminal")
        time.sleep(0.001)
    return time.perf_counter() - begin

"""Holding a class from a command: readers, keyboard, signals, and the right end."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from profai_cli.cli.access import run
from profai_cli.cli.engines import EngineChoice, EngineRoom, Need, Tell
from profai_cli.cli.exits import INTERRUPTED, TERMINATED
from profai_cli.cli.wiring import SoundChoice, course_info, header, open_engines, open_sound
from profai_cli.errors import StorageError
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place
from profai_cli.ports import Frame, Sound
from profai_cli.session.classroom import Classroom, Reader
from profai_cli.storage.event_log import EventLog
from profai_cli.ui.keyboard import Keyboard
from profai_cli.ui.plain import PlainLines

EXIT_CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
"""What shells expect after these signals."""


OpenSound = Callable[[SoundChoice, ExitStack, Callable[[str], None]], Sound]
"""See `wiring.open_sound`."""

_What = TypeVar("_What")

Note = Callable[[float, str, str], None]
"""Shows the learner a line that no event tells: media time, a label, and the text."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What class to hold, and how to show it.

    lines: plain lines even on a terminal. quiet: nothing is shown. open_sound: makes the sound of `sound`. actor: makes
    a reader that plays the learner, and may tell what he does.
    """

    course: Course
    place: Place
    sound: SoundChoice
    engines: EngineChoice
    interactive: bool
    events: Path | None = None
    lines: bool = False
    minutes: float | None = None
    quiet: bool = False
    open_sound: OpenSound = open_sound
    actor: Callable[[Note], Reader] | None = None


def hold(plan: Plan, save: Callable[[Place], None], *readers: Reader) -> int:
    """Hold a class to its end and return the exit code. Raises ProfaiError."""
    notices = _Notices()
    needs: list[Need] = ["voice", "answerer"]
    if plan.interactive:
        needs.append("ears")
    room = EngineRoom(plan.engines, plan.course, plan.course.language, notices, needs)
    return run(_hold(plan, room, notices, save, readers))


async def _hold(
    plan: Plan, room: EngineRoom, notices: "_Notices", save: Callable[[Place], None], more: tuple[Reader, ...]
) -> int:
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        readers = [*_log(plan, stack), *more]
        sound = plan.open_sound(plan.sound, stack, lambda sentence: notices("profai", sentence))
        stack.callback(sound.close)
        engines = open_engines(room, plan.engines, hears=plan.interactive and bool(sound.microphone), tell=notices)
        saver = stack.enter_context(_Saver(save))
        face = stack.enter_context(_Face(plan))
        if plan.actor:
            readers.append(plan.actor(face.note))
        classroom = Classroom(
            plan.course,
            sound,
            engines,
            interactive=plan.interactive,
            stepped=plan.sound.stepped,
            readers=[*readers, face.reader],
            save=saver,
            watch=face.watch,
            minutes=plan.minutes,
        )
        sound.on_device = lambda change: _call(loop, classroom.device, change)
        face.gone = lambda: _call(loop, classroom.control, "stopped")
        face.listen(lambda line: _call(loop, classroom.typed, line))
        notices.pass_on(classroom.notice)
        with _signals(lambda: _call(loop, classroom.control, "stopped")) as received:
            await classroom.run(header(sound, interactive=plan.interactive), course_info(plan.course, plan.place))
    return EXIT_CODES[received[0]] if received else 0


class _Notices:
    """What went wrong: kept until there is a class to tell it to."""

    def __init__(self) -> None:
        self._kept: list[tuple[str, str]] = []
        self._tell: Tell | None = None

    def __call__(self, source: str, sentence: str) -> None:
        if self._tell:
            self._tell(source, sentence)
        else:
            self._kept.append((source, sentence))

    def pass_on(self, tell: Tell) -> None:
        """Tell what was kept, and from now on at once."""
        self._tell = tell
        for source, sentence in self._kept:
            tell(source, sentence)


def _call(loop: asyncio.AbstractEventLoop, do: Callable[[_What], None], what: _What) -> None:
    """From any thread: do something in the loop, if it still runs."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(do, what)


def _log(plan: Plan, stack: ExitStack) -> list[Reader]:
    if plan.events is None:
        return []
    log = EventLog(None if str(plan.events) == "-" else plan.events)

    def close() -> None:
        log.close()
        if log.fault:
            raise log.fault

    stack.callback(close)
    return [log]


class _Saver:
    """Keeps places in order in a thread of its own: the disk's delay is none of the class's."""

    def __init__(self, save: Callable[[Place], None]) -> None:
        self._save = save
        self._thread = ThreadPoolExecutor(1, "saver")
        self._fault: StorageError | None = None

    def __enter__(self) -> "_Saver":
        return self

    def __call__(self, place: Place) -> None:
        self._thread.submit(self._keep, place)

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()
        if self._fault:
            raise self._fault

    def _keep(self, place: Place) -> None:
        try:
            self._save(place)
        except StorageError as error:
            self._fault = error


class _Face:
    """What the learner sees and types on: the live screen on a terminal, plain lines elsewhere."""

    def __init__(self, plan: Plan) -> None:
        self._live = sys.stdout is not None and sys.stdout.isatty() and not plan.lines and not plan.sound.stepped
        self._typing = plan.interactive and not plan.sound.stepped and sys.stdin is not None and sys.stdin.isatty()
        self._stack = ExitStack()
        self._keys: Callable[[str], None] | None = None
        self.gone: Callable[[], None] = lambda: None
        """Called when nobody reads the lines any more, as after `| head`."""
        lines = PlainLines(self._print)
        self.reader: Reader = lines
        self.note: Note = lines.note
        self.watch: Callable[[Frame], None] | None = None
        if plan.quiet or str(plan.events) == "-":
            self._live, self.reader, self.note = False, lambda _event: None, lambda _t, _label, _text: None
        if self._live:
            from profai_cli.ui.screen import Screen  # noqa: PLC0415 - Rich takes 0.1 s that plain lines need not wait
            from profai_cli.ui.view import Outline  # noqa: PLC0415

            outline = [Outline(m.title, tuple(t.title for t in m.topics)) for m in plan.course.modules]
            screen = Screen(outline=outline)
            self.reader, self.note, self._keys = screen, screen.note, screen.typing
            self.watch = lambda frame: screen.levels(frame.microphone_dbfs, frame.speaker_dbfs)
            screen.start()
            self._stack.callback(screen.stop)

    def __enter__(self) -> "_Face":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _print(self, line: str) -> None:
        try:
            click.echo(line)
        except BrokenPipeError:
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - until the process ends
            self.gone()

    def listen(self, on_line: Callable[[str], None]) -> None:
        """Take typed lines, where there is a terminal to type on."""
        if self._typing:
            keyboard = Keyboard(on_line, self._keys)
            keyboard.start()
            self._stack.callback(keyboard.stop)


@contextlib.contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[list[signal.Signals]]:
    """Ctrl-C and SIGTERM end the class in order; the list tells which came first."""
    received: list[signal.Signals] = []

    def handle(number: int, _frame: object) -> None:
        received.append(signal.Signals(number))
        stop()

    before = {number: signal.signal(number, handle) for number in EXIT_CODES}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

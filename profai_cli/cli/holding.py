"""Holding a class from a command: readers, keyboard, signals, and the right end."""

import asyncio
import contextlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from profai_cli.cli.access import run
from profai_cli.cli.engines import EngineChoice, EngineRoom, Need, Tell
from profai_cli.cli.exits import tell
from profai_cli.cli.face import Face, Note
from profai_cli.cli.farewell import farewell
from profai_cli.cli.keeping import Keeping
from profai_cli.cli.memory import Memory
from profai_cli.cli.signals import EXIT_CODES, endings, suspensions
from profai_cli.cli.translating import held_in
from profai_cli.cli.wiring import SoundChoice, course_info, header, open_engines, open_sound
from profai_cli.events import Event
from profai_cli.kinds import Checking
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, Place
from profai_cli.lesson.plain import plain
from profai_cli.ports import Frame, Sound
from profai_cli.session.classroom import Classroom
from profai_cli.session.conduct import Reader
from profai_cli.storage.event_log import EventLog
from profai_cli.storage.folders import cache_folder
from profai_cli.storage.shelf import DiskShelf

OpenSound = Callable[[SoundChoice, ExitStack, Callable[[str], None]], Sound]
"""See `wiring.open_sound`."""

_What = TypeVar("_What")


@dataclass(frozen=True, slots=True)
class Plan:
    """What class to hold, and how to show it.

    lines: plain lines even on a terminal. quiet: nothing is shown. open_sound: makes the sound of `sound`. actor: makes
    a reader that plays the learner, and may tell what he does. keeping: keeps the class for the history.
    memory: keeps the place, and what else the next class needs. checking, checks: see `events.CourseInfo`. verbatim:
    what the teacher wrote is read, even where a model could tell it.
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
    keeping: Keeping | None = None
    memory: Memory | None = None
    checking: Checking = "none"
    checks: tuple[CheckPlace, ...] = ()
    verbatim: bool = False

    @property
    def teaches(self) -> bool:
        """Whether a lesson is told, and not only questions asked."""
        return self.checking != "only"

    @property
    def shelf(self) -> DiskShelf | None:
        """Where lessons are kept that a model made; None where the course is read as it is written."""
        reads = self.verbatim or self.sound.stepped
        return None if reads else DiskShelf(cache_folder() / "lessons")


def hold(plan: Plan, *readers: Reader) -> int:
    """Hold a class to its end and return the exit code. Raises ProfaiError."""
    notices = _Notices()
    needs: list[Need] = ["voice", "answerer"]
    if plan.interactive:
        needs.append("ears")
    room = EngineRoom(plan.engines, plan.course, plan.course.language, notices, needs)
    held = held_in(room, plan.course, plan.engines.language, verbatim=plan.verbatim)
    return run(_hold(plan, room, held, notices, readers))


async def _hold(
    plan: Plan, room: EngineRoom, held: tuple[str, str], notices: "_Notices", more: tuple[Reader, ...]
) -> int:
    loop = asyncio.get_running_loop()
    language, remark = held
    from_thread = partial(_call, loop, partial(notices, "profai"))
    with ExitStack() as stack:
        face = _face(plan)
        readers = [*_log(plan, stack, face, from_thread), *more]
        sound = plan.open_sound(plan.sound, stack, from_thread)
        stack.callback(sound.close)
        engines = open_engines(room, plan.engines, hears=plan.interactive and sound.hears)
        if plan.actor:
            readers.append(plan.actor(face.note))
        start = header(sound, interactive=plan.interactive)
        watches = [face.watch] if face.watch else []
        if plan.keeping:
            keeping = stack.enter_context(plan.keeping)
            start = keeping.begin(start, from_thread)
            readers.append(keeping)
            watches.append(keeping.watch)
        info = replace(course_info(plan.course, plan.place), checking=plan.checking, checks=plan.checks)
        if plan.memory:
            stack.enter_context(plan.memory.kept(from_thread))
            info = plan.memory.begin(info)
            readers.append(plan.memory)
        if plan.memory and plan.memory.anew and plan.teaches:
            face.note(0.0, "course", "you have finished it, and it begins anew")
        if remark:
            face.note(0.0, "language", remark)
        if start.recording:
            face.note(0.0, "recording", f"what you and the tutor say, to {start.recording}")
        classroom = Classroom(
            plan.course,
            sound,
            engines,
            interactive=plan.interactive,
            stepped=plan.sound.stepped,
            readers=[*readers, face.reader],
            save=plan.memory.save if plan.memory and plan.teaches else lambda _place: None,
            watch=_each(watches),
            minutes=plan.minutes,
            shelf=plan.shelf,
            language=language,
        )
        sound.on_device = lambda change: _call(loop, classroom.device, change)
        stop = face.gone = partial(_call, loop, classroom.control, "stopped")
        notices.pass_on(classroom.notice)
        with endings(stop) as received, face, _away(classroom, face, sound):
            face.listen(partial(_call, loop, classroom.press), partial(_call, loop, classroom.typed))
            await classroom.run(start, info)
        if plan.memory and plan.keeping and plan.keeping.kept and face.live:
            for line in farewell(plan.course, plan.memory.next, plan.keeping.summary, start.recording):
                tell(plain(line))
    return EXIT_CODES[received[0]] if received else 0


def _face(plan: Plan) -> Face:
    live = not plan.lines and not plan.sound.stepped
    types = (plan.interactive or live) and not plan.sound.stepped
    heard = plan.memory.study.heard_in(plan.course) if plan.memory else ()
    return Face(plan.course, live=live, types=types, quiet=plan.quiet or str(plan.events) == "-", heard=heard)


def _away(classroom: Classroom, face: Face, sound: Sound) -> contextlib.AbstractContextManager[None]:
    """After Ctrl-Z the class waits, with terminal and devices given back; it goes on after `fg` if it did before.

    Only a tutor who speaks is paused: a pause would end the learner's turn, or drop the question.
    """
    paused = False

    def leave() -> None:
        nonlocal paused
        paused = classroom.speaks
        if paused:
            classroom.control("pause")

    def hide() -> None:
        face.hide()
        sound.rest()

    def come_back() -> None:
        sound.wake()
        face.show()
        if paused:
            classroom.control("go_on")

    return suspensions(leave, hide, come_back)


def _each(watches: list[Callable[[Frame], None]]) -> Callable[[Frame], None]:
    def watch(frame: Frame) -> None:
        for one in watches:
            one(frame)

    return watch


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


def _log(plan: Plan, stack: ExitStack, face: Face, tell: Callable[[str], None]) -> list[Reader]:
    """The event log, if one is wanted. What ends it early is told at once, and decides the exit code; where it was
    all that the class showed, as with `--json | head`, the class is over.
    """
    if plan.events is None:
        return []
    log = EventLog(None if str(plan.events) == "-" else plan.events)

    told = False

    def write(event: Event) -> None:
        nonlocal told
        log(event)
        if log.fault and not told:
            told = True
            tell(str(log.fault))
            if str(plan.events) == "-":
                face.gone()

    def close() -> None:
        log.close()
        if log.fault:
            raise log.fault

    stack.callback(close)
    return [write]

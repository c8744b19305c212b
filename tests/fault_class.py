"""A class with one fault of the matrix, held with the vendors' own SDKs in front of their emulators."""

import asyncio
import importlib
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.stage import rehearsed
from profai_cli.errors import ProfaiError
from profai_cli.events import Event, FinalTranscript, Heard, LessonResumed, SpeechConfirmed, TeachingContent
from profai_cli.lesson.place import find
from profai_cli.pcm import SOUND_RATE
from profai_cli.session.script import Line, Script
from profai_cli.sound.mouth import Utterance
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.ui.plain import PlainLines
from tests.cloud import Held, Room, beside
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY
from tests.fault_cases import AT_HANDSHAKE, ENGINES, QUESTIONS, Case, Engine
from tests.fault_findings import Outcome, judge

REPLIES: Final = (
    "A float is a number with a point. It is used for weights.",
    "A comment is a note. Python skips it.",
) * 8
DELAYS: Final = {"deepgram.think": 0.15, "elevenlabs.think": 0.075, "sarvam.think": 0.2, "openai.think": 0.5}
MINUTES: Final = 0.8
PARALLEL: Final = 6


class Network:
    """The emulators of one worker: those of the vendor on trial, and those that stay well."""

    def __init__(self) -> None:
        self.sick = Emulators().__enter__()
        self.well = Emulators().__enter__()

    def reset(self) -> None:
        """As new."""
        for emulators in (self.sick, self.well):
            emulators.set(delays=DELAYS, script=list(QUESTIONS), replies=list(REPLIES), faults=[], seen=[])

    def order(self, engine: Engine, case: Case) -> None:
        """Let the fault begin."""
        fault = {"vendor": engine.vendor, "times": 99} | case.fault
        match case.kind:
            case "none":
                pass
            case "freeze":
                self.sick.freeze()
                if "seconds" in case.fault:
                    _later(case.fault["seconds"], self.sick.thaw)
            case "gone":
                self.sick.end()
            case _ if engine.socket:
                strike = {"vendor": engine.vendor, "kind": "abort"} if case.kind in AT_HANDSHAKE else fault
                once = case.fault.get("times") == 1
                self.sick.set(faults=[] if once else [fault], strike={**strike, "seconds": 0.0})
            case _:
                self.sick.set(faults=[fault])

    def heal(self, case: Case) -> None:
        """After the case."""
        self.sick.thaw()
        if case.kind == "gone":
            self.sick.__exit__()
            self.sick = Emulators().__enter__()

    def close(self) -> None:
        self.sick.__exit__()
        self.well.__exit__()


def _later(seconds: float, do: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, do)
    timer.daemon = True
    timer.start()


@cache
def network() -> Network:
    """Of this process."""
    return Network()


@cache
def learner() -> dict[str, Utterance]:
    """What the learner says."""
    return asyncio.run(rehearsed(QUESTIONS))


class Trigger:
    """A reader that acts once, when the state has come."""

    def __init__(self, state: str, act: Callable[[], None]) -> None:
        self._state, self._act = state, act
        self.at: float | None = None

    def __call__(self, event: Event) -> None:
        if self.at is None and self._now(event):
            self.at = event.t
            beside(self._act)

    def _now(self, event: Event) -> bool:
        match self._state, event:
            case "lecturing", Heard(t=t):
                return t > 1.5
            case "listening", SpeechConfirmed():
                return True
            case "thinking", FinalTranscript(text=text):
                return text != ""
            case "answering", TeachingContent(kind="answer"):
                return True
        return False


class Ending:
    """A reader that ends the class when the lesson has gone on for a while after the last question."""

    def __init__(self, room: Room, questions: int, seconds: float = 1.0) -> None:
        self._room, self._questions, self._seconds = room, questions, seconds
        self._resumed: float | None = None

    def __call__(self, event: Event) -> None:
        if len(self._room.mouth.said) < self._questions:
            return
        if isinstance(event, LessonResumed) and event.t > self._room.mouth.said[-1].end / SOUND_RATE:
            self._resumed = event.t
        elif isinstance(event, Heard) and self._resumed is not None and event.t > self._resumed + self._seconds:
            self._resumed = None
            self._room.end()


def run(case: Case) -> Outcome:
    """Hold one class; in a worker's main thread."""
    net, engine, voice = network(), ENGINES[case.engine], learner()
    net.reset()
    with tempfile.TemporaryDirectory(prefix="profai-fault-") as folder:
        lines = []
        for vendor in engine.keys:
            emulators = net.sick if vendor == engine.vendor else net.well
            lines += [f"{vendor.upper()}_API_KEY={KEY}", f"PROFAI_{vendor.upper()}_URL={emulators.url(vendor)}"]
        env_file = Path(folder) / ".env"
        env_file.write_text("\n".join(lines))
        room = Room()

        def say(_t: float, line: Line) -> float:
            utterance = voice[line.words[0]]
            room.mouth.say(utterance)
            return utterance.samples / SOUND_RATE

        asked = [Line(2.0 if number == 0 else 1.0, (text,)) for number, text in enumerate(case.questions)]
        script = Script([*asked, Line(1e9, ("",))], say)
        trigger = Trigger(case.state, lambda: net.order(engine, case))
        course = load_course(shipped_courses(), "1")
        choice = EngineChoice(env_file=env_file, **engine.choice)
        try:
            held = room.hold(
                course, find(course, "1", "variables"), choice, MINUTES, script, trigger, Ending(room, len(asked))
            )
        except ProfaiError as error:
            return Outcome(case, (f"the class ended: {error}",), 0.0, 0.0)
        finally:
            net.heal(case)
        if debug := os.environ.get("FAULTS_DEBUG"):
            _write(Path(debug), case, held, trigger.at)
        return judge(case, held, trigger.at)


def _write(folder: Path, case: Case, held: Held, at: float | None) -> None:
    """The events of a class, for whoever wants to know what went wrong in it."""
    with (folder / f"{case.engine}-{case.row}-{case.state}.txt".replace(" ", "_")).open("w") as file:
        show = PlainLines(lambda line: print(line, file=file), verbose=True)
        print(f"fault at {at}, said {held.said}", file=file)
        for event in held.events:
            print(f"{event.t:8.2f}", end=" ", file=file)
            show(event)


def prepare(folder: str) -> None:
    """A worker's own environment: no keys, one cache for all."""
    for name in [name for name in os.environ if name.endswith("_API_KEY") or name.startswith("PROFAI_")]:
        del os.environ[name]
    os.environ |= {"PROFAI_DATA": f"{folder}/data-{os.getpid()}", "PROFAI_CACHE": f"{folder}/cache"}
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"
    for sdk in ("deepgram", "deepgram.listen.v1.client", "deepgram.listen.v2.client", "elevenlabs.client", "sarvamai"):
        importlib.import_module(sdk)  # on a busy machine the classes that begin together would wait for it


def matrix(wanted: Sequence[Case], parallel: int = PARALLEL) -> Iterator[Outcome]:
    """Hold the classes, several at a time."""
    with (
        tempfile.TemporaryDirectory(prefix="profai-faults-") as folder,
        ProcessPoolExecutor(parallel, get_context("spawn"), prepare, (folder,)) as pool,
    ):
        yield from pool.map(run, wanted)

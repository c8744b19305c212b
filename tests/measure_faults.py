"""The fault matrix: every fault of every cloud engine, in each state of a class: python -m tests.measure_faults

Each cell is a real class with the vendors' own SDKs, in real time, whose learner asks two questions. The fault comes
when the event log shows the state: lecturing: the tutor has taught for a while; listening: the learner is in the
middle of the first question; thinking: its words have come, and no answer; answering: the answer sounds. It lasts for
the rest of the class, except where "once" is written. The vendor's emulator is a process of its own, that can be
frozen and killed; the other vendors' emulators are well.
"""

import argparse
import asyncio
import contextlib
import importlib
import os
import random
import re
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.stage import rehearsed
from profai_cli.errors import ProfaiError
from profai_cli.events import (
    AgentResponse,
    AudioGenerationComplete,
    AudioGenerationStarted,
    Error,
    Event,
    FinalTranscript,
    Heard,
    LessonResumed,
    SpeechConfirmed,
    SttFailed,
    SttReady,
    TeachingContent,
)
from profai_cli.lesson.place import find
from profai_cli.pcm import SOUND_RATE
from profai_cli.session.script import Line, Script
from profai_cli.sound.mouth import Utterance
from profai_cli.storage.courses import load_course, shipped_courses
from tests.cloud import Held, Room, beside, hold, silences
from tests.emulators.mouth import reference
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY
from tests.live import Live
from tests.measure_turns import Row
from tests.measuring import lesson_words
from tests.scripted import environment, said

STATES: Final = ("lecturing", "listening", "thinking", "answering")
QUESTIONS: Final = ("What is a float?", "What is a comment?")
"""As in `profai demo`: pocketsphinx, the last resort, understands them."""

TOPICS: Final = re.compile("float|comment")
"""One of which is heard, where a question was understood. An emulator that missed the first hears it as the second."""

REPLIES: Final = (
    "A float is a number with a point. It is used for weights.",
    "A comment is a note. Python skips it.",
) * 8
DELAYS: Final = {"deepgram.think": 0.15, "elevenlabs.think": 0.075, "sarvam.think": 0.2, "openai.think": 0.5}
MINUTES: Final = 0.8
HANG: Final = 3.0
PARALLEL: Final = 6
SOUND_OFF: Final = 0.8
"""Seconds by which a sentence's sound may be longer (a word said again) than it is without a fault."""

FaultKind = dict[str, Any]
_SOCKET: Final[tuple[FaultKind, ...]] = (
    {"kind": "refuse", "status": 403},
    {"kind": "refuse", "status": 503},
    {"kind": "busy", "seconds": 5.0},
    {"kind": "stall_before"},
    {"kind": "stall_after"},
    {"kind": "slow_drip"},
    {"kind": "garbage"},
    {"kind": "malformed"},
    {"kind": "abort", "times": 1},
    {"kind": "abort"},
    {"kind": "close", "status": 1011, "times": 1},
    {"kind": "close", "status": 1008},
    {"kind": "no_final"},
)
_ALL: Final[tuple[FaultKind, ...]] = ({"kind": "freeze"}, {"kind": "freeze", "seconds": 4.0}, {"kind": "gone"})
_ERRORS: Final[tuple[FaultKind, ...]] = ({"kind": "error"}, {"kind": "quota"})


def _kinds(text: str) -> tuple[FaultKind, ...]:
    return tuple({"kind": kind} for kind in text.split())


@dataclass(frozen=True)
class Engine:
    """An engine on trial: its vendor, the vendors with a key, what the learner chose, the faults that it may show."""

    vendor: str
    keys: tuple[str, ...]
    choice: dict[str, Any]
    faults: tuple[FaultKind, ...]
    socket: bool = True


_THREE: Final = ("deepgram", "elevenlabs", "openai")
ENGINES: Final = {
    "none": Engine("none", _THREE, {}, ({"kind": "none"},), socket=False),
    "last resort": Engine("none", _THREE, {"stt": "pocketsphinx"}, ({"kind": "none"},), socket=False),
    "deepgram": Engine("deepgram", _THREE, {}, (*_SOCKET, *_ALL)),
    "flux": Engine("deepgram", _THREE, {"stt": "flux", "fallback": True}, (*_SOCKET, *_ALL)),
    "sarvam-ears": Engine(
        "sarvam", ("sarvam", "elevenlabs", "openai"), {"stt": "sarvam", "language": "en-IN", "fallback": True},
        (*_SOCKET, *_ERRORS, *_ALL),
    ),
    "sarvam-voice": Engine(
        "sarvam", ("sarvam", "deepgram", "openai"), {"tts": "sarvam", "fallback": True},
        (*_SOCKET, *_ERRORS, *_kinds("no_audio null_audio empty_audio odd stall"), *_ALL),
    ),
    "elevenlabs": Engine(
        "elevenlabs", _THREE, {},
        (
            {"kind": "refuse", "status": 401, "code": "invalid_api_key"},
            {"kind": "refuse", "status": 401, "code": "quota_exceeded"},
            {"kind": "refuse", "status": 500},
            {"kind": "busy", "seconds": 5.0},
            {"kind": "abort", "times": 1},
            *_kinds(
                "stall_before stall_after abort odd_chunks no_alignment restart_times null_audio malformed garbage"
                " no_audio slow_drip short blip no_base64"
            ),
            *_ALL,
        ),
        socket=False,
    ),
    "openai": Engine(
        "openai", _THREE, {},
        (
            {"kind": "refuse", "status": 401},
            {"kind": "refuse", "status": 429, "code": "insufficient_quota"},
            {"kind": "refuse", "status": 500},
            {"kind": "busy", "seconds": 5.0},
            {"kind": "abort", "times": 1},
            {"kind": "error_in_band", "code": "server_error"},
            {"kind": "redirect", "text": "http://127.0.0.1:9/"},
            *_kinds("stall_before stall_after malformed garbage no_answer slow_drip html abort"),
            *_ALL,
        ),
        socket=False,
    ),
}  # fmt: skip
"""By name. "none" and "last resort" are classes without a fault, with the cloud's ears and with pocketsphinx: how long
they take from question to reply on this machine, as busy as it is, is the engines' own delay."""

EARS: Final = frozenset(("deepgram", "flux", "sarvam-ears"))
BASELINES: Final = ("none", "last resort")
TWO_QUESTIONS: Final = frozenset(("thinking", "answering"))
"""States in which the first question may be over before the fault shows in ears or answers."""

AT_HANDSHAKE: Final = frozenset(("refuse", "busy", "stall_before"))
"""An open socket cannot show these: it is cut, and the next one does."""


@dataclass(frozen=True)
class Case:
    """A cell of the matrix."""

    engine: str
    fault: FaultKind
    state: str

    @property
    def row(self) -> str:
        """Its fault, in words."""
        more = " ".join(str(self.fault[name]) for name in ("status", "code") if name in self.fault)
        last = " once" if self.fault.get("times") == 1 or (self.kind == "freeze" and "seconds" in self.fault) else ""
        return f"{self.kind} {more}".strip() + last

    @property
    def kind(self) -> str:
        return str(self.fault["kind"])

    @property
    def questions(self) -> tuple[str, ...]:
        """What the learner asks until the fault has shown itself."""
        speaks = self.engine in ("elevenlabs", "sarvam-voice")
        return QUESTIONS if self.state in TWO_QUESTIONS and not speaks else QUESTIONS[:1]


@dataclass(frozen=True)
class Outcome:
    """What a class showed. reply: seconds from a question to the tutor's next sound; silence: the longest elsewhere."""

    case: Case
    failed: tuple[str, ...]
    reply: float
    silence: float
    told: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """For the table."""
        return f"{'; '.join(self.failed) or 'ok'} {max(self.reply, self.silence):.1f}"

    @property
    def line(self) -> str:
        """For the log."""
        return " | ".join((self.case.row, self.case.state, self.cell, *self.told))


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
            from profai_cli.ui.plain import PlainLines

            with (Path(debug) / f"{case.engine}-{case.row}-{case.state}.txt".replace(" ", "_")).open("w") as file:
                show = PlainLines(lambda line: print(line, file=file), verbose=True)
                print(f"fault at {trigger.at}, said {held.said}", file=file)
                for event in held.events:
                    show(event)
        return judge(case, held, trigger.at)


def judge(case: Case, held: Held, at: float | None) -> Outcome:
    """Compare a class with what must be true."""
    said = [(each.begin / SOUND_RATE, each.end / SOUND_RATE) for each in held.said]
    failed = [] if at is not None else [f"never {case.state}"]
    failed += [] if len(said) == len(case.questions) else [f"{len(said)} questions asked"]
    failed += [] if held.code == 130 else ["the lesson did not go on"]
    failed += list(_understood(held, said))
    words = lesson_words(held.events, load_course(shipped_courses(), "1"))
    failed += [f"{len(words.lost)} words lost"] if words.lost else []
    failed += [f"{len(words.strays)} words doubled"] if words.strays else []
    failed += list(_sounds(held.events))
    told = tuple(
        e.reason if isinstance(e, SttFailed) else e.message for e in held.events if isinstance(e, Error | SttFailed)
    )
    changes = _changes(held.events)
    # No event tells an answerer's change, and a voice's only with the next sentence; Flux has Deepgram below it.
    more = 1 if case.engine not in ("deepgram", "sarvam-ears") else 0
    if not changes <= len(told) <= changes + more:
        failed.append(f"{len(told)} lines for {changes} changes")
    reply, silence = _hangs(held, said)
    return Outcome(case, tuple(failed), reply, silence, told)


def _understood(held: Held, said: Sequence[tuple[float, float]]) -> Iterator[str]:
    """What is wrong with the answers to the questions."""
    ends = [begin for begin, _ in said[1:]] + [1e9]
    for number, ((begin, _), until) in enumerate(zip(said, ends, strict=True), 1):
        during = [event for event in held.events if begin <= event.t < until]
        finals = [e.text for e in during if isinstance(e, FinalTranscript) and e.text]
        if not TOPICS.search(" ".join(finals)):
            yield f"question {number} heard as {' / '.join(finals)!r}"
        elif not any(isinstance(e, AgentResponse) and e.text for e in during):
            yield f"question {number} not answered"
        elif not any(isinstance(e, TeachingContent) and e.kind == "answer" for e in during):
            yield f"answer {number} not spoken"


def _sounds(events: Sequence[Event]) -> Iterator[str]:
    """Sentences whose sound is too short or too long for their words."""
    texts = {(e.reply, e.sentence): e.text for e in events if isinstance(e, TeachingContent)}
    for event in events:
        if isinstance(event, AudioGenerationComplete) and (text := texts.get((event.reply, event.sentence))):
            pcm, _ = reference(text, 22050)
            wanted = len(pcm) / 2 / 22050
            if event.seconds < 0.93 * wanted - 0.1:
                yield f"{event.seconds:.1f} of {wanted:.1f} s of {text[:20]!r}"
            elif event.seconds > 1.15 * wanted + SOUND_OFF:
                yield f"{event.seconds:.1f} for {wanted:.1f} s of {text[:20]!r}"


def _changes(events: Sequence[Event]) -> int:
    """How often a worse engine took over, as far as the events tell; the return of a better one needs no line."""
    ears = [e.engine for e in events if isinstance(e, SttReady)]
    voices = [e.engine for e in events if isinstance(e, AudioGenerationStarted)]
    return sum(names.index(a) < names.index(b) for names in (ears, voices) for a, b in pairwise(names))


def _hangs(held: Held, said: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The longest silence after a question, and the longest elsewhere, between the tutor's first sound and its last."""
    reply = silence = 0.0
    for begin, end in silences(held.speaker):
        if begin == 0 or end == len(held.speaker) / SOUND_RATE:
            continue
        asked = [stop for start, stop in said if begin < stop and start < end]
        if asked:
            reply = max(reply, end - asked[-1])
        else:
            silence = max(silence, end - begin)
    return reply, silence


def cases(names: Sequence[str]) -> list[Case]:
    """All cells of these engines."""
    return [
        Case(name, fault, state)
        for state in ("listening", "answering", "thinking", "lecturing")
        for name in names
        for fault in ENGINES[name].faults
    ]


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


def late(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same, with what hung for more than 3 s; a reply's time is counted from when the engines have it here."""
    delay = {name: max((o.reply for o in outcomes if o.case.engine == name), default=1.5) for name in BASELINES}
    found = []
    for outcome in outcomes:
        hears = outcome.case.engine in EARS
        limit = HANG + delay["last resort" if hears else "none"]
        failed = [f"reply after {outcome.reply:.1f} s"] if outcome.reply > limit else []
        failed += [f"silence of {outcome.silence:.1f} s"] if outcome.silence > HANG else []
        found.append(replace(outcome, failed=(*outcome.failed, *failed)))
    return found


INTERRUPTED: Final = 130
CTRL_C: Final = tuple(
    (kind, vendors, state)
    for kind in ("freeze", "gone", "stall_before", "stall_after", "slow_drip")
    for vendors, state in ((_THREE, "lecturing"), (_THREE, "listening"), (("sarvam",), "lecturing"))
)
"""Fault, the vendors that show it, and when; Ctrl-C comes at a random moment of the 2.5 s after it."""


def interrupt(number: int) -> tuple[str, float, int]:
    """A class of the real command that ends by Ctrl-C: which, the seconds this took, and the exit code."""
    kind, vendors, state = CTRL_C[number]
    wait = random.Random(number).uniform(0.0, 2.5)
    took: list[float] = []
    with Emulators() as emulators, tempfile.TemporaryDirectory(prefix="profai-fault-") as folder:
        emulators.set(delays=DELAYS, script=list(QUESTIONS))

        def follow(live: Live) -> None:
            live.wait(*((Heard, 1.0) if state == "lecturing" else (SpeechConfirmed,)))
            match kind:
                case "freeze":
                    emulators.freeze()
                case "gone":
                    emulators.end()
                case _:
                    for vendor in vendors:
                        strike = "abort" if kind in AT_HANDSHAKE else kind
                        emulators.set(strike={"vendor": vendor, "kind": strike})
                    emulators.set(faults=[{"vendor": vendor, "kind": kind, "times": 99} for vendor in vendors])
            time.sleep(wait)
            begin = time.monotonic()
            live.process.send_signal(signal.SIGINT)
            live.ends()
            took.append(time.monotonic() - begin)

        env = environment(Path(folder)) | emulators.environment(*vendors)
        chosen = (
            ["--stt", "sarvam", "--tts", "sarvam", "--language", "en-IN", "--fallback"] if "sarvam" in vendors else []
        )
        held = hold(env, Path(folder), [(3.0, said(QUESTIONS[0]))], 1.0, *chosen, follow=follow)
    return f"{kind} of {', '.join(vendors)} while {state}, after {wait:.1f} s", took[0], held.code


def show(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The matrix as a table; each cell: ok or what failed, and the longest silence in seconds."""
    yield f"| engine | fault | {' | '.join(STATES)} |"
    yield "|---" * (2 + len(STATES)) + "|"
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for outcome in outcomes:
        rows.setdefault((outcome.case.engine, outcome.case.row), {})[outcome.case.state] = outcome.cell
    for (engine, row), cells in rows.items():
        yield f"| {engine} | {row} | {' | '.join(cells.get(state, '') for state in STATES)} |"
    good = sum(not outcome.failed for outcome in outcomes)
    replies = [outcome.reply for outcome in outcomes]
    yield (
        f"\n{good} of {len(outcomes)} cells ok; from question to reply {statistics.median(replies):.2f} s median,"
        f" {max(replies):.2f} s worst; longest other silence {max(o.silence for o in outcomes):.2f} s."
    )


def faults(notes: list[str]) -> Iterator[Row]:
    """For the benchmark: the whole matrix, which takes about half an hour; the cells that fail are notes."""
    outcomes = late(list(matrix(cases(list(ENGINES)))))
    notes += [f"{o.case.engine}: {o.case.row} while {o.case.state}: {o.cell}" for o in outcomes if o.failed]
    good = sum(not outcome.failed for outcome in outcomes)
    yield "faults x engines x states in which the class goes on", f"{good} of {len(outcomes)}", "all"
    took = [seconds for _, seconds, code in map(interrupt, range(len(CTRL_C))) if code == INTERRUPTED]
    yield "Ctrl-C to exit while the network fails", f"{max(took):.2f} s worst of {len(took)}", "1 s"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.measure_faults", description=__doc__)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(ENGINES))
    parser.add_argument("--only", default="", help="a pattern for fault and state, such as 'freeze.*thinking'")
    parser.add_argument("--parallel", type=int, default=PARALLEL, help="classes at a time")
    given = parser.parse_args()
    names = [name for name in given.engines or ENGINES if name not in BASELINES]
    wanted = cases(BASELINES) + [c for c in cases(names) if re.search(given.only, f"{c.row} {c.state}")]
    outcomes: list[Outcome] = []
    with contextlib.suppress(KeyboardInterrupt):
        for outcome in matrix(wanted, given.parallel):
            outcomes.append(outcome)
            case = outcome.case
            print(
                case.engine, case.row, case.state, outcome.cell, *outcome.told, sep=" | ", file=sys.stderr, flush=True
            )
    print(*show(late(outcomes)), sep="\n")
    print("\n| Ctrl-C | ends after | exit code |\n|---|---|---|")
    for what, took, code in map(interrupt, range(len(CTRL_C))):
        print(f"| {what} | {took * 1000:.0f} ms | {code} |", flush=True)


if __name__ == "__main__":
    main()

"""The fault matrix: every fault of every cloud engine, in each state of a class: python -m tests.measure_faults

Each cell is a real class with the vendors' own SDKs, in real time, whose learner asks two questions. The fault comes
when the event log shows the state: lecturing: the tutor has taught for a while; listening: the learner is in the
middle of the first question; thinking: its words have come, and no answer; answering: the answer sounds. It lasts for
the rest of the class, except where "once" is written. The vendor's emulator is a process of its own, that can be
frozen and killed; the other vendors' emulators are well.
"""

import argparse
import contextlib
import random
import re
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from profai_cli.events import Heard, SpeechConfirmed
from tests.cloud import hold
from tests.emulators.running import Emulators
from tests.fault_cases import AT_HANDSHAKE, BASELINES, ENGINES, QUESTIONS, STATES, THREE, cases
from tests.fault_class import DELAYS, PARALLEL, matrix
from tests.fault_findings import Outcome, late
from tests.live import Live
from tests.measure_turns import Row
from tests.scripted import environment, said

INTERRUPTED: Final = 130
CTRL_C: Final = tuple(
    (kind, vendors, state)
    for kind in ("freeze", "gone", "stall_before", "stall_after", "slow_drip")
    for vendors, state in ((THREE, "lecturing"), (THREE, "listening"), (("sarvam",), "lecturing"))
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
            print(outcome.line, file=sys.stderr, flush=True)
    print(*show(late(outcomes)), sep="\n")
    print("\n| Ctrl-C | ends after | exit code |\n|---|---|---|")
    for what, took, code in map(interrupt, range(len(CTRL_C))):
        print(f"| {what} | {took * 1000:.0f} ms | {code} |", flush=True)


if __name__ == "__main__":
    main()

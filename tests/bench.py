"""The figures of the design, measured on the real command and printed as a table: python -m tests.bench [ROWS ...]

Nothing here passes or fails. Without names all rows are measured, one after the other, but for the longest; --help
tells what each row is and how long it takes. What is on the samples' clock is the same on every machine; the rest is in
real time, and other work on the machine changes it. `measuring` says how a recording is read.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator

from profai_cli.errors import ProfaiError
from tests.measure_alone import alone, alone_long
from tests.measure_answers import answers, live_answers
from tests.measure_card import card
from tests.measure_class import CannotMeasure
from tests.measure_cloud import cloud
from tests.measure_cloud_answers import cloud_answers
from tests.measure_faults import faults
from tests.measure_first_words import first_words
from tests.measure_import import imports
from tests.measure_noises import noises
from tests.measure_orders import murmurs, orders
from tests.measure_process import live, live_card, speed, start
from tests.measure_questions import questions, spoken_questions
from tests.measure_screen import barge_in_screen
from tests.measure_soak import soak
from tests.measure_sound_live import live_sound
from tests.measure_teaching import teaching
from tests.measure_turns import Row, barge_in, words

ROWS: dict[str, Callable[[list[str]], Iterator[Row]]] = {
    "barge-in": barge_in,
    "words": words,
    "alone": alone,
    "alone-long": alone_long,
    "noises": noises,
    "murmurs": murmurs,
    "orders": orders,
    "first-words": first_words,
    "answers": answers,
    "questions": questions,
    "spoken-questions": spoken_questions,
    "start": start,
    "teaching": teaching,
    "speed": speed,
    "live": live,
    "live-answers": live_answers,
    "live-card": live_card,
    "cloud-answers": cloud_answers,
    "soak": soak,
    "barge-in-card": card,
    "barge-in-screen": barge_in_screen,
    "live-sound": live_sound,
    "imports": imports,
    "faults": faults,
    "cloud": cloud,
}


LONGEST = ("alone-long",)
"""Measured only by name."""


def machine() -> str:
    """Where this is measured, and how busy it is."""
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    return f"{platform.platform()}, {os.cpu_count()} cores, {load}, Python {platform.python_version()}"


def main() -> None:
    if {"--help", "-h"} & set(sys.argv):
        sys.exit("\n".join(f"{name:16}{(row.__doc__ or '').partition(chr(10))[0]}" for name, row in ROWS.items()))
    wanted = sys.argv[1:] or [name for name in ROWS if name not in LONGEST]
    if unknown := [name for name in wanted if name not in ROWS]:
        sys.exit(f"There is no row {unknown[0]!r}; choose from: {', '.join(ROWS)}.")
    notes: list[str] = []
    print(
        f"Measured on {machine()}.\n\n| what | measured | goal | alone: python -m tests.bench |\n|---|---|---|---|",
        flush=True,
    )
    for name in wanted:
        try:
            for what, measured, goal in ROWS[name](notes):
                print(f"| {what} | {measured} | {goal} | {name} |", flush=True)
        except (CannotMeasure, ProfaiError, OSError, ValueError, subprocess.SubprocessError) as reason:
            print(f"| {name} | not measured: {reason} | | {name} |", flush=True)
    print(f"\nAt the end: {machine()}.")
    for note in notes:
        print(f"- {note}")


if __name__ == "__main__":
    main()

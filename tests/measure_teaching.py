"""From the command to the first spoken sentence, with a model that is slow and without one. Real time, this machine."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.emulators.running import Emulators
from tests.measure_class import FILES, CannotMeasure, class_command, environment, hold_class
from tests.measure_turns import Row

SLOW = {"openai.think": 3.0, "openai.token": 0.01}
"""Seconds to the model's first token, and between two: some 100 tokens a second."""

TIMES = 3


def teaching(notes: list[str]) -> Iterator[Row]:
    """A slow model delays no first sentence, in the first class and the next; and when its own words sound."""
    hold_class(1)  # fills the cache
    with Emulators() as emulators:
        emulators.set(delays=SLOW)
        env = environment() | emulators.environment("openai") | {"PROFAI_VERBATIM": "0"}
        lessons = Path(env["PROFAI_CACHE"]) / "lessons"
        found = {"without a model": best(environment(), "--local")}
        for name, language in (("a model of 3 s to its first token", "en"), ("the same in Hindi", "hi")):
            shutil.rmtree(lessons, ignore_errors=True)
            found[name] = best(env, "--language", language)
            heard = until(env, "--language", language, made=True)
            notes.append(f"{name}: its own words sound {heard:.1f} s after the command")
            found[f"{name}, next class"] = best(env, "--language", language)
    for name, seconds in found.items():
        yield f"command to first spoken sentence, {name}, best of {TIMES}", f"{seconds:.2f} s", "as without a model"


def best(env: Mapping[str, str], *options: str) -> float:
    """The shortest of some classes: what else the machine does only adds."""
    return min(until(env, *options) for _ in range(TIMES))


def until(env: Mapping[str, str], *options: str, made: bool = False) -> float:
    """Seconds from the command to the first sentence that sounds, or the first one that the model wrote."""
    begin = time.perf_counter()
    output = Path(tempfile.mkdtemp(dir=FILES)) / "speaker.wav"
    command = class_command("--output", str(output), "--events", "-", *options)
    with subprocess.Popen(
        command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        try:
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "teaching_content" and (event["made"] or not made):
                    return time.perf_counter() - begin
        finally:
            process.terminate()
            process.stdout.read()
    raise CannotMeasure("the class ended before it taught")

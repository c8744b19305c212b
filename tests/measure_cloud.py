"""What a class with cloud engines costs: memory, processor, its start, its end, the first sound. Real time.

The vendors' own SDKs speak to emulators on this machine, which take as long as the vendors are said to; what those cost
is not counted.
"""

import json
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests import rig
from tests.emulators.running import Emulators
from tests.measure_class import FILES, PROFAI, CannotMeasure, environment, hold_class
from tests.measure_process import family, megabytes, name, processor_seconds
from tests.measure_turns import Row
from tests.scripted import said, write_wav

NETWORK, VOICE_THINKS = 0.03, 0.075
LIFELIKE = {
    "network": NETWORK, "deepgram.think": 0.15, "elevenlabs.think": VOICE_THINKS, "openai.think": 0.2,
    "openai.token": 0.02, "sarvam.think": 0.2,
}  # fmt: skip
"""Seconds: one way of the network, and what the vendors' engines are said to take."""

ASKED = (8.0, 38.0)
QUESTION = "what is a dictionary in this language"
WATCHED = 60.0
"""Seconds of a class whose processor time is measured, with two questions."""

SILENT = ("--input", f"600:{FILES / 'cloud-question.wav'}", "--output", FILES / "start.wav")
"""A learner who says nothing."""

SDKS = ("deepgram", "elevenlabs", "sarvamai", "httpx", "websockets", "keyring", "numpy", "rich")
COMMANDS: Mapping[str, list[str]] = {
    "--help": ["--help"],
    "class --help": ["class", "--help"],
    "courses": ["courses"],
    "devices": ["devices"],
    "say, espeak": ["say", "One.", "--tts", "espeak", "--output", "{wav}"],
    "say, elevenlabs": ["say", "One.", "--tts", "elevenlabs", "--output", "{wav}"],
    "say, sarvam": ["say", "One.", "--tts", "sarvam", "--output", "{wav}"],
    "ask, course": ["ask", "what is a list", "--model", "course"],
    "ask, openai": ["ask", "what is a list", "--model", "openai"],
    "listen, deepgram": ["listen", "--input", "{question}", "--stt", "deepgram"],
    "class, local, keys set": ["class", "--fast", "--minutes", "0.02", "--output", "{wav}"],
    "class, cloud": ["class", "--interactive", "--input", "{question}", "--minutes", "0.05", "--output", "{wav}"],
}


class Followed:
    """A class with cloud engines, and when each of its events was written."""

    def __init__(self, emulators: Emulators, *options: object) -> None:
        env = environment() | emulators.environment("deepgram", "elevenlabs", "openai")
        command = [*PROFAI, "class", "--from-start", "--interactive", "--events", "-", *map(str, options)]
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.events: list[tuple[float, dict[str, Any]]] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> "Followed":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self._reader.join()
        self.process.communicate()

    def wait(self, such: Callable[[dict[str, Any]], bool]) -> float:
        """When the first such event came, as soon as it has. Raises CannotMeasure where the class ends before."""
        seen = 0
        while True:
            over = self.process.poll() is not None and not self._reader.is_alive()
            for at, event in self.events[seen:]:
                seen += 1
                if such(event):
                    return at
            if over:
                raise CannotMeasure(f"the class ended with {self.process.returncode} before it was there")
            time.sleep(0.002)

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.events.append((time.monotonic(), json.loads(line)))


def cloud(notes: list[str]) -> Iterator[Row]:
    """All of it."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise CannotMeasure("memory and processor are read from /proc, which Linux alone has")
    hold_class(1)  # fills the cache
    question = write_wav(FILES / "cloud-question.wav", said(QUESTION))
    with Emulators() as emulators:
        emulators.set(delays=LIFELIKE)
        yield from _costs("files for devices", notes, emulators, question)
        yield from _on_card(notes, emulators)
        yield from _starts(emulators)
        yield from _first_chunk(emulators)
        yield from _ends(notes, emulators, question)
        yield from _imports(notes, emulators, question)


def _costs(where: str, notes: list[str], emulators: Emulators, question: Path | None) -> Iterator[Row]:
    """Memory and processor from the start to the end of a minute. question: said twice into files for devices."""
    emulators.set(script=[QUESTION, QUESTION])
    options: list[object] = []
    if question:
        options = ["--output", Path(tempfile.mkdtemp(dir=FILES)) / "speaker.wav"]
        for at in ASKED:
            options += ["--input", f"{at}:{question}"]
    peak, each, used = 0.0, dict[int, float](), 0.0
    names: dict[int, str] = {}
    with Followed(emulators, *options) as class_:
        class_.wait(lambda event: event["event"] == "stt_ready")
        members = family(class_.process.pid)
        started = {pid: processor_seconds(pid) for pid in members}
        begin = time.monotonic()
        while time.monotonic() - begin < WATCHED:
            time.sleep(0.5)
            members = family(class_.process.pid)
            now = {pid: megabytes(pid) for pid in members}
            if sum(now.values()) > peak:
                peak, each, names = sum(now.values()), now, {pid: name(pid) for pid in now if pid != class_.process.pid}
        used = sum(processor_seconds(pid) - started.get(pid, 0.0) for pid in members)
        first = sum(started.values())
        if class_.process.poll() is not None:
            raise CannotMeasure("the class ended while it was watched")
        answers = sum(e["event"] == "agent_response" for _, e in class_.events)
        notes += [f"cloud class, {where}: {e}" for _, e in class_.events if e["event"] in ("error", "stt_failed")]
    listed = ", ".join(f"{names.get(pid, 'profai')} {megabyte:.0f} MB" for pid, megabyte in each.items())
    notes.append(f"cloud class, {where}: {len(each)} process(es), {listed}; {answers} sentences of answers")
    yield f"peak memory of a class with cloud engines (PSS), {where}", f"{peak:.0f} MB", "150 MB"
    yield f"processor of it in a minute after its start, {where}", f"{used * 60 / WATCHED:.1f} s", "6 s"
    yield f"processor of its start, {where}", f"{first:.1f} s", ""


def _on_card(notes: list[str], emulators: Emulators) -> Iterator[Row]:
    if rig.MISSING:
        notes.append(f"cloud class on a virtual card: not measured, {rig.MISSING}")
        return
    with rig.Rig(echo_ms=30):
        yield from _costs("virtual sound card with echo", notes, emulators, None)


def _starts(emulators: Emulators) -> Iterator[Row]:
    """From the command to the first sample, and to the recogniser's first."""
    sounds, ears = [], []
    for _ in range(5):
        with Followed(emulators, *SILENT) as class_:
            sounds.append(class_.wait(lambda event: event["event"] == "teaching_content") - class_.begun)
            ears.append(class_.wait(lambda event: event["event"] == "stt_ready") - class_.begun)
    yield "command to first sample, cloud engines, median of 5", _spread(sounds, 2, "s"), "1.5 s (local)"
    yield "command to recogniser ready, cloud engines, median of 5", _spread(ears, 2, "s"), ""


def _first_chunk(emulators: Emulators) -> Iterator[Row]:
    """From the request for a sentence to its first piece of sound."""
    with Followed(emulators, *SILENT) as class_:
        done = "audio_generation_complete"
        class_.wait(lambda event: event["event"] == done and event["reply"] == 1 and event["sentence"] >= 5)
        begun = {(e["reply"], e["sentence"]): at for at, e in class_.events if e["event"] == "audio_generation_started"}
        pieces = [(at, (e["reply"], e["sentence"])) for at, e in reversed(class_.events) if e["event"] == "audio_chunk"]
        first = {key: at for at, key in pieces}
    late = [1000 * (at - begun[key]) for key, at in first.items()]
    engines = round(1000 * (VOICE_THINKS + 2 * NETWORK))
    what = f"request to first piece of sound, of which voice and network take {engines} ms, {len(late)} sentences"
    yield what, _spread(late, 0, "ms"), "300 ms"


MOMENTS: Mapping[str, Callable[[dict[str, Any]], bool]] = {
    "lecturing": lambda event: event["event"] == "heard" and event["sentence"] >= 1,
    "listening": lambda event: event["event"] == "partial_transcript",
    "thinking": lambda event: event["event"] == "tutor_state" and event["state"] == "thinking",
    "answering": lambda event: event["event"] == "teaching_content" and event["kind"] == "answer",
}
SO_SOON = (0.25, 0.5, 0.8, 1.1, 1.4)
"""Seconds after the command: while it imports, while it connects."""


def _ends(notes: list[str], emulators: Emulators, question: Path) -> Iterator[Row]:
    """From Ctrl-C to the end of the process."""
    took: dict[str, list[float]] = {}
    emulators.set(delays={**LIFELIKE, "openai.think": 0.6})
    for moment, such in MOMENTS.items():
        for _ in range(3):
            emulators.set(script=[QUESTION])
            with Followed(emulators, "--input", f"3:{question}", "--output", FILES / "end.wav") as class_:
                class_.wait(such)
                took.setdefault(moment, []).append(_end(class_, notes))
    for seconds in SO_SOON:
        with Followed(emulators, "--input", f"3:{question}", "--output", FILES / "end.wav") as class_:
            time.sleep(seconds)
            took.setdefault("at start", []).append(_end(class_, notes))
    emulators.set(delays=LIFELIKE)
    for moment, times in took.items():
        yield f"Ctrl-C to exit, {moment}, median of {len(times)}", _spread(times, 2, "s"), "0.3 s"


def _end(class_: Followed, notes: list[str]) -> float:
    begin = time.monotonic()
    class_.process.send_signal(signal.SIGINT)
    code = class_.process.wait(30)
    took = time.monotonic() - begin
    if code != 130:
        notes.append(f"Ctrl-C {begin - class_.begun:.2f} s after the command ended it with {code}")
    return took


def _imports(notes: list[str], emulators: Emulators, question: Path) -> Iterator[Row]:
    """Which command loads which library, by Python's own list, and how long `--help` takes with all keys set."""
    helps = []
    env = environment() | emulators.environment()
    for _ in range(5):
        begin = time.perf_counter()
        subprocess.run([*PROFAI, "--help"], env=env, stdout=subprocess.DEVNULL, check=True)
        helps.append(time.perf_counter() - begin)
    yield "profai --help with all keys set, best of 5", f"{min(helps):.2f} s", "0.2 s"
    for title, command in COMMANDS.items():
        words = [word.format(wav=FILES / "import.wav", question=question) for word in command]
        watched = [PROFAI[0], "-X", "importtime", *PROFAI[1:], *words]
        done = subprocess.run(watched, env=env, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        loaded = {
            line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")
        }
        known = [sdk for sdk in SDKS if sdk in loaded]
        notes.append(f"`profai {title}` loads {', '.join(known) or 'none of them'}")


def _spread(values: list[float], digits: int, unit: str) -> str:
    return f"{statistics.median(values):.{digits}f} {unit} (worst {max(values):.{digits}f})"

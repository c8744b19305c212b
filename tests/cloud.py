"""Classes with the vendors' emulators: by the real command, or in this process, where they can be followed closely."""

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.holding import Plan
from profai_cli.cli.holding import hold as hold_plan
from profai_cli.cli.stage import NOISE_DBFS
from profai_cli.cli.wiring import SoundChoice
from profai_cli.events import Event
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import Sound
from profai_cli.session.conduct import Reader
from profai_cli.sound.made import noise
from profai_cli.sound.mouth import Mouth, Said
from profai_cli.sound.simulated import SimulatedSound
from tests.live import Live
from tests.scripted import Samples, read_wav, write_wav

DONE = (0, 130)
"""Exit codes of a class that ended as it should: by itself, or by Ctrl-C."""


@dataclass(frozen=True)
class Held:
    """A class that was held: its events, what left the speaker at 48 kHz, what the learner said, the exit code."""

    events: list[Event]
    speaker: Samples
    said: list[Said] = field(default_factory=list)
    code: int = 0


def hold(
    env: Mapping[str, str],
    folder: Path,
    inputs: Sequence[tuple[float, Samples]],
    minutes: float,
    *options: object,
    follow: Callable[[Live], None] = lambda _live: None,
) -> Held:
    """A class of course 1 by the real command, in real time; its files are left in `folder`.

    inputs: when the learner says what, in seconds and samples at 48 kHz. follow: watches the class, and may order
    faults and send signals.
    """
    folder.mkdir(parents=True, exist_ok=True)
    output = folder / "speaker.wav"
    command = ["class", "--course", "1", "--from-start", "--interactive", "--plain", "--minutes", f"{minutes:.4f}"]
    for number, (at, samples) in enumerate(inputs):
        command += ["--input", f"{at:.4f}:{write_wav(folder / f'{number}.wav', samples)}"]
    with Live(folder / "events.jsonl", [*command, "--output", output, *options], env) as live:
        follow(live)
        code = live.ends()
        assert code in DONE, f"the class ended with {code}: {live.errors}"
        return Held(live.events, read_wav(output), code=code)


class Room:
    """A class in this process, whose learner speaks when `mouth` is told to. The main thread alone may hold it."""

    def __init__(self) -> None:
        self.mouth = Mouth()
        self._speaker = bytearray()

    def hold(self, course: Course, place: Place, engines: EngineChoice, minutes: float, *readers: Reader) -> Held:
        """Until its end; `end` ends it sooner. Raises ProfaiError."""
        events: list[Event] = []
        sound = SoundChoice()
        plan = Plan(
            course, place, sound, engines, True, quiet=True, minutes=minutes, open_sound=self._open, verbatim=True
        )
        code = hold_plan(plan, lambda _place: None, events.append, *readers)
        return Held(events, np.frombuffer(bytes(self._speaker), np.int16), self.mouth.said, code)

    def end(self) -> None:
        """Ctrl-C."""
        signal.raise_signal(signal.SIGINT)

    def _open(self, _choice: SoundChoice, _files: ExitStack, _notice: Callable[[str], None]) -> Sound:
        return SimulatedSound(
            [self.mouth.clip(), noise(NOISE_DBFS)],
            speaker=lambda block: self._speaker.extend(block.tobytes()),
            cancel_echo=False,
            microphone_name="a learner",
        )


def beside(do: Callable[[], None]) -> None:
    """In a thread, so that the class's loop does not wait."""
    threading.Thread(target=do, daemon=True).start()


def silences(speaker: Samples, shortest: float = 0.2) -> list[tuple[float, float]]:
    """Begin and end, in seconds, of the stretches in which nothing leaves the speaker."""
    sounding = np.flatnonzero(speaker)
    edges = np.concatenate(([-1], sounding, [len(speaker)]))
    long = np.flatnonzero(np.diff(edges) > shortest * SOUND_RATE)
    return [(float(edges[n] + 1) / SOUND_RATE, float(edges[n + 1]) / SOUND_RATE) for n in long]

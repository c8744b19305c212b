"""A class in which profai makes a mistake after the first sentence: `python -m tests.crashing COURSES OUTPUT`."""

import sys
from pathlib import Path

from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.holding import Plan, hold
from profai_cli.cli.wiring import SoundChoice
from profai_cli.events import Event, Heard
from profai_cli.lesson.place import Place
from profai_cli.storage.courses import load_course


def break_down(event: Event) -> None:
    """A reader with a fault."""
    if isinstance(event, Heard) and event.end:
        raise RuntimeError("a fault of profai")


if __name__ == "__main__":
    course = load_course(Path(sys.argv[1]), "1")
    sound = SoundChoice(output=Path(sys.argv[2]), listening=True)
    sys.exit(hold(Plan(course, Place(0, 0), sound, EngineChoice(local=True), True), break_down))

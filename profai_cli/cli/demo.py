"""`profai demo`: one minute of a real class whose learner is a second voice of this machine."""

import asyncio
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from profai_cli.cli import options
from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.face import Note
from profai_cli.cli.holding import Plan, hold
from profai_cli.cli.kept import kept_devices
from profai_cli.cli.wiring import SoundChoice
from profai_cli.errors import EngineError
from profai_cli.events import ClassComplete, Event
from profai_cli.lesson.place import find
from profai_cli.session.script import COUGH, Line, Script
from profai_cli.storage.courses import load_course, shipped_courses

if TYPE_CHECKING:
    from profai_cli.cli.stage import Stage

SCRIPT: Final = (
    Line(6.0, ("What is a float?",)),
    Line(4.0, (COUGH,)),
    Line(3.0, ("Yes.",)),
    Line(3.0, ("Stop!", "Go on.")),
    Line(3.0, ("What is a comment?",)),
    Line(3.0, ("Stop!", "Stop the class."), answers=True),
)
"""What `stage.LEARNER` says is chosen from what the local recogniser was measured to understand of that voice."""

MINUTES: Final = 3.0
"""The end, should the learner not be understood."""


@click.command()
@options.voice_name
@options.speaker
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write what is heard, tutor and learner, to this WAV file."
)
@options.events_file
@options.plain_lines
@click.option("--json", "as_json", is_flag=True, help="Show nothing, and print the figures as JSON.")
@click.option("--fast", is_flag=True, help="As fast as the engines go, on the samples' clock, and unheard.")
def demo(
    *,
    voice: str,
    speaker: str | None,
    output: Path | None,
    events: Path | None,
    lines: bool,
    as_json: bool,
    fast: bool,
) -> int:
    """Show in one minute what profai is, on any machine, without a microphone.

    A second voice plays the learner in a simulated room: it asks, coughs, says "yes", stops the tutor and lets it
    go on. Engines, echo canceller and turn-taking are those of a real class. You hear both voices on your speaker,
    if there is one. At the end come the figures, measured in the samples.

    \b
    profai demo
    profai demo --fast --output demo.wav --events demo.jsonl
    """
    from profai_cli.cli.figures import for_scripts, measure, table  # noqa: PLC0415 - numpy is not needed for --help
    from profai_cli.cli.stage import Stage, rehearsed  # noqa: PLC0415

    engines = EngineChoice(tts=voice, local=True)
    engines.check(stepped=fast)
    course = load_course(shipped_courses(), "1")
    quiet = as_json or str(events) == "-"
    utterances = asyncio.run(rehearsed(words for line in SCRIPT for words in line.words))
    stage = Stage(utterances)
    seen: list[Event] = []
    plan = Plan(
        course,
        find(course, "1", "variables"),
        SoundChoice(output=output, speaker=speaker, stepped=fast, kept=kept_devices("speaker")),
        engines,
        interactive=True,
        events=events,
        lines=lines,
        minutes=MINUTES,
        quiet=quiet,
        open_sound=stage.open,
        actor=partial(_learner, stage),
    )
    code = hold(plan, seen.append)
    if code:
        return code
    figures = measure(stage.mouth.said, bytes(stage.aloud.tutor), seen, course)
    ended = next(event.reason for event in reversed(seen) if isinstance(event, ClassComplete))
    if as_json:
        click.echo(json.dumps(for_scripts(figures, ended)), err=str(events) == "-")
    else:
        click.echo("\n" + "\n".join(table(figures)), err=quiet)
    if ended == "time":
        raise EngineError("The learner of the demo was not understood: try another voice for the tutor with --tts.")
    return 0


def _learner(stage: "Stage", note: Note) -> Script:
    def say(t: float, line: Line) -> float:
        note(t, "said", " ... ".join(line.words))
        return stage.say(line)

    return Script(SCRIPT, say)

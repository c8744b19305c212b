"""Moments of a class for the screen's tests, and their pictures in tests/screens: `python -m tests.scenes` makes them.

The texts are hostile on purpose: markup and escape codes of a course, of a learner and of an engine are only text.
"""

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from profai_cli import events as ev
from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.ui.model import Model
from profai_cli.ui.view import Moment, View

FOLDER = Path(__file__).parent / "screens"

LOOPS = """
A loop repeats its body as long as its condition holds, which is why a condition that never changes makes a program
hang for ever. The [red]next[/] lines count to three.

```python
number = 1
while number < 4:
    print(number)  # [bold]as text[/]
    number = number + 1
```

Python prints three numbers. There are two kinds:

- the while loop,
- the for loop, of which we \x1b[31mspeak\x1b]0;owned\x07 later.

## When it ends

A loop that never ends is stopped with Control and C.
"""
COURSE = Course(
    "1",
    "Python [bold]basics[/]\x1b[2J",
    "en",
    "",
    (
        Module("First steps", (Topic("Values", "A value is a thing."), Topic("Loops", LOOPS))),
        Module("More", (Topic("Functions", "One."), Topic("Files, and what [link=x]stands[/] in them", "One."))),
    ),
)
SENTENCES = COURSE.modules[0].topics[1].sentences

BEGIN = [
    ev.ClassStarting(0.0, "0", "2026-11-23", True, "Built-in", "Built-in"),
    ev.CourseInfo(0.0, "1", COURSE.title, "en", "f", 2, 4, 0, 1, 1, 0),
    ev.SttReady(0.1, "sphinx"),
    ev.TtsReady(0.2, "espeak"),
    ev.AgentReady(0.2, "OpenAI"),
    ev.TutorState(0.2, "teaching"),
    ev.TeachingContent(61.5, 1, 0, SENTENCES[1].text, "lesson", (0, 1, 1, 0)),
    ev.Heard(62.0, 1, 0, 6),
]
HELD = [*BEGIN, ev.SpeechStarted(62.1, 1), ev.TtsHeld(62.1, 1, 1, 0, 6), ev.TutorState(62.1, "held")]
LISTENING = [
    *HELD,
    ev.SpeechConfirmed(62.3, 1),
    ev.PartialTranscript(62.4, "what is [red]a\x1b[2J"),
    ev.TtsInterrupted(62.4, 1, 0, 6),
    ev.TutorState(62.4, "listening"),
]
THINKING = [
    *LISTENING,
    ev.SpeechEnded(62.7, 0.6),
    ev.FinalTranscript(62.8, "what is [red]a loop\x1b[2J"),
    ev.TutorState(62.8, "thinking"),
]
ANSWERING = [
    *THINKING,
    *(ev.Metrics(63.0, f"{name}_ms", 62.4 + 100 * n, 2) for n, name in enumerate(("barge_in", "first_partial"))),
    *(ev.Metrics(63.0, f"{name}_ms", 262.4, 2) for name in ("first_token", "first_sample", "end_to_end")),
    ev.AgentResponse(63.0, 2, "It repeats [blink]lines.", "Loops"),
    ev.AgentResponse(63.0, 2, "Then it ends.", "Loops"),
    ev.TutorState(63.9, "answering"),
    ev.TeachingContent(63.9, 2, 0, "It repeats [blink]lines.", "answer"),
    ev.Heard(64.9, 2, 0, 24, end=True),
    ev.TeachingContent(65.0, 2, 1, "Then it ends.", "answer"),
    ev.Heard(65.2, 2, 1, 4),
]
CODE = [*BEGIN, ev.TeachingContent(70.0, 1, 4, SENTENCES[4].text, "lesson", (0, 1, 4, 0)), ev.Heard(70.4, 1, 4, 5)]
MISSING = [
    *BEGIN,
    ev.DeviceLost(62.5, "microphone", "USB", "USB is gone: plug it in again.\x1b[2J The class waits."),
    ev.TutorState(62.5, "paused"),
]
FALLBACK = [*BEGIN, ev.Error(62.5, "espeak", "espeak \x1b[31mfailed."), ev.TtsReady(62.6, "flite")]
SOUND = [
    *BEGIN,
    ev.VoiceTuned(62.0, 1.25, 0.8),
    ev.Metrics(62.0, "sound_faults_count", 12),
    ev.EchoMeasured(62.0, 31.6, -38.2, True),
]
QUIET = Moment((-30.0, -7.0))

TALKED = [
    *ANSWERING,
    ev.TutorState(67.0, "teaching"),
    ev.TeachingContent(67.0, 3, 0, SENTENCES[2].text, "lesson", (0, 1, 2, 0)),
    ev.FinalTranscript(68.0, "and what is a condition, and why does it have to change for the loop to end", "typed"),
    ev.TutorState(68.0, "thinking"),
    ev.TeachingContent(68.5, 4, 0, "A condition is a value that is true or false.", "answer"),
    ev.TeachingContent(69.0, 4, 1, "One that never changes makes a program hang for ever.", "answer"),
    ev.TeachingContent(70.0, 5, 0, SENTENCES[2].text, "lesson", (0, 1, 2, 0)),
    ev.TutorState(70.0, "teaching"),
    ev.SpeechConfirmed(71.0, 0),
    ev.PartialTranscript(71.5, "so then"),
]
ASKING = [
    *BEGIN,
    ev.TutorState(80.0, "asking"),
    ev.TeachingContent(80.0, 6, 0, "Let us see what stayed with you.", "check"),
    ev.Heard(81.9, 6, 0, 32, end=True),
    ev.TeachingContent(82.0, 6, 1, "When does a loop [blink]end?", "check"),
    ev.Heard(82.9, 6, 1, 11),
]
JUDGED = [
    *ASKING,
    ev.TutorState(84.0, "listening"),
    ev.FinalTranscript(86.0, "when its condition is [red]false"),
    ev.TutorState(86.0, "thinking"),
    ev.CheckJudged(86.1, 7, (0, 1, 0), "When?", "when its condition is false", "right", (0, 1, 1, 0), "course search"),
    ev.AgentResponse(86.1, 7, "That is right.", done=True),
    ev.TutorState(86.1, "answering"),
    ev.TeachingContent(86.2, 7, 0, "That is right.", "answer"),
]
TOLD = ev.LessonTold(1.0, 0, 1, (("A loop says it \x1b[2Jagain.", 1), ("So [red]it goes on.", 0)), "OpenAI")
END = len(COURSE.modules[0].topics[0].sentences) - 1
OUTLINE = [
    ev.CourseInfo(0.0, "1", COURSE.title, "en", "f", 2, 4, 0, 0, 0, 0),
    ev.TeachingContent(1.0, 1, 0, "A value is a thing.", "lesson", (0, 0, END, 0)),
    ev.Heard(3.0, 1, 0, 19, end=True),
    ev.TeachingContent(4.0, 1, 1, SENTENCES[0].text, "lesson", (0, 1, 0, 0)),
    ev.Heard(4.5, 1, 1, 6, end=True),
    ev.LessonMoved(5.0, "Files.", (1, 1, 0, 0)),
]

SCENES: dict[str, tuple[list[ev.Event], Moment]] = {
    "starting": ([], Moment()),
    "teaching": (BEGIN, QUIET),
    "code": (CODE, QUIET),
    "held": (HELD, QUIET),
    "listening": (LISTENING, QUIET),
    "thinking": (THINKING, QUIET),
    "answering": (ANSWERING, QUIET),
    "bridge": ([*THINKING, ev.TeachingContent(64.0, 3, 0, "Back to the lesson.", "bridge")], QUIET),
    "paused": ([*BEGIN, ev.TutorState(62.5, "paused")], QUIET),
    "missing": (MISSING, QUIET),
    "muted": ([*BEGIN, ev.MicrophoneMuted(62.5, True)], QUIET),
    "fallback": (FALLBACK, QUIET),
    "sound": (SOUND, QUIET),
    "recorded": ([replace(BEGIN[0], recording="class.flac"), *BEGIN[1:]], QUIET),
    "typed": (THINKING, replace(QUIET, typed="why [bold]so ")),
    "loading": ([*BEGIN[:2], ev.TutorState(0.2, "teaching")], QUIET),
    "unheard": ([*BEGIN, ev.MicrophoneMuted(62.5, True)], replace(QUIET, unheard=True)),
    "talked": (TALKED, QUIET),
    "asking": (ASKING, QUIET),
    "judged": (JUDGED, QUIET),
    "outline": (OUTLINE, QUIET),
    "figures": ([*ANSWERING, *SOUND[-3:]], replace(QUIET, page="figures")),
    "help": (BEGIN, replace(QUIET, page="help")),
}
SMALL, USUAL, LARGE, HUGE = (60, 16), (80, 24), (120, 40), (200, 60)
PICTURES = [
    *((name, size) for name in SCENES for size in (SMALL, USUAL)),
    *((name, LARGE) for name in ("teaching", "code", "answering", "sound", "talked", "outline", "figures", "help")),
    ("teaching", HUGE),
]


def terminal(width: int, height: int, **options: object) -> Console:
    """A terminal that keeps what is written."""
    given = {"color_system": None, "legacy_windows": False, "force_terminal": True, "file": io.StringIO()} | options
    return Console(width=width, height=height, **given)


def shown(events: list[ev.Event], moment: Moment, size: tuple[int, int], *, ascii_only: bool = False) -> list[str]:
    """The rows of the picture after these events."""
    model = Model()
    for event in events:
        model(event)
    return [row.plain for row in View(COURSE).rows(model, moment, *size, ascii_only=ascii_only)]


def file(name: str, size: tuple[int, int]) -> Path:
    """Where a picture is kept."""
    return FOLDER / f"{name}-{size[0]}x{size[1]}.txt"


def main() -> None:
    """Write all pictures."""
    for name, size in PICTURES:
        file(name, size).write_text("\n".join(shown(*SCENES[name], size)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

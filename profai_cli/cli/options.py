"""Options that several commands share, and the values they stand for.

Those of `SETTINGS` can be kept: see `kept`. The README's table of settings is made of them.
"""

import getpass
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from profai_cli.cli.kept import KNOWN, Setting
from profai_cli.lesson.source import is_language
from profai_cli.providers.catalogue import Does, named, names

TimedPath = tuple[float, Path]
"""Seconds into the class, and a file."""

Command = TypeVar("Command", bound=Callable[..., Any] | click.Command)


class EngineName(click.ParamType[str]):
    """The name of an engine, and after a colon a variant of it; "" for the best there is."""

    name = "ENGINE"

    def __init__(self, does: Does) -> None:
        self._known = names(does)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's own
        """Refuse what is no engine."""
        engine = str(value).partition(":")[0]
        if engine and engine not in self._known:
            self.fail(f"there is no {engine!r}: choose one of {', '.join(self._known)}.", param, ctx)
        return str(value)


class Number(click.FloatRange):
    """A number in a range, which is told in words. Python's "nan" is in every range to click."""

    @property
    def words(self) -> str:
        """What it may be."""
        if self.max is not None:
            return f"a number from {self.min:g} to {self.max:g}"
        return f"a number above {self.min:g}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click's own
        """Refuse what is no number, or too small or great."""
        try:
            number: float = super().convert(value, param, ctx)
        except click.BadParameter:
            number = math.nan
        if math.isnan(number):
            self.fail(f"it must be {self.words}.", param, ctx)
        return number


class Language(click.ParamType[str]):
    """A code as in BCP 47, "auto", or ""."""

    name = "CODE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401 - click's own
        """Refuse what is no code."""
        code = str(value)
        if code not in ("", "auto") and not is_language(code):
            self.fail(f"{code!r} is no code of a language: write one such as en-IN or hi, or auto.", param, ctx)
        return code


class TimedFile(click.ParamType[TimedPath]):
    """`FILE.wav`, or `12.5:FILE.wav` to begin 12.5 seconds into the class: a pair (seconds, path)."""

    name = "[SECONDS:]FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TimedPath:  # noqa: ANN401 - click's own
        """Split the time from the name."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?):(.+)", str(value))
        return (float(match[1]), Path(match[2])) if match else (0.0, Path(str(value)))


SETTINGS: Final = KNOWN
"""By name, in the order in which they are shown. Filled by what follows."""


def _setting(name: str, *declarations: str, **more: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - click's own
    """An option that can be kept under `name`."""
    SETTINGS[name] = Setting(declarations, setting=name, **more)
    return click.option(*declarations, cls=Setting, setting=name, **more)


def _switch(name: str, *more: str, does: str) -> Callable[[Command], Command]:
    """A flag that can be kept, and then switched off for once."""
    return _setting(name, f"--{name}/--no-{name}", *more, help=does)


def _elsewhere(engine: str, given: Mapping[str, Any]) -> bool:
    """Whether a kept engine cannot be used under the --fast or --local that was typed."""
    try:
        found = named(engine)
    except KeyError:
        return False  # told when it is converted
    return bool((given.get("fast") and not found.stepped) or (given.get("local") and found.vendor))


def _user(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    """The learner's name, or the system's name of its user."""
    if value:
        return value
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without user names; Windows without its variables
        return "learner"


def _or_none(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The system's own device where the name is empty."""
    return value or None


stt_name = _setting(
    "stt",
    "--stt",
    type=EngineName("hears"),
    default="",
    yields=_elsewhere,
    show_default="the best",
    help="What hears you: deepgram, flux, sarvam, moonshine or pocketsphinx.",
)
voice_name = _setting(
    "voice",
    "--tts",
    "--voice",
    "voice",
    type=EngineName("speaks"),
    default="",
    yields=_elsewhere,
    show_default="the best",
    help="What speaks: elevenlabs, sarvam, moonshine, flite, system or espeak, and after a colon which voice of it.",
)
model_name = _setting(
    "model",
    "--model",
    type=EngineName("answers"),
    default="",
    yields=_elsewhere,
    show_default="the best",
    help="What answers: openai, groq, local or course, and after a colon which model of it.",
)
fallback = _switch("fallback", does="Where an engine that you named fails, go on with the others.")
local = _switch("local", does="Use no network, whatever keys there are.")
spoken_language = _setting(
    "language",
    "--language",
    type=Language(),
    default="",
    show_default="the course's",
    help="What you speak, and with a model are taught in: en-IN, hi, ... or auto.",
)
microphone = _setting(
    "microphone",
    "--microphone",
    callback=_or_none,
    show_default="the system's",
    help="A number from 'profai devices', or a part of a name.",
)
speaker = _setting(
    "speaker",
    "--speaker",
    callback=_or_none,
    show_default="the system's",
    help="A number from 'profai devices', or a part of a name.",
)
headphones = _switch("headphones", "--no-aec", does="No echo to cancel: nothing is taken from your voice.")
sensitivity = _setting(
    "sensitivity",
    "--sensitivity",
    type=click.Choice(["low", "normal", "high"]),
    default="normal",
    show_default=True,
    help="How little voice it takes to interrupt the tutor.",
)
courses_folder = _setting(
    "courses",
    "--courses",
    "folder",
    type=click.Path(path_type=Path),
    show_default="those of profai",
    help="Look for courses in this folder.",
)
course_number = _setting("course", "--course", default="1", show_default=True, help="Its number or title.")
learner = _setting(
    "learner",
    "--learner",
    callback=_user,
    show_default="your user name",
    help="Whose progress to keep.",
)
interactive = _switch("interactive", does="Listen all the time; without it, one topic is read.")
checks = _setting(
    "checks",
    "--checks/--no-checks",
    default=True,
    show_default=True,
    help="Ask the questions of a topic at its end, and those of earlier days that you may have forgotten.",
)
verbatim = _switch("verbatim", does="Read the course as it is written, even where a model could tell it.")
minutes = _setting(
    "minutes",
    "--minutes",
    type=Number(min=0, min_open=True),
    help="End the class after so many minutes.",
)
record = _switch("record", does="Keep what you and the tutor say for the report, as stereo FLAC: 200 MB an hour.")
plain_lines = _setting(
    "plain",
    "--plain/--no-plain",
    "lines",
    help="One line an event instead of the live screen.",
)

events_file = click.option(
    "--events",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Write every event there as a line of JSON; - is standard output.",
)
json_events = click.option(
    "--json",
    "events",
    flag_value=Path("-"),
    type=click.Path(path_type=Path),
    help="Print the events and nothing else: --events -, in short.",
)
output_file = click.option("--output", type=click.Path(path_type=Path), help="Write what is spoken to this WAV file.")
input_files = click.option(
    "--input", "inputs", type=TimedFile(), multiple=True, help="A WAV file as the microphone; may be given again."
)

"""Options that several commands share, and the values they stand for."""

import re
from pathlib import Path
from typing import Any

import click

TimedPath = tuple[float, Path]
"""Seconds into the class, and a file."""

courses_folder = click.option(
    "--courses",
    "folder",
    type=click.Path(path_type=Path),
    help="Look for courses in this folder instead of those that come with profai.",
)
course_number = click.option("--course", default="1", show_default=True, help="Its number or title.")
stt_name = click.option(
    "--stt", default="", help="What hears you: deepgram, flux, sarvam, moonshine or pocketsphinx; by default the best."
)
voice_name = click.option(
    "--tts",
    "--voice",
    "voice",
    default="",
    help="What speaks: elevenlabs, sarvam, moonshine, flite, system or espeak, and after a colon which voice of it.",
)
model_name = click.option(
    "--model", default="", help="What answers: openai, groq, local or course, and after a colon which model of it."
)
fallback = click.option("--fallback", is_flag=True, help="Where an engine that you named fails, go on with the others.")
local = click.option("--local", is_flag=True, help="Use no network, whatever keys there are.")
spoken_language = click.option(
    "--language", default="", help="What you speak: en-IN, hi, ... or auto; by default the language of the course."
)
sensitivity = click.option(
    "--sensitivity",
    type=click.Choice(["low", "normal", "high"]),
    default="normal",
    show_default=True,
    help="How little voice it takes to interrupt the tutor.",
)
microphone = click.option("--microphone", help="A number from 'profai devices', or a part of a name.")
speaker = click.option("--speaker", help="A number from 'profai devices', or a part of a name.")
headphones = click.option(
    "--headphones",
    "--no-aec",
    "headphones",
    is_flag=True,
    help="No echo to cancel: nothing is taken from your voice.",
)
events_file = click.option(
    "--events",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Write every event there as a line of JSON; - is standard output.",
)
output_file = click.option("--output", type=click.Path(path_type=Path), help="Write what is spoken to this WAV file.")


class TimedFile(click.ParamType[TimedPath]):
    """`FILE.wav`, or `12.5:FILE.wav` to begin 12.5 seconds into the class: a pair (seconds, path)."""

    name = "[SECONDS:]FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> TimedPath:  # noqa: ANN401 - click's own
        """Split the time from the name."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?):(.+)", str(value))
        return (float(match[1]), Path(match[2])) if match else (0.0, Path(str(value)))


input_files = click.option(
    "--input", "inputs", type=TimedFile(), multiple=True, help="A WAV file as the microphone; may be given again."
)

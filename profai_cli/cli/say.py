"""`profai say`: speak a text, and tell how quick the voice is."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.cli.access import env_file, run
from profai_cli.cli.exits import complain, tell
from profai_cli.cli.kept import kept_devices
from profai_cli.cli.outlets import File, Outlet, Speaker
from profai_cli.errors import DeviceError, InputError
from profai_cli.pcm import seconds
from profai_cli.ports import TextToSpeech, WordTime


@dataclass(slots=True)
class Measured:
    """How it went; times in seconds from the request."""

    start: float = 0.0
    first: float = 0.0
    total: float = 0.0
    sound: float = 0.0
    words: list[WordTime] = field(default_factory=list)


@click.command()
@click.argument("text")
@options.output_file
@options.voice_name
@options.fallback
@options.local
@env_file
@options.speaker
@click.option("--language", default="en", show_default=True, help="The language of the text.")
@click.option("--speed", type=options.Number(0.5, 3.0), default=1.0, show_default=True, help="1 is the voice's own.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures and the times of the words as JSON.")
def say(
    *,
    text: str,
    output: Path | None,
    voice: str,
    fallback: bool,
    local: bool,
    env_file: Path | None,
    speaker: str | None,
    language: str,
    speed: float,
    as_json: bool,
) -> None:
    """Speak TEXT and time the voice.

    \b
    profai say "Plants make sugar from light."
    profai say "Plants make sugar from light." --tts espeak:en-gb-scotland --output sugar.wav
    """
    from profai_cli.cli.engines import EngineChoice, EngineRoom  # noqa: PLC0415 - not needed for --help

    choice = EngineChoice(tts=voice, fallback=fallback, local=local, env_file=env_file)
    choice.check(stepped=False, local=local)
    room = EngineRoom(choice, None, language, lambda _source, line: complain(line), ["voice"])
    name, measured = run(_said(text, speed, room.voice, lambda: File(output) if output else _speaker(speaker)))
    if as_json:
        words = [{"word": text[w.start : w.end], "at": round(w.at, 4)} for w in measured.words]
        figures = {
            "voice": name,
            "start_ms": round(measured.start * 1000, 1),
            "first_ms": round(measured.first * 1000, 1),
            "total_ms": round(measured.total * 1000, 1),
            "seconds": round(measured.sound, 4),
            "words": words,
        }
        click.echo(json.dumps(figures))
        return
    tell(
        f"{name}: ready in {measured.start * 1000:.0f} ms, first sound after {measured.first * 1000:.0f} ms, "
        f"all {measured.sound:.2f} s of it after {measured.total * 1000:.0f} ms."
    )


def _speaker(name: str | None) -> Speaker:
    try:
        return Speaker(name, kept_devices("speaker"))
    except DeviceError as error:
        raise DeviceError(f"{str(error).rstrip('.')}, or write a file with --output FILE.wav.") from error


async def _said(
    text: str, speed: float, find: Callable[[], TextToSpeech], open_outlet: Callable[[], Outlet]
) -> tuple[str, Measured]:
    """Say it; the voice's name and how it went."""
    outlet = open_outlet()
    try:
        begun = time.perf_counter()
        voice = find()
        try:
            await voice.start()
            measured = Measured(start=time.perf_counter() - begun)
            await _speak(voice, text, speed, outlet, measured)
        finally:
            await voice.close()
    finally:
        outlet.close()
    return voice.name, measured


async def _speak(voice: TextToSpeech, text: str, speed: float, outlet: Outlet, measured: Measured) -> None:
    """Say it into the outlet. Raises InputError where the text has no word."""
    asked = time.perf_counter()
    async for speech in voice.speak(text, speed):
        measured.total = time.perf_counter() - asked
        measured.first = measured.first or measured.total
        measured.sound += seconds(speech.pcm, speech.rate)
        measured.words += speech.words
        await outlet.write(speech.pcm, speech.rate)
    if not measured.sound:
        raise InputError("There is nothing to say in this text: give it a word or a number.")
    await outlet.finish()

"""Hears words of a course with its teacher, who tells how they are said."""

from collections.abc import Callable, Collection
from pathlib import Path

import click

from profai_cli.cli.access import run
from profai_cli.cli.exits import complain
from profai_cli.cli.outlets import Speaker
from profai_cli.errors import DeviceError
from profai_cli.kinds import DeviceKind
from profai_cli.lesson.plain import plain
from profai_cli.providers.tts.local import BestLocal
from profai_cli.storage.course_sounds import keep_sound
from profai_cli.tutor.sounds import Sounds

_HELP = """\
Each is read out. Enter: it is right; or write how it is said, such as bra-hee; . hears it again; - leaves it for later.
Ctrl-C ends; what you said is kept in the course's file."""


def hear(course: Path, words: dict[str, str], say: Callable[[str], None]) -> None:
    """Read out words, each with a sentence in which it is, and keep what the teacher says. Raises ProfaiError.

    say: speaks a word; where it raises DeviceError, nothing is asked.
    """
    click.echo(_HELP)
    for number, (word, sentence) in enumerate(words.items(), 1):
        click.echo(plain(f"{number} of {len(words)}: {word}, in: {sentence}"))
        sound: str | None = word
        while sound is not None:
            try:
                say(Sounds({word: sound}).of(word))
            except DeviceError as error:
                complain(f"{str(error).rstrip('.')}, or list the words with --silent.")
                return
            # on standard error: see `sound.portaudio`, which makes silent what Python writes questions to
            answer = plain(click.prompt("Say it as", default="", show_default=False, err=True))
            if answer in ("", "-"):
                if not answer:
                    keep_sound(course, word, sound)
                sound = None
            elif answer != ".":
                sound = answer


def say_aloud(text: str, device: str | None, kept: Collection[DeviceKind] = ()) -> None:
    """Speak a word by the best local voice. device, kept: as of a `Speaker`. Raises DeviceError and EngineError."""
    run(_say(text, device, kept))


async def _say(text: str, device: str | None, kept: Collection[DeviceKind]) -> None:
    speaker = Speaker(device, kept)
    voice = BestLocal("en")
    try:
        await voice.start()
        async for speech in voice.speak(text, 1.0):
            await speaker.write(speech.pcm, speech.rate)
        await speaker.finish()
    finally:
        await voice.close()
        speaker.close()

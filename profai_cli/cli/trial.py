"""Trying the devices: a live level of the microphone, and a tone on the speaker."""

import sys
from contextlib import ExitStack
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from profai_cli.cli.attending import attend
from profai_cli.cli.wiring import SoundChoice, open_card
from profai_cli.errors import DeviceError
from profai_cli.lesson.plain import plain
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import Frame, Player

if TYPE_CHECKING:
    from profai_cli.sound.card import SoundCard

# Imports in the functions: numpy, PortAudio and Rich take 0.3 s that --help need not wait for.
# ruff: noqa: PLC0415

SECONDS: Final = 5.0

TONE: Final = 1.5
"""Seconds in which a tone of one second has left the speaker."""

SILENCE: Final = -120.0
"""dBFS of digital silence."""

VOICED: Final = 20
"""Blocks of 10 ms that sound like a voice: a word. A knock has fewer."""

CELLS: Final = 40
"""Of the level's bar."""


class Trial:
    """Hears for some seconds; ends sooner with a voice, where `until_voice`.

    level: the loudest since it was taken last. loudest: of all. In dBFS.
    """

    def __init__(self, player: Player, seconds: float, *, until_voice: bool = False) -> None:
        self.done = Event()
        self.seconds = seconds
        self.level = self.loudest = SILENCE
        self._voiced = 0
        self._player, self._until_voice = player, until_voice

    @property
    def voice(self) -> bool:
        """A voice was heard."""
        return self._voiced >= VOICED

    def __call__(self, frame: Frame) -> None:
        """Take a frame. The tone goes on when a voice is heard."""
        self.level = max(self.level, frame.microphone_dbfs)
        self.loudest = max(self.loudest, frame.microphone_dbfs)
        if frame.speaker_dbfs <= SILENCE and frame.evidence and frame.evidence.vote:  # not the tone's own echo
            self._voiced += 1
        if frame.hold:
            self._player.release(frame.hold)
        if frame.t >= self.seconds or (self._until_voice and self.voice):
            self.done.set()


def try_devices(microphone: str | None, speaker: str | None) -> None:
    """Both at once. Raises DeviceError or UsageError where there is none, or not the one that was named."""
    from profai_cli.sound.made import tone

    card = open_card(SoundChoice(microphone=microphone, speaker=speaker, headphones=True))
    try:
        trial = Trial(card.player, SECONDS)
        if card.speaker:
            card.player.write(tone(), SOUND_RATE, last=True)
        if card.microphone:
            click.echo(f"{plain(card.microphone)}: speak, and look at the level.")
        _watch(card, trial)
    finally:
        card.close()
    for trouble in card.troubles.values():
        click.echo(plain(trouble))
    if card.microphone:
        click.echo(verdict(trial, card.microphone))
    if card.speaker:
        click.echo(f"{plain(card.speaker)} played a tone: where you did not hear it, choose another with --speaker.")


def try_microphone(microphone: str | None) -> None:
    """The microphone alone, until it hears a voice. Raises as `try_devices`."""
    card = open_card(SoundChoice(microphone=microphone, headphones=True))
    try:
        trial = Trial(card.player, SECONDS, until_voice=True)
        if not card.microphone:
            raise DeviceError(card.troubles.get("microphone", "No microphone was found: plug one in."))
        click.echo("Say a sentence, such as: what is a list?")
        _watch(card, trial)
    finally:
        card.close()
    click.echo(verdict(trial, card.microphone))


def try_speaker(speaker: str | None) -> None:
    """The speaker alone. Raises as `try_devices`."""
    from profai_cli.sound.made import tone

    card = open_card(SoundChoice(speaker=speaker, listening=False))
    try:
        card.player.write(tone(), SOUND_RATE, last=True)
        attend(card, Trial(card.player, TONE))
    finally:
        card.close()
    click.echo(f"{plain(card.speaker)} played a tone.")


def verdict(trial: Trial, name: str) -> str:
    """What was heard, and what to do where that was nothing."""
    name = plain(name)
    if trial.loudest <= SILENCE:
        return f"{name} gives nothing but silence: switch it on, unmute it, or choose another with --microphone."
    if not trial.voice:
        heard = f"{name} heard no voice, and nothing louder than {trial.loudest:.0f} dBFS"
        return f"{heard}: speak louder, or choose another with --microphone."
    return f"{name} hears you, up to {trial.loudest:.0f} dBFS."


def _watch(card: "SoundCard", trial: Trial) -> None:
    """Show the level meanwhile: a bar in a terminal, a line for every second elsewhere."""
    with ExitStack() as stack:
        if sys.stdout.isatty():
            from rich.console import Console
            from rich.live import Live

            from profai_cli.ui.meter import meter

            console = Console()
            narrow = "utf" not in console.encoding.lower()
            live = stack.enter_context(Live(console=console, auto_refresh=False, transient=True))
            console.show_cursor(True)  # so that a kill leaves the terminal in order

            def look() -> None:
                bar = meter(trial.level, CELLS, "green", ascii_only=narrow)
                live.update(bar.append(f" {trial.level:4.0f} dBFS"), refresh=True)
                trial.level = SILENCE
        else:
            looks = 0

            def look() -> None:
                nonlocal looks
                looks += 1
                if looks % 10 == 0:
                    click.echo(f"{trial.level:.0f} dBFS")
                    trial.level = SILENCE

        attend(card, trial, look)

"""Trying the devices: a tone on the speaker, and then a live level of the microphone."""

import math
import sys
from contextlib import ExitStack
from threading import Event
from typing import TYPE_CHECKING, Final

import click

from profai_cli.cli.attending import attend
from profai_cli.cli.exits import can_draw
from profai_cli.cli.kept import current
from profai_cli.cli.options import SETTINGS
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
"""Seconds in which a tone of one second has left the speaker, and its echo has come back."""

SILENCE: Final = -120.0
"""dBFS of digital silence."""

VOICED: Final = 20
"""Blocks of 10 ms that sound like a voice: a word. A knock has fewer."""

PAUSE: Final = 0.8
"""Seconds of silence after which a sentence is over: the recogniser needs some of them."""

AUDIBLE: Final = -50.0
"""dBFS from which a sound could be a voice: the gate of the normal sensitivity (`sound.activity`)."""

TOO_LOUD: Final = -6.0
"""dBFS (RMS) of 10 ms of speech whose peaks, at least 6 dB higher, are cut off at full scale."""

CELLS: Final = 40
"""Of the level's bar."""


class Trial:
    """Hears for `seconds` after the first `after`, in which a tone may sound; `to_pause`: or until a sentence is over.

    frames: what was heard. level: the loudest since `taken`. loudest: of all. In dBFS.
    """

    def __init__(self, player: Player, seconds: float, *, after: float = 0.0, to_pause: bool = False) -> None:
        self.done = Event()
        self.seconds = after + seconds
        self.frames: list[Frame] = []
        self.level = self.loudest = SILENCE
        self.sounding = False
        """Something sounds like a voice, since `taken`."""
        self._after, self._over = after, math.inf
        self._voiced = 0
        self._player, self._to_pause = player, to_pause

    @property
    def voice(self) -> bool:
        """A voice was heard."""
        return self._voiced >= VOICED

    def __call__(self, frame: Frame) -> None:
        """Take a frame. The tone goes on when a voice is heard."""
        if frame.hold:
            self._player.release(frame.hold)
        if frame.t > self._after:
            self._hear(frame)
        if frame.t >= self.seconds or (self._to_pause and self.voice and frame.t >= self._over):
            self.done.set()

    def _hear(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.level = max(self.level, frame.microphone_dbfs)
        self.loudest = max(self.loudest, frame.microphone_dbfs)
        if frame.evidence and frame.evidence.vote:
            self._voiced += 1
            self.sounding = True
        if frame.voice:
            self._over = frame.t + PAUSE if frame.voice == "ended" else math.inf

    def taken(self) -> None:
        """The level was shown; the next one is of what comes from now on."""
        self.level, self.sounding = SILENCE, False


def try_devices(microphone: str | None, speaker: str | None) -> None:
    """The speaker, and then the microphone. Raises DeviceError or UsageError where there is none, or not the named."""
    from profai_cli.sound.devices import ONLY_A_MONITOR, is_monitor
    from profai_cli.sound.host import in_use
    from profai_cli.sound.made import tone

    card = open_card(SoundChoice(microphone=microphone, speaker=speaker, headphones=True))
    try:
        trial = Trial(card.player, SECONDS if card.microphone else 0.0, after=TONE if card.speaker else 0.0)
        if card.speaker:
            click.echo(f"{plain(card.speaker)} plays a tone: where you do not hear it, choose another with --speaker.")
            card.player.write(tone(), SOUND_RATE, last=True)
        _watch(card, trial, f"{plain(card.microphone)}: speak, and look at the level." if card.microphone else "")
    finally:
        card.close()
    for trouble in card.troubles.values():
        click.echo(plain(trouble))
    device = in_use("microphone", microphone, card.microphone)
    if device and is_monitor(device):
        click.echo(f"{plain(card.microphone)}: {ONLY_A_MONITOR}.")
    elif device:
        click.echo(verdict(trial, card.microphone))


def hear(microphone: str | None) -> Trial:
    """Hear a sentence, and say how well. Raises as `try_devices`."""
    card = open_card(SoundChoice(microphone=microphone, headphones=True))
    try:
        trial = Trial(card.player, SECONDS, to_pause=True)
        if not card.microphone:
            raise DeviceError(card.troubles.get("microphone", "No microphone was found: plug one in."))
        _watch(card, trial, "Say a sentence, such as: what is a list?")
    finally:
        card.close()
    click.echo(verdict(trial, card.microphone))
    return trial


def play(speaker: str | None) -> None:
    """Play a tone. Raises as `try_devices`."""
    from profai_cli.sound.made import tone

    card = open_card(SoundChoice(speaker=speaker, listening=False))
    try:
        click.echo(f"{plain(card.speaker)} plays a tone.")
        card.player.write(tone(), SOUND_RATE, last=True)
        attend(card, Trial(card.player, TONE))
    finally:
        card.close()


def verdict(trial: Trial, name: str) -> str:
    """What was heard, and what to do where that was no voice."""
    name, loudest = plain(name), f"{trial.loudest:.0f} dBFS"
    if trial.voice and trial.loudest > TOO_LOUD:
        return f"{name} hears you, up to {loudest}, which is too loud: lower its level in the system's sound settings."
    if trial.voice:
        return f"{name} hears you, up to {loudest}."
    if trial.loudest <= SILENCE:
        return f"{name} gives nothing but silence: switch it on, unmute it, or choose another one."
    if trial.loudest < AUDIBLE:
        heard = f"{name} heard nothing louder than {loudest}"
        return f"{heard}: speak louder, raise its level in the system's sound settings, or choose another one."
    return f"{name} hears, up to {loudest}, but no voice: say a whole sentence, without other noise."


def _watch(card: "SoundCard", trial: Trial, prompt: str) -> None:
    """Run the trial. From its first frame on show the prompt and the level: a bar in a terminal, else a line a second.

    An empty prompt: show nothing.
    """
    drawn = can_draw(sys.stdout) and not current(SETTINGS["plain"])["plain"][0]
    with ExitStack() as stack:
        show = None
        looks = 0

        def look() -> None:
            nonlocal show, looks
            if not (prompt and trial.frames):
                return
            if show is None:
                click.echo(prompt)
                show = _Bar(stack) if drawn else _line
            looks += 1
            if drawn or looks % 10 == 0:
                show(trial.level, trial.sounding)
                trial.taken()

        attend(card, trial, look)


def _line(level: float, voice: bool) -> None:
    click.echo(f"{level:.0f} dBFS{', a voice' if voice else ''}")


class _Bar:
    """The level in a terminal, until `stack` is closed."""

    def __init__(self, stack: ExitStack) -> None:
        from rich.console import Console
        from rich.live import Live

        console = Console()
        self._narrow = "utf" not in console.encoding.lower()
        self._live = stack.enter_context(Live(console=console, auto_refresh=False, transient=True))
        console.show_cursor(True)  # so that a kill leaves the terminal in order

    def __call__(self, level: float, voice: bool) -> None:
        from profai_cli.ui.meter import meter

        bar = meter(level, CELLS, "green", ascii_only=self._narrow)
        self._live.update(bar.append(f" {level:4.0f} dBFS{'  a voice' if voice else ''}"), refresh=True)

"""Where a spoken text goes when there is no class: a WAV file, or the speaker."""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

import click

from profai_cli.cli.exits import complain
from profai_cli.kinds import DeviceKind
from profai_cli.lesson.plain import plain
from profai_cli.pcm import BYTES_A_SAMPLE, SOUND_RATE
from profai_cli.ports import DeviceChange, Frame
from profai_cli.storage.wav import WavWriter


class Outlet(Protocol):
    """Where the sound goes."""

    async def write(self, pcm: bytes, rate: int) -> None:
        """Take mono PCM16."""

    async def finish(self) -> None:
        """Return when all of it has arrived."""

    def close(self) -> None:
        """Free it, arrived or not."""


class File:
    """A WAV file at the voice's own rate, made when sound comes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: WavWriter | None = None

    async def write(self, pcm: bytes, rate: int) -> None:
        """Take mono PCM16. Raises SoundFileError."""
        self._writer = self._writer or WavWriter(self._path, rate)
        self._writer.write(pcm)

    async def finish(self) -> None:
        """Nothing: `close` writes what waits."""

    def close(self) -> None:
        """Close the file. Raises SoundFileError."""
        if self._writer:
            self._writer.close()


class Speaker:
    """The sound card without its microphone."""

    def __init__(self, name: str | None, kept: Collection[DeviceKind] = ()) -> None:
        """Open the speaker `name`, or the system's own: also where that fails, if it is `kept`. Raises DeviceError."""
        from profai_cli.cli.wiring import tell_replaced  # noqa: PLC0415 - as below
        from profai_cli.sound.card import SoundCard  # noqa: PLC0415 - PortAudio takes 0.1 s to load

        self._card = SoundCard(speaker=name, replaceable=kept, cancel_echo=False, listening=False)
        tell_replaced(self._card, complain)
        self._player = self._card.player
        self._rate = SOUND_RATE
        self._played = 0
        self._moved = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._card.on_device = self._change
        self._card.start(self._note)

    def _change(self, change: DeviceChange) -> None:
        """Called by the card's thread. What is said without a speaker is lost: nobody is there who could go on."""
        if change.trouble:
            click.echo(plain(change.trouble), err=True)
            self._player.release(change.hold)

    def _note(self, frame: Frame) -> None:
        """Called by the card's thread, which `close` ends while the loop still runs."""
        self._played = frame.played
        self._loop.call_soon_threadsafe(self._moved.set)

    async def write(self, pcm: bytes, rate: int) -> None:
        """Take mono PCM16, when there is room."""
        self._rate = rate
        samples = len(pcm) // BYTES_A_SAMPLE * SOUND_RATE // rate
        while self._player.free < samples + SOUND_RATE:  # the resampler may give some more
            await self._movement()
        self._player.write(pcm, rate)

    async def finish(self) -> None:
        """Wait for the last sample to leave the speaker."""
        self._player.write(b"", self._rate, last=True)
        while self._played < self._player.written:
            await self._movement()

    async def _movement(self) -> None:
        self._moved.clear()
        await self._moved.wait()

    def close(self) -> None:
        """Free the sound card."""
        self._card.close()

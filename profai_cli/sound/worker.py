"""The audio worker: joins each captured block with what was played, and lets the sound path work on it."""

import time
from collections.abc import Callable
from typing import Final

import numpy as np

from profai_cli.pcm import BLOCK
from profai_cli.ports import Frame
from profai_cli.sound.blocks import Wake
from profai_cli.sound.microphone import Clock, Microphone
from profai_cli.sound.pairing import Pairing
from profai_cli.sound.path import SoundPath
from profai_cli.sound.speaker import Speaker
from profai_cli.sound.tap import Tap

TICK: Final = 0.02
"""Seconds between looks where no callback wakes the worker."""

PATIENCE: Final = 2.0
"""Seconds without a block after which a device counts as dead."""


class Watchdog:
    """Tells that a count stands still. Time that the whole machine slept must not be counted in."""

    def __init__(self) -> None:
        self._count = -1
        self._idle = 0.0

    def stopped(self, count: int, elapsed: float) -> bool:
        """Whether `count` has been the same for `PATIENCE` seconds, `elapsed` of them since the last call."""
        self._idle = self._idle + elapsed if count == self._count else 0.0
        self._count = count
        return self._idle >= PATIENCE


class Worker:
    """What the worker thread runs, and all that only it touches.

    Without a microphone the clock captures silence; without a speaker the voice is rendered to nowhere, at
    the pace of the microphone. A device that dies is told to `on_lost`, once, and the class goes on without.
    """

    def __init__(
        self,
        microphone: Microphone | None,
        speaker: Speaker | None,
        tap: Tap,
        path: SoundPath,
        wake: Wake,
    ) -> None:
        self._microphone = microphone or Clock()
        self._speaker = speaker
        self._tap = tap
        self._path = path
        self._wake = wake
        self._devices = [device for device in (microphone, speaker) if device]
        self._watchdogs = (Watchdog(), Watchdog())
        self._pairing = Pairing()
        self._faults = 0
        self._closing = False

    def run(self, sink: Callable[[Frame], None], on_lost: Callable[[str], None]) -> None:
        """Call `sink` for every block until `stop`."""
        looked = time.monotonic()
        while not self._closing:
            self._wake.wait(TICK)
            now = time.monotonic()
            self._watch(min(now - looked, TICK), on_lost)
            looked = now
            while not self._closing and (frame := self._step()):
                sink(frame)

    def stop(self) -> None:
        """End `run` (from another thread)."""
        self._closing = True
        self._wake.call()

    def _watch(self, elapsed: float, on_lost: Callable[[str], None]) -> None:
        captured, played = self._watchdogs
        if isinstance(self._microphone, Microphone) and captured.stopped(self._microphone.blocks, elapsed):
            name, self._microphone = self._microphone.name, Clock()
            on_lost(f"The microphone {name!r} has stopped: check that it is plugged in, then start again.")
        if self._speaker and played.stopped(self._speaker.blocks, elapsed):
            self._speaker.desert()
            name, self._speaker = self._speaker.name, None
            on_lost(f"The speaker {name!r} has stopped: check that it is plugged in, then start again.")

    def _step(self) -> Frame | None:
        """Process the next captured block, if it and what belongs to it are there."""
        waiting = self._microphone.waiting
        far = np.zeros(BLOCK, np.int16)
        if self._speaker:
            self._speaker.feed()
        elif waiting:
            self._tap.render(far)  # to nowhere; it is taken from the tap below
        pair = self._pairing.next(waiting, len(self._tap.far))
        if pair is None:
            return None
        self._tap.far.drop(pair.drop)
        if pair.missing:
            far[:] = 0
        else:
            self._tap.far.take(far)
        faults = self._tap.lost + sum(device.faults for device in self._devices)
        guard = pair.shifted or faults != self._faults
        self._faults = faults
        played = self._tap.played(self._speaker.lag if self._speaker else 0)
        return self._path.process(self._microphone.take(), far, played=played, faults=faults, guard=guard)

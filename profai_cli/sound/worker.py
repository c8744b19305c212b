"""The audio worker: joins each captured block with what was played, and lets the sound path work on it."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import numpy as np

from profai_cli.pcm import BLOCK
from profai_cli.ports import DeviceChange, Frame
from profai_cli.sound.blocks import Wake
from profai_cli.sound.devices import Kind
from profai_cli.sound.lead import Lead
from profai_cli.sound.microphone import Clock, Microphone
from profai_cli.sound.pairing import Pairing
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.speaker import Speaker
from profai_cli.sound.tap import Tap

TICK: Final = 0.05
"""Seconds between looks where no callback wakes the worker: longer than blocks are gathered."""

TOGETHER: Final = 5
"""At most so many blocks are worked on before their frames are handed over, however many wait."""

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
    the pace of the microphone. Where a speaker dies, the voice is held at the first sample that it did not play.
    """

    def __init__(
        self, devices: Iterable[Microphone | Speaker], player: VoicePlayer, tap: Tap, path: SoundPath, wake: Wake
    ) -> None:
        self._microphone: Microphone | Clock = Clock()
        self._speaker: Speaker | None = None
        self._player = player
        self._tap = tap
        self._path = path
        self._wake = wake
        self._nowhere = np.zeros(BLOCK, np.int16)
        self._coming: deque[Microphone | Speaker] = deque()
        self._watchdogs: dict[Kind, Watchdog] = {}
        self._pairing = Pairing()
        self._lead = Lead()
        self._faults = 0
        self._faults_before = 0  # of devices that are not in use any more
        self._closing = False
        for device in devices:
            self._join(device)
        self._shifted = False  # from now on: a device has changed, and the echo's delay with it

    def run(self, sink: Callable[[Frame], None], tell: Callable[[DeviceChange], None]) -> None:
        """Call `sink` for every block until `stop`, and `tell` for every device that is lost or there again."""
        looked = time.monotonic()
        while not self._closing:
            self._wake.wait(TICK)
            now = time.monotonic()
            self._watch(min(now - looked, TICK), tell)
            looked = now
            while self._coming:
                self._change(self._coming.popleft(), tell)
            for frames in self._bunches():
                for frame in frames:  # together: the first one may wake another thread, which wants the interpreter
                    sink(frame)

    def _bunches(self) -> Iterator[list[Frame]]:
        """The frames of all blocks that have come, `TOGETHER` at a time."""
        frames: list[Frame] = []
        while not self._closing and (frame := self._step()):
            frames.append(frame)
            if isinstance(self._microphone, Microphone):
                self._microphone.gathered = self._gathered
            if len(frames) == TOGETHER:
                yield frames
                frames = []
        yield frames

    def use(self, device: Microphone | Speaker) -> None:
        """Use a device that runs, instead of the one of its kind that there was (from another thread)."""
        self._coming.append(device)

    def stop(self) -> None:
        """End `run` (from another thread)."""
        self._closing = True
        self._wake.call()

    @property
    def _gathered(self) -> int:
        """Blocks to process at once: being woken costs as much as two blocks do then. With a speaker that asks for many
        blocks at once each block counts, since the backlogs must be seen as they come and go."""
        return self._path.ahead if self._speaker is None or self._speaker.steady else 1

    @property
    def _devices(self) -> Iterator[Microphone | Speaker]:
        if self._speaker:  # first: where both are lost, the voice is held before anybody is told
            yield self._speaker
        if isinstance(self._microphone, Microphone):
            yield self._microphone

    def _watch(self, elapsed: float, tell: Callable[[DeviceChange], None]) -> None:
        for device in tuple(self._devices):
            still = self._watchdogs[device.kind].stopped(device.blocks, elapsed)
            if device.dead or (still and not device.closing):
                self._part(device)
                hold = self._rewind() if isinstance(device, Speaker) else 0
                trouble = f"The {device.kind} {device.name!r} has stopped: check that it is plugged in."
                tell(DeviceChange(device.kind, device.name, trouble, hold))

    def _change(self, device: Microphone | Speaker, tell: Callable[[DeviceChange], None]) -> None:
        replaced = next((old for old in self._devices if old.kind == device.kind), None)
        if replaced:
            self._part(replaced)
        self._join(device)
        if not replaced:
            tell(DeviceChange(device.kind, device.name))

    def _join(self, device: Microphone | Speaker) -> None:
        if isinstance(device, Microphone):
            self._microphone = device
        else:
            self._speaker = device
        self._tap.far.drop(len(self._tap.far))
        device.join()
        self._watchdogs[device.kind] = Watchdog()
        self._pairing = Pairing()
        self._lead = Lead()
        self._shifted = True

    def _part(self, device: Microphone | Speaker) -> None:
        if isinstance(device, Microphone):
            self._microphone = Clock()
        else:
            self._tap.played(device.lag)
            device.desert()
            self._speaker = None
        self._faults_before += device.faults
        self._shifted = True

    def _rewind(self) -> int:
        """Hold the voice at the first sample that the speaker did not play; 0 where there is nothing to hold."""
        self._tap.rewind()
        return self._player.hold() if self._player.sounding else 0

    def _step(self) -> Frame | None:
        """Process the next captured block, if it and what belongs to it are there."""
        waiting = self._microphone.waiting
        # Before the tap is looked at, so that no block slips in between.
        self._tap.awaited = waiting > 0 or isinstance(self._microphone, Clock)
        if not waiting:
            return None
        if not self._speaker:
            self._tap.render(self._nowhere)  # the block is taken from the tap below
        pair = self._pairing.next(waiting, len(self._tap.far))
        if pair is None:
            return None
        self._tap.far.drop(pair.drop)
        far = np.zeros(BLOCK, np.int16) if pair.missing else self._tap.far.take()
        faults = self._faults_before + self._tap.lost + sum(device.faults for device in self._devices)
        guard = pair.shifted or self._shifted or faults != self._faults
        self._faults, self._shifted = faults, False
        lag = self._speaker.lag if self._speaker else 0
        return self._path.process(
            self._microphone.take(),
            far,
            played=self._tap.played(lag),
            lead=self._lead.step(lag, waiting - 1, len(self._tap.far)),
            faults=faults,
            guard=guard,
        )

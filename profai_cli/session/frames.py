"""What the sound tells, as events: the learner's voice, the echo, lost samples, the end; lost devices."""

from collections.abc import Iterator
from typing import Final

from profai_cli.events import (
    DeviceLost,
    DeviceReady,
    EchoMeasured,
    Event,
    InputEnded,
    Metrics,
    SpeechConfirmed,
    SpeechEnded,
    SpeechStarted,
)
from profai_cli.pcm import BLOCKS_A_SECOND
from profai_cli.ports import DeviceChange, Frame

ECHO_BLOCKS: Final = 5 * BLOCKS_A_SECOND
"""Of the tutor's voice, without a word of the learner's, to the next `EchoMeasured`: their voice is no echo."""


class FrameEvents:
    """Call it with every frame, in order."""

    def __init__(self) -> None:
        self._voice = False
        self._settled: bool | None = None  # as it was told last
        self._echo_blocks = 0  # since then, or since the learner's voice
        self._faults = 0
        self._input_ended = False

    def __call__(self, frame: Frame) -> Iterator[Event]:
        """The events of one frame."""
        match frame.voice:
            case "started":
                self._voice = True
                yield SpeechStarted(frame.t, frame.hold)
            case "confirmed":
                yield SpeechConfirmed(frame.t, frame.hold)
            case "ended":
                self._voice = False
                yield SpeechEnded(frame.t, round(frame.voiced, 4), frame.faint)
        yield from self._echo(frame)
        if frame.input_ended and not self._input_ended:
            self._input_ended = True
            yield InputEnded(frame.t)
        if frame.faults > self._faults:
            self._faults = frame.faults
            yield Metrics(frame.t, "sound_faults_count", frame.faults)

    def _echo(self, frame: Frame) -> Iterator[EchoMeasured]:
        if frame.echo_db is None or frame.echo_dbfs is None:
            return
        self._echo_blocks = 0 if self._voice else self._echo_blocks + 1
        if frame.settled is self._settled and self._echo_blocks < ECHO_BLOCKS:
            return
        self._settled, self._echo_blocks = frame.settled, 0
        yield EchoMeasured(frame.t, round(frame.echo_db, 1), round(frame.echo_dbfs, 1), frame.settled)


def device_event(t: float, change: DeviceChange, outlook: str = "") -> DeviceLost | DeviceReady:
    """The event of a device's loss or return. outlook: what follows from the loss, in a sentence for the learner."""
    if not change.trouble:
        return DeviceReady(t, change.kind, change.device)
    return DeviceLost(t, change.kind, change.device, f"{change.trouble} {outlook}".rstrip())

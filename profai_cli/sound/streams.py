"""Opening a device as a stream of 10 ms blocks, at the sound path's own rate where the device takes it."""

from collections.abc import Callable
from typing import Final, Protocol

from profai_cli.errors import DeviceError
from profai_cli.pcm import BLOCKS_A_SECOND, SOUND_RATE
from profai_cli.sound import portaudio
from profai_cli.sound.devices import Device, Kind

LATENCY: Final[dict[Kind, float]] = {"microphone": 0.02, "speaker": 0.03}
"""Seconds asked of a device, measured on PulseAudio. A speaker with 20 ms gains 20 ms until its first underrun,
after which its buffer grows to 90 ms and stays so. A microphone has no such end to run into, and with more
than 30 ms its blocks come in pairs, of which the first is 10 ms late."""


class Stream(Protocol):
    """What is used of sounddevice's RawInputStream and RawOutputStream, which have no types."""

    samplerate: float
    blocksize: int
    channels: int
    latency: float

    def start(self) -> None:
        """Let callbacks come; raises sounddevice.PortAudioError."""

    def close(self) -> None:
        """Stop at once and free the device."""


class Buffer(Protocol):
    """A callback's block, interleaved: what is used of cffi's `buffer`. As an array of numpy, which sounddevice would
    make of it, it cost 60 microseconds of processor more, in each callback."""

    def __getitem__(self, place: slice, /) -> bytes:
        """A copy."""

    def __setitem__(self, place: slice, data: memoryview, /) -> None:
        """Copy in what must be of the same length in bytes."""


class Times(Protocol):
    """What is used of a callback's times, in seconds of the stream's clock."""

    currentTime: float
    outputBufferDacTime: float


class Flags(Protocol):
    """What is used of a callback's status."""

    input_overflow: bool
    output_underflow: bool


def open_stream(
    kind: Kind,
    device: Device,
    callback: Callable[..., None],
    finished: Callable[[], None],
    rates: tuple[int, ...] = (),
) -> Stream:
    """A stream of int16 blocks of 10 ms, open and not yet started; raises DeviceError.

    Tries 48 kHz, then the device's own rate; mono, then stereo. What was taken is in the stream's
    `samplerate`, `blocksize` and `channels`. `finished` is called when no block will come any more. `rates`
    replaces the rates to try.
    """
    sounddevice = portaudio.load()
    make = sounddevice.RawInputStream if kind == "microphone" else sounddevice.RawOutputStream
    most = device.inputs if kind == "microphone" else device.outputs
    reason = ""
    for rate in rates or (SOUND_RATE, device.rate):
        for channels in range(1, min(2, most) + 1):
            try:
                stream: Stream = make(
                    samplerate=rate,
                    blocksize=rate // BLOCKS_A_SECOND,
                    device=device.number,
                    channels=channels,
                    dtype="int16",
                    latency=LATENCY[kind],
                    callback=callback,
                    finished_callback=finished,
                )
                return stream
            except sounddevice.PortAudioError as error:
                reason = reason or str(error)
    raise DeviceError(
        f"The {kind} {device.name!r} cannot be opened ({reason}): close the program that uses it, or choose "
        f"another one ('profai devices' lists them)."
    )

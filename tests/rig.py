"""A virtual sound card for tests: PulseAudio with one stereo null sink, so that a recording has one clock.

Left is what the program plays ("speaker"), right is what its microphone hears ("mic"): a person's speech
("micsink") plus, where asked for, an echo of the speaker. One sink, because two clocks make the echo wander;
`norewinds`, because without it the first blocks of a stream come a second late.
"""

import ctypes.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 48_000

MISSING = next(
    (
        f"{needed} is not installed"
        for needed in ("pulseaudio", "pactl", "pacat", "parec", "libportaudio2")
        if not (shutil.which(needed) or (needed == "libportaudio2" and ctypes.util.find_library("portaudio")))
    ),
    "",
)

SINKS = """
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
load-module module-null-sink norewinds=1 sink_name=hw rate=48000 channels=2 channel_map=front-left,front-right
load-module module-remap-sink sink_name=speaker master=hw {mono}-left
load-module module-remap-sink sink_name=micsink master=hw {mono}-right
load-module module-remap-source source_name=mic master=hw.monitor {mono}-right
set-default-sink speaker
set-default-source mic
"""

ECHO = """
load-module module-loopback source=speaker.monitor sink=micsink latency_msec={ms} {fixed}
"""

MONO = "channels=1 remix=no channel_map=mono master_channel_map=front"
FIXED = "source_dont_move=true sink_dont_move=true"


def look_again() -> None:
    """Let PortAudio list its devices again: it looks once, when sounddevice is imported."""
    if "sounddevice" in sys.modules:
        sounddevice = sys.modules["sounddevice"]
        sounddevice._terminate()
        sounddevice._initialize()


class Rig:
    """A running server. While it runs, this process's and its children's PULSE_SERVER point to it."""

    def __init__(self, echo_ms: int = 0, echo_db: int = -6) -> None:
        self._echo_ms, self._echo_db = echo_ms, echo_db

    def __enter__(self) -> "Rig":
        self._folder = Path(tempfile.mkdtemp(prefix="profai-rig-"))  # short: a socket's path has 108 places
        socket = self._folder / "native"
        script = self._folder / "rig.pa"
        echo = ECHO.format(ms=self._echo_ms, fixed=FIXED) if self._echo_ms else ""
        script.write_text(SINKS.format(socket=socket, mono=MONO) + echo)
        self._before = dict(os.environ)
        os.environ.update(
            PULSE_SERVER=f"unix:{socket}",
            PULSE_RUNTIME_PATH=str(self._folder),
            PULSE_STATE_PATH=str(self._folder),
        )
        self.start()
        look_again()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        os.environ.clear()
        os.environ.update(self._before)
        look_again()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Run the server; after `stop`, one that programs find where the last one was."""
        command = ["pulseaudio", "-n", "-F", str(self._folder / "rig.pa"), "--daemonize=no", "--exit-idle-time=-1"]
        command += ["--disallow-exit", "--use-pid-file=no", f"--log-target=file:{self._folder / 'log'}"]
        nice = ["nice", "-n", "-11"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        home = {**os.environ, "HOME": str(self._folder)}
        self._server = subprocess.Popen(
            nice + command,
            env=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ready("info")
        if self._echo_ms:
            line = self._ready("list", "short", "sink-inputs", containing="module-loopback")
            self._control("set-sink-input-volume", line.split()[0], f"{self._echo_db}dB")

    def stop(self) -> None:
        """End the server, as when a card is unplugged."""
        self._server.terminate()
        self._server.wait()

    def plug_in(self, name: str) -> None:
        """A microphone with that name, beside the one there is."""
        source = f"module-remap-source source_name={name} master=hw.monitor {MONO}-right"
        assert self._control("load-module", *source.split()).returncode == 0

    def default_microphone(self, name: str) -> None:
        """What a program hears that names none."""
        assert self._control("set-default-source", name).returncode == 0

    def unplug_the_microphone(self) -> None:
        """The server has no other source then than its sinks' monitors."""
        assert self._control("unload-module", "module-remap-source").returncode == 0

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """The server stands still."""
        self._server.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send_signal(signal.SIGCONT)

    def _control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["pactl", *arguments], capture_output=True, text=True, check=False)

    def _ready(self, *arguments: str, containing: str = "") -> str:
        """The line of pactl's answer with `containing`, as soon as there is one."""
        for _ in range(200):
            answer = self._control(*arguments)
            lines = [line for line in answer.stdout.splitlines() if containing in line]
            if answer.returncode == 0 and lines:
                return lines[0]
            time.sleep(0.05)
        raise RuntimeError((self._folder / "log").read_text())

    def say(self, samples: NDArray[np.int16]) -> subprocess.Popen[bytes]:
        """A person speaks into the microphone: mono at 48 kHz. Returns at once; wait for the result's end."""
        file = self._folder / f"say-{time.monotonic_ns()}.raw"
        file.write_bytes(samples.tobytes())
        play = ["pacat", "--device=micsink", "--rate=48000", "--channels=1", "--format=s16le", "--raw"]
        return subprocess.Popen([*play, str(file)])

    @contextmanager
    def recording(self) -> Iterator["Recording"]:
        """What left the speaker and what the microphone heard, from here to the end of the block."""
        file = self._folder / f"recording-{time.monotonic_ns()}.raw"
        listen = ["parec", "--device=hw.monitor", "--rate=48000", "--channels=2", "--format=s16le", "--raw"]
        process = subprocess.Popen([*listen, "--latency-msec=50", str(file)])
        recording = Recording(file)
        try:
            while not recording.length:
                time.sleep(0.01)
            yield recording
            if self._server.poll() is None:
                recording.wait(recording.length + RATE // 5)  # what is on its way
        finally:
            process.terminate()
            process.wait()
        recording.finish()


class Recording:
    """Samples of both sides with one clock. `speaker` and `microphone` are there when it is over."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.speaker = self.microphone = np.zeros(0, np.int16)

    @property
    def length(self) -> int:
        """Samples so far."""
        return self._file.stat().st_size // 4 if self._file.exists() else 0

    def wait(self, length: int) -> None:
        """Until the recording is so many samples long: the rig's own clock."""
        while self.length < length:
            time.sleep(0.01)

    def finish(self) -> None:
        data = self._file.read_bytes()
        both = np.frombuffer(data[: len(data) // 4 * 4], np.int16).reshape(-1, 2)
        self.speaker, self.microphone = both[:, 0], both[:, 1]

"""What the sound server says of itself: PulseAudio, or PipeWire in its place, asked by `pactl`."""

import os
import shutil
import subprocess
from typing import Final

_PATIENCE: Final = 2.0
"""Seconds for a sound server that does not answer."""


def info() -> dict[str, str]:
    """Its answers by the names that `pactl info` gives them in English; empty where there is none."""
    pactl = shutil.which("pactl")
    if pactl is None:
        return {}
    environment = {**os.environ, "LC_ALL": "C"}
    command = [pactl, "info"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, from the learner's own PATH
            command, env=environment, capture_output=True, text=True, errors="replace", timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)

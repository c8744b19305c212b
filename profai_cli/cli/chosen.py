"""Groups of options that a command takes as one thing: the engines of a class, and its devices."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from profai_cli.cli import options
from profai_cli.cli.access import env_file
from profai_cli.cli.engines import EngineChoice
from profai_cli.cli.kept import kept_devices
from profai_cli.cli.wiring import SoundChoice
from profai_cli.settings import Sensitivity

Command = Callable[..., int]


def engines(command: Command) -> Command:
    """Give a command all options of engines, as its parameter `engines`."""

    @options.stt_name
    @options.voice_name
    @options.model_name
    @options.fallback
    @options.local
    @options.spoken_language
    @env_file
    @wraps(command)
    def gathered(
        *,
        stt: str,
        voice: str,
        model: str,
        fallback: bool,
        local: bool,
        language: str,
        env_file: Path | None,
        **others: Any,  # noqa: ANN401 - the command's own
    ) -> int:
        return command(engines=EngineChoice(stt, voice, model, fallback, language, local, env_file), **others)

    return gathered


def devices(command: Command) -> Command:
    """Give a command all options of devices, as its parameter `sound`."""

    @options.microphone
    @options.speaker
    @options.headphones
    @options.sensitivity
    @wraps(command)
    def gathered(
        *,
        microphone: str | None,
        speaker: str | None,
        headphones: bool,
        sensitivity: Sensitivity,
        **others: Any,  # noqa: ANN401 - the command's own
    ) -> int:
        sound = SoundChoice(
            microphone=microphone,
            speaker=speaker,
            headphones=headphones,
            sensitivity=sensitivity,
            kept=kept_devices("microphone", "speaker"),
        )
        return command(sound=sound, **others)

    return gathered

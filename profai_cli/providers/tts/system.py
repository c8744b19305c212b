"""The voice of macOS (`say`) or Windows (SAPI, through PowerShell). Written for them, untried on either.

Neither tells when it says a word: the times are estimated from the number of characters.
"""

import asyncio
import math
import os
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.pcm import BYTES_A_SAMPLE, seconds
from profai_cli.ports import Speech
from profai_cli.providers.tts.plain_text import pieces, sayable
from profai_cli.providers.tts.word_times import WordTimes

_RATE: Final = 22_050
_CHUNK: Final = _RATE // 10 * BYTES_A_SAMPLE
_WORDS_A_MINUTE: Final = 170
_SAPI_STEPS: Final = 10  # SAPI's rates -10 to 10 are a third of the speed to three times the speed
_SCRIPT: Final = """
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
if ($env:PROFAI_VOICE) { $voice.SelectVoice($env:PROFAI_VOICE) }
elseif ($env:PROFAI_LANGUAGE.Contains('-')) {
  $culture = New-Object System.Globalization.CultureInfo $env:PROFAI_LANGUAGE
  $voice.SelectVoiceByHints('NotSet', 'NotSet', 0, $culture)
}
$voice.Rate = [int]$env:PROFAI_RATE
$format = New-Object System.Speech.AudioFormat.SpeechAudioFormatInfo(22050, 'Sixteen', 'Mono')
$voice.SetOutputToWaveFile($env:PROFAI_SOUND, $format)
$voice.Speak([System.IO.File]::ReadAllText($env:PROFAI_TEXT))
$voice.Dispose()
"""


class System:
    """A `ports.TextToSpeech`. voice: its name in the system's settings. A sentence is made as a whole."""

    def __init__(self, language: str = "en", voice: str | None = None) -> None:
        self.name = f"system {voice}" if voice else "system"
        self.delay = 1.0 if sys.platform == "win32" else 0.5
        self._language = language
        self._voice = voice
        program = {"darwin": "say", "win32": "powershell"}.get(sys.platform)
        self.program = shutil.which(program) if program else None

    async def start(self) -> None:
        """Raises EngineError where the system has no program that speaks."""
        if self.program is None:
            raise EngineError("This system has no voice that profai can use: choose --tts espeak.")

    async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech, None]:
        """Say one sentence; text without a letter or digit yields nothing. Raises EngineError."""
        text = sayable(text)
        words, begin = WordTimes(text), 0.0
        for offset, piece in pieces(text):
            pcm = await self._say(piece, speed)
            end = begin + seconds(pcm, _RATE)
            times = words.until(offset + len(piece), end)
            for first in range(0, len(pcm), _CHUNK):
                yield Speech(pcm[first : first + _CHUNK], _RATE, times if first == 0 else ())
            begin = end

    async def close(self) -> None:
        """Nothing is left open between sentences."""

    async def _say(self, text: str, speed: float) -> bytes:
        with tempfile.TemporaryDirectory(prefix="profai-") as folder:
            source, sound = Path(folder, "text.txt"), Path(folder, "sound.wav")
            await asyncio.to_thread(source.write_text, text, encoding="utf-8")
            command, settings = self._command(source, sound, speed)
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **settings},
            )
            try:
                status = await process.wait()
            finally:
                if process.returncode is None:  # the sentence was cancelled
                    process.kill()
                    await process.wait()
            try:
                return await asyncio.to_thread(_read, sound)
            except (OSError, EOFError, wave.Error) as error:
                raise EngineError(f"The system's voice failed (status {status}): choose --tts espeak.") from error

    def _command(self, source: Path, sound: Path, speed: float) -> tuple[list[str], dict[str, str]]:
        """The command and its environment; the text itself never is a part of a command line."""
        if sys.platform != "win32":
            voice = ["-v", self._voice] if self._voice else []
            rate = str(round(_WORDS_A_MINUTE * speed))
            form = ["--file-format=WAVE", f"--data-format=LEI16@{_RATE}"]
            return [str(self.program), *voice, "-r", rate, *form, "-o", str(sound), "-f", str(source)], {}
        steps = round(_SAPI_STEPS * math.log(speed, 3))
        return [str(self.program), "-NoProfile", "-NonInteractive", "-Command", _SCRIPT], {
            "PROFAI_VOICE": self._voice or "",
            "PROFAI_LANGUAGE": self._language,
            "PROFAI_RATE": str(min(max(steps, -_SAPI_STEPS), _SAPI_STEPS)),
            "PROFAI_TEXT": str(source),
            "PROFAI_SOUND": str(sound),
        }


def _read(path: Path) -> bytes:
    with wave.open(str(path), "rb") as sound:
        return sound.readframes(sound.getnframes())

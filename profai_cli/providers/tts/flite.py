"""The voice flite: easier to understand than espeak, in English only, where the system has libflite.

Debian and Ubuntu have it in `libflite1`, which comes with ffmpeg. Its licence is BSD-like.
"""

from profai_cli.providers.tts.worker_voice import WorkerVoice


class Flite(WorkerVoice):
    """A `ports.TextToSpeech`: flite in a process of its own.

    voice: "slt", "rms", "awb" or "kal16". Sound has 16,000 samples a second.
    """

    def __init__(self, voice: str = "slt") -> None:
        service = "profai_cli.providers.tts.flite_service"
        super().__init__(f"flite {voice}", delay=0.06, service=service, load={"voice": voice})

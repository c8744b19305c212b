"""Formats of sound inside profai.

All sound that crosses a floor is PCM: signed 16-bit integers, little-endian, mono, as `bytes`. Two rates
occur: the sound path runs at the devices' own 48 kHz, where echo cancelling and playing have the least
delay (shared facts: 30 ms of round trip against 40 ms at 16 kHz); engines that recognise speech take
16 kHz.
"""

from typing import Final

SOUND_RATE: Final = 48_000
"""Samples a second in the sound path: microphone, canceller, player, speaker."""

SPEECH_RATE: Final = 16_000
"""Samples a second that speech recognition and speech detection are given."""

BLOCKS_A_SECOND: Final = 100
"""Blocks of 10 ms: what WebRTC's canceller and detector work on."""

BLOCK: Final = SOUND_RATE // BLOCKS_A_SECOND
"""Samples in a block of the sound path (480)."""

SPEECH_BLOCK: Final = SPEECH_RATE // BLOCKS_A_SECOND
"""Samples in a block of speech (160)."""

BYTES_A_SAMPLE: Final = 2


def seconds(pcm: bytes, rate: int) -> float:
    """Length of mono PCM16 in seconds at `rate` samples a second."""
    return len(pcm) / BYTES_A_SAMPLE / rate

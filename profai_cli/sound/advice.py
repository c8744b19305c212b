"""What to change, from what was measured: one sentence for each figure that is beyond its limit. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from profai_cli.settings import Sensitivity
from profai_cli.sound.activity import LIMITS
from profai_cli.sound.examination import Findings

VOICE_ABOVE_ROOM_DB: Final = 30.0
"""A voice at a metre has 60 dB (normal vocal effort, ISO 9921), a quiet room 30 dB (WHO, Guidelines for community
noise, 1999). A room this much below the voice gate means that the voice does not pass the gate either."""

CLIPPED: Final = 10
"""Samples at full scale; a single one may be chance. What is clipped no longer resembles what was played, and the
canceller does not know it."""

LOUD_ECHO_DB: Final = -3.0
"""From here on the tutor's echo is louder than a learner half a metre away (-26 dBFS against a tutor's -20); who was
10 dB weaker than the echo was missed in 3 to 8 of 44 interruptions of the measured prototypes."""

LONG_MS: Final = 250.0
"""Wired devices were measured at 30 to 80 ms; Bluetooth adds 100 to 250 ms, which the tutor goes on to sound after an
interruption, since nothing recalls what is on the air."""

WEAK_ERLE_DB: Final = 15.0
"""AEC3 was measured at 32 to 37 dB; with 8 to 22 dB, after the echo's delay had jumped, the tutor interrupted
itself. An echo that stands less than this above the noise cannot show it."""

DISTURBED: Final = 0.2
"""Seconds of another's sound: a word. A key stroke is shorter."""

_DOUBTFUL: Final = frozenset({"too quiet", "no echo", "weak cancelling", "interrupts itself"})
"""What may be another's sound, and no fault."""


@dataclass(frozen=True, slots=True)
class Advice:
    """key: for scripts. sentence: for people."""

    key: str
    sentence: str


def advice(found: Findings, sensitivity: Sensitivity, *, microphone: bool, speaker: bool) -> tuple[Advice, ...]:
    """What to change, causes before effects; nothing where all is well."""
    listed: list[Advice] = []
    if not speaker:
        listed.append(
            Advice("no speaker", "Without a speaker a class has only captions: plug one in, or free the one there is.")
        )
    if not microphone:
        sentence = "Without a microphone you can only type: plug one in, or free the one there is."
        listed.append(Advice("no microphone", sentence))
    elif found.silent:
        sentence = (
            "The microphone gives nothing but digital silence: unmute it, and let the terminal use it in the system's "
            "privacy settings (macOS and Windows ask for that)."
        )
        listed.append(Advice("microphone silent", sentence))
    else:
        measured = [*_of_microphone(found, sensitivity), *(_of_echo(found) if speaker else ())]
        if found.disturbed >= DISTURBED:
            listed.append(_doubt(found))
            measured = [each for each in measured if each.key not in _DOUBTFUL]
        listed += measured
    if found.faults:
        sentence = (
            f"Sound was lost {_times(found.faults)}: close programs that keep the computer busy, and on a laptop plug "
            "in the power."
        )
        listed.append(Advice("sound lost", sentence))
    return tuple(listed)


def _doubt(found: Findings) -> Advice:
    sentence = (
        f"Something else sounded meanwhile, for {found.disturbed:.1f} s, such as another voice: the figures may be "
        "wrong; run this again where it is quiet."
    )
    return Advice("disturbed", sentence)


def _of_microphone(found: Findings, sensitivity: Sensitivity) -> Iterator[Advice]:
    gate = LIMITS[sensitivity].gate_dbfs
    noise = found.noise_dbfs
    echo_passes = found.cancelled is not None and found.cancelled.heard_dbfs > gate
    if noise is not None and noise + VOICE_ABOVE_ROOM_DB < gate and not echo_passes:
        yield Advice(
            "too quiet",
            f"The microphone is very quiet ({noise:.0f} dBFS): raise its level in the system's sound settings, and "
            "see with 'profai listen' whether it hears you.",
        )
    if found.clipped >= CLIPPED:
        yield Advice(
            "clipping",
            "The microphone clips: lower its level in the system's sound settings, or turn the speaker down.",
        )
    if noise is not None and noise > gate:
        remedy = "find a quieter place" if sensitivity == "low" else "use --sensitivity low, or find a quieter place"
        yield Advice("noise", f"The room's noise ({noise:.0f} dBFS) is above the voice gate ({gate:.0f}): {remedy}.")


def _of_echo(found: Findings) -> Iterator[Advice]:
    trip, speech = found.round_trip, found.cancelled
    if trip is None and speech is None:
        yield Advice(
            "no echo",
            "No echo reaches the microphone: with headphones use --headphones; if you heard nothing, turn the "
            "speaker up.",
        )
        return
    loud = trip is not None and trip.echo_db > LOUD_ECHO_DB
    if loud and trip:
        yield Advice(
            "loud echo",
            f"The tutor is very loud at the microphone ({round(trip.echo_db):+d} dB): turn the speaker down, "
            "move it away from the microphone, or use headphones.",
        )
    if trip and trip.ms > LONG_MS:
        yield Advice(
            "long round trip",
            f"Sound takes {trip.ms:.0f} ms to come back, as with Bluetooth: use the computer's own speaker and "
            "microphone, or a cable.",
        )
    weak = speech is not None and speech.erle_db < WEAK_ERLE_DB and _shows(found)
    if weak and speech:
        yield Advice(
            "weak cancelling",
            f"Only {speech.erle_db:.0f} dB of the echo can be taken away: switch off effects of the speaker and "
            "the microphone (bass, surround, noise suppression), or use headphones.",
        )
    if found.holds and not (loud or weak):
        yield Advice(
            "interrupts itself",
            f"The tutor took its own voice for yours {_times(found.holds)}: if the room was quiet, turn the speaker "
            "down, use --sensitivity low or headphones.",
        )


def _shows(found: Findings) -> bool:
    """The echo stands so far above the noise that a good canceller would show."""
    speech, noise = found.cancelled, found.noise_dbfs
    return speech is not None and noise is not None and speech.heard_dbfs - noise >= WEAK_ERLE_DB


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"

"""The query parameters of Sarvam's sockets."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

Known = Mapping[str, Callable[[str], bool]]
"""What each parameter may be; those whose name ends with a "!" must be there."""


def listed(text: str) -> frozenset[str]:
    """Its words."""
    return frozenset(text.split())


def _one_of(text: str) -> Callable[[str], bool]:
    return listed(text).__contains__


def _number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _terms(text: str) -> bool:
    """A JSON array of at most 50 terms of at most 64 characters."""
    try:
        terms = json.loads(text)
    except ValueError:
        return False
    return isinstance(terms, list) and len(terms) <= 50 and all(isinstance(t, str) and len(t) <= 64 for t in terms)


_BOOL: Final = _one_of("true false")
LANGUAGES: Final = listed("en-IN hi-IN bn-IN gu-IN kn-IN ml-IN mr-IN od-IN pa-IN ta-IN te-IN")
"""What bulbul speaks."""

_MORE: Final = "as-IN ur-IN ne-IN kok-IN ks-IN sd-IN sa-IN sat-IN mni-IN brx-IN mai-IN doi-IN unknown"
SPEECH_TO_TEXT: Final[Known] = {
    "language-code!": _one_of(f"{' '.join(LANGUAGES)} {_MORE}"), "model": _one_of("saaras:v3 saaras:v4"),
    "mode": _one_of("transcribe translate verbatim translit codemix"), "sample_rate": _one_of("16000 8000"),
    "keyterms": _terms, "vad_signals": _BOOL, "flush_signal": _BOOL, "high_vad_sensitivity": _BOOL,
    # The emulator does not take WAV files.
    "input_audio_codec!": _one_of("pcm_s16le pcm_raw"), "positive_speech_threshold": _number,
    "negative_speech_threshold": _number, "min_speech_frames": _number, "first_turn_min_speech_frames": _number,
    "negative_frames_count": _number, "negative_frames_window": _number, "start_speech_volume_threshold": _number,
    "interrupt_min_speech_frames": _number, "pre_speech_pad_frames": _number, "num_initial_ignored_frames": _number,
}  # fmt: skip
TEXT_TO_SPEECH: Final[Known] = {"model": _one_of("bulbul:v2 bulbul:v3"), "send_completion_event": _BOOL}


def wrong(query: Mapping[str, str], known: Known) -> str:
    """What is wrong with a query, "" where nothing is."""
    checks = {name.rstrip("!"): check for name, check in known.items()}
    for name, value in query.items():
        if name not in checks:
            return f"{name}: unknown parameter"
        if not checks[name](value):
            return f"{name}: invalid value {value}"
    missing = [name[:-1] for name in known if name.endswith("!") and name[:-1] not in query]
    if missing:
        return f"{missing[0]}: missing"
    if "keyterms" in query and query.get("model") != "saaras:v4":
        return "keyterms: only supported with saaras:v4"
    return ""

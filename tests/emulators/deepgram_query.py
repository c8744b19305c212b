"""The query parameters of Deepgram's live sockets, checked as strictly as its servers do."""

import re
from collections.abc import Callable
from typing import Final

from multidict import MultiMapping

Check = Callable[[str], bool]


def _one_of(*values: str) -> Check:
    return set(values).__contains__


def _number(low: float, high: float) -> Check:
    return lambda text: re.fullmatch(r"\d+(\.\d+)?", text) is not None and low <= float(text) <= high


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _any(text: str) -> bool:
    return text != ""


_BOOL: Final = _one_of("true", "false")
_RATE: Final = _number(8000, 48_000)
_LINEAR: Final = _one_of("linear16")
"""Deepgram takes other encodings too; the emulator does not decode them."""

NOVA_3: Final = _listed("""
    ar be bg bn bs ca cs da da-DK de de-CH el en en-AU en-GB en-IN en-NZ en-US es es-419 et fa fi fr fr-CA gu he hi hr
    hu id it ja kn ko ko-KR lt lv mk mr ms multi ne nl nl-BE no pa pl pt pt-BR pt-PT ro ru sk sl sr sv sv-SE ta te th
    tl tr uk ur vi zh
""")
NOVA_2: Final = _listed("""
    bg ca cs da da-DK de de-CH el en en-AU en-GB en-IN en-NZ en-US es es-419 et fi fr fr-CA hi hi-Latn hu id it ja ko
    ko-KR lt lv ms multi nl nl-BE no pl pt pt-BR pt-PT ro ru sk sv sv-SE th th-TH tr uk vi zh zh-CN zh-HK zh-TW
""")
_MODELS_V1: Final = {
    "nova-3": NOVA_3, "nova-3-general": NOVA_3, "nova-3-medical": _listed("en en-US en-IN en-GB"),
    "nova-2": NOVA_2, "nova-2-general": NOVA_2,
}  # fmt: skip

_V1: Final[dict[str, Check]] = {
    "model": _any, "language": _any, "language_hint": _any, "version": _any, "encoding": _LINEAR, "sample_rate": _RATE,
    "channels": _one_of("1"), "interim_results": _BOOL, "vad_events": _BOOL, "punctuate": _BOOL, "smart_format": _BOOL,
    "numerals": _BOOL, "profanity_filter": _BOOL, "dictation": _BOOL, "diarize": _BOOL, "multichannel": _BOOL,
    "mip_opt_out": _BOOL, "detect_entities": _BOOL, "diarize_model": _one_of("v1", "latest"), "tag": _any,
    "extra": _any, "redact": _any, "replace": _any, "search": _any, "keyterm": _any, "keywords": _any,
    "endpointing": lambda text: text == "false" or _number(0, 10_000)(text),
    "utterance_end_ms": _number(1000, 5000),
}  # fmt: skip
_V2: Final[dict[str, Check]] = {
    "model": _one_of("flux-general-en", "flux-general-multi"), "encoding": _LINEAR, "sample_rate": _RATE,
    "eager_eot_threshold": _number(0.3, 0.9), "eot_threshold": _number(0.5, 1.0),
    "eot_timeout_ms": _number(500, 60_000), "keyterm": _any, "language_hint": _any,
    "profanity_filter": _BOOL, "numerals": _BOOL, "redact": _any,
    "mip_opt_out": _BOOL, "tag": _any,
}  # fmt: skip
_REPEATED: Final = frozenset({"keyterm", "keywords", "language_hint", "tag", "extra", "redact", "replace", "search"})
_FLUX_LANGUAGES: Final = _listed("en es fr de hi ru pt ja it nl")


def wrong(query: MultiMapping[str], flux: bool) -> str:
    """What Deepgram would say against the query of a socket; "" where it is right."""
    known = _V2 if flux else _V1
    for name, value in query.items():
        if name not in known:
            return f"unknown field `{name}`"
        if not known[name](value):
            return f"{name}: invalid value `{value}`"
        if name not in _REPEATED and len(query.getall(name)) > 1:
            return f"duplicate field `{name}`"
    for name in ("model", "encoding", "sample_rate"):
        if name not in query:
            return f"missing field `{name}`"
    return _wrong_together_v2(query) if flux else _wrong_together_v1(query)


def _wrong_together_v1(query: MultiMapping[str]) -> str:
    model, language = query["model"], query.get("language", "en")
    if language not in _MODELS_V1.get(model, ()):
        return "No such model/language/tier combination found."
    if "utterance_end_ms" in query and query.get("interim_results") != "true":
        return "utterance_end_ms requires interim_results=true"
    if "keyterm" in query and not model.startswith("nova-3"):
        return "keyterm is only supported by Nova-3 models"
    if "keywords" in query and model.startswith("nova-3"):
        return "keywords is not supported by Nova-3 models: use keyterm"
    if "language_hint" in query and language != "multi":
        return "language_hint requires language=multi"
    return ""


def _wrong_together_v2(query: MultiMapping[str]) -> str:
    hints = set(query.getall("language_hint", []))
    if hints and query["model"] != "flux-general-multi":
        return "language_hint requires flux-general-multi"
    if hints - _FLUX_LANGUAGES:
        return f"language_hint: unsupported language `{min(hints - _FLUX_LANGUAGES)}`"
    if float(query.get("eager_eot_threshold", "0")) > float(query.get("eot_threshold", "0.7")):
        return "eager_eot_threshold must not be greater than eot_threshold"
    return ""

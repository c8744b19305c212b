"""What the library moonshine-voice can download: its own lists, which come with it. For `profai setup` alone.

Its lists have the size and checksum of every file that recognises speech, but of no file of a voice (0.1.5);
those are asked of the host. Asked for a voice that there is not, it would give another one's files. Its third kind
of voices, ZipVoice, is left out: by its makers' word it is far slower than the others, too slow for a conversation.
"""

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from profai_cli.errors import InputError
from profai_cli.providers.downloads import RemoteFile
from profai_cli.providers.moonshine_border import border
from profai_cli.providers.moonshine_models import Does, base

HOST: Final = "https://download.moonshine.ai"

ARCHITECTURES: Final[dict[str, int]] = {"tiny": 2, "small": 4, "medium": 5}
"""The streaming models (moonshine_api.ModelArch); the others cannot be told what a course is about."""

VOICE: Final = "kokoro_af_heart"
"""The library's own choice for English."""

ENGLISH_LICENCE: Final = "MIT"
OTHER_LICENCE: Final = "Moonshine Community License (non-commercial, see https://www.moonshine.ai/license)"
VOICE_LICENCE: Final = "its maker's (Kokoro: Apache-2.0; Piper: see there)"
"""As github.com/moonshine-ai/moonshine has them in LICENSE and docs/license.md, and the voices' makers."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that can be downloaded; the fields are those of `Model`. root: its folder below that of all models."""

    does: Does
    language: str
    name: str
    arch: int
    root: str
    files: tuple[RemoteFile, ...]
    licence: str

    @property
    def size(self) -> int | None:
        """Bytes of all files; None where the library does not say."""
        sizes = [file.size for file in self.files if file.size is not None]
        return sum(sizes) if len(sizes) == len(self.files) else None


def version() -> str:
    """The library's. Raises EngineError where it is missing or does not run here."""
    _ask("moonshine_get_stt_catalog_string")
    return str(importlib.import_module("moonshine_voice").__version__)


def languages() -> dict[Does, list[str]]:
    """Tags of what can be heard and spoken. Raises EngineError."""
    heard = [tag for tag, archs in _heard().items() if archs & set(ARCHITECTURES.values())]
    return {"hears": sorted(heard), "speaks": sorted(_voices())}


def hearing(language: str) -> list[Offer]:
    """The models that recognise a language, the smallest first; none where there are none. Raises EngineError."""
    tag = base(language)
    there = _heard().get(tag, set())
    licence = ENGLISH_LICENCE if tag == "en" else OTHER_LICENCE
    offers = []
    for name, arch in ARCHITECTURES.items():
        if arch in there:
            group = _groups("moonshine_get_stt_dependencies_string", tag, {"model_arch": arch})[0]
            root = group["base_url"].partition("://")[2]
            offers.append(Offer("hears", tag, name, arch, root, _files([group]), licence))
    return offers


def voices(language: str) -> tuple[str, list[str]]:
    """The library's tag for a language (BCP 47), and its voices; ("", []) where there are none. Raises EngineError."""
    listed = _voices()
    tag = language.lower().replace("_", "-")
    key = base(tag)
    of_any_region = [other for other in sorted(listed) if base(other) == key]
    for choice in (tag, f"{key}-{key}", f"{key}-us", *of_any_region):
        if choice in listed:
            return choice, listed[choice]
    return "", []


def speaking(language: str, voice: str | None) -> Offer:
    """A voice, by default the library's own choice. Raises InputError where there is none, EngineError."""
    tag, names = voices(language)
    if not names:
        raise InputError(f"Moonshine has no voice for {language!r}: it has {', '.join(languages()['speaks'])}.")
    if voice is not None and voice not in names:
        raise InputError(
            f"Moonshine has no voice {voice!r} for {tag}; "
            f"'profai setup --language {tag} --json' lists all {len(names)}."
        )
    options = {"g2p_root": "none", **({"voice": voice} if voice else {})}
    groups = _groups("moonshine_get_tts_dependencies_string", tag.replace("-", "_"), options)
    files = _files(groups)
    return Offer("speaks", tag, voice or _named(names, files), 0, "download.moonshine.ai/tts", files, VOICE_LICENCE)


def _heard() -> dict[str, set[int]]:
    """Architectures by language."""
    catalogue = json.loads(_ask("moonshine_get_stt_catalog_string"))
    return {entry["code"]: {model["model_arch"] for model in entry["models"]} for entry in catalogue["languages"]}


def _voices() -> dict[str, list[str]]:
    # Told no folder, the library would look into the present one for voices that are there.
    listed: dict[str, list[dict[str, str]]] = json.loads(
        _ask("moonshine_get_tts_voices_string", None, {"g2p_root": "none"})
    )
    return {
        tag.lower().replace("_", "-"): sorted(v["id"] for v in found if not v["id"].startswith("zipvoice_"))
        for tag, found in listed.items()
    }


def _groups(function: str, *arguments: object) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = json.loads(_ask(function, *arguments))["groups"]
    return groups


def _files(groups: list[dict[str, Any]]) -> tuple[RemoteFile, ...]:
    return tuple(
        RemoteFile(
            path=file["name"],
            url=file["url"],
            size=file["size"],
            crc32c=file["checksum"] if file["checksum_type"] == "crc32c" else "",
        )
        for group in groups
        for file in group["files"]
    )


def _named(names: list[str], files: tuple[RemoteFile, ...]) -> str:
    """The voice whose files these are: "kokoro_af_heart" has ".../af_heart.kokorovoice"."""
    stems = {file.path.rpartition("/")[2].partition(".")[0] for file in files}
    return next(name for name in names if name.partition("_")[2] in stems)


def _ask(function: str, *arguments: object) -> str:
    """Call a function of the library's. Raises EngineError."""
    with border("run on this machine", "go on without it"):
        call: Callable[..., str] = getattr(importlib.import_module("moonshine_voice.moonshine_api"), function)
        return call(*arguments)

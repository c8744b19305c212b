"""Which engines, keys and settings there are here, for `profai doctor`. No key is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import click

from profai_cli.cli.access import open_keys, run
from profai_cli.cli.engines import EngineChoice, EngineRoom, Need
from profai_cli.cli.kept import current
from profai_cli.cli.options import SETTINGS
from profai_cli.errors import ProfaiError
from profai_cli.providers.catalogue import BEST
from profai_cli.providers.tts.local import BestLocal
from profai_cli.providers.vendors import VENDORS

PACKAGES: Final = ("deepgram-sdk", "elevenlabs", "sarvamai", "moonshine-voice", "pocketsphinx", "espeakng-loader")
"""What engines are made of."""

_CHOOSE: Final = ("stt", "voice", "model", "fallback", "language", "local")
"""The settings that choose engines."""

DOES: Final[dict[Need, str]] = {"ears": "hears", "voice": "speaks", "answerer": "answers"}


@dataclass(frozen=True, slots=True)
class Inventory:
    """engines: those of a class, in the order in which they are tried, by what they do. keys: where each vendor's key
    is from, "" for none. packages: their versions. settings: those that are not as they come, each with value and
    source. faults: sentences about keys and settings that cannot be used."""

    engines: dict[str, list[str]]
    keys: dict[str, str]
    packages: dict[str, str]
    settings: dict[str, dict[str, Any]]
    faults: list[str]

    def rows(self) -> Iterator[tuple[str, str]]:
        """For people: names and values."""
        yield "Engines", "; ".join(f"{does}: {', then '.join(names) or 'none'}" for does, names in self.engines.items())
        has = [f"{VENDORS[name].title} ({where})" for name, where in self.keys.items() if where]
        yield "Keys", ", ".join(has) or "none"
        set_ = [f"{name} {_worded(each['value'])} ({each['source']})" for name, each in self.settings.items()]
        yield "Settings", ", ".join(set_) or "all as they come"
        yield "Packages", ", ".join(f"{name} {number}" for name, number in self.packages.items())


def inventory() -> Inventory:
    """As a class in English has it, with what is kept as settings."""
    kept = {name: value for name, (value, _) in current(*(SETTINGS[name] for name in _CHOOSE)).items()}
    choice = EngineChoice(
        kept["stt"], kept["voice"], kept["model"], kept["fallback"], kept["language"], local=kept["local"]
    )
    faults: list[str] = []
    engines: dict[str, list[str]] = {}
    for need, does in DOES.items():
        try:
            room = EngineRoom(choice, None, "en", lambda _source, fault: faults.append(fault), [need])
            engines[does] = [run(_local_voice()) if name == BEST.title else name for name in room.titles(need)]
        except ProfaiError as error:
            faults.append(str(error))
            engines[does] = []
    keys: dict[str, str] = {}
    for vendor in VENDORS.values():
        try:
            keys[vendor.name] = open_keys().where(vendor.key_variable, vendor.name) or ""
        except ProfaiError as error:
            keys[vendor.name] = "damaged"
            faults.append(str(error))
    settings = dict(_settings(faults))
    return Inventory(engines, keys, dict(_versions()), settings, list(dict.fromkeys(faults)))


async def _local_voice() -> str:
    """Which one it is here. Raises EngineError where there is none."""
    voice = BestLocal("en")
    try:
        await voice.start()
    finally:
        await voice.close()
    return voice.name


def _settings(faults: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Those that are not as they come; who learns is nobody's business."""
    for name, setting in SETTINGS.items():
        try:
            value, source = current(setting)[name]
        except (ProfaiError, click.ClickException) as error:
            faults.append(error.format_message() if isinstance(error, click.ClickException) else str(error))
            continue
        if source != "default":
            told = "somebody" if name == "learner" else str(value) if isinstance(value, Path) else value
            yield name, {"value": told, "source": source}


def _worded(value: object) -> str:
    """A value for people."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value or "as it comes")


def _versions() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:  # not for this machine, or not wanted
            continue

"""`profai setup`: the first run; and what else could run here, how big it is, and its download.

Nothing comes by itself."""

import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import click

from profai_cli.cli.download_progress import DownloadProgress
from profai_cli.cli.exits import INTERRUPTED, complain
from profai_cli.cli.kept import typed
from profai_cli.errors import InputError
from profai_cli.lesson.plain import plain
from profai_cli.providers import moonshine_library as library
from profai_cli.providers.downloads import Downloads, RemoteFile
from profai_cli.providers.moonshine_library import Offer
from profai_cli.providers.moonshine_models import Model, Models, StoredFile
from profai_cli.storage.cache import DiskCache
from profai_cli.storage.folders import cache_folder, data_folder
from profai_cli.storage.incoming import Incoming, alone, crc32c, delete, room

MIRROR: Final = "PROFAI_MOONSHINE_URL"
"""The environment variable that names another host with the same files."""


@click.command()
@click.option("--local", is_flag=True, help="Download a better recogniser and a better voice for this machine.")
@click.option("--list", "listed", is_flag=True, help="List what --local would download, and what it has.")
@click.option("--language", default="en", show_default=True, help="Of --local and --list: what to hear and speak.")
@click.option("--size", type=click.Choice(list(library.ARCHITECTURES)), help="Of the recogniser; small is usual.")
@click.option("--voice", help=f"Such as {library.VOICE}, which is usual for English.")
@click.option("--yes", is_flag=True, help="Take the defaults without being asked.")
@click.option("--remove", is_flag=True, help="Delete all that was downloaded.")
@click.option("--json", "as_json", is_flag=True, help="Print the list, or the result, as JSON.")
def setup(
    *,
    local: bool,
    listed: bool,
    language: str,
    size: str | None,
    voice: str | None,
    yes: bool,
    remove: bool,
    as_json: bool,
) -> int:
    """Choose and try microphone, speaker and engines, four questions at most, and begin a class.

    Your answers are kept as settings, and not asked again. With --local download better engines for this machine
    instead, the models of moonshine-voice, 150 to 400 MB. A download that was stopped goes on where it was, and from
    then on a class without keys uses the models.

    \b
    profai setup
    profai setup --list
    profai setup --local --size tiny --voice kokoro_am_adam
    """
    if not (local or listed or remove or size or voice or as_json or typed("language")):
        from profai_cli.cli.first import first_run  # noqa: PLC0415 - not for --help

        return first_run(yes=yes)
    models, folder = Models(DiskCache(data_folder())), cache_folder() / "moonshine"
    if remove + local + listed > 1:
        raise click.UsageError("--remove, --list and --local exclude each other.")
    if (size or voice or yes) and not local:
        raise click.UsageError("--size and --voice go with --local, and --yes with it or alone.")
    if remove:
        _remove(models, folder, as_json)
    elif not local:
        _show(models, folder, language, as_json)
    else:
        offers = _chosen(language, size, voice)
        try:
            _download(models, folder, offers, yes=yes, as_json=as_json)
        except KeyboardInterrupt:
            complain("Stopped; what has come is kept, and the same command goes on with it.")
            return INTERRUPTED
    return 0


def _show(models: Models, folder: Path, language: str, as_json: bool) -> None:
    version = library.version()
    tag, voices = library.voices(language)
    offers = library.hearing(language)
    if not offers and not voices:
        raise InputError(_nothing_for(language))
    there = [model for model in models.all() if model.whole]
    if as_json:
        found = [
            *(_described(o.does, o.language, o.name, o.size) | {"licence": o.licence} for o in offers),
            *(_described("speaks", tag, name, None) | {"licence": library.VOICE_LICENCE} for name in voices),
        ]
        _print({"version": version, "folder": str(folder), "downloaded": _listed(there), "offered": found})
        return
    click.echo(f"moonshine-voice {version} can be set up here for {plain(language)}:")
    for offer in offers:
        _say(f"hears {offer.language}: {offer.name}, {_megabytes(offer.size)}, licence: {offer.licence}")
    if voices:
        usual = library.speaking(language, None).name
        _say(f"speaks {tag}: {usual} and {len(voices) - 1} more (--json lists them), {_megabytes(None)}")
    click.echo("Downloaded:" if there else "Nothing is downloaded yet: run 'profai setup --local'.")
    for model in there:
        _say(f"{model.does} {model.language}: {model.name}, {_megabytes(model.size)}, in {model.folder}")


def _say(line: str) -> None:
    click.echo(f"  {plain(line)}")


def _chosen(language: str, size: str | None, voice: str | None) -> list[Offer]:
    """The recogniser and the voice for a language, or the one of them that there is. Raises InputError."""
    hearing = {offer.name: offer for offer in library.hearing(language)}
    if size and size not in hearing:
        sizes = ", ".join(hearing) or "none"
        raise InputError(f"Moonshine has no recogniser of the size {size!r} for {language!r}; it has: {sizes}.")
    ear = hearing.get(size or "small") or next(iter(hearing.values()), None)
    mouth = library.speaking(language, voice) if voice or library.voices(language)[1] else None
    chosen = [offer for offer in (ear, mouth) if offer]
    if not chosen:
        raise InputError(_nothing_for(language))
    return chosen


def _download(models: Models, folder: Path, offers: list[Offer], *, yes: bool, as_json: bool) -> None:
    with alone(folder), Downloads(library.HOST, _mirror()) as downloads:
        offers = [replace(offer, files=tuple(downloads.described(offer.files))) for offer in offers]
        wanted = [(file, _incoming(folder / offer.root, file)) for offer in offers for file in offer.files]
        to_come = sum((file.size or 0) - into.come for file, into in wanted)
        room(folder, to_come)
        for offer in offers:
            line = f"{offer.does} {offer.language}: {offer.name}, {_megabytes(offer.size)}, licence: {offer.licence}"
            click.echo(plain(line), err=as_json)
        needed = not all(into.there for _, into in wanted)
        if needed and not yes and not _agreed(f"Download {_megabytes(to_come)} to {plain(str(folder))}?", as_json):
            click.echo("Nothing was downloaded.", err=as_json)
            return
        unchecked = [file for file, _ in wanted if not file.crc32c]
        with DownloadProgress(sum(file.size or 0 for file, _ in wanted), to_stderr=as_json) as progress:
            for file, into in wanted:
                downloads.fetch(file, into, progress.moved)
    kept = [_stored(offer, folder / offer.root) for offer in offers]
    models.keep(kept)
    if unchecked:
        click.echo(f"The host has no checksum of {len(unchecked)} files: their sizes alone were checked.", err=True)
    if as_json:
        _print({"folder": str(folder), "downloaded": _listed(kept)})
    else:
        click.echo("Ready: a class without keys uses them from now on.")


def _remove(models: Models, folder: Path, as_json: bool) -> None:
    models.forget()
    size = delete(folder)
    if as_json:
        _print({"removed": size or 0})
    else:
        click.echo("There is nothing to delete." if size is None else f"Deleted {_megabytes(size)}.")


def _agreed(question: str, as_json: bool) -> bool:
    """Ask. Raises InputError where nobody can answer."""
    if not sys.stdin.isatty():
        raise InputError(f"{question} Say so with --yes.")
    return click.confirm(question, default=True, err=as_json)


def _mirror() -> str:
    host = os.environ.get(MIRROR, "")
    with suppress(ValueError):
        if not host or (urlsplit(host).scheme in ("http", "https") and urlsplit(host).hostname):
            return host
    raise InputError(f"{MIRROR} is no address of a host: set it to one such as https://mirror.example.com.")


def _incoming(root: Path, file: RemoteFile) -> Incoming:
    return Incoming(root / file.path, file.size, file.crc32c, file.tag)


def _stored(offer: Offer, root: Path) -> Model:
    files = tuple(_file(file, root / file.path) for file in offer.files)
    return Model(offer.does, offer.language, offer.name, offer.arch, str(root), files)


def _file(file: RemoteFile, path: Path) -> StoredFile:
    return StoredFile(file.path, path.stat().st_size, file.crc32c or crc32c(path))


def _nothing_for(language: str) -> str:
    tags = library.languages()
    heard, spoken = ", ".join(tags["hears"]), ", ".join(tags["speaks"])
    return f"Moonshine has nothing for {language!r}: it hears {heard}, and speaks {spoken}."


def _listed(models: list[Model]) -> list[dict[str, Any]]:
    return [_described(m.does, m.language, m.name, m.size) | {"folder": m.folder} for m in models]


def _described(does: str, language: str, name: str, size: int | None) -> dict[str, Any]:
    return {"does": does, "language": language, "name": name, "bytes": size}


def _megabytes(size: int | None) -> str:
    return "its size is asked of the host" if size is None else f"{size / 1e6:.0f} MB"


def _print(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, indent=2))

"""Which models of moonshine-voice `profai setup` has downloaded: known by its record, without the library.

The record is one JSON file; an engine loads nothing that is not in it. Looking takes less than a millisecond.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from profai_cli.ports import Cache

RECORD: Final = "moonshine.json"
"""The record's key in the cache that `Models` is given, which is the folder for data."""

SETUP: Final = "run 'profai setup --local'"

Does = Literal["hears", "speaks"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was downloaded. path: below the model's folder, with "/". crc32c: base64, as Google writes it."""

    path: str
    size: int
    crc32c: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model that was downloaded.

    language: the library's tag, such as "en" or "en-us". name: a size, or a voice. arch: the library's number of
    the architecture, 0 for a voice. folder: where the library finds the files.
    """

    does: Does
    language: str
    name: str
    arch: int
    folder: str
    files: tuple[StoredFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def whole(self) -> bool:
        """All files are there, with their sizes."""
        try:
            return all((Path(self.folder) / file.path).stat().st_size == file.size for file in self.files)
        except OSError:
            return False


class Models:
    """The record, kept in `records` (a cache whose folder is for data)."""

    def __init__(self, records: Cache) -> None:
        self._records = records

    def all(self) -> list[Model]:
        """What was downloaded, whether or not it is still there; none where there is no record that can be read."""
        path = self._records.load(RECORD)
        try:
            return [_model(entry) for entry in json.loads(Path(path).read_text("utf-8"))] if path else []
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return []

    def hears(self, language: str) -> Model | None:
        """The model that recognises a language (BCP 47), if it is whole."""
        return self._whole("hears", language, "")

    def speaks(self, language: str, voice: str = "") -> Model | None:
        """The voice for a language (BCP 47), the one called `voice` where that is given, if it is whole."""
        return self._whole("speaks", language, voice)

    def keep(self, added: list[Model]) -> None:
        """Record models; each takes the place of the one that did the same. Raises StorageError."""
        replaced = {(model.does, model.language) for model in added}
        kept = [model for model in self.all() if (model.does, model.language) not in replaced]
        self._write([*kept, *added])

    def forget(self) -> None:
        """Record that nothing is there. Raises StorageError."""
        self._write([])

    def _write(self, models: list[Model]) -> None:
        self._records.store(RECORD, json.dumps([asdict(model) for model in models], indent=1).encode())

    def _whole(self, does: Does, language: str, name: str) -> Model | None:
        tag = language.lower().replace("_", "-")
        fitting = [
            model
            for model in self.all()
            if model.does == does and base(model.language) == base(tag) and name in ("", model.name)
        ]
        fitting.sort(key=lambda model: model.language != tag)  # first the voice of the very region
        return next((model for model in fitting if model.whole), None)


def base(language: str) -> str:
    """The language of a tag: "en" of "en-us"."""
    return language.lower().replace("_", "-").partition("-")[0]


def _model(entry: dict[str, Any]) -> Model:
    return Model(**{**entry, "files": tuple(StoredFile(**file) for file in entry["files"])})

"""The classes held: a folder for each, with its event log, what it was about, and its sound where that was recorded.

    classes/12/class.json    course, learner, date; at its end also what it came to
    classes/12/events.jsonl  as `--events` writes it
    classes/12/sound.flac    with `--record`: the learner left, the tutor right

The newest 200 are kept. Nobody else on the computer may look into the folders.
"""

import contextlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from profai_cli.errors import StorageError
from profai_cli.lesson.identity import Identity
from profai_cli.storage.files import reason, way_out, write_atomically
from profai_cli.tutor.summary import Summary

MOST: Final = 200
"""Classes that are kept."""

_VERSION: Final = 1
_PRIVATE: Final = 0o700
"""For the owner alone; on Windows the folder of a user's data is so by itself."""

_SOUND, _OLDER_SOUND = "sound.flac", "sound.wav"
"""The name of a recording, beside the log; and in classes that an older profai recorded."""

Outline = tuple[tuple[str, tuple[str, ...]], ...]
"""The titles of a course: of each module, and of its topics."""


@dataclass(frozen=True, slots=True)
class About:
    """What a class is about. date: ISO 8601 with the time. summary: None until it ends in order.

    own, path: see `Identity`; "" in a class that an older profai held.
    """

    course: str
    title: str
    learner: str
    date: str
    outline: Outline
    summary: Summary | None = None
    own: str = ""
    path: str = ""

    @property
    def identity(self) -> Identity:
        """What the course was known by."""
        return Identity(self.own, self.path, self.course, self.title)


@dataclass(frozen=True, slots=True)
class KeptClass:
    """A class that is kept, by its number in the history."""

    number: int
    folder: Path
    about: About

    @property
    def log(self) -> Path:
        """Its events."""
        return self.folder / "events.jsonl"

    @property
    def sound(self) -> Path:
        """Its recording, which most classes do not have."""
        return recording(self.log)

    def finish(self, summary: Summary) -> None:
        """Keep what the class came to; nothing where it was deleted meanwhile. Raises StorageError."""
        if self.folder.is_dir():
            _write(self.folder, replace(self.about, summary=summary))

    def discard(self) -> None:
        """Delete it, with its recording and its report. Raises StorageError."""
        _delete(self.folder)


class Classes:
    """All that are kept. folder: the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "classes"

    def begin(self, about: About) -> KeptClass:
        """Make a folder for a new class, with the next number; the oldest beyond the limit go. Raises StorageError."""
        try:
            self._folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
            numbers = self._numbers()
            number = max(numbers, default=0) + 1
            while not _made(self._folder / str(number)):  # another class has begun at the same moment
                number += 1
        except OSError as error:
            raise StorageError(f"Cannot write {str(self._folder)!r}: {reason(error)}; {way_out(error)}.") from error
        folder = self._folder / str(number)
        for old in sorted(numbers)[: max(len(numbers) + 1 - MOST, 0)]:
            shutil.rmtree(self._folder / str(old), ignore_errors=True)
        _write(folder, about)
        return KeptClass(number, folder, about)

    def all(self) -> list[KeptClass]:
        """Every class, the oldest first, without those that say nothing readable about themselves."""
        numbers = sorted(self._numbers())
        return [kept for number in numbers if (kept := _read(number, self._folder / str(number)))]

    def forget(self, learner: str) -> int:
        """Delete the classes of a learner, and those that nobody can read any more; how many there were.

        Recordings and reports go with them. Raises StorageError where one cannot be deleted; the others are gone then.
        """
        others = {kept.number for kept in self.all() if kept.about.learner != learner}
        folders = [self._folder / str(number) for number in self._numbers() if number not in others]
        faults = []
        for folder in folders:
            try:
                _delete(folder)
            except StorageError as error:
                faults.append(error)
        if faults:
            raise faults[0]
        return len(folders)

    def _numbers(self) -> list[int]:
        try:
            return [int(path.name) for path in self._folder.iterdir() if path.name.isascii() and path.name.isdecimal()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageError(f"Cannot read {str(self._folder)!r}: {reason(error)}; make it readable.") from error


def recording(log: Path) -> Path:
    """The recording beside the log of a class, whether there is one or not."""
    older = log.with_name(_OLDER_SOUND)
    return older if older.is_file() else log.with_name(_SOUND)


def _made(folder: Path) -> bool:
    try:
        folder.mkdir(mode=_PRIVATE)
    except FileExistsError:
        return False
    return True


def _delete(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:  # by somebody else, just now
        pass
    except OSError as error:
        raise StorageError(
            f"Cannot delete {str(folder)!r}: {reason(error)}; end the class that uses it, or delete it yourself."
        ) from error


def _write(folder: Path, about: About) -> None:
    write_atomically(folder / "class.json", json.dumps({"version": _VERSION, **asdict(about)}).encode() + b"\n")


def _read(number: int, folder: Path) -> KeptClass | None:
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        data = json.loads((folder / "class.json").read_bytes())
        if data["version"] == _VERSION:
            return KeptClass(number, folder, _about(data))
    return None


def _about(data: Mapping[str, Any]) -> About:
    """Of its JSON form. Raises TypeError, ValueError, KeyError or OverflowError for another one."""
    texts = {name: _text(data[name]) for name in ("course", "title", "learner", "date")}
    texts |= {name: _text(data.get(name, "")) for name in ("own", "path")}
    outline = tuple((_text(module), tuple(map(_text, topics))) for module, topics in data["outline"])
    summary = None if data["summary"] is None else _summary(data["summary"])
    return About(outline=outline, summary=summary, **texts)


def _summary(data: Mapping[str, Any]) -> Summary:
    topics = tuple((int(module), int(topic)) for module, topic in data["topics"])
    questions, interruptions = int(data["questions"]), int(data["interruptions"])
    checks = int(data.get("checks", 0))  # an older profai did not count them
    return Summary(float(data["seconds"]), topics, questions, interruptions, _text(data["ended"]), checks)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value

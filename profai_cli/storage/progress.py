"""Where each learner is in each course: one small JSON file per learner and course."""

import json
from pathlib import Path
from typing import Final

from profai_cli.errors import StorageError
from profai_cli.lesson.place import Place
from profai_cli.storage.files import reason, write_atomically
from profai_cli.storage.names import safe_name

_VERSION: Final = 1


class Progress:
    """The places of one learner. Safe against a kill at any moment and two classes at once (the last wins).

    folder: the data folder. learner: any text. `warning`: one sentence about the last `load`, or None.
    """

    def __init__(self, folder: Path, learner: str) -> None:
        self._folder = folder / "progress" / safe_name(learner)
        self._learner = learner
        self.warning: str | None = None

    def load(self, course_id: str) -> Place | None:
        """The saved place, not yet clamped to the course; None where there is none.

        A damaged file is set aside as `….damaged`, which `warning` tells. Raises StorageError when the file
        is there and the system refuses to read it: to start anew would overwrite it.
        """
        self.warning = None
        path = self._path(course_id)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError(
                f"Cannot read the progress in {str(path)!r}: {reason(error)}; make it readable or delete it."
            ) from error
        place = _parse(data)
        if place is None:
            self.warning = _set_aside(path)
        return place

    def when(self, course_id: str) -> float:
        """When the place was saved last, in seconds since 1970; 0 where there is none."""
        try:
            return self._path(course_id).stat().st_mtime
        except OSError:
            return 0.0

    def save(self, course_id: str, place: Place) -> None:
        """Keep the place, on the disk when this returns, which takes some milliseconds. Raises StorageError."""
        data = {"version": _VERSION, "learner": self._learner, "course": course_id, "place": list(place)}
        write_atomically(self._path(course_id), json.dumps(data).encode() + b"\n")

    def _path(self, course_id: str) -> Path:
        return self._folder / f"{safe_name(course_id)}.json"


def _parse(data: bytes) -> Place | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("version") != _VERSION:
        return None
    numbers = value.get("place")
    if not isinstance(numbers, list) or len(numbers) != len(Place._fields):
        return None
    if not all(type(number) is int and number >= 0 for number in numbers):
        return None
    return Place(*numbers)


def _set_aside(path: Path) -> str:
    aside = path.with_name(path.name + ".damaged")
    try:
        path.replace(aside)
    except OSError:
        return f"The saved progress in {str(path)!r} is damaged; the course starts at its beginning."
    return f"The saved progress was damaged and is now {str(aside)!r}; the course starts at its beginning."

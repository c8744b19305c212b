"""The places that profai kept before it had a database: one small JSON file per learner and course."""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from profai_cli.errors import StorageError
from profai_cli.lesson.place import Place
from profai_cli.storage.files import reason
from profai_cli.storage.names import safe_name

_VERSION: Final = 1


class OldPlace(NamedTuple):
    """Where a learner was. course: the name of its folder or file. when: ISO 8601 in UTC."""

    learner: str
    course: str
    place: Place
    when: str


def old_folder(folder: Path) -> Path:
    """Where they are, in the data folder."""
    return folder / "progress"


def old_places(folder: Path) -> Iterator[OldPlace]:
    """All that can be read, the oldest first; `folder` is the data folder."""
    with suppress(OSError):
        found = [(path.stat().st_mtime, path) for path in old_folder(folder).glob("*/*.json")]
        for when, path in sorted(found):
            with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
                yield _parse(path.read_bytes(), datetime.fromtimestamp(when, UTC).isoformat(timespec="microseconds"))


def delete_old_places(folder: Path, learner: str, course: str | None = None) -> None:
    """Delete those of a learner, in one course or in all. Raises StorageError."""
    of_learner = old_folder(folder) / safe_name(learner)
    try:
        if course is None:
            shutil.rmtree(of_learner)
        else:
            (of_learner / f"{safe_name(course)}.json").unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise StorageError(f"Cannot delete {str(of_learner)!r}: {reason(error)}; delete it yourself.") from error


def _parse(data: bytes, when: str) -> OldPlace:
    """Raises one of many errors for what profai has not written."""
    value = json.loads(data)
    numbers = value["place"]
    if value["version"] != _VERSION or not all(type(number) is int and 0 <= number < 1 << 31 for number in numbers):
        raise ValueError("not a place")
    return OldPlace(str(value["learner"]), str(value["course"]), Place(*numbers), when)

"""The sounds of a course's words, kept in its own file, of which nothing else is changed."""

import json
import tomllib
from pathlib import Path

from profai_cli.errors import CourseError
from profai_cli.lesson.plain import plain
from profai_cli.storage.course_folder import COURSE_FILE
from profai_cli.storage.files import reason, write_atomically


def keep_sound(course: Path, word: str, sound: str) -> None:
    """Keep how a word of the course in this folder, or JSON file, is said; on the disk when this returns.

    Raises CourseError for a course that cannot be read, and StorageError.
    """
    file = course if course.suffix.lower() == ".json" else course / COURSE_FILE
    try:
        text = file.read_bytes().decode("utf-8-sig")
        changed = _in_json(text, word, sound) if file == course else _in_toml(text, word, sound)
        mode = file.stat().st_mode
        write_atomically(file.resolve(), changed.encode())  # resolved: a link to a file elsewhere stays one
        file.chmod(mode)
    except OSError as error:
        raise CourseError(f"{plain(str(file))!r} cannot be changed: {plain(reason(error))}.") from None
    except (ValueError, TypeError, AttributeError):  # somebody changed it meanwhile
        raise CourseError(f"{plain(str(file))!r} cannot be read any more: run 'profai courses check'.") from None


def _in_toml(text: str, word: str, sound: str) -> str:
    import tomlkit  # noqa: PLC0415 - only to write: it takes 50 ms

    document = tomlkit.parse(text)
    if "sounds" not in tomllib.loads(text):
        document["sounds"] = tomlkit.table()
    document["sounds"][word] = sound
    return tomlkit.dumps(document)


def _in_json(text: str, word: str, sound: str) -> str:
    data = json.loads(text)
    data.setdefault("sounds", {})[word] = sound
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"

"""A course's folder, written whole or not at all, and never over another one."""

import tempfile
from pathlib import Path
from typing import Final

from profai_cli.errors import CourseError, StorageError
from profai_cli.lesson.manuscript import LONGEST_TITLE, Chapter, Manuscript, slug
from profai_cli.lesson.plain import clean, plain
from profai_cli.storage.course_folder import COURSE_FILE
from profai_cli.storage.files import reason, way_out
from profai_cli.storage.names import is_reserved

_SUMMARY: Final = '# summary = "One or two sentences that a learner sees in the list of courses."'
_ALIASES: Final = "\n# What a learner may say, and the course's own word for it.\n[aliases]\n"
_SOUNDS: Final = "\n# How a word is said; 'profai courses check' asks for these.\n[sounds]\n"


def refuse_name(name: str) -> None:
    """Raise CourseError where no folder and no title can be made of what somebody typed."""
    if not slug(name, "") or plain(name) != name or len(name) > LONGEST_TITLE or set(name) & set("/\\"):
        raise CourseError(
            f"{plain(name)[:40]!r} cannot name a course: give one line of at most {LONGEST_TITLE} characters, with a "
            "letter or digit, and without a slash."
        )


def course_folder(parent: Path, title: str) -> Path:
    """Where a course with this title belongs. Raises CourseError where something is there."""
    name = slug(title, "course")
    folder = parent / (f"{name}-course" if is_reserved(name) else name)
    refuse_existing(folder)
    return folder


def refuse_existing(folder: Path) -> None:
    """Raise CourseError where there is something under this name, be it a link that leads nowhere."""
    if folder.exists() or folder.is_symlink():
        raise CourseError(f"{plain(str(folder))!r} is there already: give the new course another name.")


def write_course(folder: Path, manuscript: Manuscript) -> None:
    """Write the course to a folder that is not there; it appears when all of it is written.

    Raises CourseError where it is there, and StorageError.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as temporary:
            draft = Path(temporary) / folder.name
            draft.mkdir()
            _write(draft, manuscript)
            refuse_existing(folder)
            draft.rename(folder)
    except OSError as error:
        why = f"{plain(reason(error))}; {way_out(error)}"
        raise StorageError(f"Cannot write {plain(str(folder))!r}: {why}.") from None


def _write(folder: Path, manuscript: Manuscript) -> None:
    names = [f"{number}-{slug(chapter.title, 'module')}" for number, chapter in enumerate(manuscript.chapters, 1)]
    _save(folder / COURSE_FILE, _header(manuscript, names))
    for name, chapter in zip(names, manuscript.chapters, strict=True):
        (folder / name).mkdir()
        for number, page in enumerate(chapter.pages, 1):
            file = folder / name / f"{number}-{slug(page.title, 'topic')}.md"
            _save(file, f"# {page.title}\n\n{clean(page.text).strip()}\n")


def _header(manuscript: Manuscript, names: list[str]) -> str:
    """course.toml, with a line for each thing that a teacher may add."""
    lines = [
        f"title = {_quoted(manuscript.title)}",
        f"language = {_quoted(manuscript.language)}",
        f"summary = {_quoted(manuscript.summary)}" if manuscript.summary else _SUMMARY,
    ]
    lines += (_module(chapter, name) for name, chapter in zip(names, manuscript.chapters, strict=True))
    text = "\n".join(lines) + "\n"
    for head, table in ((_ALIASES, manuscript.aliases), (_SOUNDS, manuscript.sounds)):
        text += head + "".join(f"{_quoted(word)} = {_quoted(other)}\n" for word, other in table.items())
    return text


def _module(chapter: Chapter, name: str) -> str:
    return f"\n[[modules]]\nfolder = {_quoted(name)}\ntitle = {_quoted(chapter.title)}"


def _quoted(text: str) -> str:
    """A basic string of TOML; the text has no control characters any more."""
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _save(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")

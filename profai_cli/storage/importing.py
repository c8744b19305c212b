"""A course from a file that was not written for profai: Markdown, JSON, EPUB or PDF."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from profai_cli.errors import CourseError
from profai_cli.lesson.course import Topic
from profai_cli.lesson.manuscript import Chapter, Manuscript, Page, heading
from profai_cli.lesson.plain import clean, plain
from profai_cli.storage.book import Book, Progress
from profai_cli.storage.course_files import LIMIT
from profai_cli.storage.courses import load_path
from profai_cli.storage.files import reason

_HEAD: Final = 1024  # bytes in which a PDF says that it is one
_MARKDOWN: Final = frozenset((".md", ".markdown", ".mdown", ".txt"))


class Imported(NamedTuple):
    """What a file became. left_out: what a voice cannot say, and how many of it."""

    manuscript: Manuscript
    left_out: Counter[str]


def import_file(path: Path, progress: Progress) -> Imported:
    """The course that a file makes. What kind of file it is, its content says before its name does.

    Raises CourseError for what cannot be read, or has no text.
    """
    shown = repr(plain(path.name))
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        book = _book(path, head, progress)
    except OSError as error:
        raise CourseError(f"{shown} cannot be read: {plain(reason(error))}.") from None
    if book is None:
        return Imported(_from_json(path), Counter())
    if len(book.markdown.encode("utf-8", "replace")) > LIMIT:
        raise CourseError(f"{shown} has more than {LIMIT // 1024**2} MB of text: import a part of it.")
    from profai_cli.lesson.division import divide  # noqa: PLC0415 - it imports the parser
    from profai_cli.lesson.sections import front_title, sections  # noqa: PLC0415 - as above

    front, markdown = front_title(clean(book.markdown))
    title = book.title or front or path.stem.replace("_", " ").replace("-", " ").strip()
    manuscript = divide(title, sections(markdown), book.language)
    if not manuscript.chapters:
        raise CourseError(f"{shown} has no text: there is nothing to teach.")
    return Imported(manuscript, +book.left_out)


def _book(path: Path, head: bytes, progress: Progress) -> Book | None:
    """The book in a file; None for a course in JSON. Raises CourseError, and OSError."""
    shown, ending = repr(plain(path.name)), path.suffix.lower()
    try:
        if b"%PDF-" in head:
            from profai_cli.storage.import_pdf import read_pdf  # noqa: PLC0415 - an extra, and slow to import

            return read_pdf(path, progress)
        if head.startswith(b"PK\x03\x04"):
            from profai_cli.storage.import_epub import read_epub  # noqa: PLC0415 - as above

            return read_epub(path, progress)
    except ModuleNotFoundError:
        raise CourseError(f"{shown} needs more: run \"pip install 'profai[import]'\", then try again.") from None
    if ending == ".json":
        return None
    if ending in (".pdf", ".epub"):
        raise CourseError(f"{shown} is damaged or no {ending[1:].upper()}: get it again.")
    if ending not in _MARKDOWN:
        raise CourseError(f"{shown} is of no kind that can be imported: give Markdown (.md), JSON, EPUB or PDF.")
    return Book("", _text(path))


def _text(path: Path) -> str:
    """The text of a file in UTF-8. Raises CourseError, and OSError."""
    with path.open("rb") as file:
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise CourseError(f"{plain(path.name)!r} has more than {LIMIT // 1024**2} MB of text: import a part of it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CourseError(f"{plain(path.name)!r} is not UTF-8 text (line {line}): save it as UTF-8.") from None


def _from_json(path: Path) -> Manuscript:
    """A course in one file as one in a folder. Raises CourseError."""
    course = load_path(path)
    chapters = tuple(
        Chapter(
            heading(module.title, f"Module {number}"),
            tuple(_page(topic, place) for place, topic in enumerate(module.topics, 1)),
        )
        for number, module in enumerate(course.modules, 1)
    )
    texts = replace(Manuscript(course.title, chapters), language=course.language, summary=course.summary)
    return replace(texts, aliases=course.aliases, sounds=course.sounds)


def _page(topic: Topic, number: int) -> Page:
    asked = "\n\n".join(f"Q: {check.question}\nA: {check.answer}" for check in topic.checks)
    text = f"{topic.markdown}\n\n## Check\n\n{asked}" if asked else topic.markdown
    return Page(heading(topic.title, f"Topic {number}"), text)

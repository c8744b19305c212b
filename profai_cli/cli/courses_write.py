"""`profai courses new` and `import`: the begin of a course that a person then edits."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from profai_cli.cli.courses_given import Given, count, folder_option
from profai_cli.cli.exits import can_draw
from profai_cli.lesson.manuscript import Chapter, Manuscript, Page
from profai_cli.lesson.plain import plain
from profai_cli.storage.book import Progress
from profai_cli.storage.course_writer import course_folder, refuse_name, write_course

WORDS_A_MINUTE: Final = 160

_FIRST: Final = """\
This is the first topic of your course. Write here as you would say it: in short sentences, one thought in each.

Begin with what the learner knows. Then give an example, because an example is remembered.

## Check

Q: How should a lesson for the ear be written?
A: In short sentences, with one thought in each.
"""
_SECOND: Final = """\
Every file in a module's folder is a topic, and the topics are taught in the order of the numbers in their names.

Code stands in a block of its own, after a sentence that says what it does. This line greets the world.

```python
print("Hello, world")
```

At the end of a topic come questions and their answers, or none.
"""


@click.command()
@click.argument("name")
@folder_option
@click.pass_obj
def new(given: Given, name: str, folder: Path | None) -> None:
    """Begin a course called NAME, in a folder of its own.

    Nothing is ever overwritten.

    \b
    profai courses new "The history of Rome"
    profai courses new rome --courses ~/teaching
    """
    refuse_name(name)
    made = course_folder(folder or given.folder or Path(), name)
    pages = (Page("The first topic", _FIRST), Page("The second topic", _SECOND))
    write_course(made, Manuscript(name, (Chapter("The first module", pages),)))
    click.echo(f"Made {plain(str(made))} with one module and two topics: edit them, and the course.toml beside them.")
    _next(made)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="Call the course so, instead of by the file's title.")
@folder_option
@click.pass_obj
def import_(given: Given, file: Path, name: str | None, folder: Path | None) -> None:
    """Make a course of FILE: Markdown, JSON, EPUB or PDF.

    Its chapters become modules and topics of a length for the ear, in files that you can edit. Pictures, footnotes,
    headers and page numbers are left out. EPUB and PDF need: pip install 'profai[import]'

    In Markdown, "Q: ..." and "A: ..." below a heading "Check" are asked at the topic's end. JSON is {"title":
    ..., "modules": [{"title": ..., "sub_topics": [{"title": ..., "content": Markdown}]}]}.

    \b
    profai courses import rome.epub
    profai courses import notes.md --name "The history of Rome" --courses ~/teaching
    """
    from profai_cli.storage.importing import import_file  # noqa: PLC0415 - only where something is imported

    parent = folder or given.folder or Path()
    if name is not None:
        refuse_name(name)
        course_folder(parent, name)  # a long file is not read in vain
    with _progress(file.name) as progress:
        manuscript, left_out = import_file(file, progress)
    made = course_folder(parent, name or manuscript.title)
    write_course(made, replace(manuscript, title=name or manuscript.title))
    pages = [page for chapter in manuscript.chapters for page in chapter.pages]
    minutes = sum(len(page.text.split()) for page in pages) // WORDS_A_MINUTE
    size = f"{count(len(manuscript.chapters), 'module')} and {count(len(pages), 'topic')}"
    click.echo(f"Made {plain(str(made))} with {size}, about {_duration(minutes)} to listen to.")
    if left_out:
        click.echo(f"Left out: {', '.join(count(number, what) for what, number in sorted(left_out.items()))}.")
    _next(made)


def _next(made: Path) -> None:
    folder = plain(str(made))
    shown = f"'{folder}'" if " " in folder else folder
    click.echo(f"Then: profai courses check {shown}\n      profai class --courses {shown} --course 1 --interactive")


def _duration(minutes: int) -> str:
    hours = round(minutes / 60)
    return count(hours, "hour") if hours > 1 else count(max(minutes, 1), "minute")


@contextmanager
def _progress(name: str) -> Iterator[Progress]:
    """A bar on standard error while a file is read, if that is a terminal."""
    if not can_draw(sys.stderr):
        yield lambda _done, _of: None
        return
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that only a terminal waits for
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(plain(name), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)

"""How long a book takes to become a course, how much memory, and what is said of a broken one: the real command."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from profai_cli.storage.courses import load_path
from tests.books import long_book
from tests.measure_class import PROFAI, CannotMeasure, environment
from tests.measure_turns import Row

PAGES = (20, 500)
METER = """
import resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = f"{time.perf_counter() - begun:.1f} s ({used.ru_utime + used.ru_stime:.1f} s of processor)"
print(f"{seconds}, {used.ru_maxrss / 1024:.0f} MB at most")
"""
"""Runs a command and says what it used. It is a small process, since a child's memory counts from its parent's on."""


def imports(_notes: list[str]) -> Iterator[Row]:
    """Books of 20 and of 500 pages, as EPUB and as PDF, whole and broken: half a minute."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("epub", "pdf"):
            for pages in PAGES:
                imported = _imported(long_book(folder, kind, pages), folder / f"{kind}{pages}")
                yield f"{kind.upper()} of {pages} pages imported", imported, "see it move"
            book = folder / f"long.{kind}"
            book.write_bytes(book.read_bytes()[: book.stat().st_size // 2])
            yield f"{kind.upper()} whose second half is lost", _refused(book), "a clear sentence, 2"
            book.write_text("no book at all")
            yield f"no {kind.upper()}, but called so", _refused(book), "a clear sentence, 2"


def _imported(book: Path, courses: Path) -> str:
    courses.mkdir()
    metered = [sys.executable, "-c", METER, *_command(book, courses)]
    done = subprocess.run(metered, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotMeasure(f"{book.name} was refused: {done.stderr.strip()[-300:]}")
    (course,) = map(load_path, courses.iterdir())
    return f"{done.stdout.strip()}, {sum(len(module.topics) for module in course.modules)} topics"


def _refused(book: Path) -> str:
    """What is said of it, and the exit code."""
    command = _command(book, book.parent / "none")
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    return f"{done.stderr.strip().replace(f'{book.parent}/', '')} ({done.returncode})"


def _command(book: Path, courses: Path) -> list[str]:
    return [*PROFAI, "courses", "import", str(book), "--courses", str(courses)]

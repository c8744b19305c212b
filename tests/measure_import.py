"""How long a long book takes to become a course, and how much memory: `python -m tests.measure_import [PAGES]`."""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from profai_cli.storage.importing import import_file
from tests.books import epub, page, pdf, printed

PAGES_A_CHAPTER = 10
LINES_A_PAGE = 38
WORDS = LINES_A_PAGE * 14
"""Of a page, without its header and number."""


def long_book(folder: Path, kind: str, pages: int) -> Path:
    """A book whose pages are full and unlike each other."""
    texts = [[_line(number, line) for line in range(LINES_A_PAGE)] for number in range(pages)]
    chapters = range(0, pages, PAGES_A_CHAPTER)
    path = folder / f"long.{kind}"
    if kind == "epub":
        bodies = ("".join(f"<p>{' '.join(text)}</p>" for text in texts[at : at + PAGES_A_CHAPTER]) for at in chapters)
        documents = {f"{n}.xhtml": page(f"<h1>Chapter {n}</h1>{body}") for n, body in enumerate(bodies, 1)}
        return epub(path, documents)
    sheets = [
        printed(
            [*([(72.0, 0.0, 18.0, "F1", f"Chapter {n // PAGES_A_CHAPTER + 1}")] if n in chapters else ()), *text],
            header="A long book",
            number=n + 1,
        )
        for n, text in enumerate(texts)
    ]
    path.write_bytes(pdf(sheets))
    return path


def _line(page_number: int, line: int) -> str:
    return f"On day {page_number * LINES_A_PAGE + line} the ship {page_number} sailed on over the wide and quiet sea."


def _measure(path: str) -> None:
    begun, busy = time.perf_counter(), time.process_time()
    manuscript, _ = import_file(Path(path), lambda _done, _of: None)
    seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    topics = sum(len(chapter.pages) for chapter in manuscript.chapters)
    took = f"{seconds:.1f} s ({busy:.1f} s of processor)"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{Path(path).suffix[1:]}: {took}, {memory:.0f} MB at most, {topics} topics")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--file"]:
        _measure(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as folder:
            for kind in ("epub", "pdf"):
                book = long_book(Path(folder), kind, int(sys.argv[1]) if sys.argv[1:] else 500)
                subprocess.run([sys.executable, "-m", "tests.measure_import", "--file", str(book)], check=True)

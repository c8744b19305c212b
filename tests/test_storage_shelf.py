"""Lessons that were made once: found again, and no loss where they cannot be kept."""

from pathlib import Path

from profai_cli.storage.shelf import DiskShelf


def test_what_is_put_there_is_found_there(tmp_path: Path) -> None:
    DiskShelf(tmp_path / "lessons").put("lesson-1.txt", "1| Tea, \u091a\u093e\u092f.\n")
    shelf = DiskShelf(tmp_path / "lessons")
    assert shelf.take("lesson-1.txt") == "1| Tea, \u091a\u093e\u092f.\n"
    assert shelf.take("lesson-2.txt") is None


def test_what_cannot_be_kept_or_read_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    shelf = DiskShelf(tmp_path / "file")
    shelf.put("lesson-1.txt", "text")
    assert shelf.take("lesson-1.txt") is None
    (tmp_path / "lesson-2.txt").write_bytes(b"\xff\xfe")
    assert DiskShelf(tmp_path).take("lesson-2.txt") is None

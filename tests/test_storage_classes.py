"""The classes that are kept: numbers, limit, privacy, and what a kill or a stranger leaves behind."""

import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from profai_cli.errors import StorageError
from profai_cli.storage.classes import MOST, About, Classes, recording
from profai_cli.tutor.summary import Summary

ABOUT = About("1-fruit", "Früchte", "kim", "2026-11-23T05:40:00+01:00", (("Sweet", ("Kiwi", "Pear")), ("Sour", ())))
SUMMARY = Summary(80.25, ((0, 0), (0, 1)), 3, 5, "quit")


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    first = Classes(tmp_path).begin(ABOUT)
    first.finish(SUMMARY)
    second = Classes(tmp_path).begin(ABOUT)
    (one, two) = Classes(tmp_path).all()
    assert (one.number, one.folder, one.about.summary) == (1, first.folder, SUMMARY)
    assert two == second
    assert two.about == ABOUT


def test_a_class_of_an_older_profai_is_read(tmp_path: Path) -> None:
    kept = Classes(tmp_path).begin(replace(ABOUT, own="x", path="/fruit"))
    kept.finish(SUMMARY)
    (one,) = Classes(tmp_path).all()
    assert one.about.identity == ("x", "/fruit", "1-fruit", "Fr\u00fcchte")
    data = json.loads((kept.folder / "class.json").read_text())
    del data["own"], data["path"], data["summary"]["checks"]
    (kept.folder / "class.json").write_text(json.dumps(data))
    (kept.folder / "sound.wav").touch()
    (one,) = Classes(tmp_path).all()
    assert one.about == replace(ABOUT, summary=SUMMARY)
    assert one.sound == recording(one.log) == kept.folder / "sound.wav"


def test_a_class_that_is_discarded_leaves_nothing(tmp_path: Path) -> None:
    kept = Classes(tmp_path).begin(ABOUT)
    kept.log.write_text("{}\n")
    kept.discard()
    assert not kept.folder.exists()
    assert Classes(tmp_path).all() == []


def test_a_class_that_was_deleted_does_not_come_back_at_its_end(tmp_path: Path) -> None:
    kept = Classes(tmp_path).begin(ABOUT)
    kept.discard()
    kept.discard()
    kept.finish(SUMMARY)
    assert not kept.folder.exists()


def test_one_learner_is_forgotten_and_no_other(tmp_path: Path) -> None:
    """What nobody can read any more might be his, and goes as well."""
    classes = Classes(tmp_path)
    for learner in ("kim", "ann", "kim", "ann"):
        kept = classes.begin(replace(ABOUT, learner=learner))
        for name in ("events.jsonl", "sound.flac", "report.html"):
            (kept.folder / name).write_text(name)
    (kept.folder / "class.json").write_text("{")
    assert classes.forget("kim") == 3
    assert [path.name for path in (tmp_path / "classes").iterdir()] == ["2"]
    assert classes.forget("kim") == 0
    assert Classes(tmp_path / "other").forget("kim") == 0


def test_what_cannot_be_deleted_is_one_sentence_and_the_rest_is_gone(tmp_path: Path) -> None:
    classes = Classes(tmp_path)
    for _ in range(3):
        classes.begin(ABOUT)
    shutil.rmtree(tmp_path / "classes" / "2")
    (tmp_path / "classes" / "2").write_text("a file cannot be deleted as a folder")
    with pytest.raises(
        StorageError, match=r"^Cannot delete '.*2': .*; end the class that uses it, or delete it yourse"
    ):
        classes.forget("kim")
    assert [path.name for path in (tmp_path / "classes").iterdir()] == ["2"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps the data of a user private by the folder it is in")
def test_nobody_else_may_look(tmp_path: Path) -> None:
    kept = Classes(tmp_path).begin(ABOUT)
    for folder in (kept.folder, kept.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_oldest_go_and_numbers_are_not_used_again(tmp_path: Path) -> None:
    for number in range(1, MOST + 1):
        (tmp_path / "classes" / str(number)).mkdir(parents=True)
    newest = Classes(tmp_path).begin(ABOUT)
    assert newest.number == MOST + 1
    left = {int(path.name) for path in (tmp_path / "classes").iterdir()}
    assert left == set(range(2, MOST + 2))


def test_two_classes_that_begin_at_once_have_folders_of_their_own(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from profai_cli.storage.classes import About, Classes\n"
        "classes, about = Classes(Path(sys.argv[1])), About('a', 'b', 'c', 'd', ())\n"
        "sys.stdin.readline(); print(*(classes.begin(about).number for _ in range(20)))"
    )
    run = [sys.executable, "-c", code, str(tmp_path)]
    both = [subprocess.Popen(run, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for process in both:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    numbers = [number for process in both for number in process.communicate()[0].split()]
    assert sorted(map(int, numbers)) == list(range(1, 41))


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"version": 2}',
        b'{"version": 1}',
        b"[" * 100_000,
        json.dumps({"version": 1, "course": 1, "title": "", "learner": "", "date": "", "outline": []}).encode(),
        json.dumps(
            {"version": 1, "course": "", "title": "", "learner": "", "date": "", "outline": [[1]], "summary": None}
        ).encode(),
        json.dumps(
            {
                "version": 1,
                "course": "",
                "title": "",
                "learner": "",
                "date": "",
                "outline": [],
                "summary": {"seconds": 1},
            }
        ).encode(),
        b'{"version": 1, "course": "", "title": "", "learner": "", "date": "", "outline": [],'
        b' "summary": {"seconds": 1, "topics": [], "questions": 1e999, "interruptions": 0, "ended": ""}}',
    ],
)
def test_a_folder_that_says_nothing_readable_is_left_out(tmp_path: Path, damage: bytes) -> None:
    good = Classes(tmp_path).begin(ABOUT)
    bad = Classes(tmp_path).begin(ABOUT)
    (bad.folder / "class.json").write_bytes(damage)
    (good.folder.parent / "notes").mkdir()
    assert Classes(tmp_path).all() == [good]
    assert Classes(tmp_path).begin(ABOUT).number == 3


def test_a_disk_that_refuses_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "classes").write_text("a file")
    with pytest.raises(StorageError, match=r"^Cannot write '.*classes': .*; make room there\.$"):
        Classes(tmp_path).begin(ABOUT)
    with pytest.raises(StorageError, match=r"^Cannot read '.*classes': .*; make it readable\.$"):
        Classes(tmp_path).all()


def test_without_classes_there_are_none(tmp_path: Path) -> None:
    assert Classes(tmp_path).all() == []

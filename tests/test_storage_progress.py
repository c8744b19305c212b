"""What is kept of learners and courses, in a real file: kills, crowds, full disks, damages, and other versions."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from profai_cli.errors import StorageError
from profai_cli.lesson.identity import Identity
from profai_cli.lesson.mark import Mark, TopicMark
from profai_cli.storage.names import safe_name
from profai_cli.storage.progress import FILE, Progress
from profai_cli.storage.schema import MIGRATIONS
from profai_cli.tutor.notes import Asked, Checked, Ended, Moved, Note, TopicHeard, Tuned
from profai_cli.tutor.study import Study

SKY = Identity("", "/courses/sky", "sky", "The sky")
MOON, SUN = TopicMark(0, 1, "Near", "The Moon", "aa"), TopicMark(0, 2, "Near", "The Sun", "bb")
WHEN = "2026-11-23T08:00:00.000000+00:00"


def at(sentence: int) -> Moved:
    return Moved(1.0, Mark(MOON, sentence, 1, "b", "h", "a"))


def keep(progress: Progress, *notes: Note, course: Identity = SKY, began: str = WHEN) -> None:
    progress.keep(course, began, [(WHEN, note) for note in notes])


def left(folder: Path, learner: str = "anna", course: Identity = SKY) -> int | None:
    """The sentence of the place."""
    study = Progress(folder, learner).study(course)
    return study.left.sentence if study and study.left else None


def test_all_of_a_class_comes_back(tmp_path: Path) -> None:
    asked = Asked(30.0, SUN, "Why?", "Because", True)
    keep(Progress(tmp_path, "anna"), at(3), Tuned(2.0, 0.87, 1.5), TopicHeard(20.0, MOON), asked, Ended(31.0, "quit"))
    progress = Progress(tmp_path, "anna")
    study = Study(SKY, Mark(MOON, 3, 1, "b", "h", "a"), False, 0, 0.87, 1.5, WHEN, (MOON,))
    assert progress.studies() == {1: study}
    assert progress.study(SKY) == study
    classes, heard, questions, _ = progress.details(1)
    assert classes == [{"began": WHEN, "seconds": 31.0, "ended": "quit"}]
    assert heard == [{"at": WHEN, "module": "Near", "topic": "The Moon"}]
    place = {"at": WHEN, "module": "Near", "topic": "The Sun"}
    assert questions == [{**place, "question": "Why?", "answer": "Because", "cut": 1}]
    assert progress.warning is None


def test_a_question_is_kept_once_though_it_went_on_and_was_answered_later(tmp_path: Path) -> None:
    """What nobody has answered becomes a part of the next question, if that begins with it."""
    progress, told = Progress(tmp_path, "anna"), [("Wh", ""), ("Why", ""), ("Why?", "Be"), ("Why?", ""), ("Who?", "I")]
    keep(progress, *(Asked(1.0, SUN, question, answer, not answer) for question, answer in told))
    rows = [(row["question"], row["answer"], row["cut"]) for row in progress.details(1)[2]]
    assert rows == [("Why?", "Be", 0), ("Why?", "", 1), ("Who?", "I", 0)]


def test_learners_and_courses_are_kept_apart(tmp_path: Path) -> None:
    """Also two courses in folders of one name, and names that are no plain text."""
    (tmp_path / "one").mkdir()
    sky, other = SKY._replace(path=str(tmp_path / "one")), SKY._replace(path=str(tmp_path / "two"))
    for number, (learner, course) in enumerate([("anna", sky), ("Anna", sky), ("../\udcff'", sky), ("अनु", other)]):
        keep(Progress(tmp_path, learner), at(number), course=course)
    assert [left(tmp_path, learner, sky) for learner in ("anna", "Anna", "../\udcff'", "अनु")] == [0, 1, 2, None]
    assert left(tmp_path, "अनु", other) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", FILE]


def test_reading_alone_leaves_nothing(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "anna")
    assert (progress.study(SKY), progress.studies()) == (None, {})
    progress.forget()
    assert list(tmp_path.iterdir()) == []


def test_a_course_is_over_until_it_is_begun_again(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "anna")
    keep(progress, at(3), Moved(2.0, None), Moved(2.0, None))
    study = progress.study(SKY)
    assert study
    assert (study.over, study.finished, study.left) == (True, 1, None)
    keep(progress, at(1), began="later")
    study = progress.study(SKY)
    assert study
    assert (study.over, study.finished) == (False, 1)


def test_a_course_keeps_its_place_when_it_is_moved_and_renamed(tmp_path: Path) -> None:
    keep(Progress(tmp_path, "anna"), at(3))
    moved = Identity("", str(tmp_path / "moved"), "moved", "The sky")
    assert left(tmp_path, course=moved) == 3
    keep(Progress(tmp_path, "anna"), at(4), course=moved)
    (study,) = Progress(tmp_path, "anna").studies().values()
    assert study.course == moved


# --- kills and crowds ------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from profai_cli.lesson.identity import Identity
from profai_cli.lesson.mark import Mark, TopicMark
from profai_cli.storage.progress import Progress
from profai_cli.tutor.notes import Asked, Moved
progress, n, topic = Progress(Path(sys.argv[1]), "anna"), int(sys.argv[2]), TopicMark(0, 1, "Near", "The Moon", "aa")
while True:
    n += 1
    notes = [Moved(1.0, Mark(topic, n)), Asked(1.0, topic, str(n), "", False)]
    progress.keep(Identity("", "/courses/sky", "sky", "The sky"), sys.argv[2], [("now", note) for note in notes])
    print(n, flush=True)
"""
ROOT = Path(__file__).parent.parent


def writer(folder: Path, begin: int) -> "subprocess.Popen[str]":
    """A process that keeps a place and a question again and again, and then says its number."""
    command = [sys.executable, "-c", WRITER, str(folder), str(begin)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_a_week_of_classes_that_are_killed_loses_nothing(tmp_path: Path) -> None:
    """Five classes, each killed somewhere in its writing: the place is the last one that was told, or the one after."""
    last, chance = 0, random.Random(6)
    for day in range(5):
        with writer(tmp_path, last) as process:
            assert process.stdout
            for _ in range(chance.randint(1, 8)):
                said = int(process.stdout.readline())
            threading.Event().wait(chance.uniform(0, 0.004))
            process.kill()
            said = max([said, *(int(line) for line in process.stdout if line.endswith("\n"))])
        progress = Progress(tmp_path, "anna")
        kept = left(tmp_path)
        assert kept in (said, said + 1)
        classes, _, questions, _ = progress.details(1)
        assert len(classes) == day + 1
        assert [int(question["question"]) for question in questions] == list(range(1, kept + 1))
        assert progress.warning is None
        last = kept


def test_of_two_classes_at_once_the_last_place_counts_and_all_questions(tmp_path: Path) -> None:
    def hold(name: str) -> None:
        progress = Progress(tmp_path, "anna")
        for number in range(12):
            keep(progress, at(number), Asked(1.0, MOON, f"{name}{number}", "", False), began=name)

    classes = [threading.Thread(target=hold, args=name) for name in "abc"]
    for one in classes:
        one.start()
    for one in classes:
        one.join()
    held, _, questions, _ = Progress(tmp_path, "anna").details(1)
    assert sorted(one["began"] for one in held) == ["a", "b", "c"]
    assert sorted(q["question"] for q in questions) == sorted(f"{name}{n}" for name in "abc" for n in range(12))
    assert left(tmp_path) == 11
    keep(Progress(tmp_path, "anna"), at(5), began="d")
    assert left(tmp_path) == 5


# --- disks and damages -----------------------------------------------------------------------------


def test_a_file_that_another_program_holds_is_one_sentence(tmp_path: Path) -> None:
    keep(Progress(tmp_path, "anna"), at(1))
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match=r"^Cannot keep the progress in .*: another program holds it; end .*\.$"):
        keep(Progress(tmp_path, "anna"), at(2))
    other.close()
    assert left(tmp_path) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageError, match=r"^Cannot keep the progress in .*: unable to open database file; .*\.$"):
        keep(Progress(tmp_path, "anna"), at(1))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot limit the size of a process's files")
def test_a_full_disk_is_one_sentence_and_what_was_kept_stays(tmp_path: Path) -> None:
    keep(Progress(tmp_path, "anna"), at(1))
    size = (tmp_path / FILE).stat().st_size
    code = f"""
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
{WRITER.replace("str(n)", "'x' * 9_000")}
"""
    command = [sys.executable, "-c", code, str(tmp_path), "1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (
        done.stderr.strip().splitlines()[-1].startswith("profai_cli.errors.StorageError: Cannot keep the progress in ")
    )
    assert left(tmp_path) == 1


def test_a_file_of_a_newer_profai_stays_as_it_is(tmp_path: Path) -> None:
    keep(Progress(tmp_path, "anna"), at(1))
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    before = (tmp_path / FILE).read_bytes()
    for use in (lambda p: p.studies(), lambda p: keep(p, at(2))):
        with pytest.raises(
            StorageError, match=r"^The progress in .* is of a newer profai: get its newest version.*\.$"
        ):
            use(Progress(tmp_path, "anna"))
    assert (tmp_path / FILE).read_bytes() == before


def no_database(path: Path) -> None:
    path.write_bytes(b"{ damaged" * 99)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


@pytest.mark.parametrize("damage", [no_database, cut_off])
def test_a_damaged_file_is_set_aside_and_said_once(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    keep(Progress(tmp_path, "anna"), at(1))
    damage(tmp_path / FILE)
    damaged = (tmp_path / FILE).read_bytes()
    progress = Progress(tmp_path, "anna")
    assert progress.study(SKY) is None
    aside = tmp_path / "progress.damaged-1.sqlite3"
    assert progress.warning == f"The saved progress was damaged and is now {str(aside)!r}; nothing could be read of it."
    assert aside.read_bytes() == damaged
    keep(progress, at(2))
    assert Progress(tmp_path, "anna").warning is None
    assert left(tmp_path) == 2
    damage(tmp_path / FILE)
    assert Progress(tmp_path, "anna").studies() == {}
    assert (tmp_path / "progress.damaged-2.sqlite3").exists()


def test_what_can_be_read_of_a_damaged_file_is_taken_over(tmp_path: Path) -> None:
    """A page in the middle of the questions is damaged: the place, and what is in other pages, stays."""
    progress = Progress(tmp_path, "anna")
    keep(
        progress, at(7), TopicHeard(2.0, MOON), *(Asked(1.0, MOON, f"{n}" * 99, "x" * 2_000, False) for n in range(40))
    )
    data = bytearray((tmp_path / FILE).read_bytes())
    page = len(data) - 3 * 4096
    data[page : page + 4096] = b"\xff" * 4096
    (tmp_path / FILE).write_bytes(data)
    progress = Progress(tmp_path, "anna")
    study = progress.study(SKY)
    assert study and study.left
    assert (study.left.sentence, study.heard) == (7, (MOON,))
    assert progress.warning
    assert progress.warning.endswith("; what could be read of it was taken over.")
    assert 0 < len(progress.details(1)[2]) <= 40
    keep(progress, at(8))
    assert left(tmp_path) == 8


def test_what_is_damaged_while_a_class_is_held_is_set_aside_as_well(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "anna")
    keep(progress, at(1))
    no_database(tmp_path / FILE)
    keep(progress, at(2))
    assert left(tmp_path) == 2
    assert progress.warning


def test_a_file_that_is_deleted_while_a_class_is_held_is_made_anew(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "anna")
    keep(progress, at(1))
    (tmp_path / FILE).unlink()
    keep(progress, at(2))
    assert left(tmp_path) == 2


# --- what an older profai kept ---------------------------------------------------------------------


def old(folder: Path, learner: str, name: str, value: object) -> Path:
    path = folder / "progress" / learner / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = {"version": 1, "learner": learner, "course": name, "place": value}
    path.write_text(json.dumps(text) if isinstance(value, list) else str(value))
    return path


def test_what_an_older_profai_kept_is_taken_over_once_and_left(tmp_path: Path) -> None:
    path = old(tmp_path, "anna", "sky", [0, 1, 2, 3])
    old(tmp_path, "ben", "sky", [0, 2, 0, 0])
    old(tmp_path, "anna", "sea", [1, 0, 0, 0])
    study = Progress(tmp_path, "anna").study(SKY)
    assert study
    assert study.left == Mark(TopicMark(0, 1), 2, 3)
    assert left(tmp_path, "anna", SKY._replace(path="/y", name="sea", title="The sea")) == 0
    sky = SKY._replace(path=str(tmp_path))
    keep(Progress(tmp_path, "anna"), at(9), course=sky)
    old(tmp_path, "anna", "sky", [5, 5, 5, 5])
    assert left(tmp_path, course=sky) == 9
    assert path.exists()
    assert left(tmp_path) is None  # it was that of the first course of this name


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[" * 100_000, "\xff"]
    + [
        json.dumps({"version": 1, "learner": "a", "course": "sky", "place": p})
        for p in ([0] * 3, [0, 0, 0, -1], "0000")
    ]
    + [json.dumps({"version": 2, "learner": "a", "course": "sky", "place": [0] * 4}), '{"version": 1}'],
)
def test_an_old_file_that_is_damaged_is_passed_over(tmp_path: Path, text: str) -> None:
    old(tmp_path, "anna", "sky", text)
    old(tmp_path, "anna", "sea", [1, 0, 0, 0])
    assert [study.course.name for study in Progress(tmp_path, "anna").studies().values()] == ["sea"]


# --- forgetting ------------------------------------------------------------------------------------


def test_what_is_forgotten_is_gone_from_the_disk(tmp_path: Path) -> None:
    path = old(tmp_path, "anna", "sky", [0, 1, 2, 3])
    sea = Identity("", "/courses/sea", "sea", "The sea")
    secret = Asked(1.0, MOON, "my secret question", "", True)
    for learner in ("anna", "ben"):
        keep(Progress(tmp_path, learner), at(1), *([secret] if learner == "anna" else []))
    keep(Progress(tmp_path, "anna"), at(2), course=sea)
    Progress(tmp_path, "anna").forget(1)
    assert b"my secret" not in (tmp_path / FILE).read_bytes()
    assert (left(tmp_path), left(tmp_path, course=sea), left(tmp_path, "ben")) == (None, 2, 1)
    assert not path.exists()
    shutil.copy(tmp_path / FILE, tmp_path / "progress.damaged-1.sqlite3")
    old(tmp_path, "anna", "sky", [0, 1, 2, 3])
    Progress(tmp_path, "anna").forget()
    assert Progress(tmp_path, "anna").studies() == {}
    assert left(tmp_path, "ben") == 1
    assert b"The sea" not in (tmp_path / FILE).read_bytes()
    assert not (tmp_path / "progress.damaged-1.sqlite3").exists()
    assert not (tmp_path / "progress" / "anna").exists()
    Progress(tmp_path, "anna").forget()


def test_what_cannot_be_deleted_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "progress.damaged-1.sqlite3").mkdir()
    with pytest.raises(StorageError, match=r"^Cannot delete .*; delete it yourself\.$"):
        Progress(tmp_path, "anna").forget()
    (tmp_path / "progress").mkdir()
    (tmp_path / "progress" / "ben").write_text("no folder")
    with pytest.raises(StorageError, match=r"^Cannot delete .*; delete it yourself\.$"):
        Progress(tmp_path, "ben").forget()


# --- what was damaged in a row ---------------------------------------------------------------------


@pytest.mark.parametrize("time", ["", "yesterday", "2026-11-23", "0001-01-01T00:00:00+14:00"])
def test_an_answer_of_which_nobody_knows_when_it_was_is_passed_over(tmp_path: Path, time: str) -> None:
    progress = Progress(tmp_path, "anna")
    keep(progress, Checked(1.0, MOON, "Why?", "so", "right"), Checked(2.0, MOON, "Where?", "there", "wrong"))
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE checked SET at = ? WHERE question = 'Why?'", (time,))
    db.close()
    assert [result.question for result in progress.results(SKY)] == ["Where?"]


def test_an_old_file_with_a_name_that_is_no_text_is_taken_over_and_forgotten(tmp_path: Path) -> None:
    learner = "ann\udcff"
    place = {"version": 1, "learner": learner, "course": "sky", "place": [0] * 4}
    path = old(tmp_path, safe_name(learner), "sky", json.dumps(place))
    old(tmp_path, "ben", "sky", [0, 2, 0, 0])
    progress = Progress(tmp_path, learner)
    assert [study.course.name for study in progress.studies().values()] == ["sky"]
    assert left(tmp_path, "ben") == 0
    progress.forget()
    assert (progress.studies(), path.exists()) == ({}, False)

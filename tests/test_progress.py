"""`profai progress`, and the place from one class to the next, by the real command."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from profai_cli.cli.main import main
from profai_cli.cli.progress_table import Day, bar, days, lines
from profai_cli.lesson.identity import identity
from profai_cli.lesson.mark import Mark, TopicMark, mark_topic
from profai_cli.storage.classes import About, Classes
from profai_cli.storage.courses import load_path
from profai_cli.storage.progress import FILE, Progress
from profai_cli.tutor.notes import Asked, Checked, Moved, Note, TopicHeard, Tuned
from tests.scripted import environment, fruit_course, said, write_wav
from tests.terminal import Terminal, needs_pty

Profai = Callable[..., str]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two modules of two short topics."""

    def topics(*titles: str) -> list[dict[str, str]]:
        return [{"title": title, "content": f"{title} are small. They grow here."} for title in titles]

    modules = [{"title": "Sweet", "sub_topics": topics("Apples", "Pears")}]
    modules += [{"title": "Sour", "sub_topics": topics("Limes", "Lemons")}]
    path = tmp_path / "fruit.json"
    path.write_text(json.dumps({"title": "Fruit", "modules": modules}))
    return path


@pytest.fixture
def profai(capfd: pytest.CaptureFixture[str], tmp_path: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> Profai:
    """Run a command of kim's, with this course; gives standard output."""
    for name, value in environment(tmp_path).items():
        if name.startswith("PROFAI"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("PROFAI_LEARNER", "kim")
    monkeypatch.setenv("PROFAI_COURSES", str(course))

    def run(*arguments: str, code: int = 0, told: str = "") -> str:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = capfd.readouterr()
        assert (end.value.code, told in err, bool(err)) == (code, True, bool(told)), err
        return out

    return run


def state(out: str) -> str:
    """Of the course, as `profai` alone tells it."""
    return next(line for line in out.splitlines() if line.startswith("1  ")).partition(": ")[2]


def note(tmp_path: Path, course: Path, *notes: Note, learner: str = "kim") -> None:
    """Something of a class that was held now."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    (tmp_path / "data").mkdir(exist_ok=True)
    Progress(tmp_path / "data", learner).keep(identity(load_path(course)), now, [(now, note) for note in notes])


# --- from class to class ---------------------------------------------------------------------------


def test_to_look_at_a_topic_moves_the_place_only_where_one_stays(profai: Profai) -> None:
    lesson = ("class", "--fast")
    profai(*lesson, "--topic", "1")  # to its end; nothing was begun before
    assert state(profai()) == "Pears (topic 2 of 4)"
    profai(*lesson, "--topic", "2.1", "--minutes", "0.01")
    profai(*lesson, "--topic", "2.2")  # the last one: nothing follows it
    profai(*lesson, "--module", "1")  # one that was heard
    assert state(profai()) == "Pears (topic 2 of 4)"
    profai(*lesson, "--topic", "2.1")
    assert state(profai()) == "Lemons (topic 4 of 4)"
    profai(*lesson)
    assert state(profai()) == "finished (3 of 4 topics heard)"
    assert "1  Fruit: finished (3 of 4" in profai("courses")
    assert json.loads(profai("courses", "--json"))[0]["left"].startswith("finished")
    assert "begins anew" in profai(*lesson, "--minutes", "0.01")
    assert state(profai()) == "finished, and again at Apples (topic 1 of 4)"


def test_the_voice_begins_as_it_was(profai: Profai, tmp_path: Path, course: Path) -> None:
    note(tmp_path, course, Tuned(1.0, 0.8, 1.5))
    events = [json.loads(line) for line in profai("class", "--fast", "--events", "-").splitlines()]
    assert [(e["speed"], e["volume"]) for e in events if e["event"] == "voice_tuned"] == [(0.8, 1.5)]
    assert json.loads(profai("progress", "export"))["courses"][0]["speed"] == 0.8


def test_a_question_is_kept_with_what_was_heard_of_its_answer(profai: Profai, tmp_path: Path) -> None:
    question = write_wav(tmp_path / "q.wav", said("what is a kiwi"))
    folder = fruit_course(tmp_path / "courses")
    heard = ("--interactive", "--input", f"4:{question}", "--minutes", "0.3")
    profai("class", "--courses", str(folder), "--fast", *heard)
    (told,) = json.loads(profai("progress", "export"))["courses"]
    (asked,) = told["questions"]
    assert (asked["question"], asked["topic"], asked["cut"]) == ("what is a kiwi", "All about fruit", False)
    assert asked["answer"].endswith("A kiwi is a small brown berry. A bird has the same name.")
    assert [held["ended"] for held in told["classes"]] == ["time"]


def test_a_damaged_file_is_told_and_the_class_is_held(profai: Profai, tmp_path: Path, course: Path) -> None:
    note(tmp_path, course, Moved(1.0, Mark(TopicMark(0, 1))))
    for command in ([], ["class", "--fast", "--minutes", "0.01"], ["progress"], ["progress", "export"], ["courses"]):
        (tmp_path / "data" / FILE).write_text("{ damaged")
        profai(*command, told="The saved progress was damaged and is now ")


def test_progress_of_a_newer_profai_is_told(profai: Profai, tmp_path: Path, course: Path) -> None:
    note(tmp_path, course)
    with sqlite3.connect(tmp_path / "data" / FILE) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    profai("class", "--fast", code=2, told=" is of a newer profai: get its newest version")


# --- shown and exported ----------------------------------------------------------------------------


def test_progress_of_nobody(profai: Profai) -> None:
    assert profai("progress") == "You have not begun a course yet: begin with 'profai class --interactive'.\n"
    assert json.loads(profai("progress", "export"))["courses"] == []
    assert profai("progress", "forget", "--yes", "--course", "1") == "Nothing is kept of kim.\n"


def test_progress_is_shown_in_lines_and_exported(profai: Profai, tmp_path: Path, course: Path) -> None:
    heard = mark_topic(load_path(course), 0, 0)
    place = Mark(mark_topic(load_path(course), 0, 1), 1)
    asked = Asked(3.0, heard, "Why?", "Because", True)
    checked = Checked(4.0, heard, "What are apples?", "small", "right"), Checked(5.0, heard, "Where?", "", "unanswered")
    note(tmp_path, course, Moved(1.0, place), TopicHeard(2.0, heard), asked, *checked)
    today = str(datetime.now().astimezone().date())
    assert profai("progress").splitlines() == [
        "Course  Where                 Topics heard  Questions  Known   Classes  Last",
        f"Fruit   Pears (topic 2 of 4)  1 of 4        1          1 of 2  1        {today}",
        "",
        "Day         Topics heard              Questions",
        f"{today}  # 1                       # 1",
    ]
    (told,) = json.loads(profai("progress", "export"))["courses"]
    assert (told["title"], told["id"], told["path"], told["over"]) == ("Fruit", "", str(course), False)
    place = {"module_number": 1, "topic_number": 2, "module": "Sweet", "topic": "Pears", "sentence": 2, "phrase": 1}
    assert told["place"] == place
    (question,) = told["questions"]
    assert (question["question"], question["answer"], question["cut"]) == ("Why?", "Because", True)
    assert [topic["topic"] for topic in told["heard"]] == ["Apples"]
    assert [(check["question"], check["said"], check["verdict"]) for check in told["checks"]] == [
        ("What are apples?", "small", "right"),
        ("Where?", "", "unanswered"),
    ]
    assert len(told["classes"]) == 1
    assert json.loads(profai("progress", "export", "--learner", "ben"))["courses"] == []


def test_a_course_is_shown_though_its_file_is_moved_gone_or_faulty(
    profai: Profai, tmp_path: Path, course: Path
) -> None:
    heard = mark_topic(load_path(course), 0, 0)
    note(tmp_path, course, Moved(1.0, Mark(mark_topic(load_path(course), 0, 1), 1)), TopicHeard(2.0, heard))
    moved = course.rename(tmp_path / "moved.json")
    assert "Fruit   Pears (topic 2 of 4)  1 of 4 " in profai("progress", "--courses", str(moved))
    moved.rename(course)
    course.write_text("{")
    assert "Fruit   Pears  1   " in profai("progress")
    course.write_text(json.dumps({"title": "Sea", "modules": []}))
    assert "Fruit   Pears  1   " in profai("progress")
    course.unlink()
    (tmp_path / "none").mkdir()
    assert "Fruit   Pears  1   " in profai("progress", "--courses", str(tmp_path / "none"))


@needs_pty
def test_in_a_terminal_it_has_colours_and_for_a_screen_reader_none(tmp_path: Path, course: Path) -> None:
    env = {**environment(tmp_path), "PROFAI_LEARNER": "kim"}
    note(tmp_path, course, Moved(1.0, None), TopicHeard(2.0, mark_topic(load_path(course), 0, 0)))
    for plain, has in (("--no-plain", "█ 1"), ("--plain", "# 1")):
        with Terminal(["progress", plain], env) as terminal:
            assert terminal.ends() == 0
            terminal.wait(has)
            terminal.wait("finished")
            assert ("\x1b[" in terminal.raw) is (plain == "--no-plain")


def test_days_are_plotted_from_the_first_on_which_there_was_something() -> None:
    today = date(2026, 11, 23)

    def at(ago: int) -> str:
        return datetime(2026, 11, 23, 12).astimezone(UTC).__sub__(timedelta(days=ago)).isoformat()

    assert days([at(2), at(2), at(99)], [at(0)], today) == [
        Day(date(2026, 11, 21), 2, 0),
        Day(date(2026, 11, 22), 0, 0),
        Day(today, 0, 1),
    ]
    assert days([at(99)], [], today) == []
    assert len(list(lines([], days([at(2)], [at(0)], today)))) == 1 + 2 + 2


def test_a_bar_is_drawn_to_scale_where_it_would_be_too_wide() -> None:
    assert [bar("#", number, 3) for number in (0, 1, 3)] == ["", "#", "###"]
    assert [len(bar("#", number, 40)) for number in (0, 1, 20, 40)] == [0, 1, 10, 20]


# --- forgotten -------------------------------------------------------------------------------------


def held(tmp_path: Path, course: str, title: str, learner: str = "kim", path: str = "") -> Path:
    """A class in the history, with its recording."""
    about = About(course, title, learner, "2026-11-23T08:00:00+00:00", (), path=path)
    kept = Classes(tmp_path / "data").begin(about)
    kept.sound.write_bytes(b"RIFF")
    return kept.folder


def test_all_of_a_course_is_forgotten_or_all(profai: Profai, tmp_path: Path, course: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(course.read_text().replace("Fruit", "More fruit"))
    for path in (course, other):
        note(tmp_path, path, Moved(1.0, None))
    note(tmp_path, course, Moved(1.0, None), learner="ben")
    fruit, more, bens = (
        held(tmp_path, "fruit", "Fruit"),
        held(tmp_path, "other", "More fruit"),
        held(tmp_path, "fruit", "Fruit", "ben"),
    )
    told = "Nothing is kept of a course 'sky'; choose one of: Fruit, More fruit."
    profai("progress", "forget", "--course", "sky", code=2, told=told)
    profai("progress", "forget", "--course", "rui", code=2, told="Several courses fit 'rui'; choose one of: ")
    assert profai("progress", "forget", "--course", "fruit", "--yes") == "Deleted: 'Fruit', 1 class (1 recorded).\n"
    assert [path.exists() for path in (fruit, more, bens)] == [False, True, True]
    assert "More fruit" in profai("progress")
    note(tmp_path, course, Moved(1.0, None))
    assert profai("progress", "forget", "--course", "1", "--yes") == "Deleted: 'Fruit', 0 classes.\n"
    assert profai("progress", "forget", "--yes") == "Deleted: 1 course, 1 class (1 recorded).\n"
    assert [path.exists() for path in (fruit, more, bens)] == [False, False, True]
    assert "ben" in profai("progress", "--learner", "ben", "export")
    assert len(json.loads(profai("progress", "--learner", "ben", "export"))["courses"]) == 1


def test_the_classes_of_a_course_are_found_though_it_was_moved_or_has_another_title(
    profai: Profai, tmp_path: Path, course: Path
) -> None:
    moved = tmp_path / "moved.json"
    classes = [held(tmp_path, "fruit", "Fruit", path=str(course)), held(tmp_path, "x", "Old fruit", path=str(moved))]
    course.rename(moved)
    note(tmp_path, moved, Moved(1.0, None))
    out = profai("progress", "--courses", str(moved), "forget", "--course", "1", "--yes")
    assert out == "Deleted: 'Fruit', 2 classes (2 recorded).\n"
    assert [path.exists() for path in classes] == [False, False]


def test_two_courses_of_one_name_and_title_keep_their_classes(profai: Profai, tmp_path: Path, course: Path) -> None:
    """And where nobody knows which of them it was, both do."""
    twin = tmp_path / "twin" / course.name
    twin.parent.mkdir()
    twin.write_text(course.read_text())
    for path in (course, twin):
        note(tmp_path, path, Moved(1.0, None))
    classes = [held(tmp_path, "fruit", "Fruit", path=str(path)) for path in (course, twin, tmp_path / "gone.json")]
    assert profai("progress", "forget", "--course", "1", "--yes") == "Deleted: 'Fruit', 1 class (1 recorded).\n"
    assert [path.exists() for path in classes] == [False, True, True]


def test_of_a_name_that_is_no_text_all_is_forgotten(profai: Profai, tmp_path: Path, course: Path) -> None:
    note(tmp_path, course, Moved(1.0, None), learner="kim\udcff")
    gone, stays = held(tmp_path, "fruit", "Fruit", "kim\udcff"), held(tmp_path, "fruit", "Fruit")
    assert profai("progress", "forget", "--learner", "kim\udcff", "--yes").startswith("Deleted: 1 course, 1 class ")
    assert [path.exists() for path in (gone, stays)] == [False, True]


def test_where_nobody_can_answer_nothing_is_deleted(profai: Profai, tmp_path: Path, course: Path) -> None:
    note(tmp_path, course, Moved(1.0, None))
    question = "Delete for good what is kept of kim: 1 course, 0 classes? Say so with --yes."
    profai("progress", "forget", code=2, told=question)
    assert "Fruit" in profai("progress")


def test_a_damaged_time_is_shown_as_none(profai: Profai, tmp_path: Path, course: Path) -> None:
    note(tmp_path, course, Moved(1.0, None), TopicHeard(1.0, mark_topic(load_path(course), 0, 0)))
    with sqlite3.connect(tmp_path / "data" / FILE) as db:
        db.execute("UPDATE study SET changed = '?'")
        db.execute("UPDATE heard SET at = '?'")
    db.close()
    assert profai("progress").splitlines()[-1].endswith(" 1")  # the classes; nothing stands under "Last"


@needs_pty
def test_it_asks_once(tmp_path: Path, course: Path) -> None:
    env = {**environment(tmp_path), "PROFAI_LEARNER": "kim"}
    note(tmp_path, course, Moved(1.0, None))
    for answer, reply in (("n\r", "Nothing was deleted."), ("y\r", "Deleted: 1 course, 0 classes.")):
        with Terminal(["progress", "forget"], env) as terminal:
            terminal.wait("Delete for good what is kept of kim: 1 course, 0 classes? [y/N]")
            terminal.press(answer)
            terminal.wait(reply)
            assert terminal.ends() == 0

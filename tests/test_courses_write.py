"""`profai courses new` and `import`: what they leave on the disk, and what they refuse."""

import os

import pytest
from click.testing import CliRunner

from profai_cli.cli.courses import courses
from profai_cli.errors import CourseError, StorageError
from profai_cli.events import Heard, TeachingContent
from profai_cli.lesson.advice import advice
from profai_cli.lesson.manuscript import Chapter, Manuscript, Page
from profai_cli.storage.course_sounds import keep_sound
from profai_cli.storage.course_writer import course_folder, write_course
from profai_cli.storage.courses import load_path, read_course
from profai_cli.storage.event_log import read_events
from tests.books import epub, page
from tests.scripted import begin, environment, finish
from tests.terminal import Terminal, needs_pty


def run(*arguments):
    result = CliRunner().invoke(courses, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments):
    result = CliRunner().invoke(courses, [str(argument) for argument in arguments])
    assert isinstance(result.exception, CourseError | StorageError)
    return str(result.exception)


def test_a_new_course_can_be_edited_and_taught(tmp_path, env, log):
    shelf = tmp_path / "my shelf"
    output = run("new", "The history: of R\u00f6me", "--courses", shelf)
    made = shelf / "the-history-of-r\u00f6me"
    assert output.startswith(f"Made {made} with one module and two topics")
    assert f"profai class --courses '{made}' --course 1 --interactive" in output
    assert [child.name for child in shelf.iterdir()] == [made.name]
    course = load_path(made)
    assert course.title == "The history: of R\u00f6me"
    assert read_course(made)[1] == []
    assert list(advice(course)) == []
    keep_sound(made, "first", "fuhst of all")
    finish(begin(["class", "--courses", made, "--course", "1", "--plain", "--fast", "--local", "--minutes", "0.2",
                  "--output", tmp_path / "o.wav", "--events", log], env))  # fmt: skip
    events = list(read_events(log))
    said = [event for event in events if isinstance(event, TeachingContent)]
    assert said[1].text == "This is the first topic of your course."
    heard = [event.char for event in events if isinstance(event, Heard) and event.sentence == said[1].sentence]
    assert {len("This is the first"), len("This is the first topic"), len(said[1].text)} <= set(heard)


def test_nothing_is_overwritten(tmp_path):
    run("new", "rome", "--courses", tmp_path)
    (tmp_path / "rome" / "course.toml").write_text("mine")
    message = f"'{tmp_path / 'rome'}' is there already: give the new course another name."
    assert refused("new", "Rome", "--courses", tmp_path) == message
    (tmp_path / "a.md").write_text("Text.")
    assert refused("import", tmp_path / "a.md", "--name", "rome", "--courses", tmp_path) == message
    (tmp_path / "rome.md").write_text("Text.")
    assert refused("import", tmp_path / "rome.md", "--courses", tmp_path) == message
    with pytest.raises(CourseError):
        write_course(tmp_path / "rome", Manuscript("Rome", (Chapter("M", (Page("T", "Text."),)),)))
    assert (tmp_path / "rome" / "course.toml").read_text() == "mine"
    assert sorted(child.name for child in tmp_path.iterdir()) == ["a.md", "rome", "rome.md"]


@pytest.mark.parametrize("name", ["", "?!", "a/b", "..\\b", "../..", "x" * 101, "a\x1b[31mb", "two\nlines", " a"])
def test_names_that_cannot_be(tmp_path, name):
    assert "cannot name a course: give one line of at most 100 characters" in refused(
        "new", name, "--courses", tmp_path
    )
    assert refused("import", "none.md", "--name", name, "--courses", tmp_path).isprintable()
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_a_device_gets_another_folder(tmp_path):
    assert course_folder(tmp_path, "Con").name == "con-course"
    assert course_folder(tmp_path, "TCP/IP").name == "tcp-ip"


def test_import_tells_what_became_of_the_file(tmp_path):
    body = f"<p>{'word ' * 400}</p><img src='a'/>"
    file = epub(tmp_path / "a.epub", {"a.xhtml": page(f"<h1>Kings / Wars</h1>{body}")})
    output = run("import", file, "--courses", tmp_path / "shelf")
    made = tmp_path / "shelf" / "kings-wars"
    assert output == (
        f"Made {made} with 1 module and 1 topic, about 2 minutes to listen to.\nLeft out: 1 picture.\n"
        f"Then: profai courses check {made}\n      profai class --courses {made} --course 1 --interactive\n"
    )
    assert load_path(made).title == "Kings / Wars"
    long = tmp_path / "b.md"
    long.write_text("word " * 40_000)
    assert "about 4 hours to listen to" in run("import", long, "--name", "Long", "--courses", tmp_path)
    assert load_path(tmp_path / "long").title == "Long"


def test_nothing_is_left_of_what_was_refused(tmp_path):
    (tmp_path / "a.epub").write_bytes(b"PK\x03\x04")
    assert "damaged" in refused("import", tmp_path / "a.epub", "--courses", tmp_path / "shelf")
    assert sorted(child.name for child in tmp_path.iterdir()) == ["a.epub"]


def test_a_disk_that_takes_nothing(tmp_path):
    (tmp_path / "file").write_text("no folder")
    assert "make room there." in refused("new", "rome", "--courses", tmp_path / "file")


class Interrupted(tuple[Page, ...]):
    """Pages among which somebody presses Ctrl-C."""

    def __iter__(self):
        yield Page("T", "Text.")
        raise KeyboardInterrupt


def test_nothing_is_left_of_a_course_that_was_half_written(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        write_course(tmp_path / "rome", Manuscript("Rome", (Chapter("M", Interrupted()),)))
    assert list(tmp_path.iterdir()) == []


@needs_pty
def test_a_terminal_shows_how_far_it_is(tmp_path):
    file = epub(tmp_path / "a.epub", {f"{n}.xhtml": page(f"<p>{'word ' * 5000}</p>") for n in range(20)})
    with Terminal(["courses", "import", file, "--courses", tmp_path], environment(tmp_path)) as terminal:
        assert terminal.ends() == 0
        terminal.wait("Then: profai courses check")
        assert "a.epub" in terminal.text
        assert "20/20" in terminal.text


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    assert "make that folder writable." in refused("new", "rome", "--courses", tmp_path)

"""The command `profai courses`."""

import json

import pytest
from click.testing import CliRunner

from profai_cli.cli.courses import courses
from profai_cli.errors import CourseError

TOML = 'title = "Hi\\u001b[31mstory"\n[[modules]]\nfolder = "m"\ntitle = "Kings"\n'


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("PROFAI_DATA", str(tmp_path / ".data"))


@pytest.fixture
def shelf(tmp_path):
    for name, toml in (("1-history", TOML), ("2-faulty", "title = \n")):
        (tmp_path / name / "m").mkdir(parents=True)
        (tmp_path / name / "course.toml").write_text(toml, encoding="utf-8")
        (tmp_path / name / "m" / "1.md").write_text("# Ashoka\nA king.\n", encoding="utf-8")
    return tmp_path


def run(*arguments, code=0):
    result = CliRunner().invoke(courses, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize("before", [True, False])
def test_list(shelf, before):
    option = ("--courses", shelf)
    output = run(*option) if before else run("list", *option)
    assert output.isascii()
    assert "\x1b" not in output
    assert output.split("\n")[:2] == ["1  History", "   (1 module, 1 topic, en)"]
    assert "2  2-faulty\n   cannot be taught: " in output


def test_list_for_scripts(shelf):
    for arguments in (("--json",), ("--json", "list"), ("list", "--json")):
        entries = json.loads(run("--courses", shelf, *arguments))
        assert [(entry["number"], entry["title"]) for entry in entries] == [(1, "History"), (2, "2-faulty")]


def test_an_empty_folder(tmp_path):
    assert "There are no courses here" in run("--courses", tmp_path)


def test_the_shipped_courses_are_the_default():
    assert run() == run("list")


def test_show(shelf):
    assert run("show", "hist", "--courses", shelf) == "History\n\n1  Kings\n   1.1  Ashoka\n"
    outline = json.loads(run("--courses", shelf, "show", "1", "--json"))
    assert outline["modules"] == [{"title": "Kings", "topics": ["Ashoka"]}]


def test_show_with_a_summary(shelf):
    (shelf / "1-history/course.toml").write_text('summary = "Of old."\n' + TOML, encoding="utf-8")
    assert run("show", "1", "--courses", shelf).startswith("History\nOf old.\n")
    assert "   Of old. (1 module, 1 topic, en)\n" in run("--courses", shelf)


def test_show_of_no_course_raises_what_the_root_command_prints(shelf):
    result = CliRunner().invoke(courses, ["--courses", str(shelf), "show", "physics"])
    assert isinstance(result.exception, CourseError)


@pytest.mark.parametrize("command", [(), ("list",), ("show",), ("check",), ("new",), ("import",)])
def test_help_has_an_example(command):
    assert "\n  profai courses" in run(*command, "--help")

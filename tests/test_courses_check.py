"""`profai courses check`: faults, advice, and words that are heard with the teacher."""

import json
import shutil
import sys

import click
import numpy as np
import pytest
from click.testing import CliRunner

from profai_cli.cli.courses import courses
from profai_cli.cli.courses_hear import hear, say_aloud
from profai_cli.errors import CourseError, DeviceError, StorageError
from profai_cli.storage.course_sounds import keep_sound
from profai_cli.storage.courses import load_path, read_course
from tests.rig import MISSING, Rig
from tests.scripted import environment
from tests.terminal import Terminal, needs_pty

CONTROLS = "control characters or escape codes stand here, which are left out"
TOML = '# mine\ntitle = "Stars"\n[[modules]]\nfolder = "m"\ntitle = "Kings" # of stars\n'


@pytest.fixture
def stars(tmp_path):
    folder = tmp_path / "shelf" / "1-stars"
    (folder / "m").mkdir(parents=True)
    (folder / "course.toml").write_text(TOML, encoding="utf-8")
    (folder / "m" / "1.md").write_text("# Stars\n\nTycho Brahe \x1b[31mlooked up.\n", encoding="utf-8")
    return folder


def run(*arguments, code=0):
    result = CliRunner().invoke(courses, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    assert "\x1b" not in result.output
    return result.output


def test_faults_end_with_2_and_words_are_listed(stars):
    faulty = run("check", stars, code=2)
    assert faulty.split("\n")[0] == f"{stars / 'm' / '1.md'}:3: {CONTROLS}"
    assert "No dictionary has 2 words, which voices may say wrongly: Tycho, Brahe." in faulty
    (stars / "m" / "1.md").write_text("# Stars\n\nTycho looked.\n\n```\nx = 1\n```\n\n```\ny\n```\n", encoding="utf-8")
    assert run("check", "stars", "--courses", stars.parent) == (
        "No faults: the course is ready to be taught.\n"
        '1.1 Stars: no sentence before this code says what it does: "y"\n'
        "No dictionary has 1 word, which voices may say wrongly: Tycho.\n"
    )


def test_a_sound_makes_a_word_sure(stars):
    for word in ("tycho", "Brahe"):
        keep_sound(stars, word, "it")
    assert "dictionary" not in run("check", stars, code=2)


def test_words_of_other_languages_are_not_looked_up(stars):
    (stars / "course.toml").write_text('language = "hi"\n' + TOML, encoding="utf-8")
    assert "dictionary" not in run("check", stars, code=2)


def test_without_a_dictionary_the_words_are_not_checked(stars, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(stars / "no-python"))
    output = run("check", stars, code=2)
    assert ": the words were not checked." in output
    assert "1.md:3" in output


def test_a_course_that_cannot_be_taught(stars):
    (stars / "course.toml").write_text("title = \n", encoding="utf-8")
    assert run("check", stars, code=2) == f"{stars / 'course.toml'}:1: the file is not valid TOML: Invalid value\n"
    found = json.loads(run("--json", "check", stars, code=2))
    assert (found[0]["faults"][0]["line"], found[0]["advice"], found[0]["words"]) == (1, [], {})


def test_all_courses_of_a_folder(stars):
    shutil.copytree(stars, stars.parent / "2-more")
    (stars.parent / "2-more" / "course.toml").write_text('language = "hi"\n' + TOML, encoding="utf-8")
    found = json.loads(run("check", "--courses", stars.parent, "--json", code=2))
    assert found[0]["words"] == {"Tycho": "Tycho Brahe looked up.", "Brahe": "Tycho Brahe looked up."}
    assert [each["path"] for each in found] == [str(stars), str(stars.parent / "2-more")]
    (stars / "course.toml").write_text('language = "hi"\n' + TOML, encoding="utf-8")
    lines = run("check", "--courses", stars.parent, code=2).split("\n")
    assert [line for line in lines if line.endswith(("1-stars", "2-more"))] == [each["path"] for each in found]


def test_the_course_in_this_folder_is_the_default(stars, monkeypatch):
    (stars / "course.toml").write_text('language = "hi"\n' + TOML, encoding="utf-8")
    monkeypatch.chdir(stars)
    assert "1.md:3" in run("check", code=2)


def test_a_course_that_is_not_there(stars):
    result = CliRunner().invoke(courses, ["check", "physics", "--courses", str(stars.parent)])
    assert isinstance(result.exception, CourseError)
    assert "there is no such file" in run("check", stars / "none", code=2)


# --- heard with the teacher ----------------------------------------------------------------------


def heard(course, words, answers, say=None):
    """What was said aloud, and what was shown, while the teacher typed the answers."""
    said = []

    @click.command()
    def command():
        hear(course, words, say or said.append)

    result = CliRunner().invoke(command, input="".join(f"{answer}\n" for answer in answers))
    return said, result


def test_the_teacher_gives_the_sounds(stars):
    words = {"Tycho": "Tycho \x1b[31mlooked.", "Brahe": "Brahe too.", "Thuban": "Of Thuban."}
    said, result = heard(stars, words, ["TY-ko", ".", "", "", "-"])
    assert said == ["Tycho", "ty-ko", "ty-ko", "Brahe", "Thuban"]
    assert load_path(stars).sounds == {"Tycho": "TY-ko", "Brahe": "Brahe"}
    assert "1 of 3: Tycho, in: Tycho looked." in result.output
    text = (stars / "course.toml").read_text(encoding="utf-8")
    assert text.startswith(TOML)
    assert text.endswith('[sounds]\nTycho = "TY-ko"\nBrahe = "Brahe"\n')


def test_without_a_speaker_nothing_is_asked(stars):
    def say(_text):
        raise DeviceError("There is no speaker: plug one in.")

    _, result = heard(stars, {"Tycho": "Tycho looked."}, [], say)
    assert "There is no speaker: plug one in, or list the words with --silent." in result.output
    assert load_path(stars).sounds == {}


@pytest.mark.xdist_group("card")
@pytest.mark.skipif(bool(MISSING), reason=f"no virtual sound card: {MISSING}")
def test_a_word_leaves_the_speaker():
    with Rig() as rig, rig.recording() as recording:
        say_aloud("Tycho", None)
    assert np.abs(recording.speaker).max() > 1000


def test_a_speaker_that_is_not_there():
    with pytest.raises(DeviceError):
        say_aloud("Tycho", "no such speaker")


@needs_pty
def test_in_a_terminal_words_are_heard(stars, tmp_path):
    with Terminal(["courses", "check", stars, "--speaker", "no such speaker"], environment(tmp_path)) as terminal:
        assert terminal.ends() == 2
        terminal.wait("1 of 2: Tycho, in: Tycho Brahe looked up.")
        terminal.wait("or list the words with --silent.")
    with Terminal(["courses", "check", stars, "--silent"], environment(tmp_path)) as terminal:
        assert terminal.ends() == 2
        assert "1 of 2" not in terminal.text


def test_sounds_are_kept_in_json(tmp_path):
    file = tmp_path / "plants.json"
    file.write_text(
        '{"title": "Pl\u00e4nts", "modules": [{"title": "M", "sub_topics": [{"title": "T", "content": "x"}]}]}'
    )
    keep_sound(file, "xylem", "zy-lem")
    keep_sound(file, "Phloem", "flow-em")
    assert load_path(file).sounds == {"xylem": "zy-lem", "Phloem": "flow-em"}
    assert "Pl\u00e4nts" in file.read_text(encoding="utf-8")
    assert read_course(file)[1] == []


@pytest.mark.parametrize("text", ["title = ", 'sounds = "x"', b"\xff"])
def test_a_file_that_changed_meanwhile(stars, text):
    (stars / "course.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CourseError, match="cannot be read any more"):
        keep_sound(stars, "a", "b")


def test_a_file_that_cannot_be_changed(stars):
    with pytest.raises((CourseError, StorageError), match="cannot be changed: No such file"):
        keep_sound(stars / "none", "a", "b")


def test_faulty_sounds_are_a_fault(stars):
    (stars / "course.toml").write_text(TOML + "[sounds]\na = 1\n", encoding="utf-8")
    assert '"sounds" must give for each word what to say instead' in run("check", stars, "--silent", code=2)

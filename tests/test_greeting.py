"""`profai` alone: the courses, where the learner left off, and one next step that is exact."""

import shutil
from pathlib import Path

from tests.scripted import begin, finish, fruit_course
from tests.terminal import Terminal, needs_pty


def step(out: str) -> list[str]:
    """The command that it ends with."""
    return out.rstrip().splitlines()[-1].partition(": profai ")[2].split()


def test_a_newcomer_is_shown_the_courses_and_the_first_step(env: dict[str, str]) -> None:
    out = finish(begin([], env))
    assert "1  Python, first steps: not begun\n2  The sky above you: not begun\n" in out
    assert step(out) == ["setup"]


def test_who_has_been_here_goes_on_where_the_last_class_ended(env: dict[str, str]) -> None:
    for course, topic in (("1", "variables"), ("2", "seasons")):
        finish(begin(["class", "--course", course, "--topic", topic, "--fast", "--minutes", "0.05"], env))
        finish(begin(["class", "--course", course, "--topic", "1.1", "--fast", "--minutes", "0.02"], env))
    out = finish(begin([], env))
    assert "1  Python, first steps: Variables, names for values (topic 3 of 13)\n" in out
    assert "2  The sky above you: Why there are seasons (topic 2 of " in out
    assert step(out) == ["class", "--course", "2", "--interactive"]
    events = finish(begin([*step(out)[:3], "--fast", "--minutes", "0.02", "--events", "-"], env))  # it is exact
    assert '"module": 0, "topic": 1' in events
    assert step(finish(begin([], {**env, "PROFAI_LEARNER": "somebody else"}))) == ["setup"]


def test_after_a_finished_course_comes_a_new_one_and_after_all_of_them_the_first(
    env: dict[str, str], tmp_path: Path
) -> None:
    folder = fruit_course(tmp_path / "courses")
    shutil.copytree(folder / "1-fruit", folder / "2-nuts")
    toml = folder / "2-nuts" / "course.toml"
    toml.write_text(toml.read_text().replace("Fruit", "Nuts"))
    env = {**env, "PROFAI_COURSES": str(folder)}
    for number, next_, word in (("1", "2", "Begin with"), ("2", "1", "All is finished; once more with")):
        finish(begin(["class", "--course", number, "--fast"], env))
        out = finish(begin([], env))
        assert out.splitlines()[-1] == f"{word}: profai class --course {next_} --interactive"
    assert "1  Fruit: finished\n2  Nuts: finished\n" in out
    finish(begin(["class", "--course", "2", "--fast", "--minutes", "0.05"], env))
    assert finish(begin([], env)).splitlines()[-1] == "Go on with: profai class --course 2 --interactive"


def test_what_is_kept_counts(env: dict[str, str], tmp_path: Path) -> None:
    Path(env["PROFAI_SETTINGS"]).write_text("interactive = true\n")
    assert step(finish(begin([], env))) == ["class", "--course", "1"]
    (tmp_path / "none").mkdir()
    out = finish(begin([], {**env, "PROFAI_COURSES": str(tmp_path / "none")}))
    assert step(out) == ["courses"]


def test_a_place_that_an_older_profai_kept_counts(env: dict[str, str]) -> None:
    place = Path(env["PROFAI_DATA"], "progress", "kim", "1-python-first-steps.json")
    place.parent.mkdir(parents=True)
    place.write_text('{"version": 1, "learner": "kim", "course": "1-python-first-steps", "place": [99, 99, 0, 0]}')
    out = finish(begin([], {**env, "PROFAI_LEARNER": "kim"}))
    assert "(topic 13 of 13)\n2  The sky" in out


def test_a_faulty_course_is_shown_as_such(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{")
    out = finish(begin([], {**env, "PROFAI_COURSES": str(tmp_path / "x.json")}))
    assert "x: cannot be taught: see 'profai courses'" in out


@needs_pty
def test_in_a_terminal_it_has_colours_and_for_a_screen_reader_none(env: dict[str, str]) -> None:
    with Terminal([], env) as terminal:
        assert terminal.ends() == 0
        terminal.wait("Begin with profai setup")
        assert "\x1b[" in terminal.raw
    with Terminal([], {**env, "PROFAI_PLAIN": "1"}) as terminal:
        assert terminal.ends() == 0
        terminal.wait("Begin with: profai setup")
        assert "\x1b[" not in terminal.raw

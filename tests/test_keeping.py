"""Classes that are kept, by the real command: their logs, their sound, `profai history` and `profai report`."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.cells import cell_len

from profai_cli.cli.keeping import Keeping
from profai_cli.events import ClassStarting, CourseInfo, Error, Metrics, TeachingContent, to_dict
from profai_cli.session.figures import FIGURES, Figures
from profai_cli.storage.classes import About, Classes, KeptClass
from profai_cli.storage.courses import load_course
from profai_cli.storage.event_log import read_events
from tests.measuring import voice_span
from tests.scripted import PROFAI, ROOT, begin, environment, finish, fruit_course, read_wav, said, write_wav
from tests.terminal import COLUMNS, ESCAPES, Terminal, needs_pty
from tests.test_ui_report import Reader

pytestmark = pytest.mark.xdist_group("scripted")

ASKED_AT, MINUTES = 3.0, 0.2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where two classes were held: the first one recorded, the second one a lecture."""
    folder = tmp_path_factory.mktemp("kept")
    response = np.zeros(1000, np.int16)
    response[480] = 8000
    command = ["class", "--course", 1, "--from-start", "--fast", "--plain", "--learner", "Kim <b>"]
    question = ["--interactive", "--record", "--room", write_wav(folder / "room.wav", response)]
    question += ["--input", f"{ASKED_AT}:{write_wav(folder / 'question.wav', said('what is a dictionary'))}"]
    files = ["--output", folder / "output.wav", "--events", folder / "run.jsonl"]
    out = finish(begin([*command, *question, *files, "--minutes", MINUTES], environment(folder)))
    assert f"recording: what you and the tutor say, to {folder / 'data' / 'classes' / '1' / 'sound.flac'}" in out
    finish(begin([*command, "--minutes", 0.1], environment(folder)))
    return folder


def run(folder: Path, *arguments: object) -> str:
    return finish(begin(arguments, environment(folder)))


def kept(folder: Path, number: int) -> Path:
    return folder / "data" / "classes" / str(number)


# --- what is kept ----------------------------------------------------------------------------------


def test_the_log_is_the_one_that_events_writes(folder: Path) -> None:
    assert (kept(folder, 1) / "events.jsonl").read_bytes() == (folder / "run.jsonl").read_bytes()
    header = read_events(folder / "run.jsonl")[0]
    assert isinstance(header, ClassStarting)
    assert header.recording == str(kept(folder, 1) / "sound.flac")


def test_the_log_replays_with_the_figures_in_it(folder: Path) -> None:
    events = read_events(kept(folder, 1) / "events.jsonl")
    told = [event for event in events if isinstance(event, Metrics) and event.reply]
    assert [metric.figure for metric in told] == list(FIGURES)
    found: list[Metrics] = []
    figures = Figures(found.append)
    for event in events:
        figures(event)
    assert found == told
    assert "All decisions are the same" in run(folder, "replay", kept(folder, 1) / "events.jsonl")


def test_the_recording_has_both_voices_to_the_sample(folder: Path) -> None:
    both, rate = soundfile.read(kept(folder, 1) / "sound.flac", dtype="int16")
    speaker = read_wav(folder / "output.wav")
    assert (rate, both.shape) == (48_000, (len(speaker), 2))
    assert (both[:, 1] == speaker).all()
    learner = said("what is a dictionary")
    at = round(ASKED_AT * rate)
    echo = np.concatenate([np.zeros(480), speaker[:-480] * (8000 / 32768)])
    alone = both[at : at + len(learner), 0] - echo[at : at + len(learner)]
    assert np.abs(alone - learner).max() <= 1


def test_a_lecture_is_kept_without_sound(folder: Path) -> None:
    assert sorted(path.name for path in kept(folder, 2).iterdir()) == ["class.json", "events.jsonl"]


# --- history ---------------------------------------------------------------------------------------


def test_history_lists_the_classes(folder: Path) -> None:
    head, first, second = run(folder, "history").splitlines()
    names = ["No", "Date", "Learner", "Course", "Minutes", "Asked", "Stops", "Sound", "Topics"]
    assert head.split() == names
    pattern = r" 1  \d{4}-\d\d-\d\d \d\d:\d\d  Kim <b>  Python, first steps +0\.2 +1 +1   1 MB  Talking to Python"
    assert re.fullmatch(pattern, first)
    pattern = pattern.replace(" 1  ", " 2  ", 1).replace(r"0\.2 +1 +1   1 MB", r"0\.1 +0 +0       ")
    assert re.fullmatch(pattern, second)


@needs_pty
def test_a_narrow_terminal_breaks_lines_between_words(folder: Path) -> None:
    for command, words in (("history", "first steps"), ("courses", "collections, functions, errors")):
        with Terminal([command], environment(folder)) as terminal:
            assert terminal.ends() == 0
            terminal.wait(words)
            assert max(len(row) for row in ESCAPES.sub("", terminal.raw).splitlines()) <= COLUMNS


def hold(folder: Path, learner: str, title: str, log: bytes) -> KeptClass:
    """A class that was killed, or is being held, with this log."""
    about = About("1-fruit", title, learner, "2026-11-23T05:40:00", (("Sweet", ("Kiwi\u3000\x1b[31m", "Pear")),))
    one = Classes(folder / "data").begin(about)
    one.log.write_bytes(log)
    return one


TAUGHT = b"".join(
    json.dumps(to_dict(event)).encode() + b"\n"
    for event in (
        CourseInfo(0.0, "1-fruit", "Fruit", "en", "", 1, 2, 0, 0, 0, 0),
        TeachingContent(90.0, 1, 0, "Kiwi.", "lesson", (0, 0, 0, 0)),
    )
)


def test_wide_letters_are_in_line_and_what_has_no_end_is_counted_from_its_log(tmp_path: Path) -> None:
    hold(tmp_path, "王小明", "水果", TAUGHT + b'{"event": "metr')
    hold(tmp_path, "kim", "Nothing was taught", b"")
    hold(tmp_path, "kim", "Not a log", b"x\n{}\n")
    hold(tmp_path, "रवि", "Fruit\u202e\x1b[31m", TAUGHT)
    lines = run(tmp_path, "history").splitlines()
    assert len(lines) == 3
    ends = {cell_len(line[: line.index(mark)]) for line, mark in zip(lines, ("Topics", "Kiwi", "Kiwi"), strict=True)}
    assert len(ends) == 1
    assert [line.split()[-4:] for line in lines[1:]] == [["1.5", "0", "0", "Kiwi"]] * 2


def test_one_class_is_deleted(tmp_path: Path) -> None:
    gone, stays = (hold(tmp_path, "kim", "Fruit", TAUGHT) for _ in range(2))
    gone.sound.write_bytes(b"sound")
    assert run(tmp_path, "history", "--delete", 1) == "Class 1 is deleted.\n"
    assert not gone.folder.exists()
    assert [one["number"] for one in json.loads(run(tmp_path, "history", "--json"))] == [stays.number]
    assert "There is no class 1" in refused(["history", "--delete", 1], environment(tmp_path))


def test_history_for_scripts(folder: Path) -> None:
    first, second = json.loads(run(folder, "history", "--json"))
    assert (first["number"], first["recorded"], first["ended"]) == (1, True, "time")
    assert (second["number"], second["recorded"], second["questions"]) == (2, False, 0)
    assert first["topics"] == ["Talking to Python"]
    assert first["minutes"] == pytest.approx(MINUTES, abs=0.01)
    assert Path(first["events"]).samefile(kept(folder, 1) / "events.jsonl")


def test_without_classes_history_and_report_say_how_to_begin(tmp_path: Path) -> None:
    assert run(tmp_path, "history") == "No class was held yet: begin with 'profai class --interactive'.\n"
    assert "No class was held yet" in refused(["report"], environment(tmp_path))


# --- report ----------------------------------------------------------------------------------------


def refused(command: list[object], env: Mapping[str, str]) -> str:
    """What a command that ends with 2 says, in one sentence."""
    process = begin(command, env)
    _, err = process.communicate()
    assert process.returncode == 2
    assert re.fullmatch(r"profai: .+\.\n", err)
    return err


def test_a_report_of_the_recorded_class_can_be_listened_to(folder: Path) -> None:
    path = Path(run(folder, "report", 1).rstrip("\n"))
    assert path.samefile(kept(folder, 1) / "report.html")
    reader = Reader(path.read_text(encoding="utf-8"))
    for part in ("Kim <b>", "what is a dictionary", "A dictionary stores pairs of a key and a value.", "Dictionaries"):
        assert part in reader.text
    (sound,) = [attributes["src"] for tag, attributes in reader.tags if tag == "audio"]
    assert sound
    assert sound.startswith("data:audio/mpeg;base64,")
    assert [tag for tag, _ in reader.tags].count("img") == 3


def test_the_newest_class_is_the_default(folder: Path) -> None:
    path = Path(run(folder, "report").rstrip("\n"))
    assert path.samefile(kept(folder, 2) / "report.html")
    assert "audio" not in {tag for tag, _ in Reader(path.read_text(encoding="utf-8")).tags}


def test_a_report_of_any_log(folder: Path) -> None:
    own = folder / "own.html"
    assert Path(run(folder, "report", folder / "run.jsonl", "--output", own).rstrip("\n")).samefile(own)
    assert "Talking to Python" in Reader(own.read_text(encoding="utf-8")).text
    assert Path(run(folder, "report", folder / "run.jsonl").rstrip("\n")).name == "run.jsonl.html"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a browser that a test cannot replace")
def test_the_page_is_opened_in_the_browser(folder: Path) -> None:
    opened = folder / "opened.txt"
    browser = f"{sys.executable} -c \"__import__('pathlib').Path('{opened}').write_text(__import__('sys').argv[1])\" %s"
    command = ["report", 2, "--open", "--output", folder / "two words.html"]
    finish(begin(command, {**environment(folder), "BROWSER": browser}))
    assert opened.read_text() == (folder / "two words.html").as_uri()
    process = begin(
        command, {**environment(folder), "BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", "PATH": str(folder)}
    )
    _, err = process.communicate()
    assert (process.returncode, err) == (0, "profai: No browser could be opened: open the file yourself.\n")


def test_what_cannot_be_reported_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    env = environment(folder)
    assert "There is no class 99" in refused(["report", 99], env)
    assert "Cannot read events" in refused(["report", tmp_path / "missing.jsonl"], env)
    (tmp_path / "empty.jsonl").write_text("")
    assert "is no log of a class" in refused(["report", tmp_path / "empty.jsonl"], env)
    before = (folder / "run.jsonl").read_bytes()
    assert "is a folder; name a file in it" in refused(["report", 1, "--output", tmp_path], env)
    assert "is none; name another one" in refused(["report", 1, "--output", os.devnull], env)
    (tmp_path / "file").write_text("")
    below = tmp_path / "file" / "report.html"
    assert "; name another file with --output." in refused(["report", 1, "--output", below], env)
    assert "a file of its own" in refused(["report", folder / "run.jsonl", "--output", folder / "run.jsonl"], env)
    assert (folder / "run.jsonl").read_bytes() == before


def test_the_report_shows_code_as_it_is_written(tmp_path: Path) -> None:
    """Where the course has still the text that was taught; else what was said."""
    course = fruit_course(tmp_path / "courses")
    topic = course / "1-fruit" / "1-sweet" / "1-kiwi.md"
    topic.write_text("# Fruit\n\n```python\nfruit = 'kiwi'\nif fruit < 3:\n    eat(fruit)\n```\n")
    command = ["class", "--courses", course, "--fast", "--plain"]
    run(tmp_path, *command)
    page = Path(run(tmp_path, "report", "--courses", course).rstrip("\n"))
    assert "<pre><code>fruit = &#39;kiwi&#39;\nif fruit &lt; 3:\n    eat(fruit)</code></pre>" in page.read_text()
    topic.write_text("# Fruit\n\nAll else.\n")
    page = Path(run(tmp_path, "report", "--courses", course).rstrip("\n"))
    assert "<code>" not in page.read_text()
    assert "fruit is less than 3" in page.read_text()


def test_a_log_that_was_changed_has_no_code_and_is_reported(folder: Path, tmp_path: Path) -> None:
    log = (folder / "run.jsonl").read_text().replace('"place": [0, 0, ', '"place": [7, 0, ')
    (tmp_path / "run.jsonl").write_text(log)
    page = Path(run(folder, "report", tmp_path / "run.jsonl").rstrip("\n"))
    assert "topic 8.1" in Reader(page.read_text(encoding="utf-8")).text


@pytest.mark.skipif(sys.platform == "win32", reason="a home folder that is a file, by the variables of POSIX")
def test_without_a_home_of_its_own_matplotlib_is_silent(folder: Path) -> None:
    (folder / "nowhere").write_text("")
    home = {"HOME": str(folder / "nowhere"), "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": "", "MPLCONFIGDIR": ""}
    finish(begin(["report", 2, "--output", folder / "homeless.html"], {**environment(folder), **home}))


@pytest.mark.parametrize("library", ["matplotlib", "jinja2"])
def test_without_its_libraries_the_report_says_how_to_get_them(folder: Path, library: str) -> None:
    code = f"import sys; sys.modules[{library!r}] = None\nfrom profai_cli.cli.main import main; main(['report', '1'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert (
        done.stderr
        == "profai: The report needs Matplotlib and Jinja: install them with 'pip install \"profai[report]\"'.\n"
    )


# --- when things go wrong --------------------------------------------------------------------------


def test_a_class_that_is_killed_leaves_a_readable_log_and_a_valid_recording(tmp_path: Path) -> None:
    course = fruit_course(tmp_path / "courses")
    silence = write_wav(tmp_path / "silence.wav", np.zeros(48_000, np.int16))
    options = ["--interactive", "--record", "--plain", "--local", "--input", silence]
    process = begin(["class", "--courses", course, *options], environment(tmp_path))
    assert process.stdout
    for _sentence in range(2):
        while "tutor: " not in process.stdout.readline():
            assert process.poll() is None
    process.kill()
    process.communicate()
    events = read_events(kept(tmp_path, 1) / "events.jsonl")
    assert [event.name for event in events].count("teaching_content") >= 2
    both, rate = soundfile.read(kept(tmp_path, 1) / "sound.flac", dtype="int16")
    assert (both.shape[1], rate) == (2, 48_000)
    assert len(both) / rate > events[-1].t - 1
    assert voice_span(both[:, 1], 48_000)
    (held,) = json.loads(run(tmp_path, "history", "--json"))
    assert (held["ended"], held["recorded"], held["topics"]) == ("", True, ["All about fruit"])
    assert held["minutes"] == pytest.approx(events[-1].t / 60, abs=0.01)
    assert Path(run(tmp_path, "report").rstrip("\n")).is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows deletes no file that is being written")
def test_a_recording_that_is_deleted_in_mid_class_is_told_at_once_and_at_the_end(tmp_path: Path) -> None:
    course = fruit_course(tmp_path / "courses")
    silence = write_wav(tmp_path / "silence.wav", np.zeros(48_000, np.int16))
    options = ["--interactive", "--record", "--plain", "--local", "--input", silence]
    process = begin(["class", "--courses", course, *options], environment(tmp_path))
    assert process.stdout
    lines = iter(process.stdout.readline, "")
    assert next(line for line in lines if line.startswith("tutor: "))
    shutil.rmtree(kept(tmp_path, 1))
    assert next(line for line in lines if "sound.flac' was deleted while it was written" in line)
    assert next(line for line in lines if line.startswith("tutor: "))  # the class goes on
    process.terminate()
    _, err = process.communicate()
    assert process.returncode == 2
    assert re.fullmatch(r"profai: '.*sound\.flac' was deleted while it was written; .*\.\n", err)
    assert not kept(tmp_path, 1).exists()


def test_a_class_in_which_nothing_was_taught_is_not_kept(tmp_path: Path) -> None:
    process = begin(["class", "--fast", "--interactive", "--course", 1, "--output", tmp_path], environment(tmp_path))
    process.communicate()
    assert process.returncode == 2
    assert run(tmp_path, "history", "--json") == "[]\n"
    assert not list((tmp_path / "data").glob("classes/*"))


def test_a_class_that_ends_before_its_first_sentence_leaves_nothing(tmp_path: Path) -> None:
    course = load_course(fruit_course(tmp_path / "courses"), "1")
    keeping = Keeping(Classes(tmp_path), course, "kim", record=True)
    with keeping:
        start = keeping.begin(ClassStarting(0.0, "1", "2026-11-23", True, "", ""), print)
        assert Path(start.recording).is_file()
        keeping(start)
        assert not keeping.kept
    assert not list((tmp_path / "classes").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="only POSIX limits the size of a file")
def test_a_full_disk_is_told_once_and_the_class_goes_on(tmp_path: Path) -> None:
    code = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))\n"
        f"sys.argv[0] = {PROFAI[-1]!r}\nfrom profai_cli.cli.main import main; main()"
    )
    cache = environment(tmp_path)  # a model of the course is larger: it is there before
    command = ["class", "--course", 1, "--from-start", "--fast", "--plain", "--minutes", 2, "--interactive", "--record"]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, command)],
        cwd=ROOT,
        env=cache,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert re.fullmatch(r"profai: Cannot go on writing '.*sound\.flac': .*; make room there\.\n", done.stderr)
    assert done.stdout.count("The event log ended early: ") == 1
    assert done.stdout.count("Cannot go on writing ") == 1
    assert done.stdout.splitlines()[-1] == "over: the time is up"
    events = read_events(kept(tmp_path, 1) / "events.jsonl")
    assert next(x.message for x in events if isinstance(x, Error)).startswith("Cannot go on writing ")
    assert soundfile.info(kept(tmp_path, 1) / "sound.flac").duration > 0.2


def test_a_folder_that_cannot_be_written_costs_the_history_and_not_the_class(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "classes").write_text("a file")
    command = ["class", "--course", 1, "--from-start", "--fast", "--plain", "--minutes", 0.1]
    out = run(tmp_path, *command)
    assert "this class will not be in the history" in out
    assert "Talking to Python." in out
    assert "Cannot write" in refused([*command, "--interactive", "--record"], environment(tmp_path))

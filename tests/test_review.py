"""Check questions from one class to the next: asked, kept, due again, and asked by themselves."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from profai_cli.cli.main import main
from profai_cli.kinds import Verdict
from profai_cli.lesson.identity import identity
from profai_cli.lesson.mark import mark_topic
from profai_cli.storage.courses import load_path
from profai_cli.storage.progress import Progress
from profai_cli.tutor.notes import Checked, TopicHeard
from tests.scripted import environment, said, write_wav

Profai = Callable[..., str]

TOPIC = """# {title}

{title} are small.

## Check

Q: Are {title} small?
A: Yes, {title} are small.
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two topics with a question each."""
    folder = tmp_path / "courses" / "1-fruit"
    (folder / "1-sweet").mkdir(parents=True)
    (folder / "course.toml").write_text(
        'title = "Fruit"\nlanguage = "en"\n[[modules]]\nfolder = "1-sweet"\ntitle = "Sweet"\n'
    )
    for number, title in enumerate(("Apples", "Pears"), 1):
        (folder / "1-sweet" / f"{number}-{title.lower()}.md").write_text(TOPIC.format(title=title))
    return folder


@pytest.fixture
def profai(capfd: pytest.CaptureFixture[str], tmp_path: Path, course: Path, monkeypatch: pytest.MonkeyPatch) -> Profai:
    """Run a command of kim's, with this course; gives standard output."""
    for name, value in environment(tmp_path).items():
        if name.startswith("PROFAI"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("PROFAI_LEARNER", "kim")
    monkeypatch.setenv("PROFAI_COURSES", str(course.parent))

    def run(*arguments: str, code: int = 0) -> str:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = capfd.readouterr()
        assert end.value.code == code, err
        return out or err

    return run


def answered(tmp_path: Path, course: Path, verdict: Verdict, ago: timedelta) -> None:
    """The question about apples was answered so long ago."""
    (tmp_path / "data").mkdir()
    taught = load_path(course)
    when = (datetime.now(UTC) - ago).isoformat()
    topic = mark_topic(taught, 0, 0)
    notes = TopicHeard(1.0, topic), Checked(2.0, topic, "Are Apples small?", "yes", verdict)
    Progress(tmp_path / "data", "kim").keep(identity(taught), when, [(when, note) for note in notes])


def events(out: str, name: str) -> list[dict[str, object]]:
    return [event for event in map(json.loads, out.splitlines()) if event["event"] == name]


def scripted(profai: Profai, *more: str, at: float = 1.0, words: str = "", folder: Path) -> str:
    """A class on the samples' clock whose learner says something once."""
    wav = write_wav(folder / "words.wav", said(words or "yes"))
    return profai("class", "--interactive", "--input", f"{at}:{wav}", "--fast", "--json", *more)


def test_an_answer_in_a_class_is_judged_and_kept_and_the_lesson_goes_on(profai: Profai, tmp_path: Path) -> None:
    out = scripted(profai, "--minutes", "0.5", at=7.0, words="yes they are small", folder=tmp_path)
    (judged,) = events(out, "check_judged")
    assert (judged["question"], judged["verdict"]) == ("Are Apples small?", "right")
    assert "Pears." in [event["text"] for event in events(out, "teaching_content")]
    (told,) = json.loads(profai("progress", "export"))["courses"]
    assert [(check["topic"], check["verdict"]) for check in told["checks"]] == [("Apples", "right")]
    assert profai("review") == "Nothing is due: go on with 'profai class --interactive'.\n"


def test_who_wants_no_questions_gets_none(profai: Profai, tmp_path: Path, course: Path) -> None:
    answered(tmp_path, course, "wrong", timedelta(days=3))
    out = scripted(profai, "--minutes", "0.3", "--no-checks", at=60.0, folder=tmp_path)
    assert events(out, "course_info")[0]["checks"] == []
    assert "check" not in {event["kind"] for event in events(out, "teaching_content")}


def test_a_class_begins_with_what_may_be_forgotten(profai: Profai, tmp_path: Path, course: Path) -> None:
    answered(tmp_path, course, "wrong", timedelta(days=3))
    out = scripted(profai, "--minutes", "0.2", at=60.0, folder=tmp_path)
    asked = [event["text"] for event in events(out, "teaching_content") if event["kind"] == "check"]
    assert asked[1] == "Are Apples small?"


def test_what_was_known_yesterday_is_not_asked(profai: Profai, tmp_path: Path, course: Path) -> None:
    answered(tmp_path, course, "right", timedelta(hours=20))
    out = scripted(profai, "--minutes", "0.05", at=60.0, folder=tmp_path)
    assert events(out, "course_info")[0]["checks"] == []


def test_a_review_asks_what_is_due_and_nothing_else(profai: Profai, tmp_path: Path, course: Path) -> None:
    answered(tmp_path, course, "wrong", timedelta(days=3))
    out = profai("review", "--plain", "--minutes", "0.05", "--local")
    assert "question: Are Apples small?" in out or "question: A question from an earlier topic." in out
    assert "tutor: Apples" not in out
    (held,) = json.loads(profai("history", "--json"))
    assert (held["checks"], held["topics"]) == (1, [])
    assert profai("history").rstrip().endswith("Check questions")


@pytest.mark.parametrize(
    ("named", "asked"), [([], ["Apples"]), (["--topic", "2"], ["Pears"]), (["--module", "1"], ["Apples", "Pears"])]
)
def test_a_quiz_asks_about_what_was_heard_or_named(
    profai: Profai, tmp_path: Path, course: Path, named: list[str], asked: list[str]
) -> None:
    answered(tmp_path, course, "right", timedelta(hours=1))
    out = scripted(profai, "--quiz", *named, at=300.0, folder=tmp_path)
    texts = [str(event["text"]) for event in events(out, "teaching_content") if event["kind"] == "check"]
    assert [text for text in texts if text.startswith("Are")] == [f"Are {title} small?" for title in asked]
    assert events(out, "class_complete")[0]["reason"] == "finished"


def test_a_quiz_without_questions_says_so(profai: Profai, tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "words.wav", said("yes"))
    told = profai("class", "--interactive", "--quiz", "--input", str(wav), "--fast", code=2)
    assert "There are no questions yet: hear a topic first" in told

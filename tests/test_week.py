"""A learner's week by the real command: five classes on five days, two of them killed, two at once, in one course.

Every process believes in its own day. What is read in between is what the killed ones have left on the disk.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from profai_cli.lesson.course import Course
from profai_cli.lesson.identity import identity
from profai_cli.lesson.place import Place
from profai_cli.storage.courses import load_path
from profai_cli.storage.progress import Progress
from profai_cli.storage.progress_rows import Details
from profai_cli.tutor.forgetting import due
from profai_cli.tutor.study import Study
from tests.scripted import ROOT, environment, said, write_wav

Event = dict[str, Any]

MONDAY = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
APPLES, PEARS = "Are apples small?", "Are pears long?"
COURSE = 'title = "Fruit"\nlanguage = "en"\n[[modules]]\nfolder = "1-sweet"\ntitle = "Sweet"\n'
TOPICS = {
    "1-apples": f"# Apples\n\nApples are small.\n\n## Check\n\nQ: {APPLES}\nA: Yes, apples are small.\n",
    "2-pears": "# Pears\n\nPears are long. A kiwi is a berry. Pears of one garden are ripe, and they are picked. "
    f"Pears of another garden are late, and they are left.\n\n## Check\n\nQ: {PEARS}\nA: Yes, pears are long.\n",
    "3-plums": "# Plums\n\n" + 5 * "Plums of one village are blue, and they are dried. Those of another are red. ",
}


class Week:
    """kim's computer: a course, and the data folder of profai."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder, self.data, self.course = folder, folder / "data", folder / "courses" / "1-fruit"
        self._env = {**environment(folder, cache), "PROFAI_LEARNER": "kim", "PROFAI_COURSES": str(self.course.parent)}
        (self.course / "1-sweet").mkdir(parents=True)
        (self.course / "course.toml").write_text(COURSE)
        for name, text in TOPICS.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """The teacher writes a topic."""
        (self.course / "1-sweet" / f"{name}.md").write_text(text)

    def profai(self, day: int, *arguments: object) -> "subprocess.Popen[str]":
        """A command so many days after Monday, at a little later an hour each day."""
        then = (MONDAY + timedelta(days=day, hours=day / 2)).isoformat()
        command = [sys.executable, "-m", "tests.on_day", then, *map(str, arguments)]
        return subprocess.Popen(command, env=self._env, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def told(self, day: int, *arguments: object) -> str:
        """What a command says that does well."""
        process = self.profai(day, *arguments)
        out, _ = process.communicate()
        assert process.returncode == 0
        return out

    def class_(self, day: int, *options: object, **words: float) -> "subprocess.Popen[str]":
        """A class on the samples' clock; words: what kim says, and at which second."""
        lines = [
            (at, write_wav(self.folder / f"{text}.wav", said(text.replace("_", " ")))) for text, at in words.items()
        ]
        inputs = [part for at, path in lines for part in ("--input", f"{at}:{path}")]
        return self.profai(day, "class", "--fast", "--json", *(["--interactive"] if words else []), *inputs, *options)

    def kept(self) -> tuple[Study, Details]:
        """What is on the disk."""
        progress = Progress(self.data, "kim")
        ((number, study),) = progress.studies().items()
        return study, progress.details(number)

    def taught(self) -> Course:
        """The course as it is now."""
        return load_path(self.course)

    def place(self) -> Place:
        """Where the next class goes on."""
        return self.kept()[0].place(self.taught())

    def rest(self, place: Place) -> str:
        """What is taught from there to the end of the sentence."""
        sentence = self.taught().modules[place.module].topics[place.topic].sentences[place.sentence]
        return sentence.text[sentence.phrases[place.phrase] :]

    def due(self, day: float) -> list[str]:
        """What is to be asked so many days after Monday."""
        return due(Progress(self.data, "kim").results(identity(self.taught())), MONDAY + timedelta(days=day))


def events(out: str) -> list[Event]:
    return [json.loads(line) for line in out.splitlines() if line.endswith("}")]


def killed(process: "subprocess.Popen[str]", at: Callable[[Event], bool], kept: Callable[[], bool]) -> list[Event]:
    """Kill a class when it has told such an event, and this is on the disk; its events."""
    assert process.stdout
    found = []
    for line in process.stdout:
        found.append(json.loads(line))
        if at(found[-1]):
            while not kept():
                pass
            break
    assert process.poll() is None
    process.kill()
    return found + events(process.communicate()[0])


def asked(found: list[Event]) -> list[str]:
    """The check questions that were asked."""
    return [event["text"] for event in found if event.get("kind") == "check" and event["text"].startswith("Are")]


def lessons(found: list[Event]) -> list[str]:
    return [event["text"] for event in found if event.get("kind") == "lesson"]


def test_a_week_of_classes(tmp_path: Path, cache: Path) -> None:
    week = Week(tmp_path, cache)

    # Monday: the check of the first topic is answered, and in the second one the battery is empty.
    class_ = week.class_(0, yes_they_are_small=7.0)
    monday = killed(class_, lambda event: event.get("place") == [0, 1, 2, 0], lambda: week.place() >= (0, 1, 2))
    assert asked(monday) == [APPLES]
    left = week.place()

    # Tuesday: the lesson goes on there; in the midst of an answer the battery is empty again.
    class_ = week.class_(1, what_is_a_kiwi=2.0)
    tuesday = killed(class_, lambda event: event.get("kind") == "answer", lambda: bool(week.kept()[1][2]))
    assert (asked(tuesday), lessons(tuesday)[0]) == ([], week.rest(left))
    rest = week.rest(week.place())

    # Wednesday: the teacher has put a topic and a sentence before that place. The first check is due again.
    week.write("0-nuts", "# Nuts\n\nNuts are hard.\n")
    week.write("2-pears", TOPICS["2-pears"].replace("A kiwi", "Pears are sweet. A kiwi"))
    out, _ = week.class_(2, "--minutes", 0.6, yes_they_are_small=4.0, no_they_are_short=24.0).communicate()
    wednesday = events(out)
    assert (asked(wednesday), lessons(wednesday)[0]) == ([APPLES, PEARS], rest)
    left = week.place()
    assert left[:2] == (0, 3)

    # Thursday: two classes at once, of which one asks what was not known yesterday.
    both = week.class_(3, "--minutes", 0.15), week.class_(3, "--minutes", 0.25, yes_they_are_long=4.0)
    reading, talking = (events(class_.communicate()[0]) for class_ in both)
    assert (asked(reading), asked(talking)) == ([], [PEARS])
    assert {lessons(reading)[0], lessons(talking)[0]} == {week.rest(left)}
    assert [week.due(day) for day in (4, 6, 14)] == [[], [PEARS], [PEARS, APPLES]]

    # Friday: nothing is due, and the course comes to its end.
    friday = events(week.told(4, "class", "--fast", "--json"))
    assert (asked(friday), friday[-1]["reason"]) == ([], "finished")

    # All of it is there, and then nothing is.
    assert "finished (3 of 4 topics heard)  3 of 4        1          2 of 2  6  " in week.told(4, "progress")
    (kept,) = json.loads(week.told(4, "progress", "export"))["courses"]
    assert [class_["ended"] for class_ in kept["classes"]] == ["", "", "time", "time", "time", "finished"]
    assert [topic["topic"] for topic in kept["heard"]] == ["Apples", "Pears", "Plums"]
    assert [(asked["question"], asked["cut"]) for asked in kept["questions"]] == [("what is a kiwi", True)]
    results = [(check["question"], check["verdict"]) for check in kept["checks"]]
    assert results == [(APPLES, "right"), (APPLES, "right"), (PEARS, "wrong"), (PEARS, "right")]
    assert week.told(4, "progress", "forget", "--yes") == "Deleted: 1 course, 6 classes.\n"
    assert json.loads(week.told(4, "history", "--json")) == []
    assert not [path for path in week.data.rglob("*") if path.is_file() and b"kiwi" in path.read_bytes()]

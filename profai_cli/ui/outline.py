"""The course's modules and topics with the place in them, and how much of the course is behind. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from rich.text import Text

from profai_cli.lesson.course import Course
from profai_cli.lesson.plain import plain
from profai_cli.ui.look import QUIET, bar, fit


class Outline:
    """Titles of a course, made harmless once."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._modules = [(plain(m.title), [plain(t.title) for t in m.topics]) for m in course.modules]

    def title(self, module: int, topic: int) -> str:
        """Of a topic, with its number."""
        return f"{module + 1}.{topic + 1} {self._modules[module][1][topic]}"

    def holds(self, place: tuple[int, int, int, int]) -> bool:
        """Whether the course has this place."""
        module, topic, sentence, _ = place
        if module >= len(self._modules) or topic >= len(self._modules[module][1]):
            return False
        return sentence < len(self._course.modules[module].topics[topic].sentences)

    def done(self, place: tuple[int, int, int, int]) -> float:
        """Which part of the course lies before a place, from 0 to 1; every topic counts the same."""
        module, topic, sentence, _ = place
        before = sum(len(topics) for _, topics in self._modules[:module]) + topic
        within = sentence / len(self._course.modules[module].topics[topic].sentences)
        return (before + within) / sum(len(topics) for _, topics in self._modules)

    def column(self, place: tuple[int, int, int, int], width: int, height: int) -> list[Text]:
        """`height` rows of `width` cells: the titles around the present topic, and below them the progress."""
        entries = list(self._entries(place))
        room = height - 2
        here = next(n for n, entry in enumerate(entries) if entry.here)
        first = max(0, min(here - room // 2, len(entries) - room))
        rows = [fit(entry.text, width) for entry in entries[first : first + room]]
        rows += [Text()] * (height - 1 - len(rows))
        return [*rows[: height - 1], progress(self.done(place), width)]

    def _entries(self, place: tuple[int, int, int, int]) -> Iterator["_Entry"]:
        now = place[:2]
        for module, (title, topics) in enumerate(self._modules):
            yield _Entry(Text(f"{module + 1} {title}", "bold" if module == now[0] else ""))
            for topic, name in enumerate(topics):
                at = (module, topic)
                mark, style = ("▸", "bold green") if at == now else ("✓", QUIET) if at < now else (" ", "")
                yield _Entry(Text(f"  {mark} {name}", style), here=at == now)


class _Entry(NamedTuple):
    text: Text
    here: bool = False


def progress(done: float, width: int) -> Text:
    """A bar of `width` cells in all, with the percentage."""
    percent = f" {int(100 * done):>3} %"
    return bar(done, max(0, width - len(percent))).append(percent, QUIET)

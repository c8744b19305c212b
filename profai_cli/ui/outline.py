"""The course's modules and topics with the place in them, and how much of the course is behind. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from rich.text import Text

from profai_cli.lesson.course import Course
from profai_cli.lesson.plain import plain
from profai_cli.ui.look import QUIET, bar, fit

Place = tuple[int, int, int, int]
Heard = Mapping[tuple[int, int], int]

HERE: Final = "▸"
HEARD: Final = "✓"
PASSED: Final = "·"
"""Signs of topics: the present one, those that were heard to their end, and others that lie before the place."""


class Outline:
    """Titles of a course, made harmless once. before: topics that were heard to their end in earlier classes."""

    def __init__(self, course: Course, before: Collection[tuple[int, int]] = ()) -> None:
        self.course = course
        """As it is told now."""
        self._before = before
        self._modules = [(plain(m.title), [plain(t.title) for t in m.topics]) for m in course.modules]

    def title(self, module: int, topic: int) -> str:
        """Of a topic, with its number."""
        return f"{module + 1}.{topic + 1} {self._modules[module][1][topic]}"

    def holds(self, place: Place) -> bool:
        """Whether the course has this place."""
        module, topic, sentence, _ = place
        if module >= len(self._modules) or topic >= len(self._modules[module][1]):
            return False
        return sentence < len(self.course.modules[module].topics[topic].sentences)

    def done(self, place: Place) -> float:
        """Which part of the course lies before a place, from 0 to 1; every topic counts the same."""
        module, topic, sentence, _ = place
        before = sum(len(topics) for _, topics in self._modules[:module]) + topic
        within = sentence / len(self.course.modules[module].topics[topic].sentences)
        return (before + within) / sum(len(topics) for _, topics in self._modules)

    def column(self, place: Place, heard: Heard, width: int, height: int) -> list[Text]:
        """`height` rows of `width` cells: the titles around the present topic, and below them the progress.

        heard: by module and topic, the last sentence that was heard to its end in this class.
        """
        entries = list(self._entries(place, heard))
        room = height - 2
        here = next(n for n, entry in enumerate(entries) if entry.here)
        first = max(0, min(here - room // 2, len(entries) - room))
        rows = [fit(entry.text, width) for entry in entries[first : first + room]]
        rows += [Text()] * (height - 1 - len(rows))
        return [*rows[: height - 1], progress(self.done(place), width)]

    def _entries(self, place: Place, heard: Heard) -> Iterator["_Entry"]:
        now = place[:2]
        for module, (title, topics) in enumerate(self._modules):
            yield _Entry(Text(f"{module + 1} {title}", "bold" if module == now[0] else ""))
            for topic, name in enumerate(topics):
                at = (module, topic)
                if at == now:
                    entry = Text(f"  {HERE} {name}", "bold")
                elif self._is_over(at, heard):
                    entry = Text(f"  {HEARD} {name}", QUIET)
                else:
                    entry = Text(f"  {PASSED if at < now else ' '} {name}", QUIET if at < now else "")
                yield _Entry(entry, here=at == now)

    def _is_over(self, topic: tuple[int, int], heard: Heard) -> bool:
        """Whether the topic was heard to its end."""
        if topic in self._before:
            return True
        return topic in heard and heard[topic] + 1 >= len(self.course.modules[topic[0]].topics[topic[1]].sentences)


class _Entry(NamedTuple):
    text: Text
    here: bool = False


def progress(done: float, width: int) -> Text:
    """A bar of `width` cells in all, with the percentage."""
    percent = f" {int(100 * done):>3} %"
    return bar(done, max(0, width - len(percent))).append(percent, QUIET)

"""The picture of a class: from the model to rows of text for a terminal of a given size. Pure.

Texts go in as `rich.text.Text`, never as markup. For one size the picture always has the same number of rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from rich.text import Text

from profai_cli.events import LessonTold
from profai_cli.kinds import SpeechKind
from profai_cli.lesson.course import Course
from profai_cli.lesson.plain import plain
from profai_cli.lesson.script import SENTENCE_PAUSE, Sentence
from profai_cli.lesson.told import tell
from profai_cli.ui.figures import figures_rows
from profai_cli.ui.foot import foot, help_rows
from profai_cli.ui.lesson_text import Row, Spot, page, window
from profai_cli.ui.look import QUIET, STATES, ends, fit, pane, to_ascii
from profai_cli.ui.model import Model
from profai_cli.ui.outline import Outline, progress
from profai_cli.ui.status import calm, clock, status
from profai_cli.ui.talk import talk

WIDE: Final = 99
"""Cells from which the outline has a column of its own, on at least `TALL` rows."""

TALL: Final = 22
MOST_ROWS: Final = 48
"""The picture's height; above it, on a higher terminal, stays what was said."""

LONGEST_ROW: Final = 96
"""Cells of a row of the lesson; longer ones are hard to read."""

ROOM_FOR_BOTH: Final = 10
"""Rows in which an answer leaves the lesson in sight."""

NARROW: Final = 75
"""Cells up to which a low terminal has a single row for the keys."""

_NARROW_TALK: Final = 4
_MOST_TALK: Final = 8
"""Rows of what was said last."""

_AT_LARGE: Final[dict[SpeechKind, str]] = {"answer": "answer", "check": "a question for you"}
"""What is said of what covers the lesson."""

_MOVING: Final = ("teaching", "answering", "asking")


@dataclass(frozen=True, slots=True)
class Moment:
    """What no event tells. levels: microphone and speaker, dBFS (RMS). typed: the line so far, or None.

    page: what covers the lesson, an action of `keys.LOOKS`. unheard: somebody speaks into the muted microphone.
    """

    levels: tuple[float, float] = (-120.0, -120.0)
    typed: str | None = None
    page: str = ""
    unheard: bool = False


class View:
    """Draws classes of one course; None: one of which only the events are known. heard: see `Outline`."""

    def __init__(self, course: Course | None = None, heard: Collection[tuple[int, int]] = ()) -> None:
        self._course = course
        self._outline = Outline(course, heard) if course else None

    def tell(self, event: LessonTold) -> None:
        """A topic is told in other words than the teacher's from here on."""
        if self._course and self._outline:
            lines = [(plain(text), about) for text, about in event.lines]
            self._course = self._outline.course = tell(self._course, event.module, event.topic, lines)

    def rows(self, model: Model, moment: Moment, width: int, height: int, *, ascii_only: bool = False) -> list[Text]:
        """All rows for a terminal of this size, one row shorter and each narrower than it."""
        width, height = max(1, width - 1), max(1, min(height - 1, MOST_ROWS))
        draw = self._wide if width >= WIDE and height >= TALL else self._narrow
        rows = [fit(row, width) for row in draw(model, moment, width, height)[-height:]]
        for row in rows:
            row.rstrip()
        rows += [Text(end="")] * (height - len(rows))
        if ascii_only:
            for row in rows:
                to_ascii(row).truncate(width, overflow="crop")  # a sign without a width has one now
        return rows

    def _wide(self, model: Model, moment: Moment, width: int, height: int) -> list[Text]:
        """A column for the outline, the lesson beside it, and below them all that goes on."""
        inner = width - 4
        below = [
            *talk(model, moment.typed, inner, min(_MOST_TALK, height // 5)),
            status(model, moment.levels, inner),
            calm(model, inner, unheard=moment.unheard),
        ]
        keys = foot(width, 2)
        tall = height - len(below) - len(keys) - 2
        column = max(30, min(44, width // 3))
        style = _frame_style(model)
        title, remark, text = self._text(model, moment, width - column - 4, tall - 2)
        outline: list[Text] = []
        if self._outline and model.place and self._outline.holds(model.place):
            outline = self._outline.column(model.place, model.heard, column - 4, tall - 2)
        outline += [Text()] * (tall - 2 - len(outline))
        left = pane(Text(model.title or "profai", "bold"), Text(), outline, column, QUIET)
        right = pane(title, Text(remark, QUIET), text, width - column, style)
        beside = [one.append_text(other) for one, other in zip(left, right, strict=True)]
        bottom = pane(Text("you and the tutor", QUIET), clock(model), below, width, QUIET)
        return [*beside, *bottom, *keys]

    def _narrow(self, model: Model, moment: Moment, width: int, height: int) -> list[Text]:
        """Two rows of header, and all else below each other."""
        is_short = height < TALL
        said = 0 if is_short and moment.page and moment.typed is None else 2 if is_short else _NARROW_TALK
        below = [
            *talk(model, moment.typed, width, said),
            status(model, moment.levels, width),
            calm(model, width, unheard=moment.unheard),
            *foot(width, 1 if is_short and width < NARROW else 2),
        ]
        tall = max(1, height - len(below) - 4)
        title, _, text = self._text(model, moment, width, tall)
        style = _frame_style(model)
        rule, upper = Text("─" * width, style), Text("─" * width, style)
        head = [
            ends(Text(model.title or "profai", "bold"), clock(model), width),
            self._where(model, width),
        ]
        if moment.page or _answers(model):
            named = fit(title, min(title.cell_len, width - 4))
            upper = Text.assemble(("── ", style), named, " ").append_text(rule)
            upper.truncate(width)
        return [*head, upper, *text, rule, *below]

    def _where(self, model: Model, width: int) -> Text:
        """The progress and the topic's title in one row."""
        if model.place is None:
            return Text()
        if not (self._outline and self._outline.holds(model.place)):
            return Text(_numbers(model), QUIET)
        done = progress(self._outline.done(model.place), max(12, width // 3))
        return done.append("  ").append(self._outline.title(*model.place[:2]), "bold")

    def _text(self, model: Model, moment: Moment, width: int, size: int) -> tuple[Text, str, list[Text]]:
        """Title, remark and rows of what covers the most room: the help, an answer, or the lesson."""
        match moment.page:
            case "help":
                return Text("keys", "bold"), "", help_rows(width, size)
            case "figures":
                return Text("figures of the last turn", "bold"), "", figures_rows(model, width, size)
        width = min(width, LONGEST_ROW)
        if _answers(model):
            return self._answer(model, width, size)
        return self._lesson(model, width, size)

    def _answer(self, model: Model, width: int, size: int) -> tuple[Text, str, list[Text]]:
        """The answer so far, and where there is room the lesson below it."""
        line = model.line
        assert line
        title = Text.assemble((_AT_LARGE[line.kind], "bold"), (f" from {line.source}" if line.source else "", QUIET))
        answer = model.exchanges.last.answer if model.exchanges.last else []
        rows = _page(answer, width)
        spot = Spot(len(answer) - 1, line.heard, model.state in _MOVING)
        own = size if size < ROOM_FOR_BOTH else min(len(rows), size // 2)
        shown = window(rows, spot, own)
        if own == size:
            return title, "", shown
        lesson, _, below = self._lesson(model, width, size - own - 2)
        return title, "", [*shown, Text(), Text.assemble(("── ", QUIET), lesson, (" ──", QUIET)), *below]

    def _lesson(self, model: Model, width: int, size: int) -> tuple[Text, str, list[Text]]:
        """The topic's text around the place."""
        line, place, moving = model.line, model.place, model.state in _MOVING
        if place is None:
            return Text("lesson", "bold"), "", [Text()] * size
        if self._course and self._outline and self._outline.holds(place):
            sentences = self._course.modules[place[0]].topics[place[1]].sentences
            title = Text(self._outline.title(*place[:2]), "bold")
            spot = _spot(model, sentences, moving=moving)
            return title, f"{place[2] + 1} of {len(sentences)}", window(page(sentences, width), spot, size)
        rows = _page([line.text] if line else [], width)
        return Text(_numbers(model), "bold"), "", window(rows, Spot(0, line.heard if line else 0, moving), size)


def _page(texts: Sequence[str], width: int) -> tuple[Row, ...]:
    """What is not of the lesson, as one paragraph."""
    return page(tuple(Sentence(text, (0,), SENTENCE_PAUSE) for text in texts), width)


def _spot(model: Model, sentences: tuple[Sentence, ...], *, moving: bool) -> Spot:
    """Where the lesson is: within the sentence that sounds, or at the place where it will go on."""
    assert model.place
    line, (_, _, number, phrase) = model.line, model.place
    heard = sentences[number].phrases[phrase]
    sounds = line is not None and line.place == model.place
    return Spot(number, heard + (line.heard if line and sounds else 0), moving and sounds)


def _answers(model: Model) -> bool:
    return model.line is not None and model.line.kind in _AT_LARGE


def _frame_style(model: Model) -> str:
    return STATES.get(model.state, QUIET)


def _numbers(model: Model) -> str:
    assert model.place
    module, topic, sentence, _ = model.place
    return f"module {module + 1} of {model.modules}, topic {topic + 1}, sentence {sentence + 1}"

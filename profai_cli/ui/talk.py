"""What learner and tutor said last: questions with their answers, and the words that are just coming. Pure.

A row begins with who speaks; words that may still change end with dots, so that no colour is needed to tell them.
"""

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from profai_cli.ui.cells import widest
from profai_cli.ui.exchanges import Exchange
from profai_cli.ui.lesson_text import Spot, folded, said
from profai_cli.ui.look import QUIET
from profai_cli.ui.model import Model

CURSOR: Final = "█"
DOTS: Final = " …"
"""After words that may still change."""

SPEAK: Final = "(speak at any time, or type)"
ASK: Final = "(type a question at any time)"
"""Before the first word."""

_LABEL: Final = 7
OLDER: Final = 2
"""Rows of an older exchange: one who speaks has one."""


def talk(model: Model, typed: str | None, width: int, rows: int) -> list[Text]:
    """`rows` rows, the newest at the end. typed: the line so far; None where nobody types."""
    room = max(1, width - _LABEL)
    coming = list(_coming(model, typed, room, rows))[-rows:]
    left = rows - len(coming)
    exchanges = list(model.exchanges)
    shown: list[Text] = []
    if exchanges and left:
        answers = model.line is not None and model.line.kind in ("answer", "check")  # it is shown at large
        older = [list(_exchange(each, room, OLDER)) for each in exchanges[:-1]]
        reserved = min(sum(map(len, older)), (left - OLDER) // OLDER * OLDER)
        shown = list(_exchange(exchanges[-1], room, left - max(0, reserved), answered=not answers))
        for lines in reversed(older):
            if len(lines) + len(shown) > left:
                break
            shown = [*lines, *shown]
    together = [*shown, *coming] or [_labelled("you", Text(SPEAK if model.listens else ASK, QUIET))][:rows]
    return together + [Text()] * (rows - len(together))


def _exchange(exchange: Exchange, room: int, rows: int, *, answered: bool = True) -> Iterator[Text]:
    """The question and its answer in at most so many rows; the question leaves half of them."""
    asked = list(_spoken("you", exchange.asked, "bold", room, max(1, rows // 2))) if exchange.asked else []
    yield from asked
    if answered and exchange.answer and rows > len(asked):
        yield from _spoken("tutor", " ".join(exchange.answer), "", room, rows - len(asked))


def _coming(model: Model, typed: str | None, room: int, rows: int) -> Iterator[Text]:
    """What is being said or typed just now."""
    if typed is not None:
        line = (_tail(typed, max(1, room - 1), 1) or [""])[0]
        yield _labelled("type", Text.assemble(line, (CURSOR, "blink")))
    elif model.partial:
        tail = _tail(model.partial, max(1, room - len(DOTS)), min(2, rows))
        for number, part in enumerate(tail):
            dots = DOTS if number == len(tail) - 1 else ""
            yield _labelled("" if number else "you", Text(part + dots, "italic dim"))
    elif model.line and model.line.kind == "bridge":
        yield _labelled("tutor", said(model.line.text, Spot(0, model.line.heard)))


def _spoken(label: str, words: str, style: str, room: int, most: int) -> Iterator[Text]:
    """The first rows of what was said; dots stand for the rest."""
    lines = folded(words, room)
    for number, line in enumerate(lines[:most]):
        text = Text(line, style)
        if number == most - 1 and len(lines) > most:
            text.append(DOTS)
            text.truncate(room, overflow="ellipsis")
        yield _labelled("" if number else label, text)


def _labelled(label: str, text: Text) -> Text:
    return Text.assemble((f"{label:<{_LABEL}}", QUIET), text)


def _tail(words: str, room: int, rows: int) -> list[str]:
    """The last rows of the words; where there is one, blanks at its end count."""
    end = words[-4 * room * rows :]
    if rows == 1:
        return [_end(end, room)] if end else []
    return list(folded(end, room)[-rows:])


def _end(words: str, room: int) -> str:
    """As many of the last words as fit; of a longer word its end."""
    while widest(words) > room:
        _, blank, rest = words.rstrip().partition(" ")
        words = words[-len(rest) :] if blank and rest else words[1:]
    return words

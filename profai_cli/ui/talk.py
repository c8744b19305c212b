"""The learner's words: what is being typed, said, or was said last; and what the tutor says beside the lesson. Pure."""

import re
from typing import Final

from rich.cells import cell_len
from rich.text import Text

from profai_cli.ui.lesson_text import Piece, Spot, said, wrapped
from profai_cli.ui.look import QUIET
from profai_cli.ui.model import Model

CURSOR: Final = "█"
_LABEL: Final = 7


def talk(model: Model, typed: str | None, width: int, rows: int) -> list[Text]:
    """`rows` rows. typed: the line so far; None where nobody types. Of what is long the end is shown."""
    room = max(1, width - _LABEL)
    other = _typed(typed, room) if typed is not None else _bridge(model)
    if other and rows == 1:
        return [other]
    words, style = (model.partial, "italic dim") if model.partial else (model.final, "bold")
    mine = rows - bool(other)
    lines = _tail(words, room, mine) or [""]
    shown = [_labelled("" if number else "you", Text(line, style)) for number, line in enumerate(lines)]
    shown += [other] if other else []
    return shown + [Text()] * (rows - len(shown))


def _typed(typed: str, room: int) -> Text:
    line = (_tail(typed, max(1, room - 1), 1) or [""])[0]
    return _labelled("type", Text.assemble(line, (CURSOR, "blink")))


def _bridge(model: Model) -> Text | None:
    line = model.line
    if line is None or line.kind != "bridge":
        return None
    return _labelled("tutor", said(line.text, Spot(0, line.heard)))


def _labelled(label: str, text: Text) -> Text:
    return Text.assemble((f"{label:<{_LABEL}}", QUIET), text)


def _tail(words: str, room: int, rows: int) -> list[str]:
    """The last rows of the words; blanks at the end of a typed line count."""
    end = words[-4 * room * rows :]
    if rows == 1:
        return [_end(end, room)] if end else []
    pieces = (Piece(0, match.start(), match[0]) for match in re.finditer(r"\S+\s*$|\S+", end))
    return [" ".join(piece.text for piece in line) for line in wrapped(pieces, room)][-rows:]


def _end(words: str, room: int) -> str:
    """As many of the last words as fit; of a longer word its end."""
    while cell_len(words) > room:
        _, blank, rest = words.rstrip().partition(" ")
        words = words[-len(rest) :] if blank and rest else words[1:]
    return words

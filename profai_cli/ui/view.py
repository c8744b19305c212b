"""The picture of a class: from the model to lines of text for a terminal of a given size. Pure.

Texts go in as `rich.text.Text`, never as markup.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.text import Text

from profai_cli.events import EchoMeasured
from profai_cli.ui.meter import meter
from profai_cli.ui.model import Line, Model

FOOTER: Final = "say: stop · pause · go on · repeat · next topic · quit, or type a question"
_LOOKS: Final = {"teaching": "green", "answering": "cyan", "listening": "yellow", "held": "yellow"}
_METERS: Final = {"microphone": "microphone", "speaker": "voice"}
"""What a meter is called, by the kind of device."""
_METER_CELLS: Final = 8
_MOST_LINES: Final = 6
_FRAME_LINES: Final = 9  # all but the sentence, where the footer takes two


@dataclass(frozen=True, slots=True)
class Outline:
    """The titles of a course, in its order: of a module, and of the topics in it."""

    module: str
    topics: tuple[str, ...]


def picture(
    model: Model, console: Console, outline: Sequence[Outline], levels: tuple[float, float], typed: str
) -> Text:
    """All lines of the screen, as many as always for this size. levels: microphone and speaker, dBFS."""
    width, height = console.size
    ascii_only = console.options.ascii_only
    body = min(_MOST_LINES, max(1, height - _FRAME_LINES - 1))
    lines = [
        *_header(model, outline, width),
        Text(),
        *_window(model.line, console, width, body),
        Text(),
        _learner(model, console, width, typed),
        _status(model, levels, width, ascii_only=ascii_only),
        _engines(model),
        *Text(FOOTER if not ascii_only else FOOTER.replace("·", "|"), "dim").wrap(console, width),
    ]
    for line in lines:
        line.truncate(width, overflow="ellipsis" if not ascii_only else "crop")
        line.no_wrap = True
    return Text("\n", no_wrap=True, overflow="crop").join(lines)


def sentence(line: Line) -> Text:
    """The sentence: what was heard is dim, the word that sounds is marked."""
    text = Text(line.text)
    word = next((m for m in re.finditer(r"\S+", line.text) if m.end() > line.heard), None)
    text.stylize("dim", 0, word.start() if word else len(line.text))
    if word:
        text.stylize("bold reverse", word.start(), word.end())
    return text


def _header(model: Model, outline: Sequence[Outline], width: int) -> tuple[Text, Text]:
    clock = f"{int(model.t) // 60}:{int(model.t) % 60:02}"
    title = Text(model.title or "profai", "bold")
    title.truncate(max(1, width - len(clock) - 1), overflow="ellipsis", pad=True)
    return Text.assemble(title, " ", (clock, "dim")), Text(_where(model, outline), "dim")


def _where(model: Model, outline: Sequence[Outline]) -> str:
    if model.place is None:
        return ""
    module, topic, at, _ = model.place
    if module >= len(outline) or topic >= len(outline[module].topics):
        return f"module {module + 1} of {model.modules}, topic {topic + 1}, sentence {at + 1}"
    before = sum(len(each.topics) for each in outline[:module]) + topic
    percent = round(100 * before / sum(len(each.topics) for each in outline))
    here = outline[module]
    return f"{percent}% | {module + 1} {here.module} | {module + 1}.{topic + 1} {here.topics[topic]}"


def _window(line: Line | None, console: Console, width: int, size: int) -> list[Text]:
    """`size` lines of the sentence, around the word that sounds."""
    if line is None:
        return [Text()] * size
    lines = list(sentence(line).wrap(console, width))
    heard = len(Text(line.text[: line.heard + 1]).wrap(console, width)) - 1
    first = max(0, min(heard - size // 2, len(lines) - size))
    return [*lines[first : first + size], *[Text() for _ in range(size - len(lines))]]


def _learner(model: Model, console: Console, width: int, typed: str) -> Text:
    """One line: what is being typed, or said, or was said last; the end of it, where it is long."""
    text, style = (typed, "") if typed else (model.partial, "dim italic") if model.partial else (model.final, "bold")
    label = "type: " if typed else "you: "
    tail = list(Text(text, style).wrap(console, max(1, width - len(label))))[-1:]
    return Text.assemble((label, "dim"), *tail)


def _status(model: Model, levels: tuple[float, float], width: int, *, ascii_only: bool) -> Text:
    text = Text.assemble((f"{model.state:<10}", f"bold {_LOOKS.get(model.state, '')}"))
    for (device, name), level in zip(_METERS.items(), levels, strict=True):
        text.append(f"  {name} ", "dim")
        if device in model.missing:
            text.append(f"{'missing':<{_METER_CELLS}}", "bold red")
        else:
            text.append(meter(level, _METER_CELLS, "green", ascii_only=ascii_only))
    if model.gaps.count:
        text.append(f"  gaps {model.gaps.count}", "yellow")
    if model.echo and not model.missing:
        text.append(_echo(model.echo, width - text.cell_len), "dim")
    return text


def _echo(echo: EchoMeasured, room: int) -> str:
    """What is taken away of the echo, and of what level, as far as there is room for it."""
    taken = f"  echo {-round(echo.erle_db)} dB"
    texts = (f"{taken} of {echo.echo_dbfs:.0f} dBFS", taken) if echo.settled else ("  learning the room",)
    return next((text for text in texts if len(text) <= room), "")


def _engines(model: Model) -> Text:
    engines = f"ear: {model.recogniser or 'none'}, voice: {model.voice or 'none'}, answers: {model.answerer or 'none'}"
    return Text.assemble((engines, "dim"), (f"  {model.fault}" if model.fault else "", "red"))

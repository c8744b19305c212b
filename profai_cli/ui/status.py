"""What the tutor and the machines do: a row for state, levels and sound, and a calm one for the engines. Pure."""

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from profai_cli.ui.look import FAULT, QUIET, STATES, WARNING
from profai_cli.ui.measures import END_TO_END
from profai_cli.ui.meter import meter
from profai_cli.ui.model import Model
from profai_cli.ui.parts import Engine
from profai_cli.ui.unheard import HINT

FRESH: Final = 20.0
"""Seconds for which a fault stands where the engines do."""

LOADING: Final = "loading the recogniser"
DEAF: Final = "no recogniser, you can type"

_LIGHTS: Final = {
    "silent": ("○", QUIET),
    "started": ("◐", WARNING),
    "confirmed": ("●", "bold green"),
}
_GAP: Final = 2
_METER_CELLS: Final = (16, 12, 8, 6)
"""As there is room."""


def state(model: Model) -> Text:
    """The tutor's state in word and colour; the word is as readable as all others."""
    look = STATES.get(model.state, "")
    return Text.assemble(("● ", look), (f"{model.state:<9}", QUIET if look == QUIET else "bold"))


def status(model: Model, levels: tuple[float, float], width: int) -> Text:
    """State, meters and voice light, and of the rest as much as there is room for."""
    rest = list(_rest(model))
    for cells in _METER_CELLS:
        row = _meters(model, levels, cells)
        if row.cell_len + sum(text.cell_len + _GAP for text in rest) <= width:
            break
    for text in rest:
        if row.cell_len + _GAP + text.cell_len <= width:
            row.append(" " * _GAP).append_text(text)
    return row


def _meters(model: Model, levels: tuple[float, float], cells: int) -> Text:
    sign, style = _LIGHTS[model.light]
    row = Text.assemble(state(model), "  ", ("mic ", QUIET))
    if "microphone" in model.missing:
        row.append(f"{'missing':<{cells + 2}}", FAULT)
    elif model.muted:
        row.append(f"{'muted':<{cells + 2}}", FAULT)
    else:
        row.append_text(meter(levels[0], cells, "green", ascii_only=False)).append(" ").append(sign, style)
    row.append("  speaker ", QUIET)
    if "speaker" in model.missing:
        return row.append(f"{'missing':<{cells}}", FAULT)
    return row.append_text(meter(levels[1], cells, "cyan", ascii_only=False))


def clock(model: Model) -> Text:
    """The class's time; before it whether it is recorded, and speed and volume where they are not the voice's own."""
    row = Text()
    if model.recorded:
        row.append("rec  ", FAULT)
    if model.speed != 1.0:
        row.append(f"speed {model.speed:.3g}  ")
    if model.volume != 1.0:
        row.append(f"volume {model.volume:.0%}  ")
    return row.append(f"{int(model.t) // 60}:{int(model.t) % 60:02}", QUIET)


def _rest(model: Model) -> Iterator[Text]:
    """Lost samples, the canceller's state, and how soon the last answer came, the most urgent first."""
    if gaps := model.gaps.count:
        counted = "1 gap" if gaps == 1 else f"{gaps} gaps"
        yield Text.assemble(("! ", WARNING), (counted, "bold")) if model.gaps.warn else Text(counted, QUIET)
    if model.echo and not model.missing:
        yield Text("echo cancelled" if model.echo.settled else "learning the room", QUIET)
    if (answered := model.figures.get(END_TO_END)) is not None:
        yield Text(f"answered in {answered / 1000:.1f} s", QUIET)


def calm(model: Model, width: int, *, unheard: bool) -> Text:
    """Who listens, speaks and answers, and for whom; what went wrong, which is all for a while where room is small.

    unheard: somebody speaks into the muted microphone.
    """
    if unheard:
        return Text(HINT, FAULT)
    row = Text()
    for part in _engines(model):
        row.append(" · " if row else "", QUIET).append_text(part)
    if not model.fault:
        return row
    fault = Text(model.fault, FAULT)
    is_fresh = model.missing or model.t - model.fault_t < FRESH
    if is_fresh and row.cell_len + _GAP + fault.cell_len > width:
        return fault
    return row.append(" " * _GAP).append_text(fault)


def _engines(model: Model) -> Iterator[Text]:
    if model.loading:
        yield Text(LOADING, QUIET)
    elif model.recogniser.name:
        yield _engine("ear", model.recogniser)
    elif model.listens:
        yield Text(DEAF, "bold")
    yield _engine("voice", model.voice)
    yield _engine("answers", model.answerer)


def _engine(what: str, engine: Engine) -> Text:
    text = Text(f"{what} {engine.name or 'none'}", QUIET)
    return text.append(f" for {engine.wanted}", "bold") if engine.wanted and engine.name else text

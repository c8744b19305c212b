"""What the tutor and the machines do: state, levels, engines, and the figures of the last turn, a row each. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.text import Text

from profai_cli.ui.look import FAULT, KEY, QUIET, STATES, WARNING
from profai_cli.ui.meter import meter
from profai_cli.ui.model import Engine, Model

FRESH: Final = 20.0
"""Seconds for which a fault stands where the engines do."""

_LIGHTS: Final = {
    "silent": ("○", QUIET),
    "started": ("◐", WARNING),
    "confirmed": ("●", "bold green"),
}
_GAP: Final = 2
_METER_CELLS: Final = (16, 12, 8, 6)
"""As there is room."""

_FIGURES: Final = (
    ("barge_in_ms", "barge-in", "barge-in"),
    ("first_partial_ms", "first partial", "partial"),
    ("first_token_ms", "first token", "token"),
    ("first_sample_ms", "first sample", "sample"),
    ("end_to_end_ms", "end to end", "all"),
)
"""Figure, its name, and its short name."""


def state(model: Model) -> Text:
    """The tutor's state in word and colour."""
    look = STATES.get(model.state, "")
    return Text.assemble((f"● {model.state:<9}", f"bold {look}" if look != QUIET else QUIET))


def status(model: Model, levels: tuple[float, float], width: int) -> Text:
    """State, meters and voice light, and of the rest as much as there is room for."""
    rest = list(_sound(model))
    for cells in _METER_CELLS:
        row = _meters(model, levels, cells)
        if row.cell_len + sum(longest.cell_len + _GAP for longest, *_ in rest) <= width:
            break
    for texts in rest:
        fitting = next((text for text in texts if row.cell_len + _GAP + text.cell_len <= width), None)
        if fitting:
            row.append(" " * _GAP).append_text(fitting)
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


def _sound(model: Model) -> Iterator[Sequence[Text]]:
    """Lost samples, and what the canceller takes away of the echo; the longer text first, where there are two."""
    if model.gaps.count:
        yield (Text(f"gaps {model.gaps.count}", WARNING),)
    echo = model.echo
    if echo is None or model.missing:
        return
    if not echo.settled:
        yield (Text("learning the room", QUIET),)
        return
    taken = f"echo {-round(echo.erle_db)} dB"
    yield Text(f"{taken} of {echo.echo_dbfs:.0f} dBFS", QUIET), Text(taken, QUIET)


def engines(model: Model, width: int) -> Text:
    """Who listens, speaks and answers, and for whom; the newest fault, which is all for a while where room is small."""
    row = Text(" · ", QUIET).join(
        _engine(name, engine)
        for name, engine in (("ear", model.recogniser), ("voice", model.voice), ("answers", model.answerer))
    )
    if not model.fault:
        return row
    fault = Text(model.fault, FAULT)
    is_fresh = model.missing or model.t - model.fault_t < FRESH
    if is_fresh and row.cell_len + 2 + fault.cell_len > width:
        return fault
    return row.append("  ").append_text(fault)


def _engine(what: str, engine: Engine) -> Text:
    text = Text.assemble((f"{what} ", QUIET), (engine.name or "none", WARNING if engine.wanted else ""))
    return text.append(f" for {engine.wanted}", WARNING) if engine.wanted and engine.name else text


def turn(model: Model, width: int) -> Text:
    """The figures of the last turn, ms; empty before the first."""
    known = [(model.figures[figure], names) for figure, *names in _FIGURES if figure in model.figures]
    row = Text()
    for short in (0, 1):
        parts = [Text.assemble((f"{names[short]} ", QUIET), (f"{value:.0f}", KEY)) for value, names in known]
        row = Text.assemble(("" if short else "last turn  ", QUIET), Text("  ").join(parts), (" ms", QUIET))
        if row.cell_len <= width:
            break
    return row if known else Text()

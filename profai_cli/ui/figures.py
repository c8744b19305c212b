"""The figures behind a key: the last turn's, the sound's, and who does the work. Pure."""

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from profai_cli.ui.look import KEY, QUIET, fit
from profai_cli.ui.measures import MEASURES
from profai_cli.ui.model import Model

_LABEL: Final = 15
_VALUE: Final = 8
NONE_YET: Final = "No turn was measured yet: ask something aloud."


def figures_rows(model: Model, width: int, height: int) -> list[Text]:
    """`height` rows: those that matter most first."""
    turn, sound = list(_turn(model)), list(_sound(model))
    rows = [*turn, *([Text()] if len(turn) + len(sound) < height else []), *sound]
    return [*(fit(row, width) for row in rows[:height]), *([Text()] * (height - len(rows)))]


def _turn(model: Model) -> Iterator[Text]:
    if not model.figures:
        yield Text(NONE_YET, QUIET)
    for measure in MEASURES:
        if measure.figure in model.figures:
            value = f"{model.figures[measure.figure]:.0f} ms"
            yield Text.assemble(f"{measure.name:<{_LABEL}}", (f"{value:>{_VALUE}}", KEY), (f"  {measure.words}", QUIET))


def _sound(model: Model) -> Iterator[Text]:
    echo = model.echo
    if echo is None:
        yield _row("echo", "none is cancelled", "")
    elif not echo.settled:
        yield _row("echo", "learning the room", f"{echo.echo_dbfs:.0f} dBFS at the microphone")
    else:
        yield _row("echo", f"-{echo.erle_db:.0f} dB", f"of {echo.echo_dbfs:.0f} dBFS at the microphone")
    yield _row("gaps", f"{model.gaps.count}", "times the sound was interrupted")
    yield _row("voice", f"{model.speed:.3g} x", f"its own speed, {model.volume:.0%} of its volume")


def _row(label: str, value: str, words: str) -> Text:
    return Text.assemble(f"{label:<{_LABEL}}", (f"{value:>{_VALUE}}", KEY), (f"  {words}", QUIET))

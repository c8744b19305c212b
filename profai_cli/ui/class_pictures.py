"""The pictures of a class's report, drawn by Matplotlib as SVG. No text from outside is in them."""

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from profai_cli.errors import InputError
from profai_cli.ui.class_record import SPEAKERS, Exchange, Span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MISSING: Final = "The report needs Matplotlib and Jinja: install them with 'pip install \"profai[report]\"'."

_WIDTH: Final = 9.0
"""Inches."""
_ROW_SECONDS: Final = 300.0
"""Of a class in one row of the timeline; a shorter class fills its only row."""
_NAMES: Final = {"learner": "You", "lesson": "Lesson", "answer": "Answers"}
_COLOURS: Final = {"learner": "#E69F00", "lesson": "#0072B2", "answer": "#009E73"}
"""Of Okabe and Ito, "Color Universal Design" (2008): people with any colour vision tell them apart."""

WAIT: Final = {
    "end_of_turn_ms": ("until the question was clear", "#999999"),
    "first_token_ms": ("until the answer's first words", "#56B4E9"),
    "first_sample_ms": ("until they sounded", "#009E73"),
}
"""The parts of the wait between the learner's last sound and the tutor's first; colours as above."""

REACTION: Final = {
    "barge_in_ms": ("until the tutor fell silent", "#D55E00", "o"),
    "first_partial_ms": ("until your first words were recognised", "#CC79A7", "s"),
}


def timeline(spans: Sequence[Span], seconds: float) -> str:
    """Who spoke when."""
    rows = max(1, math.ceil(seconds / _ROW_SECONDS))
    length = seconds if rows == 1 else _ROW_SECONDS
    figure = _figure(0.9 + 0.95 * rows)
    for row, axes in enumerate(figure.subplots(rows, squeeze=False)[:, 0]):
        first = row * length
        shown = [span for span in spans if span.end > first and span.begin < first + length]
        for lane, speaker in enumerate(SPEAKERS):
            bars = [(span.begin, span.end - span.begin) for span in shown if span.speaker == speaker]
            axes.broken_barh(bars, (lane - 0.4, 0.8), color=_COLOURS[speaker])
        axes.set_xlim(first, first + max(length, 1.0))
        axes.set_ylim(len(SPEAKERS) - 0.5, -0.5)
        axes.set_yticks(range(len(SPEAKERS)), [_NAMES[speaker] for speaker in SPEAKERS])
        axes.set_xticks([first + tick for tick in range(0, math.floor(length) + 1, _step(length))])
        axes.xaxis.set_major_formatter(lambda t, _position: clock(t))
        _tidy(axes)
    return _svg(figure)


def waits(exchanges: Sequence[Exchange]) -> str:
    """From the learner's last sound to the tutor's first, question by question, and its parts."""
    figure = _figure(1.2 + 0.32 * len(exchanges))
    axes = figure.subplots()
    lanes = range(len(exchanges))
    begins = [0.0] * len(exchanges)
    for name, (label, colour) in WAIT.items():
        lengths = [exchange.figures.get(name, 0.0) for exchange in exchanges]
        axes.barh(lanes, lengths, left=begins, color=colour, label=label, height=0.7)
        begins = [begin + length for begin, length in zip(begins, lengths, strict=True)]
    for lane, end in zip(lanes, begins, strict=True):
        axes.annotate(f" {end:.0f}", (end, lane), va="center", fontsize=8)
    _by_question(axes, exchanges)
    return _svg(figure)


def reactions(exchanges: Sequence[Exchange]) -> str:
    """From the learner's first sound to what it caused, question by question."""
    figure = _figure(1.2 + 0.32 * len(exchanges))
    axes = figure.subplots()
    for name, (label, colour, marker) in REACTION.items():
        known = [(exchange.figures[name], lane) for lane, exchange in enumerate(exchanges) if name in exchange.figures]
        values, lanes = [value for value, _ in known], [lane for _, lane in known]
        axes.plot(values, lanes, marker, color=colour, label=label)
    _by_question(axes, exchanges)
    return _svg(figure)


def clock(t: float) -> str:
    """A media time as minutes and seconds, with hours where there are any."""
    minutes, seconds = divmod(round(t), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _step(seconds: float) -> int:
    """Round seconds between the ticks of an axis this long."""
    return next((step for step in (1, 2, 5, 10, 15) if seconds <= 10 * step), 30)


def _by_question(axes: "Axes", exchanges: Sequence[Exchange]) -> None:
    axes.set_xlim(left=0)
    axes.set_ylim(len(exchanges) - 0.5, -0.5)
    axes.set_yticks(range(len(exchanges)), [f"question {number}" for number in range(1, len(exchanges) + 1)])
    axes.set_xlabel("milliseconds")
    axes.margins(x=0.1)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=8)
    _tidy(axes)


def _tidy(axes: "Axes") -> None:
    axes.grid(axis="x", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _figure(height: float) -> "Figure":
    """An empty picture. Raises InputError where Matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an extra, and 1 s
    except ImportError:
        raise InputError(MISSING) from None
    return Figure(figsize=(_WIDTH, height), layout="constrained")


def _svg(figure: "Figure") -> str:
    """The same picture gives the same bytes: without the date and with its own names for its parts."""
    from matplotlib import rc_context  # noqa: PLC0415 - as above

    picture = io.StringIO()
    with rc_context({"svg.hashsalt": "profai", "svg.fonttype": "none", "font.family": "sans-serif"}):
        figure.savefig(picture, format="svg", metadata={"Date": None})
    return picture.getvalue()

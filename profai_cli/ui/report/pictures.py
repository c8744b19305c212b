"""The pictures of a report, drawn by Matplotlib as SVG. No text from outside is in them."""

import io
import logging
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from profai_cli.errors import InputError
from profai_cli.ui.measures import MEASURES
from profai_cli.ui.report.parts import SPEAKERS, Exchange, Span

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MISSING: Final = "The report needs Matplotlib and Jinja: install them with 'pip install \"profai[report]\"'."

_WIDTH: Final = 9.0
"""Inches."""
_ROW_SECONDS: Final = 300.0
"""Of a class in one row of the timeline; a shorter class fills its only row, a long one has longer rows."""
_MOST_ROWS: Final = 12
_APART: Final = 1 / 1500
"""Of a row: bars that are closer cannot be told apart, and become one."""
_LANE: Final = 0.32
_TALLEST: Final = 9.0
"""Inches of a question, and of all of them at most: of many, every bar is thinner, and only some have a label."""
_MOST_LABELS: Final = 28
_NAMES: Final = {"learner": "You", "lesson": "Lesson", "answer": "Answers"}
_COLOURS: Final = {"learner": "#E69F00", "lesson": "#0072B2", "answer": "#009E73"}
"""Of Okabe and Ito, "Color Universal Design" (2008): people with any colour vision tell them apart."""

WORDS: Final = {measure.figure: measure.words for measure in MEASURES}
"""What each figure is, in the order of a table."""

_WAIT: Final = {"end_of_turn_ms": "#999999", "first_token_ms": "#56B4E9", "first_sample_ms": "#009E73"}
"""The parts of the wait between the learner's last sound and the tutor's first, with colours as above."""

REACTION: Final = {"barge_in_ms": ("#D55E00", "o"), "first_partial_ms": ("#CC79A7", "s")}


def timeline(spans: Sequence[Span], seconds: float) -> str:
    """Who spoke when."""
    length = max(_ROW_SECONDS, math.ceil(seconds / _MOST_ROWS / 60) * 60)
    rows = max(1, math.ceil(seconds / length))
    if rows == 1:
        length = max(seconds, 1.0)
    figure = _figure(0.9 + 0.95 * rows)
    for row, axes in enumerate(figure.subplots(rows, squeeze=False)[:, 0]):
        first = row * length
        shown = [span for span in spans if span.end > first and span.begin < first + length]
        for lane, speaker in enumerate(SPEAKERS):
            bars = _bars([span for span in shown if span.speaker == speaker], length * _APART)
            axes.broken_barh(bars, (lane - 0.4, 0.8), color=_COLOURS[speaker])
        axes.set_xlim(first, first + length)
        axes.set_ylim(len(SPEAKERS) - 0.5, -0.5)
        axes.set_yticks(range(len(SPEAKERS)), [_NAMES[speaker] for speaker in SPEAKERS])
        axes.set_xticks([first + tick for tick in range(0, math.floor(length) + 1, _step(length))])
        axes.xaxis.set_major_formatter(lambda t, _position: clock(t))
        _tidy(axes)
    return _svg(figure)


def _bars(spans: Iterable[Span], apart: float) -> list[tuple[float, float]]:
    """Begin and length of each; those that are less than `apart` seconds apart are one. spans: in their order."""
    bars: list[tuple[float, float]] = []
    for span in spans:
        if bars and span.begin - sum(bars[-1]) < apart:
            bars[-1] = (bars[-1][0], max(span.end, sum(bars[-1])) - bars[-1][0])
        else:
            bars.append((span.begin, span.end - span.begin))
    return bars


def waits(questions: Sequence[Exchange]) -> str:
    """From the learner's last sound to the tutor's first, question by question, and its parts."""
    figure, axes = _by_question(questions)
    lanes = range(len(questions))
    begins = [0.0] * len(questions)
    for name, colour in _WAIT.items():
        lengths = [question.figures.get(name, 0.0) for question in questions]
        axes.barh(lanes, lengths, left=begins, color=colour, label=WORDS[name], height=0.7)
        begins = [begin + length for begin, length in zip(begins, lengths, strict=True)]
    if len(questions) <= _MOST_LABELS:
        for lane, end in zip(lanes, begins, strict=True):
            axes.annotate(f" {end:.0f}", (end, lane), va="center", fontsize=8)
    return _finished(figure, axes)


def reactions(questions: Sequence[Exchange]) -> str:
    """From the learner's first sound to what it caused, question by question."""
    figure, axes = _by_question(questions)
    for name, (colour, marker) in REACTION.items():
        known = [(question.figures[name], lane) for lane, question in enumerate(questions) if name in question.figures]
        values, lanes = [value for value, _ in known], [lane for _, lane in known]
        axes.plot(values, lanes, marker, color=colour, label=WORDS[name])
    return _finished(figure, axes)


def _by_question(questions: Sequence[Exchange]) -> "tuple[Figure, Axes]":
    """An empty picture with a lane for each question."""
    many = len(questions)
    figure = _figure(1.2 + min(_LANE * many, _TALLEST))
    axes = figure.subplots()
    axes.set_ylim(many - 0.5, -0.5)
    lanes = range(0, many, math.ceil(many / _MOST_LABELS))
    axes.set_yticks(lanes, [f"question {questions[lane].number}" for lane in lanes])
    axes.set_xlabel("milliseconds")
    return figure, axes


def _finished(figure: "Figure", axes: "Axes") -> str:
    axes.margins(x=0.1)
    axes.set_xlim(left=0)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, fontsize=8)
    _tidy(axes)
    return _svg(figure)


def clock(t: float) -> str:
    """A media time as minutes and seconds, with hours where there are any."""
    minutes, seconds = divmod(round(t), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _step(seconds: float) -> int:
    """Round seconds between the ticks of an axis this long."""
    return next((step for step in (1, 2, 5, 10, 15, 30, 60) if seconds <= 10 * step), 300)


def _tidy(axes: "Axes") -> None:
    axes.grid(axis="x", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _figure(height: float) -> "Figure":
    """An empty picture. Raises InputError where Matplotlib is not installed.

    Where Matplotlib cannot keep a list of fonts, it makes one each time; a learner need not be told.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
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

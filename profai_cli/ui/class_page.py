"""The report of a class as one HTML page that needs nothing else and asks nobody for anything.

A Content-Security-Policy in the page itself forbids every request and every script. All text from outside is escaped
by the template engine.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from profai_cli import __version__
from profai_cli.errors import InputError
from profai_cli.lesson.plain import plain
from profai_cli.ui.class_pictures import MISSING, REACTION, WAIT, clock, reactions, timeline, waits
from profai_cli.ui.class_record import Exchange, Record, Taught

FIGURES: Final = (*REACTION, *WAIT, "end_to_end_ms")
"""Columns of the table."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the record of a class does not tell of itself.

    title: of a topic by its module and its number, from 0. sounds: of each exchange, as MP3; empty where there is none.
    """

    learner: str
    language: str
    interruptions: int
    title: Callable[[int, int], str]
    sounds: Sequence[bytes]


def class_page(record: Record, page: Page) -> str:
    """The page. Raises InputError where what draws it is not installed."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - an extra, like Matplotlib
    except ImportError:
        raise InputError(MISSING) from None
    environment = Environment(
        loader=PackageLoader("profai_cli.ui", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "clock": clock,
        "sources": _sources,
        "title": lambda taught: plain(_title(page, taught)),
    }
    asked = record.exchanges
    measured = any(exchange.figures for exchange in asked)
    reacted = any(name in exchange.figures for exchange in asked for name in REACTION)
    return environment.get_template("class_page.html").render(
        record=record,
        date=record.date.replace("T", " ")[:16],
        learner=plain(page.learner),
        language=plain(page.language),
        interruptions=page.interruptions,
        sounds=[_data("audio/mpeg", sound) if sound else "" for sound in page.sounds],
        timeline=_picture(timeline(record.spans, record.seconds)),
        waits=_picture(waits(asked)) if measured else "",
        reactions=_picture(reactions(asked)) if reacted else "",
        figures=FIGURES,
        version=__version__,
    )


def _title(page: Page, taught: Taught) -> str:
    return page.title(taught.module, taught.topic)


def _sources(exchange: Exchange) -> list[str]:
    """The topics an answer is from, each once."""
    return list(dict.fromkeys(sentence.source for sentence in exchange.sentences if sentence.source))


def _picture(svg: str) -> str:
    return _data("image/svg+xml", svg.encode())


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"

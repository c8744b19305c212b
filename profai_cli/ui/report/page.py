"""The report of a class as one HTML page that needs nothing else and asks nobody for anything.

A Content-Security-Policy in the page itself forbids every request and every script. All text from outside is escaped
by the template engine.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from profai_cli import __version__
from profai_cli.errors import InputError
from profai_cli.lesson.plain import clean, plain
from profai_cli.lesson.script import ITEM_PAUSE
from profai_cli.lesson.script import Sentence as Script
from profai_cli.ui.measures import VERDICTS
from profai_cli.ui.report.parts import Exchange, Taught
from profai_cli.ui.report.pictures import MISSING, REACTION, WORDS, clock, reactions, timeline, waits
from profai_cli.ui.report.record import Record


@dataclass(frozen=True, slots=True)
class Page:
    """What the record of a class does not tell of itself.

    title: of a topic by its module and its number, from 0. written: a sentence of a topic as the course has it, by the
    same and its own number; None where that is not known. sounds: of each exchange, as MP3; empty where there is none.
    """

    learner: str
    language: str
    interruptions: int
    title: Callable[[int, int], str]
    written: Callable[[int, int, int], Script | None]
    sounds: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, as far as it was said; or code, "" for none, and what was said of it."""

    code: str
    sentences: list[str] = field(default_factory=list)


def class_page(record: Record, page: Page) -> str:
    """The page. Raises InputError where what draws it is not installed."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - an extra, like Matplotlib
    except ImportError:
        raise InputError(MISSING) from None
    environment = Environment(
        loader=PackageLoader("profai_cli.ui.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "clock": clock,
        "sources": _sources,
        "title": lambda taught: plain(page.title(taught.module, taught.topic)),
        "passages": lambda taught: _passages(taught, page.written),
    }
    asked = record.questions
    measured = any(question.figures for question in asked)
    reacted = any(name in question.figures for question in asked for name in REACTION)
    return environment.get_template("page.html").render(
        record=record,
        date=record.date.replace("T", " ")[:16],
        learner=plain(page.learner),
        language=plain(page.language),
        interruptions=page.interruptions,
        sounds=[_data("audio/mpeg", sound) if sound else "" for sound in page.sounds],
        timeline=_picture(timeline(record.spans, record.seconds)),
        waits=_picture(waits(asked)) if measured else "",
        reactions=_picture(reactions(asked)) if reacted else "",
        figures=WORDS,
        verdicts=VERDICTS,
        version=__version__,
    )


def _passages(taught: Taught, written: Callable[[int, int, int], Script | None]) -> list[Passage]:
    """What was said, in order, with code as it is written in place of the sentences that read it out."""
    passages: list[Passage] = []
    begins = True
    for number, text in sorted(taught.sentences.items()):
        sentence = None if taught.told else written(taught.module, taught.topic, number)
        listing = sentence.listing if sentence else None
        code = clean(listing.code) if listing else ""
        if begins or code != passages[-1].code:
            passages.append(Passage(code))
        if listing is None or listing.line is None:
            passages[-1].sentences.append(text)
        begins = not code and sentence is not None and sentence.pause >= ITEM_PAUSE
    return passages


def _sources(exchange: Exchange) -> list[str]:
    """The topics an answer is from, each once."""
    return list(dict.fromkeys(sentence.source for sentence in exchange.sentences if sentence.source))


def _picture(svg: str) -> str:
    return _data("image/svg+xml", svg.encode())


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"

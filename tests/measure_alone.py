"""How often the tutor's own voice, coming back from open speakers, holds or interrupts it with nobody there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from profai_cli.events import TtsHeld, TtsInterrupted, TtsResumed
from tests.measure_class import ROOMS, TUTORS, Room, Topic, hold_class, side_by_side
from tests.measure_turns import VOICES, Row

HOUR = 3600.0
PIECE = 600.0
"""Seconds of a class at most: it ends before its course does."""
TOPICS: Sequence[Topic] = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 1), (1, 3, 1), (2, 3, 1)]


@dataclass(frozen=True, slots=True)
class Found:
    """What went wrong in a class. holds: when. silence: what they cost, in seconds."""

    place: Room
    holds: list[float]
    interruptions: int
    silence: float


def alone(notes: list[str]) -> Iterator[Row]:
    """An hour of tutor alone for each kind of voice, spread over nine rooms: eight minutes on two cores."""
    for voice, natural in VOICES.items():
        yield _row(f"an hour in nine rooms, {voice} voice", HOUR / len(ROOMS), notes, natural=natural)


def alone_long(notes: list[str]) -> Iterator[Row]:
    """The same with an hour in each of the nine rooms: an hour on two cores for each kind of voice."""
    for voice, natural in VOICES.items():
        yield _row(f"an hour in each of nine rooms, {voice} voice", HOUR, notes, natural=natural)


def _row(what: str, seconds: float, notes: list[str], *, natural: bool) -> Row:
    """seconds: in each room."""
    pieces = max(round(seconds / PIECE), 1)
    found = side_by_side(
        partial(_alone, room, piece, seconds / pieces, natural) for room in range(len(ROOMS)) for piece in range(pieces)
    )
    notes += [f"{what}, room {x.place}: held at {t:.2f} s with nobody there" for x in found for t in x.holds]
    measured = f"{sum(x.interruptions for x in found)} interruptions, {sum(len(x.holds) for x in found)} holds, "
    measured += f"which cost {sum(x.silence for x in found):.1f} s of silence"
    return f"tutor alone on open speakers, {what}", measured, "0 interruptions"


def _alone(room: int, piece: int, seconds: float, natural: bool) -> Found:
    held = hold_class(
        seconds,
        place=ROOMS[room],
        begin=TOPICS[(room + piece) % len(TOPICS)],
        tutor=TUTORS[room % len(TUTORS)] if natural else (),
    )
    end = seconds - 1
    holds = [x.t for x in held.of(TtsHeld, end=end)]
    over = [x.t for kind in (TtsResumed, TtsInterrupted) for x in held.of(kind)]
    silence = sum(min((t for t in over if t >= hold), default=hold) - hold for hold in holds)
    return Found(ROOMS[room], holds, len(held.of(TtsInterrupted, end=end)), silence)

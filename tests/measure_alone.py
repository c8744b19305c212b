"""How often the tutor's own voice, coming back from open speakers, holds or interrupts it: an hour in nine rooms."""

from collections.abc import Iterator

from profai_cli.events import TtsHeld, TtsInterrupted
from tests.measure_class import ROOMS, hold_class
from tests.measure_turns import Row

HOUR = 3600


def alone(notes: list[str]) -> Iterator[Row]:
    seconds = HOUR / len(ROOMS)
    holds = interruptions = 0
    for place in ROOMS:
        held = hold_class(seconds, place=place)
        false = held.of(TtsHeld, end=seconds - 1)
        holds += len(false)
        interruptions += len(held.of(TtsInterrupted, end=seconds - 1))
        notes += [f"room {place}: held at {hold.t:.2f} s with nobody there" for hold in false]
    yield (
        "tutor alone on open speakers, an hour in nine rooms",
        f"{interruptions} interruptions, {holds} holds",
        "0 interruptions",
    )

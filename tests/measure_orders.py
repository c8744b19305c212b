"""Short words over the tutor: signs of listening never interrupt it, orders and beginnings of questions always do.

A word interrupts where the tutor falls silent and does not go on: its sentence is cut (`TtsInterrupted`), or the class
is paused, as after "stop", and waits at the very sample. Late is an interruption after the tutor had gone on once
(`TtsResumed`). A word over which it speaks on, or after whose hold it goes on for good, is none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, product

from profai_cli.events import (
    FinalTranscript,
    SpeechConfirmed,
    SpeechStarted,
    TtsHeld,
    TtsInterrupted,
    TtsResumed,
    TutorState,
)
from profai_cli.turns.words import Meaning, meaning
from tests.measure_class import Held, Room, hold_class, said_aloud, side_by_side, tutor_dbfs
from tests.measure_turns import Row, ms, topic

MURMURS = ("um hum", "yeah", "okay", "right", "uh huh")
"""As synthetic voices say them: "mm-hm" they spell."""
ORDERS = {
    "stop": Meaning.PAUSE,
    "wait": Meaning.WAIT,
    "no": Meaning.WAIT,
    "hold on": Meaning.WAIT,
    "what": Meaning.REPEAT,
    "but why": Meaning.QUESTION,
}
"""And what they mean, see `turns.words`."""

LEARNERS = ("flite:rms", "flite:awb", "flite:kal16", "espeak:en-us+m3", "espeak:en-us+f3")
PLACES: tuple[Room, ...] = ((0.2, -6), (0.2, -12))
ABOVE_ECHO_DB = 6
MURMURED_DB = (0, 6, 12)
"""The same for murmurs."""
FIRST, BETWEEN = 5.31, 6.11
"""Seconds to a class's first word, and from each to the next, of those that should change nothing."""
ONSETS = (5.31, 8.77)
"""Of orders, each in a class of its own: "stop" ends the teaching."""
TOLD = SpeechStarted | SpeechConfirmed | TtsHeld | TtsResumed | TtsInterrupted
WAITED = 5.0
"""Seconds in which the tutor must show what it makes of a word; the recogniser has 1.5 s after its end."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a word did. heard: its final words. silences: of the holds that were released, s. story: what happened."""

    word: str
    interrupted: bool
    late: bool
    heard: str
    silences: list[float]
    story: str


def murmurs(notes: list[str]) -> Iterator[Row]:
    """150 murmurs of five voices at three levels in two rooms: two minutes on two cores."""
    cases = list(product(LEARNERS, PLACES, MURMURED_DB))
    words = [(FIRST + BETWEEN * k, word) for k, word in enumerate(MURMURS)]
    found = _classes([([(at + 0.137 * n, word) for at, word in words], *case) for n, case in enumerate(cases)])
    notes += [x.story for x in found if x.interrupted]
    for word in MURMURS:
        mine = [x for x in found if x.word == word]
        silences = [silence for x in mine for silence in x.silences]
        measured = f"{sum(x.interrupted for x in mine)} of {len(mine)} interrupted; {len(silences)} holds released, "
        measured += f"silence {ms(silences)}"
        yield f'"{word}" over the tutor, learner 0, +6, +12 dB to the echo', measured, "0 interrupted, 600 ms"


def orders(notes: list[str]) -> Iterator[Row]:
    """120 orders and beginnings by five voices in two rooms, 6 dB over the echo: four minutes on two cores."""
    cases = list(product(ORDERS, LEARNERS, PLACES, ONSETS))
    found = _classes(
        [
            ([(at + 0.137 * (n % 7), word)], voice, place, ABOVE_ECHO_DB)
            for n, (word, voice, place, at) in enumerate(cases)
        ]
    )
    notes += [x.story for x in found if x.late or not x.interrupted]
    for word, means in ORDERS.items():
        mine = [x for x in found if x.word == word]
        at_once = sum(x.interrupted and not x.late for x in mine)
        measured = f"{at_once} of {len(mine)} interrupted, {sum(x.late for x in mine)} more late; "
        measured += f"{sum(meaning(x.heard) is means for x in mine)} understood"
        yield f'"{word}" over the tutor, learner {ABOVE_ECHO_DB:+d} dB to the echo', measured, "all interrupted"


Scene = tuple[Sequence[tuple[float, str]], str, Room, int]
"""When which words are said, the learner's voice, the room, and dB above the echo."""


def _classes(scenes: Sequence[Scene]) -> list[Reaction]:
    tutor_dbfs()
    found = side_by_side(partial(_class, number, scene) for number, scene in enumerate(scenes))
    return list(chain.from_iterable(found))


def _class(number: int, scene: Scene) -> list[Reaction]:
    words, voice, place, above_echo = scene
    level = tutor_dbfs() + place[1] + above_echo
    said = [(at, said_aloud(word, voice, level)) for at, word in words]
    held = hold_class(said[-1][0] + 1 + WAITED, said=said, place=place, begin=topic(number))
    where = f"by {voice}, room {place}, {above_echo:+d} dB"
    return [_reaction(held, word, at, where) for at, word in words]


def _reaction(held: Held, word: str, at: float, where: str) -> Reaction:
    end = at + WAITED
    paused = [x for x in held.of(TutorState, at, end) if x.state == "paused"]
    stopped = min((x.t for x in [*held.of(TtsInterrupted, at, end), *paused]), default=end)
    begun = {x.hold: x.t for x in reversed(held.of(TtsHeld, at, end))}
    resumed = [x for x in held.of(TtsResumed, at, stopped) if x.hold in begun]
    heard = " ".join(x.text for x in held.of(FinalTranscript, at, end))
    happened = [x for x in held.events if at <= x.t < end and isinstance(x, TOLD)]
    happened_when = ", ".join(f"{x.name} {x.t - at:+.2f}" for x in happened)
    return Reaction(
        word,
        interrupted=stopped < end,
        late=bool(resumed) and stopped < end,
        heard=heard,
        silences=[x.t - begun[x.hold] for x in resumed],
        story=f'"{word}" {where}, heard {heard!r}: {happened_when}',
    )

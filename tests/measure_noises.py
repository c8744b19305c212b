"""Two hundred noises while the tutor teaches: none is taken for words, and the tutor goes on at the very sample."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from profai_cli.events import TtsHeld, TtsInterrupted, TtsResumed
from profai_cli.pcm import SOUND_RATE
from tests.measure_class import ROOMS, TUTORS, CannotMeasure, hold_class, side_by_side
from tests.measure_turns import VOICES, Row, ms
from tests.measuring import Samples, holes
from tests.noises import NOISES, noise_of
from tests.sounds import RECORDINGS

EACH = 13
"""Noises in a class: of eight kinds, over two voices, 208 in all."""
FIRST, BETWEEN = 6.0, 6.0073
SECONDS = FIRST + EACH * BETWEEN


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the noises of a class did. silences: of the holds that were released, s. interrupted: the numbers of those
    noises that ended a reply. astray: after how many seconds the tutor did not go on at the very sample, if ever."""

    silences: list[float]
    interrupted: list[int]
    astray: float | None


def noises(notes: list[str]) -> Iterator[Row]:
    """208 noises of eight kinds over both kinds of voice: four minutes on two cores."""
    if not RECORDINGS.is_dir():
        raise CannotMeasure(f"there are no recordings of people in {RECORDINGS}")
    undisturbed = side_by_side(partial(_undisturbed, natural) for natural in VOICES.values())
    cases = [(kind, number) for kind in NOISES for number in range(len(VOICES))]
    found = side_by_side(partial(_reaction, kind, number, undisturbed[number]) for kind, number in cases)
    for kind in NOISES:
        mine = [(number, x) for (name, number), x in zip(cases, found, strict=True) if name == kind]
        silences = [silence for _, x in mine for silence in x.silences]
        cut = [EACH * number + k for number, x in mine for k in x.interrupted]
        astray = [x.astray for _, x in mine if x.astray is not None]
        notes += [f"{kind} number {k}: an interruption" for k in cut]
        notes += [f"{kind}: not as undisturbed after {t:.2f} s" for t in astray]
        measured = f"{len(cut)} of {EACH * len(VOICES)} became interruptions; {len(silences)} holds released, silence "
        measured += f"{ms(silences)}, {'not ' if astray else ''}resumed at the very sample"
        if cut:
            measured += " (compared up to each class's first interruption)"
        goal = "words: for information" if kind == "radio voice" else "0 interruptions, 600 ms, very sample"
        yield f"{kind} while teaching", measured, goal


def _undisturbed(natural: bool) -> Samples:
    return hold_class(SECONDS, place=ROOMS[4], tutor=TUTORS[1] if natural else ()).speaker


def _reaction(kind: str, number: int, undisturbed: Samples) -> Reaction:
    """The kinds are spread over the rooms; a variation differs from kind to kind and from voice to voice."""
    times = [FIRST + BETWEEN * k for k in range(EACH)]
    said = [(at, noise_of(kind, EACH * number + k)) for k, at in enumerate(times)]
    place = ROOMS[(list(NOISES).index(kind) + 4 * number) % len(ROOMS)]
    held = hold_class(SECONDS, said=said, place=place, tutor=TUTORS[1] if number else ())
    end = SECONDS - 0.1
    cuts = held.of(TtsInterrupted, end=end)
    begun = {x.hold: x.t for x in reversed(held.of(TtsHeld))}
    silences = [x.t - begun[x.hold] for x in held.of(TtsResumed, end=end)]
    comparable = max((t for t in begun.values() if t <= cuts[0].t), default=0.0) - 0.02 if cuts else end
    samples = round(comparable * SOUND_RATE)
    found = holes(held.speaker[:samples], undisturbed[:samples])
    astray = [hole.begin / SOUND_RATE for hole in found if not hole.exact]
    interrupted = {max(k for k, at in enumerate([0.0, *times]) if at <= cut.t) - 1 for cut in cuts}
    return Reaction(silences, sorted(interrupted), astray[0] if astray else None)

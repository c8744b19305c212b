"""What the benchmark reads out of recordings and event logs. Pure functions; sound is mono int16, shape (n,).

Definitions, so that a figure means the same on every day:
- a recording's voice begins with the first of three blocks of 10 ms in a row that are within 15 dB of its loudness
  (mean power of its blocks above -50 dBFS), and ends with the last block of the last such three. Found so, the begin
  is within 15 ms of what the eye finds; breath and hiss before it do not count. Clips are cut there, so that a
  learner's first sample is the clip's.
- the tutor is silent where the speaker's samples are digital zeros.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from profai_cli.events import Event, Heard, TeachingContent, TtsHeld, TtsInterrupted
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, next_sentence, sentence_at
from profai_cli.pcm import BLOCK, SOUND_RATE
from tests.sounds import loudness

Samples = NDArray[np.int16]

BELOW_LOUDNESS_DB = 15
BLOCKS_IN_A_ROW = 3
SILENT_BLOCKS = 12
FADE = SOUND_RATE // 200
FITS = BLOCK - FADE
"""Samples that must be the same behind a hole: what the fade leaves of one block, since a second hold may come in the
next one. So many of a voice are never the same by chance."""


def voice_span(samples: Samples, rate: int) -> tuple[int, int]:
    """First sample of the voice and the one after its last, as defined above. Raises ValueError without a voice."""
    runs = np.flatnonzero(_in_a_row(_loud(samples, rate)))
    if not len(runs):
        raise ValueError("there is no voice in the recording")
    block = rate // 100
    return int(runs[0]) * block, int(runs[-1] + BLOCKS_IN_A_ROW) * block


def voice_onsets(samples: Samples, rate: int) -> list[int]:
    """Where the voice begins, and begins again after at least 120 ms without one loud block."""
    loud = _loud(samples, rate)
    first = voice_span(samples, rate)[0]
    runs = np.flatnonzero(_in_a_row(loud))
    again = (int(at) for at in runs if at >= SILENT_BLOCKS and not loud[at - SILENT_BLOCKS : at].any())
    return sorted({first, *(at * (rate // 100) for at in again)})


def _loud(samples: Samples, rate: int) -> NDArray[np.bool_]:
    """Which blocks of 10 ms are within 15 dB of the loudness."""
    block = rate // 100
    powers = ((samples[: len(samples) // block * block].reshape(-1, block) / 32768) ** 2).mean(axis=1)
    loud: NDArray[np.bool_] = 10 * np.log10(powers + 1e-12) > loudness(samples) - BELOW_LOUDNESS_DB
    return loud


def _in_a_row(loud: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The blocks with which so many in a row begin."""
    begun: NDArray[np.bool_] = np.convolve(loud, np.ones(BLOCKS_IN_A_ROW, int), "valid") == BLOCKS_IN_A_ROW
    return begun


def sounds_at(speaker: Samples, at: int, around: int = SOUND_RATE // 20) -> bool:
    """The tutor is speaking at sample `at`: there is sound in the 50 ms before it and in the 50 ms after it."""
    return bool(speaker[max(at - around, 0) : at].any() and speaker[at : at + around].any())


def last_sample(speaker: Samples, at: int, silence: int = SOUND_RATE) -> int:
    """The sample after the tutor's last one: where the first `silence` samples of zeros at or after `at` begin.

    The default, one second, is longer than any pause of the lesson (0.8 s), and shorter than a learner's turn.
    """
    sounding = np.append(np.flatnonzero(speaker[at:]), len(speaker) - at + silence)
    begins = np.append(0, sounding[:-1] + 1)
    return at + int(begins[np.argmax(sounding - begins >= silence)])


def first_sample(speaker: Samples, at: int) -> int | None:
    """The tutor's first sample at or after `at`; None where it stays silent."""
    sounding = np.flatnonzero(speaker[at:])
    return at + int(sounding[0]) if len(sounding) else None


@dataclass(frozen=True, slots=True)
class Hole:
    """A silence that the undisturbed run has not: begin and length in samples; exact: all goes on at the very sample.

    A hole that is not exact has no length, and nothing after it could be compared.
    """

    begin: int
    length: int
    exact: bool


def holes(speaker: Samples, undisturbed: Samples, longest: int = 3 * SOUND_RATE) -> list[Hole]:
    """Where `speaker` was held, compared with a run of the same class in which nobody disturbed the tutor.

    But for the fades, every sample must be the other run's, later by the holes before it.
    """
    found: list[Hole] = []
    at = late = 0
    while (differs := _first_difference(speaker[at:], undisturbed[at - late :])) is not None:
        at = (at + differs) // BLOCK * BLOCK
        length = _length_of_hole(speaker, undisturbed, at, late, longest)
        found.append(Hole(at, length, exact=length > 0))
        if not length:
            break
        late += length
        at += length + FADE
    return found


def _first_difference(one: Samples, other: Samples) -> int | None:
    common = min(len(one), len(other))
    different = np.flatnonzero(one[:common] != other[:common])
    return int(different[0]) if len(different) else None


def _length_of_hole(speaker: Samples, undisturbed: Samples, at: int, late: int, longest: int) -> int:
    """Samples by which what follows is later than before, a number of whole blocks: the one that fits the longest.

    0 where none fits for `FITS`, or up to the end. In a pause of the lesson several would fit for a while.
    """
    wanted = undisturbed[at + FADE - late : at + FADE - late + 3 * SOUND_RATE // 2]
    best = fits = 0
    for length in range(BLOCK, longest + 1, BLOCK):
        after = speaker[at + length + FADE : at + length + FADE + len(wanted)]
        differs = _first_difference(after, wanted)
        same = min(len(after), len(wanted)) if differs is None else differs
        if same > fits and (differs is None or same >= FITS):
            best, fits = length, same
    return best


@dataclass(frozen=True, slots=True)
class LessonWords:
    """Of the lesson's words from the first that was heard to the last: how many, and which were not heard once.

    lost: never heard. twice: heard again, all in phrases that were cut. strays: heard again though no cut explains it.
    """

    count: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    strays: tuple[str, ...]


def lesson_words(events: Iterable[Event], course: Course) -> LessonWords:
    """What a class's log says that the learner heard, against the course's own text."""
    begun: dict[tuple[int, int], tuple[Place, int]] = {}  # by reply and sentence: sentence's place, first character
    heard: dict[tuple[int, int], int] = {}
    cuts: set[tuple[Place, int]] = set()
    for event in events:
        if isinstance(event, TeachingContent) and event.kind == "lesson" and event.place:
            place = Place(*event.place)
            first = len(sentence_at(course, place).text) - len(event.text)
            begun[event.reply, event.sentence] = place._replace(phrase=0), first
        elif isinstance(event, Heard | TtsHeld | TtsInterrupted) and (key := (event.reply, event.sentence)) in begun:
            heard[key] = max(event.char, heard.get(key, 0))
            if isinstance(event, TtsInterrupted):
                place, first = begun[key]
                cuts.add((place, _phrase(course, place, first + event.char + 1)))
    times: Counter[tuple[Place, int]] = Counter()
    for key, (place, first) in begun.items():
        spans = _words(course, place)
        times.update((place, begin) for begin, end in spans if first <= begin and end <= first + heard.get(key, 0))
    if not times:
        return LessonWords(0, (), (), ())
    words = list(_words_between(course, min(times), max(times)))
    again = [word for word in words if times[word] > 1]
    cut = [word for word in again if (word[0], _phrase(course, *word)) in cuts]
    text = {word: sentence_at(course, word[0]).text[word[1] :].split()[0] for word in words}
    return LessonWords(
        len(words),
        tuple(text[word] for word in words if not times[word]),
        tuple(text[word] for word in cut),
        tuple(text[word] for word in again if word not in cut),
    )


def _words(course: Course, place: Place) -> list[tuple[int, int]]:
    """First and one after last character of each word of a sentence."""
    return [match.span() for match in re.finditer(r"\w+", sentence_at(course, place).text)]


def _words_between(course: Course, first: tuple[Place, int], last: tuple[Place, int]) -> Iterator[tuple[Place, int]]:
    place: Place | None = first[0]
    while place and place <= last[0]:
        for begin, _ in _words(course, place):
            if first <= (place, begin) <= last:
                yield place, begin
        place = next_sentence(course, place)


def _phrase(course: Course, place: Place, char: int) -> int:
    return max(number for number, begin in enumerate(sentence_at(course, place).phrases) if begin <= char)


def find(recording: Samples, clip: Samples, begin: int, end: int) -> int:
    """Where in samples [begin, end) of a recording `clip` begins: the maximum of their correlation."""
    stretch = recording[begin : end + len(clip)].astype(float)
    size = 1 << (len(stretch) + len(clip)).bit_length()
    spectrum = np.fft.rfft(stretch, size) * np.conj(np.fft.rfft(clip.astype(float), size))
    return begin + int(np.argmax(np.fft.irfft(spectrum, size)[: end - begin]))

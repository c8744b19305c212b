"""What a stopwatch would say about a class whose learner and tutor were recorded: the figures of `profai demo`."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from profai_cli.events import Event
from profai_cli.lesson.course import Course
from profai_cli.pcm import SOUND_RATE
from profai_cli.session.coverage import Coverage, coverage
from profai_cli.sound.gaps import Gap, gap_at, gaps
from profai_cli.sound.mouth import Said


@dataclass(frozen=True, slots=True)
class Act:
    """Something the learner said at `t` seconds, and what the tutor's samples show; times in ms.

    silent_after: from the learner's first sample to the tutor's last; None where the tutor was silent, or went on
    as if nothing was said (`missed`). silence: how long the tutor was silent then. again_after: from the learner's
    last sample to the tutor's next. Of several things said into one silence the first has its length, the last
    its end.
    """

    t: float
    words: str
    missed: bool
    silent_after: float | None
    silence: float | None
    again_after: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was measured."""

    acts: tuple[Act, ...]
    lesson: Coverage

    @property
    def silent_after(self) -> list[float]:
        """Of every act over the tutor's voice, ms."""
        return [act.silent_after for act in self.acts if act.silent_after is not None]


def measure(said: Sequence[Said], tutor: bytes, events: Sequence[Event], course: Course) -> Figures:
    """From what the learner said, the tutor's samples (mono PCM16 at 48 kHz) and the events of one class."""
    found = gaps(tutor)
    into = [gap_at(found, each.begin) for each in said]
    before: list[Gap | None] = [None, *into]
    after: list[Gap | None] = [*into[1:], None]
    acts = tuple(map(_act, said, into, before, after))
    return Figures(acts, coverage(events, course))


def _act(said: Said, gap: Gap | None, before: Gap | None, after: Gap | None) -> Act:
    t = round(said.begin / SOUND_RATE, 2)
    if gap is None:
        return Act(t, said.words, True, None, None, None)
    first, last = gap != before, gap != after
    return Act(
        t,
        said.words,
        False,
        _ms(gap.begin - said.begin) if gap.begin > said.begin else None,
        _ms(gap.end - gap.begin) if first else None,
        _ms(gap.end - said.end) if last else None,
    )


def _ms(samples: int) -> float:
    return round(samples / SOUND_RATE * 1000, 1)


def for_scripts(figures: Figures, ended: str) -> dict[str, Any]:
    """The figures for JSON; units end the names."""
    acts = [
        {
            "t_s": act.t,
            "words": act.words,
            "missed": act.missed,
            "silent_after_ms": act.silent_after,
            "silence_ms": act.silence,
            "again_after_ms": act.again_after,
        }
        for act in figures.acts
    ]
    return {"ended": ended, "acts": acts, "lesson_words": asdict(figures.lesson)}


def table(figures: Figures) -> Iterator[str]:
    """The figures for people, line by line."""
    yield f"{'at':>7}  {'the learner':<20} {'tutor silent':>12} {'silence':>9} {'tutor again':>12}"
    for act in figures.acts:
        silent = "missed" if act.missed else _shown(act.silent_after)
        yield f"{act.t:5.1f} s  {act.words:<20} {silent:>12} {_shown(act.silence):>9} {_shown(act.again_after):>12}"
    yield ""
    yield "tutor silent: from the learner's first sample to the tutor's last; tutor again: from the learner's"
    yield "last sample to the tutor's next. Measured in the samples themselves."
    if figures.silent_after:
        median, worst = statistics.median(figures.silent_after), max(figures.silent_after)
        yield f"Silent {len(figures.silent_after)} times: median {median:.0f} ms, worst {worst:.0f} ms."
    lesson = figures.lesson
    yield f"Lesson: {lesson.heard} words heard, {lesson.lost} lost, {lesson.twice} said twice."


def _shown(ms: float | None) -> str:
    return "" if ms is None else f"{ms:.0f} ms"

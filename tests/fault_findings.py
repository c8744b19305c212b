"""What a class with a fault showed, and what must be true of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from profai_cli.events import (
    AgentResponse,
    AudioGenerationComplete,
    AudioGenerationStarted,
    Error,
    Event,
    FinalTranscript,
    SttFailed,
    SttReady,
    TeachingContent,
)
from profai_cli.pcm import SOUND_RATE
from profai_cli.storage.courses import load_course, shipped_courses
from tests.cloud import Held, silences
from tests.emulators.mouth import reference
from tests.fault_cases import BASELINES, EARS, Case
from tests.measuring import lesson_words

TOPICS: Final = re.compile("float|comment")
"""One of which is heard, where a question was understood. An emulator that missed the first hears it as the second."""

HANG: Final = 3.0
SOUND_OFF: Final = 0.8
"""Seconds by which a sentence's sound may be longer (a word said again) than it is without a fault."""


@dataclass(frozen=True)
class Outcome:
    """What a class showed. reply: seconds from a question to the tutor's next sound; silence: the longest elsewhere."""

    case: Case
    failed: tuple[str, ...]
    reply: float
    silence: float
    told: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """For the table."""
        return f"{'; '.join(self.failed) or 'ok'} {max(self.reply, self.silence):.1f}"

    @property
    def line(self) -> str:
        """For the log."""
        return " | ".join((self.case.engine, self.case.row, self.case.state, self.cell, *self.told))


def judge(case: Case, held: Held, at: float | None) -> Outcome:
    """Compare a class with what must be true."""
    said = [(each.begin / SOUND_RATE, each.end / SOUND_RATE) for each in held.said]
    failed = [] if at is not None else [f"never {case.state}"]
    failed += [] if len(said) == len(case.questions) else [f"{len(said)} questions asked"]
    failed += [] if held.code == 130 else ["the lesson did not go on"]
    failed += list(_understood(held, said))
    words = lesson_words(held.events, load_course(shipped_courses(), "1"))
    failed += [f"{len(words.lost)} words lost"] if words.lost else []
    failed += [f"{len(words.strays)} words doubled"] if words.strays else []
    failed += list(_sounds(held.events))
    told = tuple(
        e.reason if isinstance(e, SttFailed) else e.message for e in held.events if isinstance(e, Error | SttFailed)
    )
    changes = _changes(held.events)
    # No event tells an answerer's change, and a voice's only with the next sentence; Flux has Deepgram below it.
    more = 1 if case.engine not in ("deepgram", "sarvam-ears") else 0
    if not changes <= len(told) <= changes + more:
        failed.append(f"{len(told)} lines for {changes} changes")
    reply, silence = _hangs(held, said)
    return Outcome(case, tuple(failed), reply, silence, told)


def _understood(held: Held, said: Sequence[tuple[float, float]]) -> Iterator[str]:
    """What is wrong with the answers to the questions."""
    ends = [begin for begin, _ in said[1:]] + [1e9]
    for number, ((begin, _), until) in enumerate(zip(said, ends, strict=True), 1):
        during = [event for event in held.events if begin <= event.t < until]
        finals = [e.text for e in during if isinstance(e, FinalTranscript) and e.text]
        if not TOPICS.search(" ".join(finals)):
            yield f"question {number} heard as {' / '.join(finals)!r}"
        elif not any(isinstance(e, AgentResponse) and e.text for e in during):
            yield f"question {number} not answered"
        elif not any(isinstance(e, TeachingContent) and e.kind == "answer" for e in during):
            yield f"answer {number} not spoken"


def _sounds(events: Sequence[Event]) -> Iterator[str]:
    """Sentences whose sound is too short or too long for their words."""
    texts = {(e.reply, e.sentence): e.text for e in events if isinstance(e, TeachingContent)}
    for event in events:
        if isinstance(event, AudioGenerationComplete) and (text := texts.get((event.reply, event.sentence))):
            pcm, _ = reference(text, 22050)
            wanted = len(pcm) / 2 / 22050
            if event.seconds < 0.93 * wanted - 0.1:
                yield f"{event.seconds:.1f} of {wanted:.1f} s of {text[:20]!r}"
            elif event.seconds > 1.15 * wanted + SOUND_OFF:
                yield f"{event.seconds:.1f} for {wanted:.1f} s of {text[:20]!r}"


def _changes(events: Sequence[Event]) -> int:
    """How often a worse engine took over, as far as the events tell; the return of a better one needs no line."""
    ears = [e.engine for e in events if isinstance(e, SttReady)]
    voices = [e.engine for e in events if isinstance(e, AudioGenerationStarted)]
    return sum(names.index(a) < names.index(b) for names in (ears, voices) for a, b in pairwise(names))


def _hangs(held: Held, said: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The longest silence after a question, and the longest elsewhere, between the tutor's first sound and its last."""
    reply = silence = 0.0
    for begin, end in silences(held.speaker):
        if begin == 0 or end == len(held.speaker) / SOUND_RATE:
            continue
        asked = [stop for start, stop in said if begin < stop and start < end]
        if asked:
            reply = max(reply, end - asked[-1])
        else:
            silence = max(silence, end - begin)
    return reply, silence


def late(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The same, with what hung for more than 3 s; a reply's time is counted from when the engines have it here."""
    delay = {name: max((o.reply for o in outcomes if o.case.engine == name), default=1.5) for name in BASELINES}
    found = []
    for outcome in outcomes:
        hears = outcome.case.engine in EARS
        limit = HANG + delay["last resort" if hears else "none"]
        failed = [f"reply after {outcome.reply:.1f} s"] if outcome.reply > limit else []
        failed += [f"silence of {outcome.silence:.1f} s"] if outcome.silence > HANG else []
        found.append(replace(outcome, failed=(*outcome.failed, *failed)))
    return found

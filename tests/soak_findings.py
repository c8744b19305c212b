"""What the log of a long class says was lost, said twice, or left without words."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from profai_cli.events import (
    AudioGenerationComplete,
    AudioGenerationStarted,
    ClassComplete,
    Decision,
    Error,
    Event,
    FinalTranscript,
    SttFailed,
    SttReady,
    TeachingContent,
)
from profai_cli.lesson.course import Course
from profai_cli.session.coverage import coverage
from tests.measuring import lesson_words
from tests.soak_scene import Line


def findings(events: Sequence[Event], course: Course, lines: Sequence[Line]) -> dict[str, Any]:
    """What was lost, said twice, or left without words."""
    words, covered = lesson_words(events, course), coverage(events, course)
    questions = [line for line in lines if line.text]
    last = events[-1]
    return {
        "end": f"{last.reason} at {last.t:.0f} s" if isinstance(last, ClassComplete) else f"not complete: {last}",
        "lesson words": words.count,
        "lost": list(words.lost),
        "lost by coverage": covered.lost,
        "twice in cut phrases": len(words.twice),
        "twice elsewhere": list(words.strays),
        "questions": len(questions),
        "without words": [f"{q.at:.1f} {q.text}" for q in questions if not _heard(events, q)],
        "without an answer": [f"{q.at:.1f} {q.text}" for q in questions if not (q.interrupted or _answered(events, q))],
        "sentences said twice": list(_doubled(events)),
        "sentences too long": list(_too_long(events)),
        "hearing": _by_engine(events),
        "speaking": Counter(event.engine for event in events if isinstance(event, AudioGenerationStarted)),
        "failures told": Counter(event.engine for event in events if isinstance(event, SttFailed)),
        "errors told": Counter(event.source for event in events if isinstance(event, Error)),
    }


def _heard(events: Sequence[Event], question: Line) -> bool:
    """The tutor got words of it: final ones, or those so far with which it went on when no final ones came."""
    for event in events:
        if not question.at < event.t < question.end + 8:
            continue
        if isinstance(event, FinalTranscript) and event.text:
            return True
        if isinstance(event, Decision) and event.command["command"] == "answer":
            return True
    return False


def _answered(events: Sequence[Event], question: Line) -> bool:
    """A sentence that is none of the lesson sounded within the time in which an answer must come, and be said."""
    said = (event for event in events if isinstance(event, TeachingContent) and event.kind != "lesson")
    return any(question.end < event.t < question.end + 17 for event in said)


def _doubled(events: Sequence[Event]) -> Iterator[str]:
    """Sentences that began twice, or twice in one reply by other numbers."""
    sounded = [(event.reply, event.sentence, event.text) for event in events if isinstance(event, TeachingContent)]
    for (reply, number), times in Counter((reply, number) for reply, number, _ in sounded).items():
        if times > 1:
            yield f"reply {reply}, sentence {number}"
    for (reply, text), times in Counter((reply, text) for reply, _, text in sounded).items():
        if times > 1:
            yield f"reply {reply}: {text}"


def _too_long(events: Sequence[Event]) -> Iterator[str]:
    """Long sentences whose sound is longer than 1.6 times what others of their length have: said twice, perhaps."""
    texts = {(event.reply, event.sentence): event.text for event in events if isinstance(event, TeachingContent)}
    sounds = [
        (texts[key], event.seconds)
        for event in events
        if isinstance(event, AudioGenerationComplete) and len(texts.get(key := (event.reply, event.sentence), "")) > 40
    ]
    usual = statistics.median(seconds / len(text) for text, seconds in sounds) if sounds else 0.0
    for text, seconds in sounds:
        if seconds > 1.6 * usual * len(text):
            yield f"{seconds:.1f} s, {seconds / usual / len(text):.1f} times the usual: {text}"


def _by_engine(events: Sequence[Event]) -> Counter[str]:
    """Final words by the engine that was said to listen."""
    counted, engine = Counter[str](), ""
    for event in events:
        if isinstance(event, SttReady):
            engine = event.engine
        elif isinstance(event, FinalTranscript) and event.text:
            counted[engine] += 1
    return counted

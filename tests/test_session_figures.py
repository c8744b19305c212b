"""The figures of a turn: in a class whose times are known to the block, and from events alone."""

from dataclasses import replace

import pytest

from profai_cli import events as e
from profai_cli.events import Event
from profai_cli.ports import Frame
from profai_cli.session.figures import FIGURES, Figures
from profai_cli.turns import patience
from tests.fakes import FakeAnswerer, FakeEar, FakeSound, FakeVoice
from tests.test_session import run


def figures(events: list[Event]) -> dict[int, dict[str, float]]:
    """By reply, those that were told."""
    told: dict[int, dict[str, float]] = {}
    for event in events:
        if isinstance(event, e.Metrics) and event.reply:
            assert event.figure not in told.setdefault(event.reply, {}), "told twice"
            told[event.reply][event.figure] = event.value
    return told


def derived(events: list[Event]) -> list[e.Metrics]:
    """Those that the events give, without the ones that were told."""
    found: list[e.Metrics] = []
    reader = Figures(found.append)
    for event in events:
        reader(event)
    return found


def answer_of(events: list[Event]) -> int:
    return next(event.reply for event in events if isinstance(event, e.AgentResponse))


class Voiced(FakeSound):
    """The learner's first voiced sample is at 4.97 s and the last at 6.3 s, as a frame's times tell afterwards."""

    def step(self) -> Frame:
        frame = super().step()
        if frame.voice != "ended":
            return frame
        return replace(frame, voiced=6.3 - 4.97)


def test_the_figures_of_a_spoken_question_are_those_of_the_script() -> None:
    sound = Voiced([(5.0, 6.5)])
    done = run(sound, ear=FakeEar(["what is an apple"]), answerer=FakeAnswerer(), voice=FakeVoice())
    asked = next(x.t for x in done.events if isinstance(x, e.Decision) and x.command["command"] == "answer")
    assert asked == pytest.approx(6.5 + patience.TURN_END + 0.1, abs=0.011)  # the recogniser states 0.1 s
    told = figures(done.events)
    assert list(told) == [answer_of(done.events)]
    assert told[answer_of(done.events)] == {
        "barge_in_ms": 30,
        "first_partial_ms": pytest.approx(30 + 100 + 100, abs=0.1),  # confirmed after 100 ms; words after 100 more
        "end_of_turn_ms": pytest.approx((asked - 6.3) * 1000, abs=0.1),
        "first_token_ms": pytest.approx(200, abs=10.1),  # the answerer's stated delay, to the block
        "first_sample_ms": pytest.approx(110, abs=10.1),  # the voice's 100, and the block that leaves the speaker
        "end_to_end_ms": pytest.approx((asked - 6.3) * 1000 + 310, abs=20.1),
    }
    parts = told[answer_of(done.events)]
    assert parts["end_to_end_ms"] == pytest.approx(
        parts["end_of_turn_ms"] + parts["first_token_ms"] + parts["first_sample_ms"], abs=0.2
    )


def test_what_is_told_can_be_found_again_from_the_other_events() -> None:
    done = run(FakeSound([(5.0, 6.5), (9.0, 10.0)]), ear=FakeEar(["what is an apple", "what is a pear"]))
    told = [event for event in done.events if isinstance(event, e.Metrics) and event.reply]
    assert {metric.figure for metric in told} == set(FIGURES)
    assert len({metric.reply for metric in told}) == 2
    assert derived([event for event in done.events if not isinstance(event, e.Metrics)]) == told


def test_a_typed_question_has_no_figures_of_a_voice() -> None:
    question = [
        e.SpeechStarted(1.0, 1),
        e.TtsHeld(1.0, 1, 1, 0, 5),
        e.SpeechConfirmed(1.1, 0),
        e.PartialTranscript(1.3, "what"),
        e.SpeechEnded(2.0, 0.83),
        e.FinalTranscript(2.1, "what is a pear", source="typed"),
        e.Decision(2.1, {"command": "answer", "reply": 2, "question": "what is a pear", "place": [0, 0, 0, 0]}),
        e.AgentResponse(2.4, 2, "A pear is a fruit."),
        e.TeachingContent(2.5, 2, 0, "A pear is a fruit.", "answer"),
    ]
    assert [(x.figure, x.value) for x in derived(question)] == [("first_token_ms", 300), ("first_sample_ms", 100)]


@pytest.mark.parametrize("kind", ["a cough", "an order", "a murmur"])
def test_what_was_no_question_is_no_part_of_the_next_one(kind: str) -> None:
    end: dict[str, Event] = {
        "a cough": e.Decision(1.6, {"command": "discard_speech"}),
        "an order": e.TutorState(1.6, "paused"),
        "a murmur": e.TutorState(1.6, "teaching"),
    }
    before = [
        e.SpeechStarted(1.0, 1),
        e.TtsHeld(1.0, 1, 1, 0, 5),
        e.PartialTranscript(1.2, "uh"),
        e.SpeechEnded(1.5, 0.33),
        end[kind],
    ]
    question = [
        e.SpeechStarted(5.0, 2),
        e.TtsHeld(5.02, 1, 2, 0, 9),
        e.PartialTranscript(5.4, "what is"),
        e.SpeechEnded(6.2, 1.03),
        e.Decision(6.7, {"command": "answer", "reply": 2, "question": "what is", "place": [0, 0, 0, 0]}),
    ]
    assert [(x.figure, x.value) for x in derived([*before, *question])] == [
        ("barge_in_ms", 50),
        ("first_partial_ms", 430),
        ("end_of_turn_ms", 700),
    ]


def test_a_question_with_a_pause_in_it_is_counted_from_its_first_sound_to_its_last() -> None:
    question = [
        e.SpeechStarted(5.0, 2),
        e.TtsHeld(5.0, 1, 2, 0, 9),
        e.SpeechEnded(6.2, 1.03),
        e.SpeechStarted(6.5, 0),
        e.PartialTranscript(6.6, "what is"),
        e.SpeechEnded(7.2, 0.53),
        e.Decision(7.7, {"command": "answer", "reply": 2, "question": "what is", "place": [0, 0, 0, 0]}),
    ]
    assert [(x.figure, x.value) for x in derived(question)] == [
        ("barge_in_ms", 30),
        ("first_partial_ms", 1630),
        ("end_of_turn_ms", 700),
    ]


def test_a_keystroke_is_no_barge_in() -> None:
    question = [
        e.TtsHeld(4.0, 1, 1, 0, 9),
        e.SpeechStarted(5.0, 0),
        e.SpeechEnded(6.2, 1.03),
        e.Decision(6.7, {"command": "answer", "reply": 2, "question": "what is", "place": [0, 0, 0, 0]}),
    ]
    assert [x.figure for x in derived(question)] == ["end_of_turn_ms"]


def test_an_answer_that_is_given_up_has_no_first_sample() -> None:
    events = [
        e.Decision(1.0, {"command": "answer", "reply": 2, "question": "why", "place": [0, 0, 0, 0]}),
        e.AgentResponse(1.5, 2, "Because."),
        e.Decision(1.6, {"command": "answer", "reply": 3, "question": "how", "place": [0, 0, 0, 0]}),
        e.AgentResponse(1.7, 2, "Because it is."),
        e.TeachingContent(1.8, 2, 0, "Because.", "answer"),
        e.AgentResponse(1.9, 3, "Like this."),
        e.TeachingContent(2.0, 3, 0, "Like this.", "answer"),
    ]
    assert [(x.reply, x.figure) for x in derived(events)] == [
        (2, "first_token_ms"),
        (3, "first_token_ms"),
        (3, "first_sample_ms"),
    ]


def test_a_confirmed_voice_that_was_none_has_no_figures() -> None:
    answer = e.Decision(1.9, {"command": "answer", "reply": 1})
    none = [e.SpeechStarted(1.0, 1), e.TtsHeld(1.0, 1, 1, 0, 5), e.SpeechEnded(1.5, 0.0)]
    assert derived([*none, answer]) == []

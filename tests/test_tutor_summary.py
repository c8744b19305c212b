"""What a class came to."""

from profai_cli import events as e
from profai_cli.tutor.summary import Summary, Tally

ANSWER = {"command": "answer", "reply": 2, "question": "why", "place": [0, 0, 0, 0]}
CLASS = (
    e.ClassStarting(0.0, "1", "today", True, "", ""),
    e.TeachingContent(1.0, 1, 0, "A topic.", "lesson", (1, 2, 0, 0)),
    e.TeachingContent(3.0, 1, 1, "A sentence.", "lesson", (1, 2, 1, 0)),
    e.SpeechStarted(3.5, 1),
    e.TtsHeld(3.5, 1, 1, 1, 3),
    e.SpeechEnded(3.9, 0.2),
    e.TtsInterrupted(4.0, 1, 1, 3),
    e.Decision(5.0, ANSWER),
    e.Decision(5.0, {"command": "start_timer", "timer": 3, "seconds": 15.0}),
    e.TeachingContent(6.0, 2, 0, "Because.", "answer"),
    e.TeachingContent(9.0, 3, 0, "Another one.", "lesson", (1, 3, 0, 0)),
    e.TtsHeld(10.0, 3, 2, 0, 3),  # a key
    e.TtsInterrupted(11.0, 3, 0, 3),
    e.TeachingContent(12.0, 4, 0, "The first one again.", "lesson", (1, 2, 0, 0)),
    e.TtsInterrupted(60.0, 4, 0, 3),  # the time is over
    e.ClassComplete(60.004, "quit"),
)


def summary(events: tuple[e.Event, ...]) -> Summary:
    tally = Tally()
    for event in events:
        tally(event)
    return tally.summary


def test_a_class_is_counted() -> None:
    assert summary(CLASS) == Summary(60.0, ((1, 2), (1, 3)), questions=1, interruptions=1, ended="quit")


def test_a_reply_that_went_on_after_a_cough_and_was_left_by_a_key_was_not_interrupted() -> None:
    resumed = e.TtsResumed(3.9, 1, 1)
    assert summary((*CLASS[:6], resumed, *CLASS[6:])).interruptions == 0


def test_a_class_that_was_cut_off_has_what_came_until_then_and_no_end() -> None:
    assert summary(CLASS[:8]) == Summary(5.0, ((1, 2),), questions=1, interruptions=1)
    assert summary(()) == Summary()


def test_a_question_that_the_learner_goes_on_with_is_one_and_one_that_is_asked_again_two() -> None:
    def asks(t: float, question: str) -> e.Decision:
        return e.Decision(t, {**ANSWER, "question": question})

    lesson = CLASS[1]
    assert (
        summary((asks(1.0, "why is"), asks(2.0, "why is the sky blue"), asks(3.0, "why is the sky blue"))).questions
        == 1
    )
    assert summary((asks(1.0, "why"), asks(2.0, "what is a kiwi"))).questions == 2
    assert summary((asks(1.0, "why"), e.ReplyFinished(3.0, 2), asks(4.0, "why"))).questions == 2
    assert summary((asks(1.0, "why"), lesson, asks(4.0, "why"))).questions == 2


def test_check_questions_are_counted_and_make_a_class_worth_keeping() -> None:
    asked = tuple(e.TeachingContent(1.0, reply, n, "Why?", "check") for reply in (1, 2) for n in (0, 1))
    assert summary(asked) == Summary(1.0, checks=2)
    assert summary(asked).worth_keeping
    assert summary(CLASS).worth_keeping
    assert not Summary(5.0, questions=1).worth_keeping

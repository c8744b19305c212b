"""What is noted of a class."""

from collections.abc import Iterable

import pytest

from profai_cli import events as e
from profai_cli.commands import Answer, Command, Remember, to_dict
from profai_cli.kinds import Verdict
from profai_cli.lesson.mark import mark, mark_topic
from profai_cli.lesson.place import Place, sentence_at
from profai_cli.tutor.notes import Asked, Checked, Ended, Moved, Note, Notes, TopicHeard, Tuned
from tests.small_course import small_course

COURSE = small_course()
LAST = [
    Place(m, t, len(topic.sentences) - 1)
    for m, module in enumerate(COURSE.modules)
    for t, topic in enumerate(module.topics)
]
FIRST, SECOND, THIRD = (mark_topic(COURSE, *place[:2]) for place in LAST)


def sounds(place: Place, reply: int = 1) -> e.TeachingContent:
    return e.TeachingContent(1.0, reply, 3, sentence_at(COURSE, place).text, place=tuple(place))


def decided(command: Command) -> e.Decision:
    return e.Decision(2.0, to_dict(command))


def asked(question: str, reply: int = 2) -> e.Decision:
    return decided(Answer(reply, question, (0, 1, 0, 0)))


def noted(notes: Notes, events: Iterable[e.Event]) -> list[Note]:
    return [note for event in events for note in notes(event)]


# --- the place -------------------------------------------------------------------------------------


def test_the_place_goes_with_the_class() -> None:
    notes = Notes(COURSE)
    notes(e.TutorState(5.0, "teaching"))
    assert notes.moved(Place(0, 1, 1)) == [Moved(5.0, mark(COURSE, Place(0, 1, 1)))]
    assert notes.moved(None) == [Moved(5.0, None)]


def test_who_looks_at_another_topic_does_not_lose_the_place() -> None:
    notes = Notes(COURSE, left=Place(0, 1, 1))
    for place in (Place(1, 0), Place(0, 0), Place(0, 0, 2), Place(0, 1), None):
        assert notes.moved(place) == []
    assert notes.moved(Place(0, 1, 1))  # the class has come to it
    assert notes.moved(Place(0, 0))  # from there on the place goes with it


@pytest.mark.parametrize(
    ("heard", "moves"),
    [(0, False), (1, True), (2, False)],
    ids=["before it", "there", "the last one, after which nothing follows"],
)
def test_a_topic_that_was_heard_there_or_later_moves_it(heard: int, moves: bool) -> None:
    notes = Notes(COURSE, left=Place(0, 1, 1))
    assert len(noted(notes, [sounds(LAST[heard]), e.Heard(2.0, 1, 3, 0, end=True)])) == 1
    assert bool(notes.moved(Place(1, 0, 1))) is moves


# --- topics heard ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heard",
    [
        e.Heard(2.0, 1, 3, 0, end=True),
        e.Heard(2.0, 1, 3, 99),
        e.TtsHeld(2.0, 1, 1, 3, 99),
        e.TtsInterrupted(2.0, 1, 3, 99),
    ],
    ids=lambda event: event.name,
)
def test_a_topic_is_heard_with_its_last_phrase(heard: e.Event) -> None:
    assert noted(Notes(COURSE), [sounds(LAST[1]), heard, heard]) == [TopicHeard(2.0, SECOND)]


@pytest.mark.parametrize(
    ("place", "heard"),
    [
        (LAST[0], e.Heard(2.0, 1, 3, 1)),  # not to its end
        (LAST[0], e.Heard(2.0, 1, 2, 0, end=True)),  # another sentence
        (LAST[0], e.TtsInterrupted(2.0, 1, 3, 1)),
        (Place(0, 0), e.Heard(2.0, 1, 3, 0, end=True)),  # not the last sentence
    ],
)
def test_a_topic_that_was_skipped_is_not_heard(place: Place, heard: e.Event) -> None:
    assert noted(Notes(COURSE), [sounds(place), heard]) == []


def test_an_answer_is_no_topic() -> None:
    answer = e.TeachingContent(1.0, 1, 0, "Yes.", "answer")
    assert noted(Notes(COURSE), [answer, e.Heard(2.0, 1, 0, 4, end=True)]) == []


# --- questions -------------------------------------------------------------------------------------


def test_an_answer_that_was_heard_to_its_end_is_whole_and_any_other_is_cut() -> None:
    notes = Notes(COURSE)
    told = [e.ReplyFinished(2.0, 2), decided(Remember("It is this."))]
    assert noted(notes, [asked("What is\x1b[2J it?")]) == [Asked(2.0, SECOND, "What is it?", "", True)]
    assert noted(notes, told) == [Asked(2.0, SECOND, "What is it?", "It is this.", False)]
    *_, why = noted(notes, [asked("Why?"), decided(Remember("Because"))])
    assert why == Asked(2.0, SECOND, "Why?", "Because", True)
    assert noted(notes, [decided(Remember("Hm."))]) == []


def test_a_question_without_an_answer_is_noted_as_it_was_asked() -> None:
    notes = Notes(COURSE)
    assert noted(notes, [asked("Why?"), decided(Remember(""))]) == [Asked(2.0, SECOND, "Why?", "", True)]
    assert noted(notes, [decided(Remember("Hm."))]) == []
    assert noted(notes, [e.ClassComplete(9.0, "quit")]) == [Ended(9.0, "quit")]


def test_what_is_very_long_is_cut() -> None:
    *_, note = noted(Notes(COURSE), [asked("a" * 9_999), decided(Remember("b" * 9_999))])
    assert isinstance(note, Asked)
    assert (len(note.question), len(note.answer)) == (2_000, 2_000)


# --- the voice -------------------------------------------------------------------------------------


def test_a_change_of_the_voice_is_noted_once() -> None:
    tuned = [e.VoiceTuned(1.0, 1.0, 1.0), e.VoiceTuned(1.0, 0.87, 1.5), e.VoiceTuned(2.0, 0.87, 1.5)]
    assert noted(Notes(COURSE), tuned) == [Tuned(1.0, 0.87, 1.5)]


def test_answers_to_check_questions_are_noted_but_no_silence_and_no_question() -> None:
    def judged(said: str, verdict: Verdict) -> e.CheckJudged:
        return e.CheckJudged(9.0, 3, (0, 1, 0), "What?", said, verdict, (0, 1, 1, 0), "the course")

    events = [judged("a bear", "right"), judged("", "unanswered"), judged("what is it", "question")]
    assert noted(Notes(COURSE), events) == [Checked(9.0, SECOND, "What?", "a bear", "right")]


def test_a_topic_that_was_told_in_other_words_is_heard_at_its_own_end() -> None:
    notes = Notes(COURSE)
    notes(e.LessonTold(1.0, 0, 0, (("Only this.", 1),), "model"))
    notes(e.TeachingContent(2.0, 1, 1, "Only this.", place=(0, 0, 1, 0)))
    assert notes(e.Heard(3.0, 1, 1, 10, True)) == [TopicHeard(3.0, FIRST)]

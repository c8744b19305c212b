"""Check questions at a topic's end: asked, answered or let go, and the lesson goes on."""

import pytest

from profai_cli import commands as c
from profai_cli.events import InputEnded
from profai_cli.lesson.place import CheckPlace, Place
from profai_cli.lesson.told import tell
from profai_cli.turns import lines, patience
from profai_cli.turns.states import State
from tests.small_course import small_course
from tests.stage import Stage

LAST_SENTENCE = Place(0, 0, 5)


def asked(stage: Stage) -> list[str]:
    return [command.text for command in stage.did if isinstance(command, c.Speak) and command.kind == "check"]


def said(stage: Stage) -> list[str]:
    return [command.text for command in stage.did if isinstance(command, c.Speak)]


def at_the_first_check(**choices: object) -> Stage:
    """The learner has just been asked."""
    stage = Stage(course=small_course(checks=2), place=LAST_SENTENCE, **choices)
    while stage.machine.state is not State.LISTENING:
        stage.run(0.1)
    return stage


def test_a_topic_ends_with_its_questions_and_then_the_lesson_goes_on() -> None:
    stage = at_the_first_check()
    assert asked(stage) == [lines.CHECK, "What is check 0 of Apples?"]
    stage.speaks("number zero").run(8)
    assert stage.last(c.Examine).said == "number zero"
    assert asked(stage)[2:] == ["What is check 1 of Apples?"]
    stage.speaks("number one").run(8)
    assert stage.machine.state is State.TEACHING
    assert "Bears." in said(stage)
    assert (stage.count(c.Examine), stage.count(c.Answer), stage.count(c.Remember)) == (2, 0, 0)


def test_the_place_is_that_of_the_next_topic_while_questions_are_asked() -> None:
    assert at_the_first_check().last(c.SavePlace).place == Place(0, 1)


def test_who_does_not_answer_is_told_the_answer_and_asked_no_more() -> None:
    stage = at_the_first_check().run(patience.CHECK_ANSWER + 0.3)
    assert (stage.last(c.Examine).said, stage.machine.state) == ("", State.ANSWERING)
    stage.run(8)
    assert lines.OFFER in said(stage)
    assert (stage.count(c.Examine), stage.machine.state) == (1, State.TEACHING)


def test_after_a_wrong_answer_the_passage_can_be_heard_again_and_its_question_is_asked_again() -> None:
    stage = at_the_first_check()
    stage.verdicts["number nine"] = "wrong"
    stage.speaks("number nine").run(5).speaks("repeat").run(1)
    assert (stage.last(c.ResumeLesson).place, stage.machine.state) == (Place(0, 0, 2), State.TEACHING)
    stage.run(17)
    assert asked(stage).count("What is check 0 of Apples?") == 2


def test_the_passage_is_found_in_a_lesson_that_is_told_otherwise() -> None:
    told = tell(small_course(checks=2), 0, 0, [(f"Apple {n}.", n) for n in (1, 1, 1, 2, 3, 4, 5)])
    stage = Stage(course=told, place=Place(0, 0, 1))
    stage.verdicts["number nine"] = "wrong"
    while stage.machine.state is not State.LISTENING:
        stage.run(0.1)
    stage.speaks("number nine").run(5).speaks("repeat").run(1)
    assert stage.last(c.ResumeLesson).place == Place(0, 0, 4)


def test_a_wrong_answer_that_is_left_there_is_followed_by_the_next_question() -> None:
    stage = at_the_first_check()
    stage.verdicts["number nine"] = "wrong"
    stage.speaks("number nine").run(9)
    assert asked(stage)[-1] == "What is check 1 of Apples?"


def test_what_was_answered_is_not_asked_again_in_this_class() -> None:
    stage = at_the_first_check().speaks("number zero").run(6).control("previous_topic").run(60)
    assert asked(stage).count("What is check 0 of Apples?") == 1


@pytest.mark.parametrize("words", ["go on", "next topic", "skip", "back to the lesson"])
def test_the_questions_can_be_skipped(words: str) -> None:
    stage = at_the_first_check().speaks(words).run(1)
    assert (stage.machine.state, stage.machine.voice.spot[:2]) == (State.TEACHING, (0, 1))
    assert stage.count(c.Examine) == 0
    assert not stage.machine.checks


@pytest.mark.parametrize("words", ["repeat that", "what", "say it again"])
def test_the_question_can_be_heard_again(words: str) -> None:
    stage = at_the_first_check().speaks(words).run(1)
    assert (asked(stage)[-1], stage.machine.state) == ("What is check 0 of Apples?", State.ASKING)


@pytest.mark.parametrize("words", ["no", "yes", "right", "no, it is number two"])
def test_small_words_are_answers_here(words: str) -> None:
    assert at_the_first_check().speaks(words).run(1).last(c.Examine).said == words


def test_a_question_of_the_learner_is_answered_and_the_check_asked_again() -> None:
    stage = at_the_first_check()
    stage.verdicts["what is an apple"] = "question"
    stage.speaks("what is an apple").run(1)
    assert (stage.last(c.Answer).question, stage.machine.state) == ("what is an apple", State.ANSWERING)
    stage.run(4)
    assert (asked(stage)[-1], asked(stage).count("What is check 0 of Apples?")) == ("What is check 0 of Apples?", 2)


def test_it_may_be_answered_while_the_tutor_answers_a_question_of_the_learner() -> None:
    stage = at_the_first_check()
    stage.verdicts |= {"what is an apple": "question", "what is a pear": "question"}
    stage.speaks("what is an apple").run(2.5).speaks("what is a pear").run(2)
    assert (stage.last(c.Answer).question, stage.machine.state) == ("what is a pear", State.ANSWERING)
    stage.speaks("number zero").run(1)
    assert (stage.last(c.Examine).said, stage.last(c.Examine).check[:2]) == ("number zero", (0, 0))
    stage.run(8)
    assert (asked(stage)[-1], asked(stage).count("What is check 0 of Apples?")) == ("What is check 1 of Apples?", 1)


def test_the_question_can_be_answered_before_it_is_over_and_a_cough_does_not_hurt_it() -> None:
    stage = Stage(course=small_course(checks=2), place=LAST_SENTENCE)
    while stage.machine.state is not State.ASKING:
        stage.run(0.1)
    stage.run(2).speaks("", seconds=0.1, confirmed=False)
    assert stage.machine.state is State.ASKING
    stage.speaks("number zero").run(1)
    assert (stage.last(c.Examine).said, stage.machine.state) == ("number zero", State.ANSWERING)


def test_a_pause_while_it_is_asked_ends_with_the_rest_of_it_or_with_all_of_it() -> None:
    stage = Stage(course=small_course(checks=2), place=LAST_SENTENCE)
    while stage.machine.state is not State.ASKING:
        stage.run(0.1)
    stage.control("pause").run(5).control("go_on")
    assert (stage.machine.state, asked(stage).count("What is check 0 of Apples?")) == (State.ASKING, 1)
    while stage.machine.state is not State.LISTENING:
        stage.run(0.1)
    stage.control("pause").run(60).control("go_on").run(0.1)
    assert (stage.machine.state, asked(stage).count("What is check 0 of Apples?")) == (State.ASKING, 2)


def test_slower_says_the_question_anew() -> None:
    stage = Stage(course=small_course(checks=2), place=LAST_SENTENCE)
    while stage.machine.state is not State.ASKING:
        stage.run(0.1)
    stage.control("slower").run(0.1)
    assert (stage.machine.state, asked(stage).count("What is check 0 of Apples?")) == (State.ASKING, 2)


def test_an_answer_that_goes_on_after_a_pause_is_judged_as_one() -> None:
    stage = at_the_first_check()
    stage.answer_delay = 2.0
    stage.speaks("it is").run(1.4).speaks("number zero").run(1)
    assert stage.last(c.Examine).said == "it is number zero"


def test_a_judge_who_is_late_is_not_waited_for() -> None:
    stage = at_the_first_check()
    stage.answer_delay = 100.0
    stage.speaks("number zero").run(patience.ANSWER + 1)
    assert lines.LATE in said(stage)
    stage.run(8)
    assert asked(stage)[-1] == "What is check 1 of Apples?"


def test_after_the_last_topic_its_questions_come_before_the_farewell() -> None:
    stage = Stage(course=small_course(checks=1), place=Place(1, 0, 5)).run(8)
    assert stage.machine.state is State.LISTENING
    stage.speaks("number zero").run(7)
    assert said(stage)[-2:] == list(lines.LAST)
    stage.run(15)
    assert stage.last(c.EndClass) == c.EndClass("finished")


@pytest.mark.parametrize("choices", [{"interactive": False}, {"checking": "none"}])
def test_none_are_asked_where_nobody_listens_or_wants_them(choices: dict[str, object]) -> None:
    stage = Stage(course=small_course(checks=2), place=LAST_SENTENCE, **choices).run(15)
    assert not asked(stage)


def test_none_are_asked_when_the_learner_has_left() -> None:
    stage = Stage(course=small_course(checks=2), place=LAST_SENTENCE)
    stage.send(InputEnded(stage.now))
    assert not asked(stage.run(15))


def test_questions_of_earlier_topics_can_come_before_the_lesson() -> None:
    stage = Stage(course=small_course(checks=2), place=Place(0, 1), checks=(CheckPlace(0, 0, 1),)).run(6)
    assert asked(stage) == [lines.RECALL, "What is check 1 of Apples?"]
    stage.speaks("number one").run(5)
    assert (stage.machine.state, stage.machine.voice.spot[:2]) == (State.TEACHING, (0, 1))


def test_a_quiz_is_its_questions_alone() -> None:
    checks = (CheckPlace(0, 0, 0), CheckPlace(1, 0, 1))
    stage = Stage(course=small_course(checks=2), checking="only", checks=checks).run(6)
    stage.speaks("number zero").run(6).speaks("next").run(6)
    assert stage.last(c.EndClass) == c.EndClass("finished")
    assert not stage.heard
    assert (stage.count(c.Examine), lines.OFFER in said(stage)) == (1, False)


def test_a_quiz_without_questions_is_over_at_once() -> None:
    assert Stage(course=small_course(), checking="only").last(c.EndClass) == c.EndClass("finished")


@pytest.mark.parametrize("key", ["next_sentence", "next_topic"])
def test_a_key_forward_skips_the_questions_also_in_a_pause(key: str) -> None:
    stage = at_the_first_check().control(key)
    assert (stage.machine.state, stage.machine.voice.spot) == (State.TEACHING, Place(0, 1))
    stage = at_the_first_check().control("pause").control(key)
    assert stage.machine.state is State.PAUSED
    stage.control("go_on")
    assert (stage.machine.state, stage.machine.voice.spot) == (State.TEACHING, Place(0, 1))


def test_a_key_back_goes_to_the_lesson_and_its_questions_come_again() -> None:
    stage = at_the_first_check().control("previous_sentence")
    assert (stage.machine.state, stage.machine.voice.spot) == (State.TEACHING, LAST_SENTENCE)
    stage.run(8)
    assert asked(stage).count("What is check 0 of Apples?") == 2


def test_keys_in_a_quiz_go_from_question_to_question() -> None:
    checks = (CheckPlace(0, 0, 0), CheckPlace(1, 0, 1))
    stage = Stage(course=small_course(checks=2), checking="only", checks=checks).run(6).control("previous_sentence")
    assert asked(stage).count("What is check 0 of Apples?") == 2
    stage.control("next_topic")
    assert asked(stage)[-1] == "What is check 1 of Cherries?"
    stage.control("next_sentence")
    assert stage.last(c.EndClass) == c.EndClass("finished")


def test_who_stays_after_all_is_asked_again() -> None:
    stage = at_the_first_check().control("quit").control("pause_or_go_on")
    assert (stage.machine.state, asked(stage).count("What is check 0 of Apples?")) == (State.ASKING, 2)


# --- thinking --------------------------------------------------------------------------------------


def test_a_noise_a_murmur_or_um_does_not_end_the_thinking() -> None:
    stage = at_the_first_check().run(2).speaks("", seconds=0.1, confirmed=False).run(3)
    assert (stage.machine.state, stage.count(c.Examine)) == (State.LISTENING, 0)
    stage.speaks("um", seconds=0.3).run(2).speaks("hmm", seconds=0.3).run(4)
    assert (stage.machine.state, stage.count(c.Examine)) == (State.LISTENING, 0)
    stage.speaks("number zero").run(1)
    assert stage.last(c.Examine).said == "number zero"


def test_who_says_wait_has_as_long_as_before() -> None:
    stage = at_the_first_check().run(6).speaks("wait", seconds=0.3).run(patience.CHECK_ANSWER - 1)
    assert stage.count(c.Examine) == 0
    stage.run(3)
    assert stage.last(c.Examine).said == ""


def test_who_writes_an_answer_is_waited_for() -> None:
    stage = at_the_first_check().run(7).control("typing").run(20).says("number zero").run(0.5)
    assert stage.last(c.Examine).said == "number zero"


def test_what_was_said_over_the_question_and_not_understood_is_asked_for_again() -> None:
    stage = asking().run(2)
    stage.speaks("", seconds=1.5).run(3)
    assert (stage.count(c.Examine), asked(stage).count("What is check 0 of Apples?")) == (0, 2)


def test_when_the_learner_has_left_no_question_waits() -> None:
    stage = at_the_first_check()
    stage.send(InputEnded(stage.now))
    stage.run(patience.CHECK_ANSWER + 1)
    assert (stage.count(c.Examine), stage.machine.state) == (0, State.TEACHING)


def asking(**choices: object) -> Stage:
    """The first question has begun to sound."""
    stage = Stage(course=small_course(checks=2), place=LAST_SENTENCE, **choices)
    while stage.machine.state is not State.ASKING:
        stage.run(0.1)
    return stage


def test_yes_counts_when_it_is_typed_and_as_soon_as_the_question_is_over() -> None:
    assert asking().run(1).says("yes").run(0.1).last(c.Examine).said == "yes"
    stage = asking()
    words = len(" ".join(asked(stage)))
    stage.run(words * 0.05 + 0.02)  # every word has sounded, and the pause after them has not
    assert stage.machine.voice.reply is None or stage.machine.voice.reply.heard_out
    stage.speaks("yes", seconds=0.3).run(1)
    assert stage.last(c.Examine).said == "yes"


def test_go_on_over_the_question_skips_it() -> None:
    stage = asking().run(2).speaks("go on", seconds=0.4).run(1)
    assert (stage.machine.state, stage.count(c.Examine)) == (State.TEACHING, 0)


# --- keys, and words for the way, while questions are asked ----------------------------------------


def test_the_key_repeat_asks_again() -> None:
    stage = at_the_first_check().control("repeat")
    assert (stage.machine.state, asked(stage).count("What is check 0 of Apples?")) == (State.ASKING, 2)
    checks = (CheckPlace(0, 0, 0),)
    stage = Stage(course=small_course(checks=2), checking="only", checks=checks).run(2).control("repeat").run(1)
    assert (stage.machine.state, stage.heard) == (State.ASKING, [])


@pytest.mark.parametrize("by", ["key", "words"])
def test_next_while_an_answer_is_explained_goes_to_the_next_topic_and_no_further(by: str) -> None:
    stage = at_the_first_check().speaks("number zero").run(0.8)
    assert stage.machine.state is State.ANSWERING
    if by == "key":
        stage.control("next_topic")
    else:
        stage.speaks("next topic", seconds=0.5).run(1)
    assert (stage.machine.state, stage.machine.voice.spot[:2]) == (State.TEACHING, (0, 1))


@pytest.mark.parametrize("words", ["next", "never mind", "previous topic"])
def test_a_quiz_never_becomes_a_lesson(words: str) -> None:
    checks = (CheckPlace(0, 0, 0), CheckPlace(1, 0, 1))
    stage = Stage(course=small_course(checks=2), checking="only", checks=checks).run(6)
    stage.speaks("number zero").run(0.8).speaks(words, seconds=0.5).run(1)
    assert (stage.heard, asked(stage)[-1]) == ([], "What is check 1 of Cherries?")


def test_a_question_of_an_earlier_topic_offers_no_passage_and_moves_no_place() -> None:
    stage = Stage(course=small_course(checks=2), place=Place(0, 1, 3), checks=(CheckPlace(0, 0, 1),)).run(6)
    stage.verdicts["number nine"] = "wrong"
    stage.speaks("number nine").run(3)
    assert lines.OFFER not in said(stage)
    stage.speaks("repeat", seconds=0.4).run(6)
    assert (stage.machine.state, stage.machine.voice.spot[:2]) == (State.TEACHING, (0, 1))
    assert {place[:2] for place, _ in stage.heard} == {(0, 1)}


def test_a_key_while_an_answer_is_judged_leaves_nothing_of_it() -> None:
    stage = at_the_first_check()
    stage.answer_delay = 5.0
    stage.speaks("number zero").run(0.5).control("next_topic").run(1).control("pause").control("go_on").run(0.1)
    assert (stage.machine.state, stage.count(c.Answer)) == (State.TEACHING, 0)


def test_in_a_pause_a_key_back_leaves_the_questions() -> None:
    stage = at_the_first_check().control("pause").control("previous_sentence").control("go_on").run(0.1)
    assert (stage.machine.state, stage.machine.voice.spot) == (State.TEACHING, LAST_SENTENCE)

"""Scenes in which sounds, words and orders cross: a click after a question, words that come late, an order over a
question. Nothing that the learner said gets lost in them, and nothing old comes back."""

import pytest

from profai_cli import commands as c
from profai_cli import events as e
from profai_cli.turns import lines, patience
from profai_cli.turns.states import State
from tests.stage import Stage


def click(stage: Stage) -> Stage:
    """A sound that nobody takes for a voice: a breath, a key, a cough."""
    return stage.speaks("", seconds=0.05, confirmed=False)


def asked(stage: Stage) -> list[str]:
    return [command.question for command in stage.did if isinstance(command, c.Answer)]


def spoken(stage: Stage) -> list[str]:
    return [command.text for command in stage.did if isinstance(command, c.Speak)]


def test_a_click_just_after_a_question_does_not_lose_it() -> None:
    stage = Stage().run(4).speaks("what is an apple").run(0.2)
    click(stage).run(2)
    assert asked(stage) == ["what is an apple"]


def test_a_click_in_the_midst_of_a_question_does_not_lose_its_begin() -> None:
    stage = Stage().run(4).speaks("what is the").run(0.2)
    click(stage).run(0.1).speaks("difference between apples and bears").run(2)
    assert asked(stage) == ["what is the difference between apples and bears"]


def test_a_click_while_the_final_words_are_on_their_way_does_not_lose_them() -> None:
    stage = Stage().run(4).speaks("what is an apple").run(patience.TURN_END + 0.05)
    assert stage.count(c.FinalizeSpeech) == 1
    click(stage).run(2)
    assert asked(stage) == ["what is an apple"]


def test_a_noise_that_goes_on_after_a_question_does_not_lose_it() -> None:
    stage = Stage().run(4).speaks("what is an apple").run(0.2).begins(confirmed=False).run(patience.NOISE + 1)
    assert asked(stage) == ["what is an apple"]


@pytest.mark.parametrize("noise", [0.05, 2.0])
def test_a_noise_after_short_words_over_the_tutor_does_not_lose_them(noise: float) -> None:
    stage = Stage().run(4)
    stage.deaf = True  # until the final words come below
    stage.speaks("", seconds=0.4).begins(confirmed=False)
    stage.send(e.FinalTranscript(stage.now, "why"))
    stage.run(noise)
    stage.send(e.SpeechEnded(stage.now, noise))
    stage.run(2)
    assert asked(stage) == ["why"]


def test_a_click_over_a_held_voice_waits_for_the_words_before_it() -> None:
    stage = Stage().run(4)
    stage.deaf = True
    click(stage.speaks("", seconds=0.4))
    assert stage.machine.state is State.HELD
    stage.send(e.FinalTranscript(stage.now, "why"))
    assert stage.machine.state is State.LISTENING


def test_words_that_come_after_the_voice_went_on_interrupt_it_again() -> None:
    stage = Stage().run(4)
    stage.deaf = True
    stage.speaks("", seconds=0.4).begins(confirmed=False).run(patience.UNCONFIRMED)
    assert stage.machine.state is State.TEACHING
    stage.send(e.FinalTranscript(stage.now, "why"))
    assert asked(stage) == ["why"]


def test_a_noise_is_not_left_in_the_recogniser_for_the_next_turn() -> None:
    stage = Stage().run(4).speaks("what is an apple").run(patience.TURN_END + 0.05)
    discarded = stage.count(c.DiscardSpeech)
    click(stage).run(1)
    assert (asked(stage), stage.count(c.DiscardSpeech)) == (["what is an apple"], discarded + 1)


def test_a_typed_question_leaves_nothing_in_the_recogniser_for_the_next_turn() -> None:
    stage = Stage().run(4).speaks("what is", seconds=1.0).run(0.1)
    discarded = stage.count(c.DiscardSpeech)
    stage.says("what is an apple")
    assert stage.count(c.DiscardSpeech) == discarded + 1


def test_an_order_while_the_tutor_thinks_is_obeyed_and_no_part_of_the_question() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5.0
    stage.speaks("what is an apple").run(0.8).speaks("never mind", seconds=0.5).run(1)
    assert asked(stage) == ["what is an apple"]
    assert stage.machine.state is State.TEACHING


def test_a_murmur_just_after_a_question_asks_it_as_it_was() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5.0
    stage.speaks("what is an apple").run(0.8).speaks("okay", seconds=0.3).run(1)
    assert asked(stage) == ["what is an apple", "what is an apple"]


def test_a_question_that_was_left_for_another_topic_does_not_come_back() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5.0
    stage.says("what is an apple").says("next topic").run(3).speaks("", seconds=1.5).run(6)
    assert asked(stage) == ["what is an apple"]
    assert lines.NOT_CAUGHT in spoken(stage)


def test_next_topic_in_the_silence_after_a_topic_skips_none() -> None:
    stage = Stage().run(4)
    reply = stage.machine.voice.reply
    assert reply is not None
    for number, line in enumerate(_all_lines(stage)):
        stage.send(e.Heard(stage.now, reply.number, number, len(line), end=True))
    stage.control("next_topic")
    assert stage.last(c.ResumeLesson).place == (0, 1, 0, 0)


def _all_lines(stage: Stage) -> list[str]:
    return [sentence.text for sentence in stage.course.modules[0].topics[0].sentences]


def test_somebody_who_never_stops_talking_is_answered_at_the_longest_turn() -> None:
    stage = Stage().run(4).begins()
    stage.words = "this is a very long story"
    stage.run(patience.SUSTAINED + patience.LONGEST_TURN + 0.2)
    assert asked(stage) == ["this is a very long story"]


def test_a_typed_question_is_none_of_the_spoken_words_before_it() -> None:
    stage = Stage().run(4).speaks("what is the", seconds=1.0).run(0.7).says("what is an apple")
    assert asked(stage) == ["what is an apple"]


def test_a_lecture_keeps_the_next_topic_as_its_place() -> None:
    stage = Stage(interactive=False).run(60)
    assert stage.last(c.SavePlace).place == (0, 1, 0, 0)


def test_one_word_of_a_partial_waits_for_the_final() -> None:
    stage = Stage().run(4).begins().partial("what")
    assert stage.machine.state is State.HELD


def test_a_typed_question_over_a_held_voice_is_answered() -> None:
    stage = Stage().run(4).begins(confirmed=False).says("what is an apple")
    assert asked(stage) == ["what is an apple"]


def test_half_a_sentence_so_far_gets_more_patience() -> None:
    stage = Stage().run(4).begins().run(1).partial("what is the")
    stage.send(e.SpeechEnded(stage.now, 1.0))
    assert stage.run(patience.UNFINISHED - 0.1).count(c.FinalizeSpeech) == 0
    assert stage.run(0.2).count(c.FinalizeSpeech) == 1


def test_a_murmur_that_comes_late_changes_nothing() -> None:
    stage = Stage().run(4)
    stage.send(e.FinalTranscript(stage.now, "okay"))
    assert stage.machine.state is State.TEACHING
    assert stage.count(c.Flush) == 0


def test_words_that_come_while_the_tutor_thinks_go_on_with_the_question() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5.0
    stage.says("what is an apple").send(e.FinalTranscript(stage.now, "and a pear"))
    assert asked(stage) == ["what is an apple", "what is an apple and a pear"]


def test_a_pause_after_the_end_of_the_input_ends_the_class() -> None:
    stage = Stage().run(4)
    stage.send(e.InputEnded(stage.now))
    assert stage.machine.state is State.TEACHING
    assert stage.control("pause").last(c.EndClass) == c.EndClass("input_ended")


def test_the_input_that_ends_with_a_word_is_heard_to_the_end() -> None:
    stage = Stage().run(4).control("pause").run(1)
    stage.send(e.SpeechStarted(stage.now, 0))
    stage.send(e.InputEnded(stage.now))
    stage.words = "go on"
    stage.send(e.SpeechConfirmed(stage.now, 0))
    stage.send(e.SpeechEnded(stage.now, 0.4))
    stage.run(2)
    assert stage.machine.state is State.TEACHING


def test_go_on_ends_the_thinking_and_leaves_a_voice_alone_that_goes_on() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5.0
    stage.says("what is an apple").says("go on")
    assert (stage.machine.state, stage.count(c.CancelAnswer)) == (State.TEACHING, 1)
    did = len(stage.did)
    assert len(stage.says("go on").did) == did


def test_repeat_at_the_begin_of_a_sentence_goes_to_the_one_before() -> None:
    stage = Stage()
    while not stage.heard or stage.heard[-1][0].sentence < 2:
        stage.run(0.05)
    assert stage.says("repeat that").last(c.ResumeLesson).place == (0, 0, 1, 0)


def test_a_bridge_that_is_cut_loses_nothing_of_the_lesson() -> None:
    stage = Stage().run(4).says("wait").run(patience.WAIT + 0.2)
    place = stage.last(c.ResumeLesson).place
    assert spoken(stage)[-3] == lines.BACK
    stage.says("wait").run(patience.WAIT + 0.2)
    assert stage.last(c.ResumeLesson).place == place

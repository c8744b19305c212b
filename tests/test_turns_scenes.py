"""The scenes of a class, one test each: what the learner does, and what the machine makes of it."""

import pytest

from profai_cli import commands as c
from profai_cli import events as e
from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.lesson.place import Place
from profai_cli.turns import lines, patience
from profai_cli.turns.machine import Machine
from profai_cli.turns.states import State
from tests.small_course import small_course
from tests.stage import Stage


def spoken(stage: Stage) -> list[str]:
    return [command.text for command in stage.did if isinstance(command, c.Speak)]


def test_a_lecture_speaks_one_topic_and_ends() -> None:
    stage = Stage(interactive=False).run(60)
    assert stage.machine.state is State.DONE
    assert stage.last(c.EndClass) == c.EndClass("finished")
    assert [place.topic for place, _ in stage.heard] == [0] * len(stage.heard)


def test_a_question_stops_the_lesson_is_answered_and_the_lesson_goes_on_from_the_cut_phrase() -> None:
    stage = Stage().run(4)
    before = list(stage.heard)
    stage.speaks("what is an apple")
    assert stage.machine.state is State.HELD or stage.machine.state is State.LISTENING
    stage.run(1)
    assert stage.last(c.Answer).question == "what is an apple"
    stage.run(60)
    texts = spoken(stage)
    assert "An answer." in texts
    assert lines.BACK in texts
    resumed = stage.last(c.ResumeLesson)
    assert resumed.place[:2] == (0, 0)
    after = stage.heard[len(before) :]
    assert after[0][0] == Place(*resumed.place)


def test_nothing_is_heard_while_the_learner_speaks() -> None:
    stage = Stage().run(4)
    count = len(stage.heard)
    stage.speaks("what is an apple", seconds=3)
    assert len(stage.heard) == count


def test_a_cough_releases_the_hold_as_soon_as_it_ends() -> None:
    stage = Stage().run(4).speaks("", seconds=0.1, confirmed=False)
    assert stage.machine.state is State.TEACHING
    assert stage.count(c.Release) == 1
    assert stage.count(c.Flush) == 0


def test_a_noise_that_goes_on_releases_the_hold_when_patience_ends() -> None:
    stage = Stage().run(4).begins(confirmed=False).run(patience.UNCONFIRMED + 0.01)
    assert stage.machine.state is State.TEACHING


@pytest.mark.parametrize("murmur", ["mm-hm", "okay", "yeah", "right", "um"])
def test_a_murmur_releases_the_hold(murmur: str) -> None:
    stage = Stage().run(4).speaks(murmur, seconds=0.4).run(patience.RETURN + 0.01)
    assert stage.machine.state is State.TEACHING
    assert (stage.count(c.Release), stage.count(c.Flush)) == (1, 0)


@pytest.mark.parametrize("words", ["stop", "wait", "no", "but why"])
def test_short_words_that_mean_something_interrupt(words: str) -> None:
    stage = Stage().run(4).speaks(words, seconds=0.4).run(1)
    assert stage.count(c.Release) == 0
    assert stage.machine.state is not State.TEACHING


def test_long_speech_interrupts_whatever_its_words() -> None:
    stage = Stage().run(4).begins().run(patience.SUSTAINED)
    assert stage.machine.state is State.LISTENING
    assert stage.count(c.Flush) == 1


def test_partial_words_alone_do_not_interrupt_since_a_murmur_sounds_like_some() -> None:
    stage = Stage().run(4).begins().partial("are to").run(0.3)
    stage.send(e.SpeechEnded(stage.now, 0.4))
    stage.run(patience.RETURN + 0.01)
    assert (stage.machine.state, stage.count(c.Flush)) == (State.TEACHING, 0)


@pytest.mark.parametrize("faint", [False, True])
def test_after_a_murmur_only_a_faint_voice_may_be_going_on(faint: bool) -> None:
    stage = Stage().run(4).begins().run(0.4)
    stage.words = "yeah"
    stage.send(e.SpeechEnded(stage.now, 0.4, faint))
    stage.run(patience.RETURN - 0.05)
    assert stage.machine.state is (State.HELD if faint else State.TEACHING)
    stage.begins().run(0.4)
    assert stage.count(c.Release) == (not faint)


def test_one_word_that_begins_a_question_has_time_for_the_others() -> None:
    stage = Stage().run(4).speaks("why", seconds=0.3).run(patience.FIRST_WORD - 0.1).speaks("is it round").run(1)
    assert stage.last(c.Answer).question == "why is it round"


def test_one_word_that_begins_a_question_may_be_all_of_it() -> None:
    stage = Stage().run(4).speaks("why", seconds=0.3).run(patience.FIRST_WORD + 0.1)
    assert stage.last(c.Answer).question == "why"


def test_a_confirmed_voice_that_was_none_is_forgotten_at_once() -> None:
    stage = Stage().run(4).begins().run(0.3)
    stage.send(e.SpeechEnded(stage.now, 0.0))
    assert (stage.machine.state, stage.count(c.Release), stage.count(c.FinalizeSpeech)) == (State.TEACHING, 1, 0)


def test_a_confirmed_voice_that_was_none_does_not_lose_the_question_before_it() -> None:
    stage = Stage().run(4).speaks("what is an apple", seconds=1.2).begins().run(0.3)
    stage.send(e.SpeechEnded(stage.now, 0.0))
    stage.run(2)
    assert stage.last(c.Answer).question == "what is an apple"


def test_speech_without_words_is_not_answered() -> None:
    stage = Stage().run(4).speaks("", seconds=1.5).run(3)
    assert stage.count(c.Answer) == 0
    assert lines.NOT_CAUGHT in spoken(stage)
    assert stage.machine.state is State.TEACHING


def test_the_answer_can_be_interrupted_too_and_the_lesson_still_goes_on() -> None:
    stage = Stage().run(4).speaks("what is an apple").run(1.2)
    assert stage.machine.state is State.ANSWERING
    stage.speaks("and what is a bear").run(1.2)
    assert stage.count(c.Answer) == 2
    stage.run(5)
    assert stage.machine.state is State.TEACHING


def test_five_interruptions_in_a_row_lose_no_phrase() -> None:
    stage = Stage().run(3)
    for _ in range(5):
        stage.speaks("what is this thing").run(6)
    stage.run(200)
    places = [place for place, _ in stage.heard]
    assert {(p.module, p.topic, p.sentence) for p in places} == {
        (m, t, s) for m, t in ((0, 0), (0, 1), (1, 0)) for s in range(6)
    }


def test_a_murmur_over_the_answer_goes_on_with_the_answer() -> None:
    stage = Stage().run(4).speaks("what is an apple").run(1.2).speaks("mm-hm", seconds=0.3).run(0.3)
    assert stage.machine.state is State.ANSWERING


def test_going_on_after_a_pause_in_mid_sentence_is_one_question() -> None:
    stage = Stage().run(4)
    stage.speaks("what is the")
    stage.run(0.6)
    stage.speaks("difference between apples and bears").run(1)
    assert stage.last(c.Answer).question == "what is the difference between apples and bears"


def test_asking_on_while_the_tutor_thinks_is_one_question() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5.0
    stage.speaks("what is an apple").run(0.8)
    assert stage.machine.state is State.THINKING
    stage.speaks("and a pear").run(1)
    assert stage.count(c.CancelAnswer) == 1
    assert stage.last(c.Answer).question == "what is an apple and a pear"


def test_a_cough_while_the_tutor_thinks_changes_nothing() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 2.0
    stage.speaks("what is an apple").run(0.8).speaks("", seconds=0.1, confirmed=False)
    assert stage.machine.state is State.THINKING
    stage.run(2)
    assert stage.machine.state is State.ANSWERING


def test_a_murmur_while_the_tutor_thinks_asks_the_question_again() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5.0
    stage.speaks("what is an apple").run(3).speaks("okay", seconds=0.3).run(1.0)
    assert stage.last(c.Answer).question == "what is an apple"
    assert stage.machine.state is State.THINKING


def test_a_late_answer_is_given_up() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 100
    stage.speaks("what is an apple").run(patience.ANSWER + 1)
    assert lines.LATE in spoken(stage)
    stage.run(20)
    assert stage.machine.state is State.TEACHING


def test_an_empty_answer_goes_back_to_the_lesson() -> None:
    stage = Stage().run(4)
    stage.answers = []
    stage.speaks("what is an apple").run(1.5)
    assert stage.machine.state is State.TEACHING


def test_a_follow_up_question_needs_no_interruption() -> None:
    stage = Stage().run(4).speaks("what is an apple")
    while stage.machine.state is not State.LISTENING or stage.count(c.Answer) == 0:
        stage.run(0.1)
    stage.speaks("and why is it red").run(1)
    assert stage.count(c.Answer) == 2


def test_pause_and_go_on_continue_at_the_very_sample() -> None:
    stage = Stage().run(4).speaks("pause", seconds=0.5).run(0.3)
    assert stage.machine.state is State.PAUSED
    heard = len(stage.heard)
    stage.run(100)
    assert (stage.machine.state, len(stage.heard)) == (State.PAUSED, heard)
    stage.speaks("go on", seconds=0.5).run(1)
    assert stage.machine.state is State.TEACHING
    assert (stage.count(c.Release), stage.count(c.Flush)) == (1, 0)


def test_go_on_over_the_voice_is_hold_on_misheard() -> None:
    stage = Stage().run(4).speaks("go on", seconds=0.5).run(0.3)
    assert stage.machine.state is State.LISTENING
    stage.run(patience.WAIT)
    assert stage.machine.state is State.TEACHING
    assert lines.BACK in spoken(stage)


def test_a_question_in_a_pause_is_answered() -> None:
    stage = Stage().run(4).control("pause").run(10).speaks("what is an apple").run(1)
    assert stage.count(c.Answer) == 1
    stage.run(10)
    assert stage.machine.state is State.TEACHING


def test_noise_and_murmurs_in_a_pause_change_nothing() -> None:
    stage = Stage().run(4).control("pause").speaks("okay").run(2).speaks("", confirmed=False).run(5)
    assert stage.machine.state is State.PAUSED


def test_a_pause_ends_the_class_when_nobody_is_left_to_end_it() -> None:
    stage = Stage().run(4).control("pause")
    stage.send(e.InputEnded(stage.now))
    assert stage.last(c.EndClass) == c.EndClass("input_ended")


def test_the_pause_key_works_while_the_tutor_thinks() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5
    stage.says("what is an apple").control("pause").run(10)
    assert stage.machine.state is State.PAUSED
    stage.control("go_on").run(6)
    assert stage.machine.state is State.ANSWERING


def test_repeat_goes_back_to_the_sentence() -> None:
    stage = Stage().run(5)
    place = stage.heard[-1][0]
    stage.says("repeat that").run(1)
    assert stage.last(c.ResumeLesson).place <= place


def test_repeat_after_an_answer_says_the_answer_again() -> None:
    stage = Stage().run(4).says("what is an apple").run(2.2).says("say that again").run(1)
    assert spoken(stage).count("An answer.") == 2
    stage.run(20)
    assert stage.machine.state is State.TEACHING


def test_slower_and_louder_tune_the_voice_and_go_on() -> None:
    stage = Stage().run(4).says("slower").run(1).says("louder").run(1)
    tune = stage.last(c.Tune)
    assert tune.speed < 1 < tune.volume
    assert stage.machine.state is State.TEACHING


def test_slower_over_an_answer_says_the_rest_of_the_answer() -> None:
    stage = Stage().run(4).says("what is an apple").run(0.5).says("slower").run(0.5)
    assert stage.machine.state is State.ANSWERING
    assert spoken(stage).count("An answer.") == 2


def test_topics_can_be_changed_by_voice() -> None:
    stage = Stage().run(4).says("next topic").run(3)
    assert stage.heard[-1][0].topic == 1
    stage.says("previous topic").run(3)
    assert stage.heard[-1][0] == Place(0, 0, *stage.heard[-1][0][2:])


def test_there_is_no_topic_after_the_last() -> None:
    stage = Stage(place=Place(1, 0)).run(4).says("next topic").run(2)
    assert lines.NO_NEXT in spoken(stage)


def test_where_are_we_is_answered_without_a_model() -> None:
    stage = Stage(place=Place(0, 1)).run(4).says("where are we").run(1)
    assert stage.count(c.Answer) == 0
    assert any("module 1, Alpha, topic 2, Bears" in text for text in spoken(stage))


def test_titles_are_spoken_without_their_markup() -> None:
    course = Course("c", "C", "en", "", (Module("Loops & `for`", (Topic("The `if` statement", "Text."),)),))
    assert "module 1, Loops and for, topic 1, The if statement," in lines.where(course, Place(0, 0))


def test_quit_says_goodbye_and_keeps_the_place() -> None:
    stage = Stage().run(4).speaks("goodbye", seconds=0.5).run(5)
    assert stage.machine.state is State.DONE
    assert stage.last(c.EndClass) == c.EndClass("quit")
    assert stage.last(c.SavePlace).place[:2] == (0, 0)


def test_quit_needs_no_patience_when_it_is_asked_twice() -> None:
    stage = Stage().run(4).control("quit").control("quit")
    assert stage.machine.state is State.DONE


def test_wait_gives_the_learner_time() -> None:
    stage = Stage().run(4).speaks("wait", seconds=0.4).run(4)
    assert stage.machine.state is State.LISTENING
    stage.speaks("what is an apple").run(1)
    assert stage.count(c.Answer) == 1


def test_saying_nothing_after_wait_goes_back_to_the_lesson() -> None:
    stage = Stage().run(4).says("wait").run(patience.WAIT + 1)
    assert stage.machine.state is State.TEACHING


def test_the_course_ends_with_a_last_question() -> None:
    stage = Stage(place=Place(1, 0)).run(40)
    assert lines.LAST[0] in spoken(stage)
    assert stage.last(c.EndClass) == c.EndClass("finished")


def test_a_question_after_the_end_is_answered_before_the_class_ends() -> None:
    stage = Stage(place=Place(1, 0))
    while lines.LAST[1] not in spoken(stage):
        stage.run(0.5)
    stage.run(5).says("what is an apple").run(1)
    assert stage.count(c.Answer) == 1
    stage.run(30)
    assert stage.machine.state is State.DONE


def test_noise_that_never_ends_cannot_hold_the_floor() -> None:
    stage = Stage().run(4).says("wait").begins(confirmed=False).run(patience.NOISE + 0.1)
    assert stage.machine.state is State.TEACHING


def test_a_monologue_is_cut_at_the_longest_turn() -> None:
    stage = Stage().run(4).begins().run(1)
    stage.words = "this is a very long story"
    stage.run(patience.LONGEST_TURN + 1)
    assert stage.count(c.FinalizeSpeech) == 1


def test_speech_that_the_reflex_could_not_hold_is_held_by_the_machine() -> None:
    stage = Stage()
    stage.send(e.SpeechStarted(0.0, 0))
    assert stage.machine.state is State.HELD


def test_a_class_can_be_stopped_in_every_state() -> None:
    for prepare in (
        lambda s: s,
        lambda s: s.begins(),
        lambda s: s.control("pause"),
        lambda s: s.says("what is an apple"),
        lambda s: s.says("what is an apple").run(0.5),
        lambda s: s.says("wait"),
        lambda s: s.control("quit"),
    ):
        stage = prepare(Stage().run(4)).control("stopped")
        assert stage.machine.state is State.DONE


def test_an_empty_piece_of_an_answer_changes_nothing() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 5
    stage.says("what is an apple")
    stage.send(e.AgentResponse(stage.now, stage.machine.voice.reply.number, ""))
    assert stage.machine.state is State.THINKING


def test_words_that_come_while_the_learner_speaks_on_in_a_pause_are_used_at_the_end() -> None:
    stage = Stage().run(4).control("pause").run(1).begins()
    stage.send(e.FinalTranscript(stage.now, "what is an apple"))
    assert stage.count(c.Answer) == 0
    stage.deaf = True  # no more words come
    stage.send(e.SpeechEnded(stage.now, 1.0))
    stage.run(patience.TURN_END + patience.LOST_WORDS + 0.1)
    assert stage.count(c.Answer) == 1


def test_go_on_before_the_begin_changes_nothing() -> None:
    machine = Machine(small_course(), interactive=True)
    assert machine.handle(e.Control(0.0, "go_on")) == []


def test_partial_words_serve_where_the_final_ones_never_come() -> None:
    stage = Stage().run(4)
    stage.deaf = True
    stage.speaks("", seconds=0.4).partial("what is an apple").run(patience.FINAL_WORDS)
    assert stage.machine.state is State.LISTENING
    stage.run(patience.LOST_WORDS + 0.1)
    assert stage.last(c.Answer).question == "what is an apple"


def test_words_that_are_owed_are_waited_for_anew_when_another_recogniser_takes_over() -> None:
    stage = Stage().run(4)
    stage.deaf = True
    stage.speaks("", seconds=1.2).partial("what is").run(patience.TURN_END + patience.LOST_WORDS - 0.5)
    stage.send(e.SttReady(stage.now, "pocketsphinx"))
    stage.run(patience.LOST_WORDS - 0.5)
    assert stage.count(c.Answer) == 0
    stage.send(e.FinalTranscript(stage.now, "what is an apple"))
    assert stage.last(c.Answer).question == "what is an apple"


def test_a_recogniser_that_is_ready_while_no_words_are_owed_changes_nothing() -> None:
    stage = Stage().run(4).control("pause")
    assert stage.machine.handle(e.SttReady(stage.now, "pocketsphinx")) == []


def test_a_cough_right_after_a_question_does_not_lose_the_question() -> None:
    stage = Stage().run(4).speaks("what is an apple", seconds=1.2).run(0.2).speaks("", seconds=0.1, confirmed=False)
    stage.run(2)
    assert stage.last(c.Answer).question == "what is an apple"


def test_a_noise_right_after_a_short_order_does_not_lose_the_order() -> None:
    stage = Stage().run(4).speaks("pause", seconds=0.3).begins(confirmed=False).run(1)
    assert stage.machine.state is State.PAUSED


def test_a_noise_that_goes_on_after_a_question_does_not_lose_the_question() -> None:
    stage = Stage().run(4).speaks("what is an apple", seconds=1.2).run(0.1).begins(confirmed=False)
    stage.run(patience.NOISE + 1)
    assert stage.last(c.Answer).question == "what is an apple"


def test_louder_goes_on_at_the_very_sample() -> None:
    stage = Stage().run(4).speaks("louder", seconds=0.4).run(0.5)
    assert (stage.count(c.Release), stage.count(c.Flush), stage.count(c.Tune)) == (1, 0, 1)
    assert stage.machine.state is State.TEACHING


def test_slower_while_the_tutor_thinks_keeps_the_question() -> None:
    stage = Stage().run(4)
    stage.answer_delay = 3
    stage.says("what is an apple").says("slower").run(4)
    assert stage.machine.state is State.ANSWERING


def test_after_its_last_topic_the_course_is_over() -> None:
    stage = Stage(place=Place(1, 0)).run(60)
    assert stage.last(c.SavePlace).place is None


def test_the_voice_begins_as_the_learner_had_it() -> None:
    machine = Machine(small_course(), interactive=True)
    begun = machine.handle(e.CourseInfo(0.0, "small", "Small", "en", "", 2, 3, 0, 0, 0, 0, speed=0.87, volume=1.5))
    assert [type(command) for command in begun[:3]] == [c.SavePlace, c.Tune, c.Speak]
    assert c.Tune(0.87, 1.5) in begun


@pytest.mark.parametrize("words", ["back to the lesson", "never mind"])
def test_back_to_the_lesson_drops_the_answer(words: str) -> None:
    stage = Stage().run(4).speaks("what is an apple").run(1.2)
    assert stage.machine.state is State.ANSWERING
    stage.speaks(words, seconds=0.6).run(0.5)
    assert stage.machine.state is State.TEACHING
    assert stage.count(c.ResumeLesson) == 1


def test_never_mind_over_the_lesson_goes_on_at_the_very_sample() -> None:
    stage = Stage().run(4).speaks("never mind", seconds=0.6).run(0.5)
    assert (stage.machine.state, stage.count(c.Release), stage.count(c.Flush)) == (State.TEACHING, 1, 0)


def test_back_to_the_lesson_before_its_begin_changes_nothing() -> None:
    machine = Machine(small_course(), interactive=True)
    assert machine.handle(e.Control(0.0, "lesson")) == []


def test_words_that_the_recogniser_makes_of_a_noise_do_not_interrupt() -> None:
    stage = Stage().run(4).begins(confirmed=False).partial("who for").run(patience.UNCONFIRMED)
    assert (stage.machine.state, stage.count(c.Flush)) == (State.TEACHING, 0)


def test_words_that_are_no_question_wait_for_more_of_them() -> None:
    stage = Stage().run(4).speaks("what is an apple").run(20)
    stage.send(e.SpeechStarted(stage.now, 0))
    stage.send(e.SpeechConfirmed(stage.now + 0.1, 0))
    stage.run(1)
    stage.send(e.SpeechEnded(stage.now, 1.0))
    asked = stage.count(c.Answer)
    stage.send(e.FinalTranscript(stage.now, "I have eaten an apple"))
    assert stage.count(c.Answer) == asked
    stage.run(patience.STATEMENT + 0.01)
    assert stage.last(c.Answer).question == "I have eaten an apple"


def test_a_question_that_goes_on_while_its_answer_begins_is_one_question() -> None:
    stage = Stage().run(4).speaks("what is an apple")
    while stage.machine.state is not State.ANSWERING:
        stage.run(0.05)
    stage.speaks("and a pear").run(1)
    assert stage.last(c.Answer).question == "what is an apple and a pear"


def test_a_question_over_the_middle_of_an_answer_is_a_new_one() -> None:
    stage = Stage()
    stage.answers = ["An answer that goes on for quite a while, until nobody remembers what was asked."]
    stage.run(4).speaks("what is an apple")
    while stage.machine.state is not State.ANSWERING:
        stage.run(0.05)
    stage.run(2).speaks("what is a pear").run(1)
    assert stage.last(c.Answer).question == "what is a pear"

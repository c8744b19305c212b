"""The model: what a class looks like, from its events alone."""

from dataclasses import replace

import pytest

from profai_cli import events as ev
from profai_cli.turns.states import State
from profai_cli.ui.model import Model
from profai_cli.ui.parts import Engine


def model(*events):
    it = Model()
    for event in events:
        it(event)
    return it


SENTENCE = ev.TeachingContent(1.0, 1, 0, "One two three.", "lesson", (0, 0, 1, 0))


def test_the_state_is_the_tutors():
    it = Model()
    assert it.state == State.STARTING
    for state in State:
        it(ev.TutorState(1.0, state))
        assert it.state == state
    assert model(ev.ClassComplete(1.0, "quit")).state == State.DONE


def test_heard_words_only_grow_and_only_in_their_sentence():
    it = model(
        SENTENCE, ev.Heard(1.5, 1, 0, 7), ev.Heard(1.6, 1, 0, 3), ev.Heard(1.7, 1, 1, 14), ev.Heard(1.8, 2, 0, 14)
    )
    assert it.line.heard == 7
    it(ev.TtsHeld(2.0, 1, 1, 0, 8))
    assert it.line.heard == 8
    it(ev.TtsInterrupted(2.0, 1, 0, 13))
    assert it.line.heard == 13


def test_a_new_sentence_begins_unheard_and_moves_the_place():
    it = model(SENTENCE, ev.Heard(1.5, 1, 0, 14), ev.TeachingContent(2.0, 1, 1, "Four.", "lesson", (0, 0, 2, 0)))
    assert (it.line.text, it.line.heard, it.place) == ("Four.", 0, (0, 0, 2, 0))
    it(ev.TeachingContent(2.0, 2, 0, "An answer.", "answer"))
    assert (it.line.kind, it.place) == ("answer", (0, 0, 2, 0))


def test_partial_words_end_with_the_final_ones_or_with_the_tutors_going_on():
    it = model(ev.PartialTranscript(1.0, "what\nis"))
    assert it.partial == "what is"
    it(ev.FinalTranscript(1.1, "what is it"))
    assert (it.partial, asked(it)) == ("", ["what is it"])
    it(ev.PartialTranscript(1.2, "hm"))
    it(ev.FinalTranscript(1.3, ""))
    assert (it.partial, asked(it)) == ("", ["what is it"])
    it(ev.PartialTranscript(1.4, "hm"))
    it(ev.TutorState(1.5, "teaching"))
    assert it.partial == ""


def test_an_answer_knows_its_source():
    it = model(ev.AgentResponse(1.0, 2, "So.", "Loops"), ev.TeachingContent(1.1, 2, 0, "So.", "answer"))
    assert it.line.source == "Loops"
    assert model(ev.TeachingContent(1.1, 3, 0, "So.", "answer")).line.source == ""


def test_engines_and_faults():
    it = model(ev.SttReady(0.0, "cloud"), ev.TtsReady(0.0, "espeak"), ev.AgentReady(0.0, "OpenAI"))
    assert (it.recogniser, it.voice, it.answerer) == (Engine("cloud"), Engine("espeak"), Engine("OpenAI"))
    assert it.fault == ""
    it(ev.SttFailed(1.0, "cloud", "The network is gone.\x1b[2J"))
    assert (it.recogniser, it.fault, it.fault_t) == (Engine("", "cloud"), "The network is gone.", 1.0)
    it(ev.SttReady(2.0, "sphinx"))
    assert (it.recogniser, it.fault) == (Engine("sphinx", "cloud"), "The network is gone. sphinx listens now.")
    it(ev.SttReady(60.0, "cloud"))
    assert (it.recogniser, it.fault) == (Engine("cloud"), "")
    it(ev.Error(63.0, "espeak", "No voice."))
    assert (it.fault, it.fault_t) == ("No voice.", 63.0)
    it(ev.TtsReady(64.0, "flite"))
    it(ev.TtsReady(65.0, "system"))
    assert it.voice == Engine("system", "espeak")
    it(ev.SttUnavailable(66.0, "No ear."))
    assert (it.recogniser, it.fault) == (Engine("", "cloud"), "No ear.")


def test_the_figures_are_of_one_turn():
    it = model(ev.Metrics(1.0, "barge_in_ms", 60.0, 2), ev.Metrics(1.0, "end_to_end_ms", 900.0, 2))
    it(ev.Metrics(1.5, "gap_ms", 3.0))
    assert it.figures == {"barge_in_ms": 60.0, "end_to_end_ms": 900.0}
    it(ev.Metrics(2.0, "barge_in_ms", 50.0, 4))
    assert it.figures == {"barge_in_ms": 50.0}


def test_the_light_the_microphone_and_the_voice():
    it = Model()
    assert (it.light, it.muted, it.speed, it.volume, it.recorded) == ("silent", False, 1.0, 1.0, False)
    lights = []
    for event in (ev.SpeechStarted(1.0, 1), ev.SpeechConfirmed(1.1, 1), ev.SpeechEnded(2.0, 0.9)):
        it(event)
        lights.append(it.light)
    assert lights == ["started", "confirmed", "silent"]
    it(ev.MicrophoneMuted(2.0, True))
    it(ev.VoiceTuned(2.0, 1.25, 0.8))
    it(ev.ClassStarting(0.0, "", "", True, "", "", "class.flac"))
    assert (it.muted, it.speed, it.volume, it.recorded) == (True, 1.25, 0.8, True)
    it(ev.MicrophoneMuted(3.0, False))
    assert not it.muted


def asked(it):
    return [exchange.asked for exchange in it.exchanges]


def answers(it):
    return [" ".join(exchange.answer) for exchange in it.exchanges]


def test_questions_have_their_answers_and_the_newest_three_are_kept():
    it = Model()
    for number in range(1, 6):
        it(ev.FinalTranscript(number, f"Why {number}?", "typed"))
        it(ev.AgentResponse(number, 2 * number, "So.", f"Topic {number}"))
        for sentence, text in enumerate(("So.", f"And {number}.")):
            it(ev.TeachingContent(number, 2 * number, sentence, text, "answer"))
        it(SENTENCE)
    assert asked(it) == ["Why 3?", "Why 4?", "Why 5?"]
    assert answers(it) == ["So. And 3.", "So. And 4.", "So. And 5."]
    assert it.exchanges.last.source == "Topic 5"


def test_what_the_tutor_answers_to_nobody_stands_alone():
    it = model(*(ev.TeachingContent(1.0, 2, n, text, "answer") for n, text in enumerate(("One.", "Two."))))
    it(ev.TeachingContent(3.0, 4, 0, "Three.", "answer"))
    assert (asked(it), answers(it)) == (["", ""], ["One. Two.", "Three."])


def test_the_parts_of_a_turn_are_one_question_and_what_comes_after_it_is_another():
    it = model(ev.TutorState(1.0, "listening"), ev.FinalTranscript(1.1, "what is"), ev.FinalTranscript(1.5, "a loop"))
    assert asked(it) == ["what is a loop"]
    it(ev.FinalTranscript(1.6, "or a list", "typed"))
    it(ev.TutorState(1.6, "thinking"))
    it(ev.FinalTranscript(2.0, "stop"))
    assert asked(it) == ["what is a loop", "or a list", "stop"]


def test_a_topic_is_heard_as_far_as_the_last_sentence_that_came_to_its_end():
    it = model(SENTENCE, ev.Heard(1.5, 1, 0, 13))
    assert it.heard == {}
    it(ev.Heard(1.6, 1, 0, 14, end=True))
    it(ev.TeachingContent(2.0, 1, 1, "Four.", "lesson", (0, 0, 2, 0)))
    it(ev.TtsInterrupted(2.5, 1, 1, 5))
    assert it.heard == {(0, 0): 2}
    it(SENTENCE)
    it(ev.Heard(3.0, 1, 0, 14, end=True))
    it(ev.TeachingContent(4.0, 2, 0, "An answer.", "answer"))
    it(ev.Heard(5.0, 2, 0, 10, end=True))
    assert it.heard == {(0, 0): 2}


START = ev.ClassStarting(0.0, "", "", True, "Built-in", "")


@pytest.mark.parametrize(
    ("events", "loading"),
    [
        ([START], True),
        ([START, ev.TutorState(59.0, "teaching")], True),
        ([START, ev.TutorState(60.0, "teaching")], False),
        ([START, ev.SttReady(1.0, "sphinx")], False),
        ([START, ev.SttUnavailable(1.0, "No.")], False),
        ([START, ev.SttFailed(1.0, "x", "No.")], False),
        ([replace(START, microphone="")], False),
        ([replace(START, interactive=False)], False),
    ],
)
def test_the_recogniser_is_loading_until_there_is_news_of_it(events, loading):
    assert model(*events).loading is loading


def test_a_lesson_moved_in_a_pause_has_a_new_place_and_nothing_that_sounds():
    it = model(SENTENCE, ev.LessonMoved(2.0, "Five.", (0, 1, 0, 0)))
    assert (it.place, it.line) == ((0, 1, 0, 0), None)


def test_a_device_is_missing_until_it_or_another_is_ready():
    it = model(ev.DeviceLost(2.0, "microphone", "USB", "USB is gone.\x1b[2J"))
    assert (it.missing, it.fault) == ({"microphone": "USB is gone."}, "USB is gone.")
    it(ev.DeviceLost(3.0, "speaker", "HDMI", "HDMI is gone."))
    it(ev.DeviceReady(4.0, "microphone", "Built-in"))
    assert (it.missing, it.fault) == ({"speaker": "HDMI is gone."}, "HDMI is gone.")
    it(ev.DeviceReady(5.0, "speaker", "HDMI"))
    it(ev.DeviceReady(5.0, "speaker", "HDMI"))
    assert (it.missing, it.fault) == ({}, "")


def test_advice_comes_at_the_third_gap_and_at_ten_times_as_many():
    it, advised = Model(), []
    for count in (*range(1, 310), 450, 1000, 1001):
        it(ev.Metrics(1.0, "sound_faults_count", count))
        assert it.gaps.count == count
        if it.advice:
            advised.append(count)
    assert advised == [3, 30, 300]
    it(ev.Metrics(1.0, "voice_level_db", 5000.0))
    assert (it.gaps.count, it.advice) == (1001, "")


def test_media_time_never_runs_back():
    assert model(ev.SttStopped(5.0), ev.SttStopped(4.0)).t == 5.0

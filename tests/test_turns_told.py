"""What comes to the machine from beside the talk: lessons told anew, lines that are begun, a quick "yes"."""

import pytest

from profai_cli import commands as c
from profai_cli import events as e
from profai_cli.lesson.place import Place
from profai_cli.turns.states import State
from tests.small_course import small_course
from tests.stage import Stage


def test_the_next_topic_is_told_in_other_words_when_its_turn_comes() -> None:
    stage = Stage(place=Place(0, 0, 5))
    stage.send(e.LessonTold(stage.now, 0, 1, (("Bears are big.", 1), ("Think of one.", 0)), "model"))
    stage.run(12)
    spoken = [(command.text, command.made) for command in stage.did if isinstance(command, c.Speak)]
    assert ("Bears are big.", True) in spoken
    assert ("Bears.", False) in spoken


def test_a_line_that_is_begun_while_the_tutor_speaks_changes_nothing() -> None:
    stage = Stage().run(2)
    before = len(stage.did)
    stage.control("typing")
    assert (stage.machine.state, len(stage.did)) == (State.TEACHING, before)


def test_yes_in_the_pause_after_the_last_word_of_a_question_is_its_answer() -> None:
    stage = Stage(course=small_course(checks=1), place=Place(0, 0, 5))
    while stage.machine.state is not State.ASKING:
        stage.run(0.1)
    reply = stage.machine.voice.reply
    assert reply is not None
    last = len(reply.lines) - 1
    stage.send(e.Heard(stage.now, reply.number, last, len(reply.lines[last].text), True))
    assert reply.heard_out
    stage.speaks("yes", seconds=0.3).run(1)
    assert stage.last(c.Examine).said == "yes"


def test_the_topic_that_is_taught_goes_on_in_other_words_at_the_next_sentence() -> None:
    course = small_course()
    text = course.modules[0].topics[0].text
    before = tuple((sentence.text, n) for n, sentence in enumerate(text) if 0 < n < 5)
    stage = Stage(place=Place(0, 0, 1)).run(1)
    stage.send(e.LessonTold(stage.now, 0, 0, (*before, ("Five, in short.", 5), ("Why is that?", 0)), "model"))
    while stage.machine.voice.spot.topic == 0:
        stage.run(1)
    spoken = [command.text for command in stage.did if isinstance(command, c.Speak) and command.place]
    assert spoken[:6] == [*(sentence.text for sentence in text[1:5]), "Five, in short.", "Why is that?"]


def test_the_questions_of_a_translated_topic_are_asked_as_they_were_translated() -> None:
    stage = Stage(course=small_course(checks=1), place=Place(0, 0, 5))
    text = stage.machine.voice.course.modules[0].topics[0].text
    lines = tuple((sentence.text, n) for n, sentence in enumerate(text) if n)
    for questions in (("Was ist das?",), ("Was ist das?",), ("",), ()):
        stage.send(e.LessonTold(stage.now, 0, 0, lines, "model", questions))
    while stage.machine.state is not State.ASKING:
        stage.run(1)
    assert ("Was ist das?", True) in [(command.text, command.made) for command in stage.did if type(command) is c.Speak]


@pytest.mark.parametrize("seconds", [0.5, 3.0, 6.0, 9.0, 12.0])
def test_an_interruption_around_the_change_resumes_in_the_sentence_that_was_cut(seconds: float) -> None:
    course = small_course()
    text = course.modules[0].topics[0].text
    before = tuple((sentence.text, n) for n, sentence in enumerate(text) if 0 < n < 5)
    stage = Stage(place=Place(0, 0, 1)).run(1)
    stage.send(e.LessonTold(stage.now, 0, 0, (*before, ("Five, in short.", 5), ("Why is that?", 0)), "model"))
    stage.run(seconds).speaks("what is that").run(0.3)
    left = stage.last(c.SavePlace).place
    stage.run(8)
    assert stage.last(c.ResumeLesson).place == left
    while stage.machine.voice.spot.topic == 0:
        stage.run(1)
    words = [word for place, word in stage.heard if place[:2] == (0, 0)]
    told = stage.machine.voice.course.modules[0].topics[0].sentences[1:]
    assert not {word for sentence in told for word in sentence.text.split()} - {word.strip() for word in words}


@pytest.mark.parametrize("order", ["slower", "repeat"])
def test_what_a_model_answers_is_marked_also_when_it_is_said_again(order: str) -> None:
    stage = Stage().run(2)
    stage.answer_delay = 99.0
    stage.send(e.FinalTranscript(stage.now, "what is that", source="typed"))
    reply = stage.last(c.Answer).reply
    stage.send(e.AgentResponse(stage.now, reply, "A model has written these words.", made=True))
    stage.run(0.5).control(order).run(0.5)
    said = [command.made for command in stage.did if isinstance(command, c.Speak) and command.kind == "answer"]
    assert said == [True, True]
    stage.send(e.FinalTranscript(stage.now, "where are we", source="typed"))
    assert not stage.last(c.Speak).made

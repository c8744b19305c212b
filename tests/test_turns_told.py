"""What comes to the machine from beside the talk: lessons told anew, lines that are begun, a quick "yes"."""

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

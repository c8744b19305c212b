"""Keys in a class, one scene each: sentences and topics back and forth, pause, speed, and quit."""

import pytest

from profai_cli import commands as c
from profai_cli import events as e
from profai_cli.lesson.place import Place
from profai_cli.turns import lines
from profai_cli.turns.machine import Machine
from profai_cli.turns.states import State
from tests.small_course import small_course
from tests.stage import Stage

MOVES = ["next_sentence", "previous_sentence", "next_topic", "previous_topic"]


def in_sentence(number: int, characters: int = 20, *, place: Place | None = None, interactive: bool = True) -> Stage:
    """A class in which so much of a sentence of its topic was heard."""
    stage = Stage(place=place, interactive=interactive)
    while not stage.spans or stage.spans[-1][0][2] < number or stage.spans[-1][1] < characters:
        stage.run(0.05)
    return stage


def here(stage: Stage) -> Place:
    """Where the lesson goes on."""
    place = stage.last(c.SavePlace).place
    return Place(*place)


def goes_on(stage: Stage) -> Place:
    """The first place that is heard from now on."""
    count = len(stage.heard)
    stage.run(1)
    return stage.heard[count][0]


def spoken(stage: Stage) -> list[str]:
    return [command.text for command in stage.did if isinstance(command, c.Speak)]


def silent(stage: Stage) -> bool:
    """Nothing is heard from now on."""
    count = len(stage.heard)
    stage.run(20)
    return len(stage.heard) == count


@pytest.mark.parametrize(("action", "to"), [("next_sentence", 3), ("previous_sentence", 1)])
def test_arrows_go_to_the_sentence_before_and_after_the_one_that_sounds(action: str, to: int) -> None:
    assert goes_on(in_sentence(2).control(action)) == Place(0, 0, to)


def test_arrows_go_one_sentence_each() -> None:
    stage = in_sentence(4).control("previous_sentence").control("previous_sentence")
    assert goes_on(stage) == Place(0, 0, 2)
    assert goes_on(stage.control("next_sentence").control("next_sentence")).sentence == 4


def test_before_the_first_sentence_of_a_topic_is_the_last_of_the_one_before() -> None:
    assert goes_on(Stage(place=Place(0, 1)).control("previous_sentence")) == Place(0, 0, 5)
    assert goes_on(Stage(place=Place(1, 0)).control("previous_sentence")) == Place(0, 1, 5)


def test_before_the_first_sentence_of_the_course_is_nothing() -> None:
    assert goes_on(Stage().control("previous_sentence")) == Place(0, 0, 0)


def test_after_the_last_sentence_of_a_topic_is_the_next_topic() -> None:
    assert goes_on(in_sentence(5).control("next_sentence")) == Place(0, 1)


def test_after_the_last_sentence_of_the_course_comes_its_end_and_back_leads_to_the_sentence() -> None:
    stage = in_sentence(5, place=Place(1, 0)).control("next_sentence").run(1)
    assert lines.LAST[0] in spoken(stage)
    assert goes_on(stage.control("previous_sentence")) == Place(1, 0, 5)


def test_after_the_last_sentence_of_a_lecture_is_its_end() -> None:
    stage = in_sentence(5, place=Place(1, 0), interactive=False).control("next_sentence")
    assert (stage.last(c.EndClass).reason, stage.last(c.SavePlace).place) == ("finished", None)
    assert lines.LAST[0] not in spoken(stage)


def test_after_the_last_topic_is_none() -> None:
    stage = in_sentence(2, place=Place(1, 0)).control("next_topic")
    assert (spoken(stage)[-1], stage.machine.state) == (lines.NO_NEXT, State.ANSWERING)


def test_back_in_the_silence_after_a_topic_is_its_last_sentence() -> None:
    stage = Stage()
    while not stage.heard or stage.heard[-1][0].sentence < 5:
        stage.run(0.05)
    last = stage.course.modules[0].topics[0].sentences[5].text
    reply = stage.machine.voice.reply
    stage.send(e.Heard(stage.now, reply.number, 5, len(last), end=True))
    assert stage.control("previous_sentence").last(c.ResumeLesson).place == (0, 0, 5, 0)


@pytest.mark.parametrize("action", MOVES)
def test_an_answer_is_left_for_the_lesson(action: str) -> None:
    stage = in_sentence(2).says("what is an apple").run(0.5)
    assert stage.machine.state is State.ANSWERING
    stage.control(action)
    assert stage.machine.state is State.TEACHING
    stage.run(4)
    assert spoken(stage).count("Its second sentence.") == 1


@pytest.mark.parametrize("action", MOVES)
def test_a_question_that_is_being_answered_is_dropped(action: str) -> None:
    stage = in_sentence(2)
    stage.answer_delay = 5.0
    stage.says("what is an apple").control(action)
    assert (stage.machine.state, stage.count(c.CancelAnswer)) == (State.TEACHING, 1)


@pytest.mark.parametrize("action", MOVES)
def test_a_voice_that_is_held_goes_to_the_new_place(action: str) -> None:
    stage = in_sentence(2).begins(confirmed=False).control(action)
    assert stage.machine.state is State.TEACHING
    assert goes_on(stage)[:3] != (0, 0, 2)


@pytest.mark.parametrize(
    ("action", "to"), [*zip(MOVES, [(0, 0, 3, 0), (0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 0, 0)], strict=True)]
)
def test_in_a_pause_keys_move_the_lesson_and_it_stays_silent(action: str, to: tuple[int, ...]) -> None:
    stage = in_sentence(2).control("pause_or_go_on").control(action)
    assert stage.last(c.MoveLesson).place == to == here(stage)
    assert silent(stage)
    assert stage.machine.state is State.PAUSED
    assert goes_on(stage.control("pause_or_go_on")) == Place(*to)


def test_moves_in_a_pause_add_up() -> None:
    stage = in_sentence(1).control("pause_or_go_on")
    for _ in range(3):
        stage.control("next_sentence")
    assert stage.last(c.MoveLesson).place == (0, 0, 4, 0)


def test_in_a_pause_there_is_nothing_after_the_last_sentence() -> None:
    stage = in_sentence(5, place=Place(1, 0)).control("pause_or_go_on").control("next_sentence")
    assert (stage.machine.state, stage.count(c.MoveLesson)) == (State.PAUSED, 0)


def test_in_a_pause_over_an_answer_keys_leave_it_for_the_lesson() -> None:
    stage = in_sentence(2).says("what is an apple").run(0.5).control("pause_or_go_on").control("next_sentence")
    assert goes_on(stage.control("pause_or_go_on")) == Place(0, 0, 3)
    assert spoken(stage).count("An answer.") == 1


def test_space_pauses_and_goes_on_at_the_very_sample() -> None:
    stage = in_sentence(2).control("pause_or_go_on")
    assert silent(stage)
    stage.control("pause_or_go_on").run(1)
    assert (stage.machine.state, stage.count(c.Release), stage.count(c.Flush)) == (State.TEACHING, 1, 0)


def test_repeat_says_the_sentence_again() -> None:
    assert goes_on(in_sentence(3).control("repeat")) == Place(0, 0, 3)


def test_repeat_of_a_sentence_that_has_just_begun_is_the_one_before() -> None:
    assert goes_on(in_sentence(3, 5).control("repeat")) == Place(0, 0, 2)
    assert goes_on(in_sentence(4).control("repeat").control("repeat")) == Place(0, 0, 3)


def test_repeat_over_an_answer_says_the_answer_again() -> None:
    stage = in_sentence(2).says("what is an apple").run(0.5).control("repeat").run(0.5)
    assert (stage.machine.state, spoken(stage).count("An answer.")) == (State.ANSWERING, 2)


def test_repeat_in_a_pause_is_heard() -> None:
    assert goes_on(in_sentence(2).control("pause").control("repeat")) == Place(0, 0, 2)


@pytest.mark.parametrize(("action", "faster"), [("faster", True), ("slower", False)])
def test_a_new_speed_is_heard_at_once(action: str, faster: bool) -> None:
    stage = in_sentence(2).control(action)
    assert (stage.last(c.Tune).speed > 1) is faster
    assert (stage.machine.state, here(stage)[:3]) == (State.TEACHING, (0, 0, 2))


def test_in_a_pause_a_new_speed_stays_silent_and_the_lesson_has_it_afterwards() -> None:
    stage = in_sentence(2).control("pause").control("faster").control("faster")
    assert silent(stage)
    assert stage.last(c.Tune).speed == pytest.approx(1.32)
    assert goes_on(stage.control("go_on"))[:3] == (0, 0, 2)


def test_in_a_pause_a_new_volume_leaves_the_held_sentence_as_it_is() -> None:
    stage = in_sentence(2).control("pause").control("louder").control("go_on").run(1)
    assert (stage.count(c.Release), stage.count(c.Flush)) == (1, 0)


def test_a_new_speed_while_the_learner_speaks_does_not_lose_what_they_say() -> None:
    stage = in_sentence(2).begins().run(1).control("faster")
    stage.words = "what is an apple"
    stage.send(e.SpeechEnded(stage.now, 1.0))
    stage.run(2)
    assert stage.last(c.Answer).question == "what is an apple"
    assert stage.last(c.Tune).speed > 1


def test_a_key_is_none_of_the_words_that_were_said() -> None:
    stage = in_sentence(2).begins().run(1).partial("what is").control("next_sentence").run(5)
    assert stage.count(c.Answer) == 0
    assert stage.count(c.DiscardSpeech) == 1


@pytest.mark.parametrize(("action", "state"), [("pause_or_go_on", State.PAUSED), ("next_sentence", State.TEACHING)])
def test_words_that_come_after_a_key_was_pressed_instead_are_dropped_once(action: str, state: State) -> None:
    stage = in_sentence(2).begins().run(1)
    stage.deaf = True  # its words come late, see below
    stage.send(e.SpeechEnded(stage.now, 1.0))
    stage.run(1.2).control(action)
    assert stage.count(c.FinalizeSpeech) == 1
    stage.send(e.FinalTranscript(stage.now, "what is an apple"))
    assert (stage.machine.state, stage.count(c.Answer)) == (state, 0)
    stage.send(e.FinalTranscript(stage.now, "what is a pear"))
    assert stage.last(c.Answer).question == "what is a pear"


@pytest.mark.parametrize("action", [*MOVES, "pause_or_go_on", "repeat", "faster", "slower", "go_on", "pause"])
def test_before_the_class_begins_keys_do_nothing(action: str) -> None:
    machine = Machine(small_course(), interactive=True)
    assert machine.handle(e.Control(0.0, action)) == []
    assert machine.state is State.STARTING


def test_quit_before_the_class_begins_ends_it() -> None:
    machine = Machine(small_course(), interactive=True)
    assert machine.handle(e.Control(0.0, "quit")) == [c.EndClass("quit")]


# --- each key in each state ----------------------------------------------------------------------------


def thinking() -> Stage:
    stage = in_sentence(2)
    stage.answer_delay = 5.0
    return stage.says("what is an apple")


def answering() -> Stage:
    return in_sentence(2).says("what is an apple").run(0.5)


STATES = {
    "teaching": lambda: in_sentence(2),
    "answering": answering,
    "held by a noise": lambda: in_sentence(2).begins(confirmed=False),
    "held by a voice": lambda: in_sentence(2).begins(),
    "listening": lambda: in_sentence(2).begins().run(3),
    "thinking": thinking,
    "paused": lambda: in_sentence(2).control("pause"),
    "paused over an answer": lambda: answering().control("pause"),
    "paused over a question": lambda: thinking().control("pause"),
    "leaving": lambda: in_sentence(2).control("quit").run(0.2),
}
KEYS: dict[str, list[str]] = {
    "pause_or_go_on": ["paused"] * 6 + ["teaching", "answering", "thinking", "teaching"],
    "repeat": ["again", "answering", "again", "again", "again", "again", "again", "answering", "again", "again"],
    "next_sentence": ["3"] * 6 + ["paused 3"] * 3 + ["3"],
    "previous_sentence": ["1"] * 6 + ["paused 1"] * 3 + ["1"],
    "next_topic": ["Bears"] * 6 + ["paused Bears"] * 3 + ["Bears"],
    "previous_topic": ["Apples"] * 6 + ["paused Apples"] * 3 + ["Apples"],
    "faster": ["teaching", "answering", "teaching", "held", "listening", "thinking", *["paused"] * 3, "teaching"],
    "slower": ["teaching", "answering", "teaching", "held", "listening", "thinking", *["paused"] * 3, "teaching"],
    "quit": ["leaving"] * 9 + ["done"],
}
"""What a learner expects of each key in each of the states above: the state it leads to, and, of a key that moves the
lesson, the place: a sentence, this one again, or a topic's begin; teaching, where nothing else is said."""

PLACES = {
    "again": Place(0, 0, 2),
    "1": Place(0, 0, 1),
    "3": Place(0, 0, 3),
    "Apples": Place(0, 0),
    "Bears": Place(0, 1),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", KEYS)
def test_each_key_does_in_each_state_what_a_learner_expects(action: str, state: str) -> None:
    stage = STATES[state]()
    stage.control(action)
    *to, what = KEYS[action][list(STATES).index(state)].split()
    if what in PLACES:
        assert (stage.machine.state, here(stage)) == (State(*to) if to else State.TEACHING, PLACES[what])
    else:
        assert stage.machine.state == what
    if action in ("faster", "slower"):
        assert (stage.last(c.Tune).speed > 1) is (action == "faster")


def test_a_question_is_answered_after_a_pause_unless_the_learner_goes_elsewhere() -> None:
    stage = thinking().control("pause_or_go_on").control("pause_or_go_on")
    assert stage.last(c.Answer).question == "what is an apple"
    assert stage.count(c.Answer) == 2
    stage = thinking().control("pause_or_go_on").control("next_sentence").control("pause_or_go_on")
    assert (stage.machine.state, stage.count(c.Answer)) == (State.TEACHING, 1)


def test_go_on_while_an_answer_is_looked_for_is_the_lesson() -> None:
    stage = thinking().says("go on")
    assert (stage.machine.state, stage.machine.question) == (State.TEACHING, "")


@pytest.mark.parametrize("there", ["next_topic", "previous_topic"])
@pytest.mark.parametrize("paused", [False, True])
def test_a_topic_that_was_left_by_a_wrong_key_is_entered_where_it_was_left(there: str, paused: bool) -> None:
    back = "next_topic" if there == "previous_topic" else "previous_topic"
    stage = in_sentence(2, place=Place(0, 1))
    if paused:
        stage.control("pause")
    left = stage.machine.voice.ahead
    assert left[:3] == (0, 1, 2)
    assert here(stage.control(there))[:2] != (0, 1)
    assert here(stage.control(back)) == left


def test_topics_are_found_again_where_they_were_left_however_many_were_passed() -> None:
    stage = in_sentence(2).control("next_topic").run(4)
    there = stage.machine.voice.ahead
    stage.control("next_topic").control("previous_topic")
    assert here(stage) == there
    assert here(stage.control("previous_topic"))[:3] == (0, 0, 2)


def test_words_lead_back_to_the_phrase_as_keys_do() -> None:
    stage = in_sentence(2)
    left = stage.machine.voice.ahead
    assert here(stage.says("next topic").says("previous topic")) == left


def test_a_topic_that_was_entered_by_itself_is_begun_anew() -> None:
    stage = in_sentence(2, place=Place(0, 1)).control("previous_topic")
    while here(stage)[:2] == (0, 0):
        stage.run(0.05)
    assert here(stage) == Place(0, 1)


def test_the_first_topic_again_is_its_begin() -> None:
    assert here(in_sentence(2).control("previous_topic")) == Place(0, 0)


# --- goodbye -------------------------------------------------------------------------------------------


def leaving() -> Stage:
    return STATES["leaving"]()


def test_whoever_quits_by_mistake_stays_by_any_other_key() -> None:
    assert goes_on(leaving().control("pause_or_go_on"))[:3] == (0, 0, 2)
    stage = leaving().control("faster")
    assert (stage.machine.state, stage.last(c.Tune).speed > 1) == (State.TEACHING, True)


def test_whoever_types_while_the_tutor_says_goodbye_stays() -> None:
    assert leaving().says("what is an apple").last(c.Answer).question == "what is an apple"
    assert leaving().says("mm-hm").machine.state is State.TEACHING


def test_quit_twice_ends_at_once_by_key_and_in_words() -> None:
    for stage in (leaving().control("quit"), leaving().says("quit")):
        assert stage.last(c.EndClass).reason == "quit"


def test_words_that_were_spoken_before_goodbye_change_nothing() -> None:
    stage = leaving()
    stage.send(e.FinalTranscript(stage.now, "what is an apple"))
    assert stage.machine.state is State.LEAVING


@pytest.mark.parametrize("reason", ["time", "stopped", "failed"])
def test_what_ends_a_class_ends_it_in_its_goodbye_too(reason: str) -> None:
    assert leaving().control(reason).last(c.EndClass).reason == reason


def test_a_goodbye_that_nobody_would_hear_has_been_said() -> None:
    assert leaving().control("pause").last(c.EndClass).reason == "quit"


def test_after_the_last_topic_whoever_stays_has_nothing_left() -> None:
    stage = in_sentence(5, place=Place(1, 0)).control("next_sentence").control("quit").control("pause_or_go_on")
    assert stage.last(c.EndClass).reason == "finished"
    stage = in_sentence(5, place=Place(1, 0)).control("next_sentence").control("quit").says("what is an apple")
    assert stage.last(c.Answer).question == "what is an apple"

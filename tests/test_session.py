"""A class with engines that do what a test says: the session carries out what the machine decides."""

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from profai_cli import events as e
from profai_cli.errors import EngineError
from profai_cli.events import Event
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, Place
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import AnswerPart, Frame, Question, Recognized, Speech, SpeechToText, TextToSpeech
from profai_cli.session.classroom import Classroom, Engines
from profai_cli.session.coverage import coverage
from profai_cli.session.frames import FrameEvents
from profai_cli.session.replaying import replay
from profai_cli.sound.made import noise, room
from profai_cli.sound.simulated import SimulatedSound
from profai_cli.turns import lines
from profai_cli.tutor.teaching import key
from tests.fakes import FakeAnswerer, FakeEar, FakeShelf, FakeSound, FakeVoice
from tests.small_course import small_course

COURSE = small_course()
NO_EAR: SpeechToText | None = None


@dataclasses.dataclass
class Run:
    events: list[Event]
    saved: list[Place]
    sound: FakeSound

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if type(event) is kind]

    def names(self) -> list[str]:
        return [event.name for event in self.events]

    def spoken(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, e.TeachingContent)]


def run(
    sound: FakeSound,
    *,
    ear: SpeechToText | None = NO_EAR,
    voice: FakeVoice | None = None,
    answerer: FakeAnswerer | None = None,
    interactive: bool = True,
    minutes: float | None = 1.0,
    at: dict[float, str] | None = None,
    place: Place | None = None,
    each: Callable[[float, Classroom], None] | None = None,
    course: Course = COURSE,
    shelf: dict[str, str] | None = None,
    language: str = "",
    tongue: TextToSpeech | None = None,
    stepped: bool = True,
) -> Run:
    """Hold a class. `at`: orders by key at media times. `each`: called with every frame's time."""
    result = Run([], [], sound)
    due = dict(at or {})
    room: Classroom

    def act(event: Event) -> None:
        result.events.append(event)

    def watch(frame: Frame) -> None:
        for t in [t for t in due if frame.t >= t]:
            room.press(due.pop(t))
        if each:
            each(frame.t, room)

    async def hold() -> None:
        nonlocal room
        room = Classroom(
            course,
            sound,
            Engines(voice or FakeVoice(), answerer or FakeAnswerer(), ear, tongue=tongue),
            interactive=interactive,
            stepped=stepped,
            readers=[act],
            save=result.saved.append,
            watch=watch,
            minutes=minutes,
            shelf=None if shelf is None else FakeShelf(shelf),
            language=language,
        )
        info = e.CourseInfo(0.0, course.id, course.title, "en", "", 2, 3, *(place or Place(0, 0)))
        await room.run(e.ClassStarting(0.0, "0", "today", interactive, "a", "b"), info)

    try:
        asyncio.run(hold())
    finally:
        assert sound.closed
    return result


def test_a_lecture_says_every_sentence_of_one_topic_in_order() -> None:
    done = run(FakeSound(), interactive=False, minutes=None)
    assert done.spoken() == [s.text for s in COURSE.modules[0].topics[0].sentences]
    assert done.events[-1] == e.ClassComplete(done.events[-1].t, "finished")


def test_words_are_heard_in_order_and_each_sentence_to_its_end() -> None:
    done = run(FakeSound(), interactive=False, minutes=None)
    heard = [(h.reply, h.sentence, h.char) for h in done.of(e.Heard)]
    assert heard == sorted(heard)
    assert sum(h.end for h in done.of(e.Heard)) == 6


def test_the_tutor_speaks_in_the_lesson_and_the_answer_and_not_in_the_learners_turn() -> None:
    seen: list[tuple[float, bool]] = []
    done = run(
        FakeSound([(5.0, 6.5)]),
        ear=FakeEar(["what is an apple"]),
        each=lambda t, room: seen.append((t, room.speaks)),
        minutes=0.3,
    )
    spoke = {
        state.state: any(speaks for t, speaks in seen if state.t < t < end.t)
        for state, end in pairwise(done.of(e.TutorState))
    }
    assert spoke == {"teaching": True, "held": False, "listening": False, "thinking": False, "answering": True}


def test_a_question_is_answered_and_the_lesson_resumed() -> None:
    answerer = FakeAnswerer(["First.", "Second."])
    done = run(FakeSound([(5.0, 6.5)]), ear=FakeEar(["what is an apple"]), answerer=answerer)
    names = done.names()
    order = "speech_started tts_held partial_transcript tts_interrupted final_transcript agent_response lesson_resumed"
    positions = [names.index(name) for name in order.split()]
    assert positions == sorted(positions)
    assert answerer.asked[0].text == "what is an apple"
    texts = done.spoken()
    assert texts[texts.index("First.") :][:3] == ["First.", "Second.", lines.BACK]


def test_the_place_after_an_interruption_is_the_cut_phrase() -> None:
    done = run(FakeSound([(5.0, 6.5)]), ear=FakeEar(["what is an apple"]))
    cut = done.of(e.TtsInterrupted)[0]
    resumed = done.of(e.LessonResumed)[0]
    module, topic, sentence, phrase = resumed.place
    text = COURSE.modules[module].topics[topic].sentences[sentence]
    begin = text.phrases[phrase]
    assert (sentence, begin <= cut.char + 1) == (cut.sentence, True)
    assert [b for b in text.phrases if b <= cut.char + 1][-1] == begin


def test_a_cough_goes_on_at_the_very_sample() -> None:
    quiet = run(FakeSound(), minutes=0.2, ear=FakeEar([]))
    cough = run(FakeSound(coughs=[(5.0, 5.3)]), minutes=0.2, ear=FakeEar([]))
    assert [x.name for x in cough.of(e.TtsHeld) + cough.of(e.TtsResumed)] == ["tts_held", "tts_resumed"]
    held, resumed = cough.of(e.TtsHeld)[0], cough.of(e.TtsResumed)[0]
    silence = round((resumed.t - held.t) * 100)
    first, second = b"".join(quiet.sound.spoken), b"".join(cough.sound.spoken)
    cut = round(held.t * 100) * 960
    assert first[:cut] == second[:cut]
    fades = 480  # 5 ms fade out and in
    after = cut + silence * 960
    assert first[cut + fades : cut + 9600] == second[after + fades : after + 9600]


def test_a_log_replays_to_the_same_decisions() -> None:
    sound = FakeSound([(3.0, 4.2), (8.0, 8.4), (15.0, 17.0)], coughs=[(12.0, 12.2)])
    done = run(sound, ear=FakeEar(["what is an apple", "mm-hm", "next topic"]))
    again = [e.from_dict(e.to_dict(event)) for event in done.events]
    steps = list(replay(again, COURSE))
    assert len(steps) > 50
    assert all(step.same for step in steps)


def test_keys_are_in_the_log_and_replay_to_the_same_decisions() -> None:
    keys = [
        "next_sentence",
        "faster",
        "pause_or_go_on",
        "previous_sentence",
        "next_topic",
        "slower",
        "mute",
        "pause_or_go_on",
        "repeat",
    ]
    done = run(FakeSound(), at={3.0 + 2 * n: key for n, key in enumerate(keys)})
    assert [x.action for x in done.of(e.Control)] == [*[key for key in keys if key != "mute"], "time"]
    assert [x.place for x in done.of(e.LessonMoved)] == [(0, 0, 2, 0), (0, 1, 0, 0)]
    assert done.of(e.LessonMoved)[1].text == "Bears."
    assert [x.speed for x in done.of(e.VoiceTuned)] == [1.15, 1.0]
    steps = list(replay([e.from_dict(e.to_dict(event)) for event in done.events], COURSE))
    assert all(step.same for step in steps)


def test_a_replay_finds_the_decision_that_differs() -> None:
    done = run(FakeSound([(3.0, 4.2)]), ear=FakeEar(["what is an apple"]), minutes=0.2)
    events = [x for x in done.events if not (isinstance(x, e.Decision) and x.command["command"] == "answer")]
    first = next(step for step in replay(events, COURSE) if not step.same)
    assert first.event.name in ("final_transcript", "timer_fired")


def test_two_runs_give_the_same_events() -> None:
    runs = [run(FakeSound([(3.0, 4.2)]), ear=FakeEar(["what is an apple"])) for _ in range(2)]
    assert runs[0].events == runs[1].events


def test_without_a_recogniser_speech_still_interrupts_and_the_lesson_goes_on() -> None:
    done = run(FakeSound([(5.0, 7.0)]))
    assert lines.NOT_CAUGHT in done.spoken()


def test_a_recogniser_that_cannot_load_is_told_once_and_the_class_goes_on() -> None:
    done = run(FakeSound([(5.0, 7.0)]), ear=FakeEar([], fails_to_start=True))
    assert len(done.of(e.SttUnavailable)) == 1
    assert done.of(e.LessonResumed)


def test_a_recogniser_that_dies_in_a_turn_loses_the_turn_not_the_class() -> None:
    done = run(FakeSound([(5.0, 7.0)]), ear=FakeEar(["what"], dies_at=6.0))
    assert len(done.of(e.SttFailed)) == 1
    assert done.of(e.LessonResumed)
    assert done.of(e.ClassComplete)[0].reason == "time"


def test_a_voice_that_fails_ends_the_class_with_its_error_and_the_place_kept() -> None:
    sound = FakeSound()
    with pytest.raises(EngineError, match="stopped by itself"):
        run(sound, voice=FakeVoice(fails_at="3,"))
    assert sound.closed


def test_an_answerer_that_fails_is_told_and_the_lesson_goes_on() -> None:
    done = run(FakeSound([(5.0, 6.0)]), ear=FakeEar(["what is an apple"]), answerer=FakeAnswerer(fails=True))
    assert [x.source for x in done.of(e.Error)] == ["fake answerer"]
    assert done.of(e.LessonResumed)


def test_slower_reaches_the_voice() -> None:
    voice = FakeVoice()
    run(FakeSound(), voice=voice, at={4.0: "slower"}, minutes=0.2)
    assert voice.said[0][1] == 1.0
    assert voice.said[-1][1] < 1.0


def test_pause_by_key_holds_and_go_on_releases() -> None:
    done = run(FakeSound(), at={4.0: "pause", 7.0: "go_on"}, minutes=0.3)
    held, resumed = done.of(e.TtsHeld)[0], done.of(e.TtsResumed)[0]
    assert (held.t, resumed.t) == (4.0, 7.0)
    assert [x.t for x in done.of(e.TtsInterrupted)] == [18.0]  # the end of the class


def test_the_minutes_end_the_class() -> None:
    done = run(FakeSound(), minutes=0.1)
    assert done.of(e.ClassComplete) == [e.ClassComplete(6.0, "time")]


def test_places_are_kept_in_order_and_the_last_is_where_the_class_stopped() -> None:
    done = run(FakeSound(), minutes=0.2)
    assert done.saved == sorted(done.saved)
    again = run(FakeSound(), minutes=0.1, place=done.saved[-1])
    assert again.of(e.TeachingContent)[0].place == tuple(done.saved[-1])


def test_a_paused_class_ends_with_its_scripted_learner() -> None:
    done = run(FakeSound(ends=6.0), at={4.0: "pause"}, minutes=None)
    assert done.of(e.ClassComplete)[0].reason == "input_ended"


def test_the_states_are_told_to_the_readers() -> None:
    done = run(FakeSound([(5.0, 6.5)]), ear=FakeEar(["what is an apple"]))
    states = [x.state for x in done.of(e.TutorState)]
    assert states[:6] == ["teaching", "held", "listening", "thinking", "answering", "listening"]


def test_class_complete_is_the_last_that_the_readers_hear_of_a_class() -> None:
    done = run(FakeSound(), ear=FakeEar([]), minutes=0.1)
    assert done.names()[-2:] == ["stt_stopped", "class_complete"]


def test_an_answerer_that_cannot_load_is_told_when_it_is_asked() -> None:
    answerer = FakeAnswerer(fails_to_start=True)
    done = run(FakeSound([(5.0, 6.0)]), ear=FakeEar(["what is an apple"]), answerer=answerer)
    assert [x.source for x in done.of(e.Error)] == ["fake answerer"]
    assert done.of(e.LessonResumed)


def finished_at(done: Run) -> float:
    return done.of(e.ReplyFinished)[0].t


LAST = Place(0, 0, 5)


def test_a_learner_who_begins_as_the_last_sample_of_an_answer_leaves_the_speaker_is_answered() -> None:
    first = [(5.0, 6.5)]
    script = ["what is an apple", "what is a bear"]
    end = finished_at(run(FakeSound(first, late=10), ear=FakeEar(script[:1])))
    answerer = FakeAnswerer()
    done = run(FakeSound([*first, (end - 0.05, end + 1.5)], late=10), ear=FakeEar(script), answerer=answerer)
    assert [question.text for question in answerer.asked] == ["what is an apple", "what is a bear"]
    assert done.spoken().count("An answer.") == 2
    assert lines.BACK in done.spoken()


def test_a_pause_at_the_last_sample_of_a_topic_goes_on_with_the_next() -> None:
    end = finished_at(run(FakeSound(late=10), place=LAST))
    done = run(FakeSound(late=10), at={end - 0.05: "pause", end + 3: "go_on"}, place=LAST)
    assert done.of(e.TtsHeld)
    assert done.spoken()[1] == "Bears."


def test_nothing_is_told_after_the_class_is_complete() -> None:
    class Late(FakeEar):
        async def close(self) -> None:
            """Words that were under way come at the very end."""
            self.emit(Recognized("too late", True, self.t, 0.0))

    async def hold() -> list[Event]:
        told: list[Event] = []
        room = Classroom(
            COURSE,
            FakeSound(),
            Engines(FakeVoice(), FakeAnswerer(), Late([])),
            interactive=True,
            stepped=True,
            readers=[told.append],
            save=lambda place: None,
        )
        asyncio.get_running_loop().call_soon(room.control, "stopped")  # Ctrl-C while the engines are loading
        info = e.CourseInfo(0.0, COURSE.id, COURSE.title, "en", "", 2, 3, 0, 0, 0, 0)
        await room.run(e.ClassStarting(0.0, "0", "today", True, "a", "b"), info)
        return told

    assert asyncio.run(hold())[-1] == e.ClassComplete(0.0, "stopped")


# --- what the ears know ----------------------------------------------------------------------------


def frame(number: int, **known: Any) -> Frame:
    return Frame(number / 100, bytes(320), 0, **known)


ECHO = {"echo_db": 31.64, "echo_dbfs": -38.16}


def events_of(frames: Iterable[Frame]) -> list[Event]:
    frame_events = FrameEvents()
    return [event for each in frames for event in frame_events(each)]


def test_the_echo_is_told_at_its_first_block_when_the_room_is_known_and_every_five_seconds() -> None:
    told = events_of(
        frame(n, **(ECHO if n > 100 else {}), settled=n > 400, voice={1200: "started", 1300: "ended"}.get(n))
        for n in range(1, 2000)
    )
    echoes = [(x.t, x.settled) for x in told if isinstance(x, e.EchoMeasured)]
    assert echoes == [(1.01, False), (4.01, True), (9.01, True), (17.99, True)]  # not while the learner speaks
    assert {(x.erle_db, x.echo_dbfs) for x in told if isinstance(x, e.EchoMeasured)} == {(31.6, -38.2)}


def test_a_room_that_is_not_known_any_more_is_told_at_once_even_while_the_learner_speaks() -> None:
    told = events_of(frame(n, **ECHO, settled=n != 50, voice="started" if n == 40 else None) for n in range(1, 60))
    assert [(x.t, x.settled) for x in told if isinstance(x, e.EchoMeasured)] == [
        (0.01, True),
        (0.5, False),
        (0.51, True),
    ]


def test_faults_and_the_end_of_the_input_are_told_once() -> None:
    told = events_of(frame(n, faults=n // 3, input_ended=n > 3) for n in range(1, 7))
    assert told == [
        e.Metrics(0.03, "sound_faults_count", 1),
        e.InputEnded(0.04),
        e.Metrics(0.06, "sound_faults_count", 2),
    ]


@pytest.mark.parametrize("headphones", [False, True])
def test_the_echo_of_a_room_is_measured_and_with_headphones_there_is_none(headphones: bool) -> None:
    sound = SimulatedSound([noise(-65)], room=room(0.25, -18), cancel_echo=not headphones)
    bursts = np.random.default_rng(3).standard_normal((40, SOUND_RATE // 4)) * 32768 * 10 ** (-20 / 20)
    bursts[1::2] = 0  # steady noise is no voice for AEC3 either
    sound.player.write(np.rint(bursts.ravel()).astype("<i2").tobytes(), SOUND_RATE)
    told = [x for x in events_of(sound.step() for _ in range(1000)) if isinstance(x, e.EchoMeasured)]
    sound.close()
    if headphones:
        assert not told
        return
    assert (told[0].settled, told[-1].settled) == (False, True)
    assert told[-1].erle_db > 20
    assert told[-1].echo_dbfs == pytest.approx(-38, abs=2)


def test_the_voice_and_the_answerer_are_named_at_the_start_and_when_another_one_takes_over() -> None:
    class Changing(FakeVoice):
        async def speak(self, text: str, speed: float) -> AsyncGenerator[Speech]:
            """The engine changes in the second sentence, as in a ladder: before its first sound."""
            if "sentence 1" in text:
                self.name = "second voice"
            async for speech in super().speak(text, speed):
                yield speech

    class Answers(FakeAnswerer):
        async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
            """Another one answers."""
            self.name = "second answerer"
            async for part in super().answer(question):
                yield part

    done = run(FakeSound([(5.0, 6.5)]), ear=FakeEar(["what is an apple"]), voice=Changing(), answerer=Answers())
    assert [x.engine for x in done.of(e.TtsReady)] == ["fake voice", "second voice"]
    assert [x.engine for x in done.of(e.AgentReady)] == ["fake answerer", "second answerer"]
    names = done.names()
    late = done.events.index(done.of(e.TtsReady)[1])
    sounds = [n for n, x in enumerate(done.events) if isinstance(x, e.AudioChunk) and (x.reply, x.sentence) == (1, 1)]
    assert sounds[0] == late + 1
    assert names.index("agent_response") == done.events.index(done.of(e.AgentReady)[1]) + 1


def test_nobody_answers_until_the_answerer_has_started() -> None:
    assert not run(FakeSound(), answerer=FakeAnswerer(fails_to_start=True), minutes=0.1).of(e.AgentReady)


# --- check questions -------------------------------------------------------------------------------

CHECKED = small_course(checks=1)
AT_THE_END = Place(0, 0, 5)
ANSWERED = (12.0, 13.0)
"""When the learner speaks: after the last sentence, and the question."""


def checked(answerer: FakeAnswerer, said: str = "number zero", language: str = "") -> Run:
    sound, ear = FakeSound([ANSWERED] if said else []), FakeEar([said])
    done = run(sound, ear=ear, answerer=answerer, place=AT_THE_END, course=CHECKED, minutes=0.5, language=language)
    assert "What is check 0 of Apples?" in done.spoken()
    return done


def test_what_is_said_to_a_check_question_is_judged_and_the_answer_told() -> None:
    answerer = FakeAnswerer(("Very good.",), verdict="right")
    done = checked(answerer)
    (judged,) = done.of(e.CheckJudged)
    assert (judged.said, judged.verdict, judged.check, judged.judge) == (
        "number zero",
        "right",
        (0, 0, 0),
        answerer.name,
    )
    assert answerer.asked == [Question("number zero", 0, 0, check=CheckPlace(0, 0, 0))]
    assert answerer.remembered == []
    assert "Very good." in done.spoken()
    assert all(step.same for step in replay(done.events, CHECKED))


@pytest.mark.parametrize("answerer", [FakeAnswerer(fails=True), FakeAnswerer(fails_to_start=True), FakeAnswerer()])
def test_the_course_judges_where_the_answerer_cannot(answerer: FakeAnswerer) -> None:
    done = checked(answerer)
    (judged,) = done.of(e.CheckJudged)
    assert judged.verdict == "right"
    assert "Right." in done.spoken()
    assert "An answer." not in done.spoken()


def test_the_course_judges_no_other_language() -> None:
    done = checked(FakeAnswerer(fails=True), language="hi")
    (judged,) = done.of(e.CheckJudged)
    assert (judged.verdict, judged.said) == ("unanswered", "")
    assert "It is number 0." in done.spoken()


def test_of_nothing_that_was_said_no_engine_is_asked() -> None:
    answerer = FakeAnswerer(verdict="right")
    done = checked(answerer, "")
    assert [judged.verdict for judged in done.of(e.CheckJudged)] == ["unanswered"]
    assert answerer.asked == []
    assert "It is number 0." in done.spoken()


# --- lessons that a model tells --------------------------------------------------------------------

BEARS = "".join(f"{n}| Bear number {n}, told in other words.\n" for n in range(1, 6))
LAST_OF_APPLES = Place(0, 0, 5)


def told(lessons: dict[tuple[int, int], Sequence[str]], shelf: dict[str, str], place: Place = LAST_OF_APPLES) -> Run:
    return run(FakeSound(), answerer=FakeAnswerer(lessons=lessons), place=place, minutes=0.7, shelf=shelf)


def test_the_next_topic_is_told_by_the_model_and_places_are_kept_in_the_text() -> None:
    done = told({(0, 1): [BEARS[:40], BEARS[40:]]}, {})
    assert "Bear number 1, told in other words." in done.spoken()
    (lesson,) = done.of(e.LessonTold)
    assert (lesson.module, lesson.topic, lesson.engine) == (0, 1, "fake answerer")
    made = {content.text: content.made for content in done.of(e.TeachingContent)}
    assert made["Bear number 1, told in other words."]
    assert not made["Bears."]
    assert all(place.phrase == 0 for place in done.saved if place and place[:2] == (0, 1))
    assert all(step.same for step in replay(done.events, COURSE))


def test_the_topic_that_is_taught_goes_over_to_the_lesson_and_no_word_is_lost() -> None:
    apples = BEARS.replace("Bear", "Apple")
    done = told({(0, 0): [apples]}, {}, Place(0, 0))
    spoken = done.spoken()
    assert spoken[1:4] == [
        *(sentence.text for sentence in COURSE.modules[0].topics[0].text[1:3]),
        "Apple number 3, told in other words.",
    ]
    assert coverage(done.events, COURSE).lost == coverage(done.events, COURSE).twice == 0
    assert all(step.same for step in replay(done.events, COURSE))


def test_what_was_told_once_is_kept_and_the_next_class_begins_with_it_at_its_place() -> None:
    shelf: dict[str, str] = {}
    told({(0, 1): [BEARS]}, shelf)
    assert list(shelf.values()) == [BEARS]
    again = told({}, shelf, Place(0, 1, 3, 1))
    assert again.spoken()[0] == "Bear number 3, told in other words."


@pytest.mark.parametrize("written", [[], ["I am sorry."], ["1| Only this."]])
def test_without_a_good_lesson_the_text_is_read_and_nothing_is_kept(written: list[str]) -> None:
    shelf: dict[str, str] = {}
    done = told({(0, 1): written}, shelf)
    assert "Bears sentence 1, with a second phrase, and a third one." in done.spoken()
    assert (done.of(e.LessonTold), done.of(e.Error), shelf) == ([], [], {})


def test_a_question_is_about_the_sentence_of_the_text_that_was_told_last() -> None:
    answerer = FakeAnswerer()
    shelf = {key(COURSE, 0, 1, "en"): "1| Bear one.\n1| And one more.\n2| Bear two.\n3| Bear three.\n4| Bear four.\n5|"}
    run(FakeSound(), answerer=answerer, place=Place(0, 1, 3), each=ask_at(0.1, "why"), minutes=0.1, shelf=shelf)
    assert answerer.asked == [Question("why", 0, 1, 3)]


def ask_at(t: float, words: str) -> Callable[[float, Classroom], None]:
    """Type words, once."""
    due = [t]

    def each(now: float, room: Classroom) -> None:
        if due and now >= due[0]:
            due.pop()
            room.typed(words)

    return each


def test_a_model_that_fails_at_a_lesson_is_nobodys_matter() -> None:
    done = run(
        FakeSound(), answerer=FakeAnswerer(fails=True, lessons={(0, 1): [BEARS]}), place=LAST_OF_APPLES, shelf={}
    )
    assert "Bears sentence 1, with a second phrase, and a third one." in done.spoken()
    assert done.of(e.Error) == []


def test_what_a_model_says_in_another_language_has_a_voice_of_its_own() -> None:
    shelf = {key(COURSE, 0, 1, "hi"): "".join(f"{n}| Bhalu {n}.\n" for n in range(1, 6))}
    own, tongue = FakeVoice(), FakeVoice()
    done = run(FakeSound(), voice=own, tongue=tongue, place=Place(0, 1), minutes=0.3, shelf=shelf, language="hi")
    assert [text for text, _ in tongue.said] == [f"Bhalu {n}." for n in range(1, 6)]
    assert own.said[0][0] == "Bears."
    assert len(done.of(e.TtsReady)) == 1, "the tutor's voice is still the same"
    assert tongue.closed


def test_a_class_goes_on_without_a_voice_for_the_other_language() -> None:
    shelf = {key(COURSE, 0, 1, "hi"): "".join(f"{n}| Bhalu {n}.\n" for n in range(1, 6))}
    own = FakeVoice()
    done = run(FakeSound(), voice=own, tongue=Mute(), place=Place(0, 1), minutes=0.2, shelf=shelf, language="hi")
    assert [error.message for error in done.of(e.Error)] == ["Nothing here speaks that."]
    assert [text for text, _ in own.said][:2] == ["Bears.", "Bhalu 1."]


def test_what_a_model_says_waits_for_its_voice_and_the_course_does_not() -> None:
    shelf = {key(COURSE, 0, 1, "hi"): "".join(f"{n}| Bhalu {n}.\n" for n in range(1, 6))}
    own, late = FakeVoice(), Late()
    sound = Ticking()
    run(sound, voice=own, tongue=late, place=Place(0, 1), minutes=0.3, shelf=shelf, language="hi", stepped=False)
    assert own.said[0][0] == "Bears."
    assert [text for text, _ in late.said] == [f"Bhalu {n}." for n in range(1, 6)]


class Late(FakeVoice):
    """Is loaded for a while."""

    async def start(self) -> None:
        """Let a second of the class go by."""
        for _ in range(100):
            await asyncio.sleep(0)


class Ticking(FakeSound):
    """Has a real time, which goes as fast as the loop."""

    def start(self, sink: Callable[[Frame], None]) -> None:
        """A block at each of the loop's turns."""

        async def tick() -> None:
            while not self.closed:
                sink(self.step())
                await asyncio.sleep(0)

        self.ticks = asyncio.get_running_loop().create_task(tick())


class Mute(FakeVoice):
    """Speaks no such language."""

    async def start(self) -> None:
        """Raise."""
        raise EngineError("Nothing here speaks that.")

"""The machine walked at random: its promises hold whatever happens, in whatever order."""

import itertools

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from profai_cli import commands as c
from profai_cli import events as e
from profai_cli.lesson.place import Place, next_sentence, sentence_at
from profai_cli.turns.states import State
from tests.small_course import small_course
from tests.stage import Stage

ORDERS = ["pause", "go_on", "slower", "faster", "louder", "quieter", "where", "pause_or_go_on"]
JUMPS = ["repeat", "next_topic", "previous_topic", "next_sentence", "previous_sentence"]
WORDS = ["", "mm-hm", "what is an apple", "why", "what is the", "wait", "pause", "go on", "slower", "where are we"]


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage(course=small_course(checks=2))
        self.stage.verdicts |= {"what is an apple": "question", "why": "wrong", "what is the": "partly"}
        self.seen = 0
        self.jumps = 0

    @rule(seconds=st.sampled_from([0.05, 0.3, 0.6, 1.5, 5.0, 20.0]))
    def time_passes(self, seconds: float) -> None:
        self.stage.run(seconds)

    @rule(words=st.sampled_from(WORDS), seconds=st.sampled_from([0.1, 0.4, 1.2]), confirmed=st.booleans())
    def learner_speaks(self, words: str, seconds: float, confirmed: bool) -> None:
        self.stage.speaks(words, seconds=seconds, confirmed=confirmed)

    @rule(confirmed=st.booleans())
    def learner_begins_and_does_not_end(self, confirmed: bool) -> None:
        self.stage.begins(confirmed=confirmed)

    @rule(voiced=st.sampled_from([0.0, 2.0]))
    def voice_ends(self, voiced: float) -> None:
        self.stage.send(e.SpeechEnded(self.stage.now, voiced))

    @rule(words=st.sampled_from(WORDS))
    def learner_types(self, words: str) -> None:
        self.stage.says(words)

    @rule(words=st.sampled_from(WORDS), final=st.booleans())
    def recogniser_says_something_by_itself(self, words: str, final: bool) -> None:
        now = self.stage.now
        self.stage.send(e.FinalTranscript(now, words) if final else e.PartialTranscript(now, words))

    @rule(action=st.sampled_from(ORDERS))
    def key(self, action: str) -> None:
        self.stage.control(action)

    @rule(action=st.sampled_from(JUMPS))
    def jump(self, action: str) -> None:
        self.check_lesson()
        self.stage.control(action)
        self.seen = len(self.stage.spans)
        self.jumps = len(self.stage.spans)

    @rule(answers=st.lists(st.sampled_from(["Yes.", "It is an apple, as you know."]), max_size=3))
    def answers_change(self, answers: list[str]) -> None:
        self.stage.answers = answers

    @rule(delay=st.sampled_from([0.1, 1.0, 30.0]))
    def answerer_changes(self, delay: float) -> None:
        self.stage.answer_delay = delay

    @rule()
    def input_ends(self) -> None:
        self.stage.send(e.InputEnded(self.stage.now))

    @rule()
    def old_things_arrive(self) -> None:
        now = self.stage.now
        for event in (e.AgentResponse(now, -1, "old"), e.Heard(now, -1, 0, 5), e.ReplyFinished(now, -1)):
            assert self.stage.machine.handle(event) == []
        assert self.stage.machine.handle(e.TimerFired(now, -1)) == []
        assert self.stage.machine.handle(e.Metrics(now, "x", 1.0)) == []

    @precondition(lambda self: self.stage.machine.state is not State.DONE)
    @rule()
    def microphone_is_held_without_speech(self) -> None:
        if self.stage.machine.voice.reply is not None:
            hold = self.stage._hold_now()
            self.stage.send(self.stage._held(hold))
            if self.stage.machine.state not in (State.HELD, State.PAUSED):
                self.stage._hold = 0  # the session flushes when the machine ends the reply

    @invariant()
    def a_hold_is_alive_only_while_it_is_undecided(self) -> None:
        if self.stage.machine.state not in (State.HELD, State.PAUSED, State.THINKING, State.DONE):
            assert self.stage._hold == 0
        if self.stage.machine.state is State.HELD:
            assert self.stage._hold > 0

    @invariant()
    def numbers_only_rise(self) -> None:
        did = self.stage.did
        replies = [x.reply for x in did if isinstance(x, c.Speak | c.Answer)]
        timers = [x.timer for x in did if isinstance(x, c.StartTimer)]
        assert replies == sorted(replies)
        assert all(a < b for a, b in itertools.pairwise(timers))

    @invariant()
    def each_hold_is_released_at_most_once(self) -> None:
        released = [x.hold for x in self.stage.did if isinstance(x, c.Release)]
        assert len(released) == len(set(released))

    @invariant()
    def check_lesson(self) -> None:
        """No word of the lesson is lost, and at most the cut phrase is said twice."""
        spans = self.stage.spans[self.jumps :]
        for (_, end), (begin, _), place in zip(spans, spans[1:], self._places(spans), strict=False):
            sentence = sentence_at(self.stage.course, place)
            following = next_sentence(self.stage.course, place)
            if begin[:3] == place[:3]:
                assert begin[3] <= end + 1, "a word was lost"
                phrase = max(start for start in sentence.phrases if start <= end)
                assert begin[3] >= phrase, "more than the cut phrase was said twice"
            else:
                assert following is not None
                assert begin == (*following[:3], 0), "a sentence was lost"
                assert end == len(sentence.text), "a sentence's end was lost"
        self.seen = len(self.stage.spans)

    def teardown(self) -> None:
        """Whatever happened: when all are quiet again the class goes on to its end, but for a pause."""
        self.stage.answer_delay = 0.1
        self.stage.send(e.SpeechEnded(self.stage.now, 1.0))
        self.stage.run(500.0)
        assert self.stage.machine.state in (State.DONE, State.PAUSED)

    @staticmethod
    def _places(spans: list[tuple[tuple[int, int, int, int], int]]) -> list[Place]:
        return [Place(*begin[:3]) for begin, _ in spans]


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)

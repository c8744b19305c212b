"""The turn-taking machine: events in, commands out. No I/O, no asyncio, no clock.

`table.TABLE` says which action an event takes in each state; the methods below are those actions. Who has the
floor is decided in `floor`; what a learner's words ask for is carried out in `orders`, and what keys ask for in
`controls`.
"""

from profai_cli.commands import Command, Hold
from profai_cli.events import (
    AgentResponse,
    CheckJudged,
    Control,
    CourseInfo,
    Event,
    FinalTranscript,
    Heard,
    InputEnded,
    LessonTold,
    PartialTranscript,
    ReplyFinished,
    SpeechConfirmed,
    SpeechEnded,
    SpeechStarted,
    SttReady,
    TimerFired,
    TtsHeld,
)
from profai_cli.lesson.place import CheckPlace, Place, next_topic
from profai_cli.lesson.told import tell
from profai_cli.turns import checking, floor, lines, patience
from profai_cli.turns.controls import control
from profai_cli.turns.orders import close, end_class, obey
from profai_cli.turns.states import State
from profai_cli.turns.table import INPUTS, TABLE
from profai_cli.turns.turn import Turn
from profai_cli.turns.words import Meaning, meaning


class Machine(Turn):
    """The turn-taking of one class. `state` may be read at any time."""

    def handle(self, event: Event) -> list[Command]:
        """Take one event and return the commands it causes, to be carried out in this order.

        Events that are not in `table.INPUTS`, or belong to an old reply, to an old timer or to a turn that a key has
        ended, cause none.
        """
        if type(event) not in INPUTS or self._is_old(event):
            return []
        cell = TABLE[self.state][type(event)]
        before = self.state
        self.now = event.t
        getattr(self, f"_{cell.action}")(event)
        assert self.state is before or self.state in cell.leads_to, (before, event, self.state)
        commands, self.out[:] = list(self.out), []
        return commands

    def _is_old(self, event: Event) -> bool:
        if isinstance(event, TimerFired):
            return event.timer != self.timer
        if isinstance(event, AgentResponse | CheckJudged | Heard | ReplyFinished | TtsHeld):
            return self.voice.reply is None or event.reply != self.voice.reply.number
        if isinstance(event, FinalTranscript) and event.source == "voice" and self.learner.unwanted:
            self.learner.unwanted = False
            return True
        return False

    # --- the class ---------------------------------------------------------------------------------

    def _ignore(self, event: Event) -> None:
        """Written out in the table."""

    def _begin(self, event: CourseInfo) -> None:
        self.checking = event.checking
        self.checks.extend(CheckPlace(*check) for check in event.checks)
        self.voice.go(Place(event.module, event.topic, event.sentence, event.phrase))
        if (event.speed, event.volume) != (1.0, 1.0):
            self.voice.tune(event.speed, event.volume)
        if self.checks:
            checking.ask(self, "" if self.checking == "only" else lines.RECALL)
        elif self.checking == "only":
            end_class(self, "finished")
        else:
            self.voice.teach()
            self.enter(State.TEACHING)

    def _take_telling(self, event: LessonTold) -> None:
        """Of the topic that is being taught, the places that the voice was given stay what they are."""
        self.voice.course = tell(self.voice.course, event.module, event.topic, event.lines, event.questions)

    def _note_input_end(self, event: InputEnded) -> None:
        self.input_ended = True
        if self.state is State.PAUSED and not self.learner.owed and not self.learner.speaking:
            floor.stay_paused(self)

    def _control(self, event: Control) -> None:
        control(self, event.action)

    def _control_early(self, event: Control) -> None:
        """Before the class begins there is nothing else to ask for."""
        match event.action:
            case "quit" | "time" | "stopped" | "failed":
                end_class(self, event.action)

    def _leave(self, event: Event) -> None:
        end_class(self, "quit")

    def _take_words_instead(self, event: FinalTranscript) -> None:
        """Who types while the tutor says goodbye stays, but to quit once more."""
        if event.source == "typed" and meaning(event.text) is Meaning.QUIT:
            end_class(self, "quit")
        elif event.source == "typed":
            self.voice.drop()
            self.enter(State.LISTENING)
            self._take_words(event)

    # --- the tutor's voice -------------------------------------------------------------------------

    def _note_heard(self, event: Heard) -> None:
        self.voice.heard(event)

    def _note_judgement(self, event: CheckJudged) -> None:
        checking.judged(self, event)
        if event.verdict == "question":
            obey(self, Meaning.QUESTION, self.question)
            self.put_back = True

    def _say_more(self, event: AgentResponse) -> None:
        offer = event.done and self.passage is not None
        self.voice.say_answer(event.text, done=event.done and not offer, made=event.made)
        if offer:
            self.voice.say_answer(lines.OFFER, done=True)

    def _begin_answer(self, event: AgentResponse) -> None:
        if event.text:
            self._say_more(event)
            self.answering, self.question = self.question, ""
            self.enter(State.ANSWERING)
        elif event.done:
            self.question = ""
            obey(self, Meaning.NOTHING, "")

    def _answer_is_late(self, event: TimerFired) -> None:
        self.question = ""
        self.check = None
        self.voice.drop()
        self.voice.say([lines.LATE])
        self.enter(State.ANSWERING)

    def _reply_finished(self, event: ReplyFinished) -> None:
        voice = self.voice
        kind = voice.finished()
        if kind == "check":
            self.enter(State.LISTENING, checking.think(self))
        elif kind != "lesson":
            self.bridge = "" if self.passage else lines.BACK
            self.enter(State.LISTENING, self._follow_up)
        elif not self.interactive:
            voice.go(next_topic(voice.course, voice.spot))
            end_class(self, "finished")
        else:
            checking.prepare(self)
            voice.go(next_topic(voice.course, voice.spot))
            if self.checks:
                checking.ask(self, lines.CHECK)
            elif voice.place:
                voice.teach()
                self.enter(State.TEACHING)
            else:
                close(self)

    @property
    def _follow_up(self) -> float:
        """Seconds in which the learner may ask on."""
        return patience.OFFERED if self.passage else patience.LAST_QUESTION if self.closed else patience.FOLLOW_UP

    # --- a hold: is it an interruption? ------------------------------------------------------------

    def _learner_begins_over_voice(self, event: SpeechStarted | SpeechConfirmed) -> None:
        self.learner.speaks(event)
        if not event.hold:  # the reflex had nothing to hold yet, or the hold was just released
            assert self.voice.reply is not None
            self.out.append(Hold(self.voice.reply.number))

    def _fall_silent(self, event: TtsHeld) -> None:
        self.voice.held(event)
        self.enter(State.HELD, patience.SUSTAINED if self.learner.confirmed else patience.UNCONFIRMED)

    def _renew_hold(self, event: TtsHeld) -> None:
        self.voice.held(event)

    def _learner_pauses_in_hold(self, event: SpeechEnded) -> None:
        self.learner.falls_silent(event)
        if self.learner.confirmed:
            self.learner.ask_for_words()
        else:
            self.learner.forget_noise()
        if self.learner.owed:
            self.enter(State.HELD, patience.FINAL_WORDS)
        else:
            floor.judge(self)

    def _judge_words(self, event: FinalTranscript) -> None:
        self.learner.words(event)
        if event.source == "typed":
            floor.take_turn(self)
        elif not self.learner.speaking:
            floor.judge(self)

    def _hold_is_over(self, event: TimerFired) -> None:
        if self.learner.confirmed and self.learner.speaking:
            floor.give(self)
        else:
            self.learner.speaking = False
            floor.judge(self)

    # --- the learner's turn ------------------------------------------------------------------------

    def _learner_begins(self, event: SpeechStarted) -> None:
        self.learner.speaks(event)
        if self.state is State.HELD:
            self.enter(State.HELD, patience.UNCONFIRMED)
        elif self.state is not State.THINKING:
            self.rest = self.until
            self.enter(self.state, patience.NOISE)

    def _learner_is_sure(self, event: SpeechConfirmed) -> None:
        self.learner.speaks(event)
        if self.state is State.HELD:
            self.enter(State.HELD, max(patience.SUSTAINED - (event.t - self.learner.began), 0.0))
        else:
            self.enter(self.state, patience.LONGEST_TURN)

    def _learner_asks_on(self, event: SpeechConfirmed) -> None:
        """The learner goes on, or asks anew, before the answer came."""
        self.learner.speaks(event)
        self.learner.earlier = self.question if self.learner.soon else ""
        self.voice.drop()
        self.enter(State.LISTENING, patience.LONGEST_TURN)

    def _learner_pauses(self, event: SpeechEnded) -> None:
        self.learner.falls_silent(event)
        if not self.learner.confirmed:
            self.learner.forget_noise()
        known = self.learner.partial or not self.learner.owed
        silence = patience.turn_end(f"{self.learner.said} {self.learner.partial}" if known else "")
        if not (self.learner.confirmed or self.learner.owed or self.learner.said):
            silence = max(silence, self.rest - event.t)  # a noise ends no wait
        self.enter(self.state, patience.LOST_WORDS if self.learner.asked else silence)

    def _forget_speech(self, event: SpeechEnded) -> None:
        self.learner.speaking = False
        self.learner.discard()

    def _note_words(self, event: PartialTranscript) -> None:
        self.learner.partial = event.text

    def _take_words(self, event: FinalTranscript) -> None:
        long = self.learner.asked and self.learner.confirmed  # the learner speaks on, and was heard long enough
        self.learner.words(event)
        murmur = meaning(self.learner.said) in (Meaning.NOTHING, Meaning.MURMUR)
        murmur = murmur and not (self.check and event.source == "typed")  # "yes" may be an answer
        if murmur and self.state is not State.LISTENING:
            self.learner.forget_words()
            if self.state is State.PAUSED:
                floor.stay_paused(self)
        elif event.source == "typed" or long or not self.learner.speaking:
            more = patience.after_words(self.learner.said) - (event.t - self.learner.ended)
            if event.source == "voice" and self.state is State.LISTENING and more > 0:
                self.enter(State.LISTENING, more)
                return
            if self.state is State.THINKING and event.source == "voice":
                self.learner.earlier = self.question
            floor.take_turn(self)

    def _wait_for_words(self, event: SttReady) -> None:
        """Another recogniser hears from its begin what its predecessor was asked for."""
        if self.learner.asked:
            self.enter(self.state, patience.LOST_WORDS)

    def _silence_is_over(self, event: TimerFired) -> None:
        if not floor.words_are_coming(self):
            floor.take_turn(self)

    def _pause_goes_on(self, event: TimerFired) -> None:
        if floor.words_are_coming(self):
            return
        if self.learner.said:
            floor.take_turn(self)
        else:
            floor.stay_paused(self)

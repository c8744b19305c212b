"""The turn-taking machine: events in, commands out. No I/O, no asyncio, no clock.

`table.TABLE` says which action an event takes in each state; the methods below are those actions. What a
learner's words ask for is carried out in `orders`.
"""

from profai_cli.commands import (
    Command,
    DiscardSpeech,
    EndClass,
    FinalizeSpeech,
    Hold,
)
from profai_cli.events import (
    AgentResponse,
    Control,
    CourseInfo,
    Event,
    FinalTranscript,
    Heard,
    InputEnded,
    PartialTranscript,
    ReplyFinished,
    SpeechConfirmed,
    SpeechEnded,
    SpeechStarted,
    SttReady,
    TimerFired,
    TtsHeld,
)
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, next_topic
from profai_cli.turns import lines, patience
from profai_cli.turns.orders import end_class, obey
from profai_cli.turns.states import State
from profai_cli.turns.table import INPUTS, TABLE
from profai_cli.turns.turn import Turn
from profai_cli.turns.words import Meaning, meaning

MERGE_SECONDS = 1.5
"""Speech that begins this soon after the last goes on with the same question."""


class Machine(Turn):
    """The turn-taking of one class. `state` may be read at any time."""

    def __init__(self, course: Course, *, interactive: bool) -> None:
        super().__init__(course, interactive=interactive)
        self._said = ""  # final words of the turn
        self._partial = ""  # words after them that may still change
        self._earlier = ""  # the question with which they go on
        self._speaking = False
        self._confirmed = False  # by the judge, in this stretch of speech
        self._owed = False  # a person spoke whose final words have not come
        self._asked = False  # the recogniser was asked for them
        self._answering = ""  # the question whose answer sounds
        self._soon = False  # this stretch of speech followed soon on the one before
        self._began = 0.0
        self._ended = 0.0
        self._now = 0.0

    def handle(self, event: Event) -> list[Command]:
        """Take one event and return the commands it causes, to be carried out in this order.

        Events that are not in `table.INPUTS`, belong to an old reply or to an old timer cause none.
        """
        if type(event) not in INPUTS or self._is_old(event):
            return []
        cell = TABLE[self.state][type(event)]
        before = self.state
        self._now = event.t
        getattr(self, f"_{cell.action}")(event)
        assert self.state is before or self.state in cell.leads_to, (before, event, self.state)
        commands, self.out[:] = list(self.out), []
        return commands

    def _is_old(self, event: Event) -> bool:
        if isinstance(event, TimerFired):
            return event.timer != self.timer
        if isinstance(event, AgentResponse | Heard | ReplyFinished | TtsHeld):
            return self.voice.reply is None or event.reply != self.voice.reply.number
        return False

    # --- the class ---------------------------------------------------------------------------------

    def _ignore(self, event: Event) -> None:
        """Written out in the table."""

    def _begin(self, event: CourseInfo) -> None:
        self.voice.go(Place(event.module, event.topic, event.sentence, event.phrase))
        self.voice.teach()
        self.enter(State.TEACHING)

    def _note_input_end(self, event: InputEnded) -> None:
        self.input_ended = True
        if self.state is State.PAUSED and not self._owed and not self._speaking:
            self._stay_paused()

    def _control(self, event: Control) -> None:
        match event.action:
            case "time" | "stopped" | "failed":
                end_class(self, event.action)
            case action:
                self._close_turn()
                obey(self, Meaning[action.upper()], action)

    def _leave(self, event: Event) -> None:
        self.out.append(EndClass("quit"))
        self.enter(State.DONE)

    # --- the tutor's voice -------------------------------------------------------------------------

    def _note_heard(self, event: Heard) -> None:
        self.voice.heard(event)

    def _say_more(self, event: AgentResponse) -> None:
        self.voice.say_answer(event.text, done=event.done)

    def _begin_answer(self, event: AgentResponse) -> None:
        if event.text:
            self.voice.say_answer(event.text, done=event.done)
            self._answering, self.question = self.question, ""
            self.enter(State.ANSWERING)
        elif event.done:
            self.question = ""
            obey(self, Meaning.NOTHING, "")

    def _answer_is_late(self, event: TimerFired) -> None:
        self.question = ""
        self.voice.drop()
        self.voice.say([lines.LATE])
        self.enter(State.ANSWERING)

    def _reply_finished(self, event: ReplyFinished) -> None:
        voice = self.voice
        kind = voice.finished()
        if kind != "lesson":
            self.bridge = lines.BACK
            self.enter(State.LISTENING, patience.FOLLOW_UP if voice.place else patience.LAST_QUESTION)
            return
        voice.go(next_topic(voice.course, voice.spot))
        if not self.interactive:
            end_class(self, "finished")
        elif voice.place:
            voice.teach()
            self.enter(State.TEACHING)
        else:
            voice.say(lines.LAST)
            self.enter(State.ANSWERING)

    # --- a hold: is it an interruption? ------------------------------------------------------------

    def _learner_begins_over_voice(self, event: SpeechStarted | SpeechConfirmed) -> None:
        self._note_speech(event)
        if not event.hold:  # the reflex had nothing to hold yet, or the hold was just released
            assert self.voice.reply is not None
            self.out.append(Hold(self.voice.reply.number))

    def _fall_silent(self, event: TtsHeld) -> None:
        self.voice.held(event)
        self.enter(State.HELD, patience.SUSTAINED if self._confirmed else patience.UNCONFIRMED)

    def _renew_hold(self, event: TtsHeld) -> None:
        self.voice.held(event)

    def _learner_pauses_in_hold(self, event: SpeechEnded) -> None:
        self._speaking, self._ended = False, event.t
        if self._confirmed:
            self._ask_for_words()
        else:
            self._forget_noise()
        if self._owed:
            self.enter(State.HELD, patience.FINAL_WORDS)
        else:
            self._judge()

    def _judge_words(self, event: FinalTranscript) -> None:
        self._note_final(event)
        if event.source == "typed":
            self._take_turn()
        elif not self._speaking:
            self._judge()

    def _judge(self) -> None:
        """By its words, was it an interruption?"""
        unsure = self._partial if self._owed else ""  # of a noise the recogniser makes words, too
        match meaning(self._said or unsure):
            case Meaning.NOTHING | Meaning.MURMUR:
                self._release()
            case Meaning.QUESTION:
                self._commit()
            case _:
                self._take_turn()

    def _hold_is_over(self, event: TimerFired) -> None:
        if self._confirmed and self._speaking:
            self._commit()
        else:
            self._speaking = False
            self._judge()

    def _commit(self) -> None:
        """It is an interruption: the learner has the floor."""
        reply = self.voice.reply
        if self._soon and reply is not None and reply.asked:  # the question was not over when its answer began
            self._earlier = self._answering
        self.voice.drop()
        self.bridge = lines.NOT_CAUGHT
        if self._speaking:
            self.enter(State.LISTENING, patience.LONGEST_TURN)
        elif self._owed:
            self.enter(State.LISTENING, patience.LOST_WORDS)
        else:
            silent = self._now - self._ended
            self.enter(State.LISTENING, max(patience.after_words(self._said) - silent, 0.0))

    def _release(self) -> None:
        """It was none: the voice goes on at the very sample."""
        self._discard()
        self.voice.release()
        assert self.voice.reply is not None
        self.enter(State.TEACHING if self.voice.reply.kind == "lesson" else State.ANSWERING)

    # --- the learner's turn ------------------------------------------------------------------------

    def _learner_begins(self, event: SpeechStarted) -> None:
        self._note_speech(event)
        if self.state is State.HELD:
            self.enter(State.HELD, patience.UNCONFIRMED)
        elif self.state is not State.THINKING:
            self.enter(self.state, patience.NOISE)

    def _learner_is_sure(self, event: SpeechConfirmed) -> None:
        self._note_speech(event)
        if self.state is State.HELD:
            self.enter(State.HELD, max(patience.SUSTAINED - (event.t - self._began), 0.0))
        else:
            self.enter(self.state, patience.LONGEST_TURN)

    def _learner_asks_on(self, event: SpeechConfirmed) -> None:
        """The learner goes on, or asks anew, before the answer came."""
        self._note_speech(event)
        self._earlier = self.question if self._soon else ""
        self.voice.drop()
        self.enter(State.LISTENING, patience.LONGEST_TURN)

    def _learner_pauses(self, event: SpeechEnded) -> None:
        self._speaking, self._ended = False, event.t
        if not self._confirmed:
            self._forget_noise()
        known = self._partial or not self._owed
        silence = patience.turn_end(f"{self._said} {self._partial}" if known else "")
        self.enter(self.state, patience.LOST_WORDS if self._asked else silence)

    def _forget_speech(self, event: SpeechEnded) -> None:
        self._speaking = False
        self._discard()

    def _note_words(self, event: PartialTranscript) -> None:
        self._partial = event.text

    def _take_words(self, event: FinalTranscript) -> None:
        long = self._asked and self._confirmed  # the learner speaks on, and was heard long enough
        self._note_final(event)
        murmur = meaning(self._said) in (Meaning.NOTHING, Meaning.MURMUR)
        if murmur and self.state is not State.LISTENING:
            self._forget_words()
            if self.state is State.PAUSED:
                self._stay_paused()
        elif event.source == "typed" or long or not self._speaking:
            more = patience.after_words(self._said) - (event.t - self._ended)
            if event.source == "voice" and self.state is State.LISTENING and more > 0:
                self.enter(State.LISTENING, more)
                return
            if self.state is State.THINKING and event.source == "voice":
                self._earlier = self.question
            self._take_turn()

    def _wait_for_words(self, event: SttReady) -> None:
        """Another recogniser hears from its begin what its predecessor was asked for."""
        if self._asked:
            self.enter(self.state, patience.LOST_WORDS)

    def _silence_is_over(self, event: TimerFired) -> None:
        if not self._words_are_coming():
            self._take_turn()

    def _pause_goes_on(self, event: TimerFired) -> None:
        if self._words_are_coming():
            return
        if self._said:
            self._take_turn()
        else:
            self._stay_paused()

    def _stay_paused(self) -> None:
        if self.input_ended:  # nobody is left who could say "go on"
            end_class(self, "input_ended")

    def _words_are_coming(self) -> bool:
        """At the end of a wait: ask the recogniser for words it owes, once."""
        if self._speaking and not self._confirmed:  # noise that goes on and on
            self._speaking = False
            self._forget_noise()
        if not self._owed or self._asked:
            return False
        self._ask_for_words()
        self.enter(self.state, patience.LOST_WORDS)
        return True

    def _take_turn(self) -> None:
        words, earlier = self._said or self._partial, self._earlier
        self._close_turn()
        asks = meaning(words)
        obey(self, asks, f"{earlier} {words}".strip() if asks is Meaning.QUESTION else words)

    # --- notes -------------------------------------------------------------------------------------

    def _note_speech(self, event: SpeechStarted | SpeechConfirmed) -> None:
        self._speaking = True
        self._confirmed = isinstance(event, SpeechConfirmed)
        if self._confirmed:
            self._owed, self._asked = True, False
        else:
            self._began = event.t
            self._soon = event.t - self._ended < MERGE_SECONDS

    def _note_final(self, event: FinalTranscript) -> None:
        self._partial = ""
        if event.source == "typed":
            self._said, self._earlier = event.text, ""
        else:
            self._said = f"{self._said} {event.text}".strip()
            self._owed, self._asked = self._speaking and self._confirmed, False

    def _ask_for_words(self) -> None:
        self.out.append(FinalizeSpeech())
        self._asked = True

    def _forget_words(self) -> None:
        self._said = self._partial = self._earlier = ""

    def _forget_noise(self) -> None:
        """It was no voice: the recogniser forgets it, unless it is in one utterance with words that are owed."""
        if not self._owed:
            self._partial = ""
        if not self._owed or self._asked:
            self.out.append(DiscardSpeech())

    def _close_turn(self) -> None:
        """The turn was used; what the recogniser has beyond it is no part of the next one."""
        if self._owed and not self._asked:
            self.out.append(DiscardSpeech())
        self._owed = self._asked = False
        self._forget_words()

    def _discard(self) -> None:
        """There was no turn."""
        self.out.append(DiscardSpeech())
        self._owed = self._asked = False
        self._forget_words()

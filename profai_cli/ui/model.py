"""What a class looks like at this moment, told by its events alone. Pure; shared by all that show it."""

from typing import Final, Literal

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ui.exchanges import Exchanges
from profai_cli.ui.gaps import Gaps
from profai_cli.ui.parts import Engine, Line

LOADS: Final = 60.0
"""Seconds in which a recogniser that was not heard of is loaded, or will never be."""


class Model:
    """Call it with every event, in order; then read its attributes. Texts in them are clean, of one line."""

    def __init__(self) -> None:
        self.t = 0.0
        self.state = "starting"
        """A value of `turns.states.State`."""
        self.title = ""
        self.modules = 0
        self.place: tuple[int, int, int, int] | None = None
        self.line: Line | None = None
        """The sentence that sounds, or sounded last."""
        self.partial = ""
        """Words of the learner that may still change."""
        self.exchanges = Exchanges()
        """What was asked and answered last."""
        self.heard: dict[tuple[int, int], int] = {}
        """By module and topic: the last sentence that was heard to its end in this class."""
        self.light: Literal["silent", "started", "confirmed"] = "silent"
        """Whether somebody speaks into the microphone, perhaps or for sure."""
        self.muted = False
        self.recorded = False
        """What both say is kept in a file."""
        self.listens = False
        """The learner can be heard, as far as it depends on the class."""
        self.recogniser = Engine()
        self.voice = Engine()
        self.answerer = Engine()
        self.speed = 1.0
        self.volume = 1.0
        self.figures: dict[str, float] = {}
        """What was measured of the newest turn, by the figure's name."""
        self.fault = ""
        """The newest thing that went wrong."""
        self.fault_t = 0.0
        """When it did."""
        self.missing: dict[str, str] = {}
        """Why, by the kind of device that was lost: "microphone", "speaker"."""
        self.echo: ev.EchoMeasured | None = None
        """As measured last; None where no echo is cancelled."""
        self.gaps = Gaps()
        self.advice = ""
        """What to do about the newest event; empty for most."""
        self._turn = 0  # the reply that the figures are of
        self._waits = False  # for the first news of the recogniser
        self._deaf = ""  # why the last recogniser failed, until another one listens
        self._sources: dict[tuple[int, str], str] = {}

    def __call__(self, event: ev.Event) -> None:
        """Take one event. Those without a method of their name below change nothing but the time."""
        self.t = max(self.t, event.t)
        self.advice = ""
        take = getattr(self, f"_on_{event.name}", None)
        if take is not None:
            take(event)

    @property
    def loading(self) -> bool:
        """The recogniser is not there yet."""
        return self.listens and self._waits and self.t < LOADS

    def sounding(self, reply: int, sentence: int) -> Line | None:
        """`line`, if it is this sentence."""
        line = self.line
        return line if line and (line.reply, line.sentence) == (reply, sentence) else None

    def source(self, reply: int, text: str) -> str:
        """The topic that a sentence of an answer is from; empty where it is from none."""
        return self._sources.get((reply, text), "")

    # --- the class ---------------------------------------------------------------------------------

    def _on_class_starting(self, event: ev.ClassStarting) -> None:
        self.recorded = bool(event.recording)
        self.listens = self._waits = event.interactive and bool(event.microphone)

    def _on_course_info(self, event: ev.CourseInfo) -> None:
        self.title, self.modules = plain(event.title), event.modules
        self.place = (event.module, event.topic, event.sentence, event.phrase)
        self.speed, self.volume = event.speed, event.volume

    def _on_tutor_state(self, event: ev.TutorState) -> None:
        self.state = event.state
        if self.state in ("teaching", "answering", "asking"):
            self.partial = ""  # what the recogniser was told to forget has no final words
        if self.state != "listening":
            self.exchanges.end_turn()

    def _on_class_complete(self, event: ev.ClassComplete) -> None:
        self.state = "done"

    def _on_error(self, event: ev.Error) -> None:
        self._failed(event.message)

    def _on_stt_ready(self, event: ev.SttReady) -> None:
        self.listens, self._waits = True, False
        self.recogniser.take_over(plain(event.engine))
        self._failed(f"{self._deaf} {event.engine} listens now." if self._deaf else "")
        self._deaf = ""

    def _on_stt_unavailable(self, event: ev.SttUnavailable) -> None:
        self._waits = False
        self.recogniser.take_over("")
        self._failed(event.reason)

    def _on_stt_failed(self, event: ev.SttFailed) -> None:
        self._waits = False
        self.recogniser.take_over("")
        self._deaf = self._failed(event.reason)

    def _failed(self, message: str) -> str:
        self.fault, self.fault_t = plain(message), self.t
        return self.fault

    # --- the sound ---------------------------------------------------------------------------------

    def _on_device_lost(self, event: ev.DeviceLost) -> None:
        self.missing[event.kind] = self._failed(event.message)

    def _on_device_ready(self, event: ev.DeviceReady) -> None:
        if self.fault == self.missing.pop(event.kind, None):
            self.fault = ""

    def _on_echo_measured(self, event: ev.EchoMeasured) -> None:
        self.echo = event

    def _on_metrics(self, event: ev.Metrics) -> None:
        if event.figure == "sound_faults_count":
            self.advice = self.gaps.advice(event.value)
        elif event.reply:
            if event.reply != self._turn:
                self._turn, self.figures = event.reply, {}
            self.figures[event.figure] = event.value

    def _on_microphone_muted(self, event: ev.MicrophoneMuted) -> None:
        self.muted = event.muted

    def _on_speech_started(self, event: ev.SpeechStarted) -> None:
        self.light = "started"

    def _on_speech_confirmed(self, event: ev.SpeechConfirmed) -> None:
        self.light = "confirmed"

    def _on_speech_ended(self, event: ev.SpeechEnded) -> None:
        self.light = "silent"

    # --- the learner -------------------------------------------------------------------------------

    def _on_partial_transcript(self, event: ev.PartialTranscript) -> None:
        self.partial = plain(event.text)

    def _on_final_transcript(self, event: ev.FinalTranscript) -> None:
        self.partial = ""
        if words := plain(event.text):
            self.exchanges.say(words, typed=event.source == "typed")

    # --- the tutor ---------------------------------------------------------------------------------

    def _on_agent_response(self, event: ev.AgentResponse) -> None:
        self._sources = {key: source for key, source in self._sources.items() if key[0] == event.reply}
        self._sources[event.reply, event.text] = plain(event.source)

    def _on_tts_ready(self, event: ev.TtsReady) -> None:
        self.voice.take_over(plain(event.engine))

    def _on_agent_ready(self, event: ev.AgentReady) -> None:
        self.answerer.take_over(plain(event.engine))

    def _on_voice_tuned(self, event: ev.VoiceTuned) -> None:
        self.speed, self.volume = event.speed, event.volume

    def _on_teaching_content(self, event: ev.TeachingContent) -> None:
        source = self.source(event.reply, event.text)
        text = plain(event.text)
        if event.kind in ("answer", "check"):
            self.exchanges.answer(event.reply, text, source)
        self.line = Line(event.reply, event.sentence, text, event.kind, source, place=event.place)
        self.place = event.place or self.place

    def _on_lesson_resumed(self, event: ev.LessonResumed) -> None:
        self.place = event.place

    def _on_lesson_moved(self, event: ev.LessonMoved) -> None:
        self.place, self.line = event.place, None

    def _on_heard(self, event: ev.Heard | ev.TtsHeld | ev.TtsInterrupted) -> None:
        line = self.sounding(event.reply, event.sentence)
        if line is None:
            return
        line.heard = max(line.heard, event.char)
        if line.place and line.heard >= len(line.text):
            module, topic, sentence, _ = line.place
            self.heard[module, topic] = max(sentence, self.heard.get((module, topic), 0))

    _on_tts_held = _on_tts_interrupted = _on_heard

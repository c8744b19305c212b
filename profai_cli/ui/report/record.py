"""A class as a report tells it, from its events. Pure."""

from collections.abc import Iterable
from typing import Final

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ports import HANGOVER
from profai_cli.ui.report.parts import Exchange, Sentence, Span, Taught

PAUSE: Final = 2.0
"""Seconds: what the learner says after a shorter silence goes on with the same question."""


class Record:
    """All that a report tells. Texts are clean, of one line, and not escaped."""

    def __init__(self, events: Iterable[ev.Event]) -> None:
        self.title = self.date = self.microphone = self.speaker = ""
        self.seconds = 0.0
        self.engines: list[str] = []
        self.spans: list[Span] = []
        self.taught: dict[tuple[int, int], Taught] = {}
        self.exchanges: list[Exchange] = []
        self._told: set[tuple[int, int]] = set()
        self._examined: set[int] = set()
        self.troubles: list[tuple[float, str]] = []
        self._voice: list[Span] = []
        self._sounding: Span | None = None
        self._held: Span | None = None
        self._confirmed = False
        self._final: ev.FinalTranscript | None = None  # to which nothing was said yet
        self._asked: Exchange | None = None  # that is still being answered
        self._turned: Exchange | None = None  # an answer to a check question that was a question
        for event in events:
            self.seconds = max(self.seconds, event.t)
            take = getattr(self, f"_on_{event.name}", None)
            if take:
                take(event)
        self._fall_silent(self.seconds)
        self.spans.sort(key=lambda span: span.begin)
        for exchange in self.exchanges:
            own = [span.end for span in self.spans if span.reply == exchange.reply]
            exchange.end = max([exchange.end, *own])

    @property
    def questions(self) -> list[Exchange]:
        """Those exchanges that have a number."""
        return [exchange for exchange in self.exchanges if exchange.number]

    @property
    def checks(self) -> list[Exchange]:
        """Answers to check questions."""
        return [exchange for exchange in self.exchanges if exchange.verdict]

    # --- the class ---------------------------------------------------------------------------------

    def _on_class_starting(self, event: ev.ClassStarting) -> None:
        self.date = plain(event.date)
        self.microphone, self.speaker = plain(event.microphone), plain(event.speaker)

    def _on_course_info(self, event: ev.CourseInfo) -> None:
        self.title = plain(event.title)

    def _on_class_complete(self, event: ev.ClassComplete) -> None:
        self._fall_silent(event.t)

    def _on_stt_ready(self, event: ev.SttReady | ev.TtsReady | ev.AgentReady) -> None:
        name = plain(event.engine)
        if name not in self.engines:
            self.engines.append(name)

    _on_tts_ready = _on_agent_ready = _on_stt_ready

    def _on_error(self, event: ev.Error | ev.DeviceLost) -> None:
        self.troubles.append((event.t, plain(event.message)))

    _on_device_lost = _on_error

    def _on_stt_failed(self, event: ev.SttFailed | ev.SttUnavailable) -> None:
        self.troubles.append((event.t, plain(event.reason)))

    _on_stt_unavailable = _on_stt_failed

    # --- the learner -------------------------------------------------------------------------------

    def _on_speech_started(self, event: ev.SpeechStarted) -> None:
        self._confirmed = False

    def _on_speech_confirmed(self, event: ev.SpeechConfirmed) -> None:
        self._confirmed = True

    def _on_speech_ended(self, event: ev.SpeechEnded) -> None:
        """Only the end of a voice tells where it began; what nobody confirmed was none."""
        if self._confirmed and event.voiced:
            end = event.t - HANGOVER
            self._voice.append(Span("learner", end - event.voiced, end))
            self.spans.append(self._voice[-1])

    def _on_final_transcript(self, event: ev.FinalTranscript) -> None:
        self._final = event if event.text else self._final

    def _on_lesson_resumed(self, event: ev.LessonResumed) -> None:
        self._final = None  # what the tutor says after that is no answer to it

    def _on_decision(self, event: ev.Decision) -> None:
        match event.command:
            case {"command": "answer", "reply": int(reply), "question": str(question)}:
                self._ask(reply, question, event.t)
            case {"command": "examine", "reply": int(reply), "said": str(said)}:
                self._examined.add(reply)
                self._exchange(reply, 0, said, event.t)
            case {"command": "speak", "kind": "answer", "reply": int(reply), "text": str(text)}:
                if self._final and self._find(reply) is None:
                    self._exchange(reply, 0, self._final.text, event.t)
                exchange = self._find(reply)
                if (
                    exchange and not exchange.number and reply not in self._examined
                ):  # no `AgentResponse` tells of these
                    exchange.sentences.append(Sentence(plain(text)))

    def _ask(self, reply: int, question: str, t: float) -> None:
        """A question with which the learner goes on before it is answered is the same one."""
        before = self._asked
        if before and plain(question).startswith(before.said):
            self.exchanges.remove(before)
            self._asked = self._exchange(reply, before.number, question, t)
            self._asked.begin = min(self._asked.begin, before.begin)
        else:
            self._asked = self._exchange(reply, len(self.questions) + 1, question, t)

    def _on_check_judged(self, event: ev.CheckJudged) -> None:
        if exchange := self._find(event.reply):
            exchange.check, exchange.verdict = plain(event.question), event.verdict
            if event.verdict == "question":  # it is answered as one
                self.exchanges.remove(exchange)
                self._turned = exchange

    def _on_lesson_told(self, event: ev.LessonTold) -> None:
        self._told.add((event.module, event.topic))

    def _on_reply_finished(self, event: ev.ReplyFinished) -> None:
        self._asked = None

    def _exchange(self, reply: int, number: int, said: str, t: float) -> Exchange:
        typed = self._final is not None and self._final.source == "typed"
        self._final = None
        exchange = Exchange(reply, number, plain(said), typed, t if typed else self._turn_began(t), t)
        if before := self._turned:  # what was to be an answer, and is this question
            exchange.typed, exchange.begin, self._turned = before.typed, before.begin, None
        self.exchanges.append(exchange)
        return exchange

    def _turn_began(self, asked: float) -> float:
        """When the learner began to say what became a question just now."""
        began = asked
        for number, span in enumerate(reversed(self._voice)):
            if number and began - span.end > PAUSE:
                break
            began = span.begin
        self._voice.clear()
        return began

    # --- the tutor ---------------------------------------------------------------------------------

    def _on_teaching_content(self, event: ev.TeachingContent) -> None:
        self._fall_silent(event.t)
        text = plain(event.text)
        self._sounding = Span("answer" if event.kind == "answer" else "lesson", event.t, event.t, event.reply)
        if event.place:
            self._asked = None
            module, topic, number, _phrase = event.place
            taught = self.taught.setdefault((module, topic), Taught(module, topic, event.t))
            taught.told = (module, topic) in self._told
            taught.sentences[number] = max(taught.sentences.get(number, ""), text, key=len)  # of a cut one all
        if event.kind == "answer" and (exchange := self._find(event.reply)):
            for sentence in exchange.sentences:
                sentence.heard |= sentence.text == text

    def _on_agent_response(self, event: ev.AgentResponse) -> None:
        if event.text and (exchange := self._find(event.reply)):
            exchange.sentences.append(Sentence(plain(event.text), plain(event.source)))

    def _on_metrics(self, event: ev.Metrics) -> None:
        if event.reply and (exchange := self._find(event.reply)):
            exchange.figures[event.figure] = event.value

    def _on_heard(self, event: ev.Heard) -> None:
        if event.end:
            self._fall_silent(event.t)

    def _on_tts_held(self, event: ev.TtsHeld) -> None:
        self._held = self._sounding
        self._fall_silent(event.t)

    def _on_tts_resumed(self, event: ev.TtsResumed) -> None:
        self._final = None
        if self._held:
            self._sounding = Span(self._held.speaker, event.t, event.t, event.reply)

    def _on_tts_interrupted(self, event: ev.TtsInterrupted) -> None:
        self._fall_silent(event.t)
        if exchange := self._find(event.reply):
            exchange.cut = True

    def _fall_silent(self, t: float) -> None:
        if self._sounding:
            self._sounding.end = t
            self.spans.append(self._sounding)
            self._sounding = None

    def _find(self, reply: int) -> Exchange | None:
        return next((exchange for exchange in reversed(self.exchanges) if exchange.reply == reply), None)

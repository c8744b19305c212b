"""The machine on a stage: a model of voice, timers, answerer and recogniser in media time, without any I/O."""

import heapq
import re
from collections.abc import Callable

from profai_cli import commands as c
from profai_cli import events as e
from profai_cli.commands import Command
from profai_cli.events import Event
from profai_cli.kinds import Checking, Verdict
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, Place, sentence_at
from profai_cli.turns.machine import Machine
from tests.small_course import small_course

SECONDS_A_CHARACTER = 0.05


class Stage:
    """Plays one class. `did` has every command; `heard` the lesson's words that left the speaker, in order."""

    def __init__(
        self,
        *,
        interactive: bool = True,
        course: Course | None = None,
        place: Place | None = None,
        checking: Checking = "topics",
        checks: tuple[CheckPlace, ...] = (),
    ) -> None:
        self.course = course or small_course()
        self.machine = Machine(self.course, interactive=interactive)
        self.now = 0.0
        self.did: list[Command] = []
        self.heard: list[tuple[Place, str]] = []
        self.spans: list[tuple[tuple[int, int, int, int], int]] = []
        """For each lesson word heard: module, topic, sentence and character of its begin; character of its end."""
        self.words = ""  # what the recogniser will answer
        self.deaf = False  # it does not answer
        self.answers: list[str] = ["An answer.", "Its second sentence."]
        self.answer_delay = 0.2
        self.verdicts: dict[str, Verdict] = {"": "unanswered"}  # on what is said to a check question; else "right"
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._spoken: list[c.Speak] = []
        self._reply = 0
        self._char = 0
        self._whole = False
        self._hold = 0
        self._holds = 0
        self._next_word = 0.0
        course_ = self.course
        self.send(
            e.CourseInfo(
                0.0,
                course_.id,
                course_.title,
                "en",
                "",
                len(course_.modules),
                3,
                *(place or Place(0, 0)),
                checking=checking,
                checks=checks,
            )
        )

    # --- the learner -------------------------------------------------------------------------------

    def speaks(self, words: str, *, seconds: float = 1.0, confirmed: bool = True, finals: bool = True) -> "Stage":
        """The learner speaks now; the judge confirms after 0.1 s; the voice ends `seconds` later."""
        self.begins(confirmed=confirmed)
        self.words = f"{self.words} {words}".strip()
        self.run(seconds)
        self.send(e.SpeechEnded(self.now, seconds))
        if not finals:
            self.words = ""
        return self

    def begins(self, *, confirmed: bool = True) -> "Stage":
        """The voice opens."""
        hold = self._hold_now() if self._spoken and not self._hold else 0
        self.send(e.SpeechStarted(self.now, hold))
        if hold:
            self.send(self._held(hold))
        self.run(0.1)
        if confirmed:
            self.send(e.SpeechConfirmed(self.now, 0 if self._hold == 0 else self._hold))
        return self

    def says(self, text: str) -> "Stage":
        """Final words without any voice activity: typed."""
        self.send(e.FinalTranscript(self.now, text, source="typed"))
        return self

    def partial(self, text: str) -> "Stage":
        """Words so far."""
        self.send(e.PartialTranscript(self.now, text))
        return self

    def control(self, action: str) -> "Stage":
        """A key."""
        self.send(e.Control(self.now, action))
        return self

    # --- time --------------------------------------------------------------------------------------

    def run(self, seconds: float) -> "Stage":
        """Let media time pass."""
        end = self.now + seconds
        while self._queue and self._queue[0][0] <= end:
            t, _, do = heapq.heappop(self._queue)
            self.now = max(t, self.now)
            do()
        self.now = end
        return self

    def send(self, event: Event) -> None:
        """Give the machine an event and carry out what it says."""
        for command in self.machine.handle(event):
            self.did.append(command)
            self._do(command)

    def last(self, kind: type[Command]) -> Command:
        """The newest command of a kind."""
        return next(command for command in reversed(self.did) if isinstance(command, kind))

    def count(self, kind: type[Command]) -> int:
        """How many commands of a kind there were."""
        return sum(isinstance(command, kind) for command in self.did)

    # --- the shells, as a model --------------------------------------------------------------------

    def _do(self, command: Command) -> None:  # noqa: PLR0912 - one case a command
        match command:
            case c.Speak():
                if command.reply != self._reply:
                    assert not self._spoken, "two replies alive"
                    self._reply, self._char, self._whole = command.reply, 0, False
                self._spoken.append(command)
                if len(self._spoken) == 1:
                    self._plan_word()
            case c.FinishReply(reply):
                self._whole = reply == self._reply
            case c.Flush():
                self._spoken.clear()
                self._hold = 0
            case c.Hold():
                self.send(self._held(self._hold_now()))
            case c.Release():
                assert command.hold == self._hold, "a release of no present hold"
                self._hold = 0
                self._plan_word()
            case c.StartTimer(timer, seconds):
                self._at(seconds, lambda: self.send(e.TimerFired(self.now, timer)))
            case c.FinalizeSpeech():
                words, self.words = self.words, ""
                if not self.deaf:
                    self._at(0.1, lambda: self.send(e.FinalTranscript(self.now, words)))
            case c.DiscardSpeech():
                self.words = ""
            case c.Examine(reply, check, said):
                verdict = self.verdicts.get(said, "right")
                judged = e.CheckJudged(self.now, reply, check, "", said, verdict, (*check[:2], 2, 0), "the stage")
                self._at(self.answer_delay, lambda: self.send(judged))
                self._at(self.answer_delay, self._answer(reply, f"Judged {verdict}.", True))
            case c.Answer(reply):
                for n, text in enumerate([*self.answers, ""]):
                    last = n == len(self.answers)
                    self._at(self.answer_delay, self._answer(reply, text, last))

    def _answer(self, reply: int, text: str, done: bool) -> Callable[[], None]:
        return lambda: self.send(e.AgentResponse(self.now, reply, text, done=done))

    def _at(self, seconds: float, do: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._queue, (self.now + seconds, self._count, do))

    def _hold_now(self) -> int:
        if not self._hold:
            self._holds += 1
            self._hold = self._holds
        return self._hold

    def _held(self, hold: int) -> e.TtsHeld:
        sentence = self._spoken[0].sentence if self._spoken else 0
        return e.TtsHeld(self.now, self._reply, hold, sentence, self._char)

    def _plan_word(self) -> None:
        self._count += 1
        token = self._token = self._count
        if self._spoken:
            text = self._spoken[0].text
            match = re.compile(r"\S+").search(text, self._char)
            if match:
                seconds = (match.end() - self._char) * SECONDS_A_CHARACTER
                self._at(seconds, lambda: self._word(token, match.end(), match.group()))

    _token = 0

    def _word(self, token: int, end: int, word: str) -> None:
        if token != self._token or self._hold or not self._spoken:
            return
        command = self._spoken[0]
        self._char = end
        done = end == len(command.text)
        if command.place is not None:
            self.heard.append((Place(*command.place), word))
            place = Place(*command.place)
            base = sentence_at(self.machine.voice.course, place).phrases[place.phrase]
            self.spans.append(((*place[:3], base + end - len(word)), base + end))
        if done:
            self._spoken.pop(0)
            self._char = 0
        self.send(e.Heard(self.now, command.reply, command.sentence, end, done))
        if done and not self._spoken and self._whole:
            self.send(e.ReplyFinished(self.now, command.reply))
        elif token == self._token:
            self._plan_word()

"""The learner's side of the turn: whether they speak, and which of their words have come. Pure."""

from typing import Final

from profai_cli.commands import Command, DiscardSpeech, FinalizeSpeech
from profai_cli.events import FinalTranscript, SpeechConfirmed, SpeechEnded, SpeechStarted
from profai_cli.turns import patience

MERGE_SECONDS = 1.5
"""Speech that begins this soon after the last goes on with the same question."""

_NO_WORDS: Final = False, False, False
"""None are owed, asked for or unwanted."""


class Learner:
    """Notes what is heard of the learner, and appends what the recogniser is to do about it to `out`."""

    def __init__(self, out: list[Command]) -> None:
        self.said = ""
        """Final words of the turn."""
        self.partial = ""
        """Words after them that may still change."""
        self.earlier = ""
        """The question with which they go on."""
        self.speaking = False
        self.confirmed = False
        """By the judge, in this stretch of speech."""
        self.owed = False
        """A person spoke whose final words have not come."""
        self.asked = False
        """The recogniser was asked for them."""
        self.unwanted = False
        """Words that were asked for may still come, and are of no turn any more."""
        self.soon = False
        """This stretch of speech followed soon on the one before."""
        self.began = 0.0
        """Of this stretch, or of the one that it goes on with at once."""
        self.ended = 0.0
        self.faint = False
        """What they said last was so soft that they may be going on."""
        self._before = _NO_WORDS
        """Whether words were owed, asked for and unwanted before the judge was sure."""
        self._out = out

    def speaks(self, event: SpeechStarted | SpeechConfirmed) -> None:
        """A voice begins, or the judge is sure of it."""
        goes_on = self.confirmed and event.t - self.ended < patience.RETURN
        self.speaking = True
        self.confirmed = isinstance(event, SpeechConfirmed)
        if self.confirmed:
            self._before = self.owed, self.asked, self.unwanted
            self.owed, self.asked, self.unwanted = True, False, False
        else:
            self.began = self.began if goes_on else event.t
            self.soon = event.t - self.ended < MERGE_SECONDS

    def falls_silent(self, event: SpeechEnded) -> None:
        """The voice ends, or turns out to be none."""
        self.speaking, self.ended, self.faint = False, event.t, event.faint
        if self.confirmed and not event.voiced:
            self.confirmed = False
            self.owed, self.asked, unwanted = self._before
            self.unwanted = self.unwanted or unwanted
            self._before = _NO_WORDS

    def words(self, event: FinalTranscript) -> None:
        """Final words have come, by voice or typed."""
        self.partial = ""
        if event.source == "typed":
            self.said, self.earlier = event.text, ""
        else:
            self.said = f"{self.said} {event.text}".strip()
            self.owed, self.asked = self.speaking and self.confirmed, False
        self._before = _NO_WORDS

    def ask_for_words(self) -> None:
        """Have the recogniser end the utterance: its final words will come."""
        self._out.append(FinalizeSpeech())
        self.asked = True

    def forget_words(self) -> None:
        """What was said is none of the next turn."""
        self.said = self.partial = self.earlier = ""

    def forget_noise(self) -> None:
        """It was no voice: the recogniser forgets it, unless it is in one utterance with words that are owed."""
        if not self.owed:
            self.partial = ""
        if not self.owed or self.asked:
            self._out.append(DiscardSpeech())

    def close_turn(self) -> None:
        """The turn was used; what the recogniser has beyond it is no part of the next one."""
        if self.owed and not self.asked:
            self._out.append(DiscardSpeech())
        self.owed = self.asked = False
        self._before = _NO_WORDS
        self.forget_words()

    def dismiss(self) -> None:
        """A key was pressed instead: the turn is over, with words that may still come."""
        self.unwanted = self.unwanted or self.asked or any(self._before[1:])
        self.close_turn()

    def discard(self) -> None:
        """There was no turn."""
        self._out.append(DiscardSpeech())
        self.owed = self.asked = False
        self._before = _NO_WORDS
        self.forget_words()

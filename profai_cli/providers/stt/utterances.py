"""Which of a streaming engine's words belong to which utterance. Pure: without a clock and without a network.

An engine of the network hears everything, the tutor's echo and noise too, and says its words late. So words are
sorted by the time at which they were spoken: an utterance is a window of media time. All times are media time, s.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from profai_cli.ports import HANGOVER, Recognized
from profai_cli.providers.stt.connection import Heard, Word

PRE_ROLL: Final = 0.8
"""Seconds before the voice was found that belong to the utterance: the first word is among them."""


@dataclass(slots=True)
class _Utterance:
    """Words whose middle lies in (since, till]. ended: when the voice did, None while it goes on.

    flushing: the answer to the flush at its end is awaited. asked: by `finalize`, so that a final must come. due: the
    same without asking, because an earlier final of this voice came before the voice ended.
    """

    since: float
    till: float = math.inf
    ended: float | None = None
    flushing: bool = False
    asked: bool = False
    due: bool = False


class Utterances:
    """Voice changes and messages in, results out. More than one is live where the next voice starts before the
    last one's final words have come."""

    def __init__(self) -> None:
        self._live: list[_Utterance] = []
        self._finals: list[Word] = []
        self._interim: tuple[Word, ...] = ()
        self._t = 0.0
        self._heard = self._settled = self._used = -math.inf
        self._partial = ""

    @property
    def asked(self) -> bool:
        """Whether a final that was asked for has not come."""
        return any(utterance.asked for utterance in self._live)

    @property
    def flushing(self) -> bool:
        """Whether the last voice has ended and the answer to its flush is awaited."""
        return bool(self._live) and self._live[-1].flushing

    @property
    def behind(self) -> bool:
        """Whether the engine has not yet heard all of what was asked for."""
        return any(u.asked and u.ended is not None and self._heard < u.ended - HANGOVER for u in self._live)

    def advance(self, t: float, change: Literal["started", "confirmed", "ended"] | None) -> bool:
        """Take a block's time and its change of the voice. True: the engine should be flushed now."""
        self._t = t
        speaking = bool(self._live) and self._live[-1].ended is None
        if change in ("started", "confirmed") and not speaking:
            self._begin()
        elif change == "ended" and speaking:
            self._live[-1].ended = t
            self._live[-1].flushing = True
            return True
        return False

    def hear(self, heard: Heard) -> list[Recognized]:
        """Take a message: the finals it completes, and the words so far where they changed."""
        if heard.words is not None:
            if heard.since is not None:  # a final message was lost: what was told before it came is all there is
                self._finals += [word for word in self._interim if word.middle < heard.since]
            self._interim = () if heard.final else heard.words
            until = self._t if heard.until is None else heard.until
            self._heard = max(self._heard, until)
            if heard.final:
                self._finals += heard.words
                self._settled = max(self._settled, until)
        results = [final for utterance in list(self._live) if (final := self._end(utterance, heard))]
        self._prune()
        text = _text([word for utterance in self._live for word in self._own(utterance)])
        if self._live and text != self._partial:
            self._partial = text
            results.append(Recognized(text, False, self._t, 0.0))
        return results

    def finalize(self) -> Recognized | None:
        """All utterances are one now: its final; None where that has to be waited for, and flushed unless it was."""
        if not self._live:
            return Recognized("", True, self._t, 0.0)
        last = self._live[-1]
        whole = replace(last, since=self._live[0].since, flushing=True, asked=True)
        self._live = [whole]
        if last.ended is None:  # the learner speaks on
            whole.ended = whole.till = self._t
            self._live.append(_Utterance(self._t))
        assert whole.ended is not None
        unsettled = any(whole.since < word.middle <= whole.till for word in self._interim)
        if unsettled or self._settled < whole.ended - HANGOVER:
            return None
        return self._finish(whole, going_on=False)

    def discard(self) -> None:
        """Forget what is live, except for what was asked for."""
        self._live = [utterance for utterance in self._live if utterance.asked]
        self._partial = ""

    def _begin(self) -> None:
        since = max(self._t - PRE_ROLL, self._used)
        if self._live:  # what lies between the two is the earlier one's
            last = self._live[-1]
            assert last.ended is not None
            since = max(since, last.ended)
            last.till = min(last.till, since)
        self._live.append(_Utterance(since))
        self._prune()

    def _end(self, utterance: _Utterance, heard: Heard) -> Recognized | None:
        """Its final, if the message completes it."""
        ended = math.inf if utterance.ended is None else utterance.ended
        covered = self._heard >= ended - HANGOVER
        answered = (heard.flushed and covered) or (heard.final and self._settled >= ended)
        if answered:
            utterance.flushing = False
        has_words = bool(self._own(utterance))
        if answered:
            over = has_words or utterance.asked or utterance.due
        else:
            over = heard.ended and has_words and (covered or not utterance.asked)
        return self._finish(utterance, going_on=not covered) if over else None

    def _finish(self, utterance: _Utterance, *, going_on: bool) -> Recognized:
        """Use its words up. What is said after them belongs to its successor, where the voice is going on."""
        words = self._own(utterance)
        self._used = max([self._used, *(word.end for word in words)])
        at = self._live.index(utterance)
        if going_on:
            self._live[at] = replace(utterance, since=self._used, due=True)
        else:
            assert utterance.ended is not None
            self._used = max(self._used, utterance.ended)
            del self._live[at]
        self._partial = ""
        # The sound after its cause is still to be heard: by the next engine, where this one fails now.
        return Recognized(_text(words), True, min(self._used, self._t), 0.0)

    def _own(self, utterance: _Utterance) -> list[Word]:
        words = (*self._finals, *self._interim)
        return [word for word in words if utterance.since < word.middle <= utterance.till]

    def _prune(self) -> None:
        """Drop earlier utterances that will have no words, and words that no utterance can own any more."""
        self._live = [u for u in self._live if u is self._live[-1] or u.flushing or u.asked or self._own(u)]
        floor = min((utterance.since for utterance in self._live), default=self._t - PRE_ROLL)
        self._finals = [word for word in self._finals if word.middle > floor]


def _text(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()

"""How the decoder is run over an utterance: live for partial words, and as a whole for the final ones.

Two traps (shared facts: engines, 1.2): one live pass leaves the decoder in live mode, which `reinit_feat`
ends; and live passes need the mean of the sound's spectrum (CMN), which the last whole pass knows.
"""

import math
from dataclasses import dataclass
from typing import Final

from pocketsphinx import Decoder

from profai_cli.providers.stt.phrases import MURMURS, SIGNS

GENERAL: Final = "_default"
"""pocketsphinx's name for its stock model of English."""

SHORT: Final = 120
"""Up to so many frames of 10 ms from the first word to the last it may be something that is said alone."""

AS_GOOD: Final = -200
"""The grammar's score may lie so much below the course's, which has paid for its words' likelihood."""

CLEAR_SHORT: Final = 60.0
CLEAR_COURSE: Final = 36.0
"""The score that free phones have above the words, a frame of speech. Commands of six synthetic voices: 5 to 60;
an imitated cough: 60. Questions on a course: 10 to 70; other speech, people's too: 30 to 80, mostly above 40. So
the course's text is taken at once where it is clear, and else compared with the stock model's."""

CLEAR_SIGN: Final = 48.0
"""The same for a sign of listening that only the grammar has heard: it knows few words, and takes "hang on" for "mhm"
and "but why" for "uh-huh". Of seven synthetic voices, 78 of 98 real signs were below it, and of 27 other words that it
took for signs 10; of the 20 that are not, the course's text is the sign, too, or no better."""

OFF_COURSE: Final = -3.0
"""The score of the stock model above the course's, a frame of speech: on the course -37 to 3 (median -11), for
other speech -9 to 19 (median 3), measured with three courses."""

OFF_COURSE_SHORT: Final = 0.0
"""The same for short ones, whose text from the stock model is no better: "pause" was "paul is" at -6."""

_FILLERS: Final = frozenset({"<s>", "</s>", "<sil>", "[NOISE]", "[SPEECH]", "SIL", "+NSN+", "+SPN+", "(NULL)"})
_LOG_BASE: Final = math.log(1.0001)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What one pass heard. score: log likelihood to base 1.0001. frames: in words; span: first to last."""

    text: str = ""
    score: float = -math.inf
    frames: int = 1
    span: int = 0

    def above(self, other: "Hypothesis", frames: int) -> float:
        """By how much its score is higher, a frame."""
        return (self.score - other.score) / frames


class Passes:
    """A decoder with its searches: the stock model and, once `course` is set, course, grammar and phones."""

    def __init__(self, decoder: Decoder, glue: frozenset[str]) -> None:
        self.cmn = ""
        """The mean of the spectrum, as pocketsphinx writes it, for the next live pass."""
        self.said_alone: frozenset[str] = frozenset()
        self.course = False
        self.doubted = False
        """The last whole pass was compared with the stock model, which takes its time."""
        self._decoder = decoder
        self._glue = glue
        self._live = False

    def live(self, pcm: bytes, first: bool) -> str:
        """Decode the next piece of an utterance; the words so far."""
        if first:
            self._begin("course" if self.course else GENERAL)
            if self.cmn:
                self._decoder.set_cmn(self.cmn)
            self._decoder.start_utt()
            self._live = True
        self._decoder.process_raw(pcm)
        found = self._decoder.hyp()
        text = _spelled(found.hypstr) if found else ""
        return "" if self._says_nothing(text, 1) else text

    def whole(self, pcm: bytes) -> tuple[str, bool]:
        """The words of an utterance, and whether they are about the course."""
        heard, on_course = self._choose(pcm)
        self.cmn = self._decoder.get_cmn()
        return heard.text, on_course

    def _choose(self, pcm: bytes) -> tuple[Hypothesis, bool]:
        self.doubted = not self.course
        if not self.course:
            return self._pass(GENERAL, pcm), True
        course = self._pass("course", pcm)
        phones = self._pass("phones", pcm)
        if course.span <= SHORT and self._may_be_short(course.text):
            short = self._pass("short", pcm)
            if (
                short.text in self.said_alone
                and short.score - course.score > AS_GOOD
                and phones.above(short, short.frames) < _clear(short.text, course.text)
            ):
                return short, True
        if self._says_nothing(course.text, 2):
            return Hypothesis(), True
        if phones.above(course, course.frames) > CLEAR_COURSE:
            self.doubted = True
            general = self._pass(GENERAL, pcm)
            if general.above(course, general.frames) > (OFF_COURSE_SHORT if course.span <= SHORT else OFF_COURSE):
                return general, False
        return course, True

    def _pass(self, search: str, pcm: bytes) -> Hypothesis:
        self._begin(search)
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        if found is None:
            return Hypothesis()
        words = [part for part in self._decoder.seg() if part.word not in _FILLERS]
        frames = sum(word.end_frame - word.start_frame + 1 for word in words)
        span = words[-1].end_frame - words[0].start_frame + 1 if words else 0
        score = math.log(found.best_score) / _LOG_BASE
        return Hypothesis(_spelled(found.hypstr), score, max(frames, 1), span)

    def _begin(self, search: str) -> None:
        if self._live:
            self._decoder.end_utt()
            self._live = False
        self._decoder.activate_search(search)
        self._decoder.reinit_feat()

    def _may_be_short(self, text: str) -> bool:
        """A command is misheard as one or two words, or three that say little; a question has more."""
        words = text.split()
        return len(words) <= 2 or (len(words) == 3 and self._glue.issuperset(words))  # noqa: PLR2004 - see above

    def _says_nothing(self, text: str, most: int) -> bool:
        words = text.split()
        return len(words) <= most and text not in self.said_alone and self._glue.issuperset(words)


def _clear(short: str, course: str) -> float:
    """Below which score of the free phones above them the grammar's words are taken."""
    return CLEAR_SIGN if short in SIGNS and short != course else CLEAR_SHORT


def _spelled(hypothesis: str) -> str:
    """As words are written: the dictionary's letters are "a.", "b." and so on. Murmurs count only alone."""
    words = hypothesis.replace(".", "").lower().split()
    return " ".join([word for word in words if word not in MURMURS] or words)

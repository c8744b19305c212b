"""The summary of what was heard, for `profai listen`: a reader that counts."""

from collections import Counter
from statistics import median
from typing import Any

from profai_cli import events as ev
from profai_cli.lesson.plain import plain
from profai_cli.ports import Frame
from profai_cli.turns.words import normal
from profai_cli.tutor.word_errors import Pair, WordErrors, word_errors
from profai_cli.ui.gaps import ADVICE


def spoken(text: str) -> list[str]:
    """The words of a text as a recogniser gives them: lower case, no punctuation, hyphens taken for spaces."""
    return normal(text).replace("-", " ").split()


class Tally:
    """Counts events and frames. expect: the words that are said, to find word errors; None: not known."""

    def __init__(self, expect: str | None) -> None:
        self._expect = expect
        self._finals: list[str] = []
        self._noises = 0
        self._voices = 0
        self._voiced = 0.0
        self._delays: dict[str, list[float]] = {"first_partial_ms": [], "final_words_ms": []}
        self._t = 0.0
        self._voice = False
        self._faults = 0
        self._loudest = -120.0
        self._quiet: Counter[int] = Counter()  # blocks without a voice, by their level in whole dBFS

    def __call__(self, event: ev.Event) -> None:
        """Take one event."""
        match event:
            case ev.SpeechStarted():
                self._voice = True
            case ev.SpeechEnded():
                self._voice = False
                self._voices += 1
                self._voiced += event.voiced
            case ev.FinalTranscript():
                self._finals.append(plain(event.text))
            case ev.Decision(command={"command": "discard_speech"}):
                self._noises += 1
            case ev.Metrics() if event.figure in self._delays:
                self._delays[event.figure].append(event.value)

    def watch(self, frame: Frame) -> None:
        """Take one frame."""
        self._t = frame.t
        self._faults = frame.faults
        self._loudest = max(self._loudest, frame.microphone_dbfs)
        if not self._voice:
            self._quiet[round(frame.microphone_dbfs)] += 1

    @property
    def errors(self) -> WordErrors | None:
        """The word errors of all finals together; None where nothing is expected."""
        if self._expect is None:
            return None
        return word_errors(spoken(self._expect), spoken(" ".join(self._finals)))

    def to_dict(self) -> dict[str, Any]:
        """The summary as JSON; null for what was not measured."""
        errors = self.errors
        return {
            "event": "summary",
            "t": round(self._t, 4),
            "utterances": len(self._finals),
            "without_words": self._finals.count(""),
            "noises": self._noises,
            "voiced": round(self._voiced, 4),
            "text": " ".join(filter(None, self._finals)),
            **{
                figure: {"median": round(median(values), 1), "worst": max(values)} if values else None
                for figure, values in self._delays.items()
            },
            "loudest_dbfs": round(self._loudest, 1),
            "background_dbfs": self._background,
            "sound_faults": self._faults,
            "word_errors": errors
            and {
                "rate": round(errors.rate, 4),
                "said": errors.said,
                "substitutions": errors.substitutions,
                "deletions": errors.deletions,
                "insertions": errors.insertions,
            },
        }

    def lines(self) -> list[str]:
        """The summary for people."""
        wordless = self._finals.count("")
        heard = [
            f"{_counted(len(self._finals) - wordless, 'utterance')} with words, {wordless} without, "
            f"{_counted(self._noises, 'noise')}; {self._voiced:.1f} s of voice in {self._t:.1f} s."
        ]
        for figure, text in (("first_partial_ms", "First words"), ("final_words_ms", "Final words")):
            if values := self._delays[figure]:
                heard.append(f"{text}: {median(values):.0f} ms (median), {max(values):.0f} ms (worst).")
        level = f"Microphone: {self._loudest:.0f} dBFS at the loudest"
        background = self._background
        heard.append(f"{level}, {background} dBFS without a voice." if background is not None else f"{level}.")
        if self._faults:
            heard.append(f"The sound was interrupted {_counted(self._faults, 'time')}: {ADVICE}")
        if not self._voices and self._t:
            heard.append("No voice was found; --vad shows why.")
        if errors := self.errors:
            heard += [
                f"Word errors: {errors.rate:.1%} of {_counted(errors.said, 'word')}: {errors.substitutions} other, "
                f"{errors.deletions} missing, {errors.insertions} added.",
                f"  {' '.join(_marked(pair) for pair in errors.pairs)}",
            ]
        return heard

    @property
    def _background(self) -> int | None:
        """The median level without a voice, dBFS."""
        total = 0
        for level, blocks in sorted(self._quiet.items()):
            total += blocks
            if total * 2 >= self._quiet.total():
                return level
        return None


def _marked(pair: Pair) -> str:
    """A word, with what went wrong: [said > heard], [-missing], [+added]."""
    said, heard = pair
    if said == heard:
        return said or ""
    if heard is None:
        return f"[-{said}]"
    return f"[+{heard}]" if said is None else f"[{said} > {heard}]"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

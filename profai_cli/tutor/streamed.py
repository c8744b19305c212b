"""The answer of a language model, which comes in pieces, as whole spoken sentences. Pure.

Models write Markdown and TeX whatever they are asked for. So the answer is read like a topic of a lesson, sentence by
sentence: markup goes, signs become words. The sentences are the same however the text is cut into pieces.
"""

import re
from itertools import takewhile
from typing import Final

from profai_cli.lesson.plain import clean
from profai_cli.lesson.script import script, sentences
from profai_cli.tutor.harmless import harmless
from profai_cli.tutor.thoughts import Thoughts

MOST_SENTENCES: Final = 12
"""Three times what the tutor is asked for; nobody listens to more. A long sentence counts once a part of it."""

MOST_WORDS: Final = 200
"""Of a sentence: one that is longer is a model that runs away, and the last."""

MOST_CHARACTERS: Final = 6_000
"""Of an answer with its markup; `MOST_SENTENCES` have 2,600 without."""

_PROBES: Final = ("x", "0")
"""A sentence has ended when it has whatever follows: a letter, which makes another word of the last one, or a digit."""

_MASK: Final = 0xE000  # the first of 6,400 characters for private use, which `clean` takes out of the answer itself
_MASKS: Final = re.compile("[\ue000-\uf8ff]")
_SPAN: Final = re.compile(  # where no sentence ends: code, links and pictures, TeX
    r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|!?\[[^\[\]]*\]\([^()\s]*\)|\\\(.+?\\\)|\\\[.+?\\\]",
    re.DOTALL,
)
_OPEN: Final = re.compile(r"`|\\(?:[(\[]|\Z)|!?\[[^\[\]]*(?:\](?:\([^()\s]*)?)?\Z")  # may yet become one of these
_BROKEN: Final = re.compile(r"`|\\[(\[]")  # one of these that goes on in the next line
_EMPHASIS: Final = re.compile(
    r"(?<![\w*])\*{1,3}+(?=[^\s*])|(?<=[^\s*])\*{1,3}+(?![\w*])|(?<!\w)_{1,3}+(?=[^\W_])|(?<=\S)_{1,3}+(?!\w)|~~"
)
_BAR: Final = re.compile(r"\s*\|\s*")
_FENCE: Final = re.compile(r"(?P<mark>`{3,}|~{3,})[^`\n]*(?P<end>\n|\Z)")
_TITLE: Final = "Answer"


class SpokenAnswer:
    """Takes an answer as it comes and gives each sentence as soon as it is sure to have ended.

    full: the answer runs away; what follows is not taken any more.
    """

    def __init__(self) -> None:
        self.full = False
        self._thoughts = Thoughts()
        self._raw = ""
        self._at = 0  # where in the clean text the present block (a paragraph, an item, a line of code) begins
        self._split = 0  # sentences of that block that were given
        self._fence = ""  # the mark that closes the code we are in
        self._count = 0  # sentences given

    @property
    def begun(self) -> bool:
        """Something to say has come."""
        return bool(self._raw)

    def feed(self, piece: str) -> list[str]:
        """The sentences that have ended with this piece."""
        return self._take(self._thoughts.feed(piece), end=False)

    def finish(self) -> list[str]:
        """The sentences that are left at the answer's end."""
        return self._take(self._thoughts.finish(), end=True)

    def _take(self, piece: str, end: bool) -> list[str]:
        if self.full:
            return []
        self._raw = (self._raw + (piece if self._raw else piece.lstrip()))[:MOST_CHARACTERS]
        overlong = len(self._raw) == MOST_CHARACTERS
        said = self._read(clean(self._raw), end or overlong)
        self.full = self.full or overlong
        return said

    def _read(self, text: str, end: bool) -> list[str]:
        """Go on in the clean text of the answer so far."""
        said: list[str] = []
        going = True
        while going and not self.full:
            self._skip_blanks(text)
            opening = None if self._fence else _FENCE.match(text, self._at)
            if opening:
                going = opening["end"] == "\n"
                self._at, self._fence = (opening.end(), opening["mark"][:3]) if going else (self._at, "")
            elif self._fence:
                going = self._read_code(text, end, said)
            else:
                going = self._read_block(text, end, said)
        return said

    def _skip_blanks(self, text: str) -> None:
        self._at = len(text) - len(text[self._at :].lstrip())

    def _read_code(self, text: str, end: bool, said: list[str]) -> bool:
        """Say the line of code that begins here; False where it is not whole yet, or the last one."""
        stop = text.find("\n", self._at)
        whole = stop >= 0
        if not (whole or end):
            return False
        line = text[self._at : stop if whole else len(text)]
        self._at = stop + 1 if whole else len(text)
        if line.startswith(self._fence):
            self._fence = ""
        else:
            self._say(f"```\n{line}\n```", said)
        return whole

    def _read_block(self, text: str, end: bool, said: list[str]) -> bool:
        """Say what has ended of the block that begins here; False where it goes on, or is the last one."""
        stop = self._block_end(text)
        closed = stop >= 0
        block = text[self._at : stop if closed else len(text)]
        for sentence in _split(block, closed or end)[self._split :]:
            self._split += 1
            words = sentence.split()
            self.full = len(words) > MOST_WORDS
            self._say(" ".join(words[:MOST_WORDS]), said)
            if self.full:
                return False
        if closed:
            self._at, self._split = stop, 0
        return closed

    def _block_end(self, text: str) -> int:
        """Where the block's last line ends; -1 where that is not known yet.

        A line that goes on in lower case, or in the midst of code or TeX, was only broken.
        """
        stop = text.find("\n", self._at)
        while stop >= 0:
            rest = text[stop:].lstrip()
            if not rest:
                return -1
            begin = len(text) - len(rest)
            broken = text.count("\n", stop, begin) == 1 and not text.startswith("#", self._at)
            if not broken or not (rest[0].islower() or _is_open(text[self._at : stop], rest)):
                return stop
            stop = text.find("\n", begin)
        return -1

    def _say(self, markdown: str, said: list[str]) -> None:
        """Add the spoken sentences of a raw one, as many as there is room for."""
        spoken = [sentence.text for sentence in script(_TITLE, harmless(markdown))[1:]][: MOST_SENTENCES - self._count]
        self._count += len(spoken)
        self.full = self.full or self._count == MOST_SENTENCES
        said.extend(spoken)


def _is_open(block: str, following: str) -> bool:
    """Whether code or TeX began in the block and goes on in the next line."""
    return bool(_BROKEN.search(_SPAN.sub("", block))) and not _FENCE.match(following)


def _split(block: str, closed: bool) -> list[str]:
    """The raw sentences of a block; of one that is not closed those that are sure, and one that is far too long."""
    spans: list[str] = []

    def mask(match: re.Match[str]) -> str:
        spans.append(match[0])
        return chr(_MASK + len(spans) - 1)

    text = _SPAN.sub(mask, re.sub(r"\s+", " ", block))
    if text.startswith("|"):  # a row of a table
        text = _BAR.sub(", ", text.strip("| "))
    if not closed and (opening := _OPEN.search(text)):
        text = text[: opening.start() + 1]
    text = _EMPHASIS.sub("", text)
    found = list(sentences(text))
    if not closed and found:
        rest = found.pop()
        futures = zip(found, *(sentences(text + probe)[:-1] for probe in _PROBES), strict=False)
        found = [now for now, *_ in takewhile(lambda future: len(set(future)) == 1, futures)]
        if len(rest.split()) > MOST_WORDS + 1:  # one more, as it may tell that the sentence has ended before it
            found.append(rest)
    return [_MASKS.sub(lambda m: _unmasked(spans[ord(m[0]) - _MASK]), sentence) for sentence in found]


def _unmasked(span: str) -> str:
    """The span as the lesson's Markdown has it, where TeX stands between dollar signs."""
    return f"${span[2:-2].strip()}$" if span.startswith(("\\(", "\\[")) else span

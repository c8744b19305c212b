"""What a learner may say in a course, as training text and as a trigram model in ARPA format. Pure.

Measured on voiced questions, the stock model of English gets one word in four wrong, a model of the course one
in eight. The course's sentences bring its words in their order, question
templates filled with its terms bring the ways to ask, and the commands and backchannels come often enough
to be heard when said alone.
"""

import io
import re
from collections.abc import Container, Iterable
from typing import Final

from profai_cli.ports import Vocabulary
from profai_cli.providers.stt.phrases import COMMON, QUESTIONS, SHORT, TEMPLATES

VERSION: Final = (1, SHORT, QUESTIONS, TEMPLATES, COMMON)
"""What a kept model was made with, beside the course. Raise the number with any change of the code here."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")
_SHORT_SHARE = 0.5
"""Lines of commands and backchannels for every other line: they are said more often than any question."""
_TEMPLATE_LINES = 9_000
"""Above this the model takes longer to build and to load without hearing better."""
_PADDING = 4_000
"""Unused words in the model. pocketsphinx enters its whole dictionary (134,000 words) in a table as large as
the model's vocabulary: with 200 words loading takes 1.0 s, with 4,000 more 0.09 s."""


def spoken_words(text: str) -> list[str]:
    """The words of a text as written, without punctuation; compounds with a hyphen fall into parts."""
    return [word.replace("\u2019", "'") for word in _WORD.findall(text)]


def phrases(vocabulary: Vocabulary) -> list[str]:
    """Everything that is said alone, the bare questions among it, each once."""
    asked = (command.lower() for command in vocabulary.commands)
    return list(dict.fromkeys([*SHORT, *QUESTIONS, *asked]))


def glue() -> frozenset[str]:
    """Words that alone say nothing: a noise is often taken for one or two of them."""
    return frozenset(" ".join((*TEMPLATES, *QUESTIONS, *COMMON)).split())


def words(vocabulary: Vocabulary) -> list[str]:
    """All words of the training text, spelled as the course spells them, each once."""
    texts = (*vocabulary.sentences, *vocabulary.terms, *TEMPLATES, *COMMON)
    found = [word for text in texts for word in spoken_words(text)]
    found += [word for phrase in phrases(vocabulary) for word in phrase.split()]
    return list(dict.fromkeys(found))


def training_lines(vocabulary: Vocabulary) -> list[str]:
    """One thing that may be said per line, lower-case, repeated as often as its weight asks."""
    terms = [_normal(term) for term in vocabulary.terms][: _TEMPLATE_LINES // len(TEMPLATES)]
    lines = [_normal(sentence) for sentence in vocabulary.sentences]
    lines += [template.format(term) for term in terms for template in TEMPLATES]
    lines += [" ".join(COMMON), *phrases(vocabulary)]
    times = max(3, int(len(lines) * _SHORT_SHARE / len(SHORT)))
    return [line for line in lines if line] + list(SHORT) * times


def arpa(lines: Iterable[str], known: Container[str]) -> bytes:
    """The trigram model of the lines in ARPA format; a line breaks in two at a word that is not `known`."""
    from pocketsphinx.lm import ArpaBoLM  # noqa: PLC0415 - only where a model is built

    text = "\n".join(piece for line in lines for piece in _pieces(line, known))
    model = ArpaBoLM(text=text, add_start=True)
    model.compute()
    padding = [f"<{n}>" for n in range(_PADDING)]
    model.prob_1.update(dict.fromkeys(padding, 1e-9))
    model.alpha_1.update(dict.fromkeys(padding, 1.0))
    model.count_1 += _PADDING
    out = io.StringIO()
    model.write(out)
    return out.getvalue().encode()


def grammar() -> str:
    """A JSGF grammar of what is short and heard most (https://www.w3.org/TR/jsgf/).

    More phrases than these would take short words from each other ("slower" was heard as "sure").
    """
    return f"#JSGF V1.0; grammar short; public <short> = {' | '.join(SHORT)} ;"


def _normal(text: str) -> str:
    return " ".join(spoken_words(text)).lower()


def _pieces(line: str, known: Container[str]) -> list[str]:
    pieces: list[list[str]] = [[]]
    for word in line.split():
        if word in known:
            pieces[-1].append(word)
        else:
            pieces.append([])
    return [" ".join(piece) for piece in pieces if piece]

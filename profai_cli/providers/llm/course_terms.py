"""From the words of a question to what the index is asked for: aliases, compounds, slips, synonyms, weights."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Final

from profai_cli.tutor.synonyms import SYNONYMS
from profai_cli.tutor.vocabulary import DIGITS, is_common, nearest, weight, words

_MOST_WORDS: Final = 40
"""A question is cut off here, long before FTS5's limit on the size of an expression."""

_UNKNOWN: Final = 4.0
"""Weight of a word that the course lacks: about that of a word in two of a hundred passages."""

_SLIGHT: Final = 0.3
"""Share of that weight that an everyday verb or quality has."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a question: FTS5 expressions for it and for its synonyms, and how much it says (BM25's idf)."""

    match: str
    weight: float
    loose: str = ""

    @property
    def any(self) -> str:
        """The expression that finds either."""
        return f"{self.match} OR {self.loose}" if self.loose else self.match


class Terms:
    """Makes terms for one course.

    aliases: the course's word by the learner's. vocabulary: count of each word of the course. code: words that
    the course uses as code, such as "if". count: how many passages an FTS5 expression finds, of `total`.
    """

    def __init__(
        self,
        aliases: Mapping[str, str],
        vocabulary: Mapping[str, int],
        code: frozenset[str],
        count: Callable[[str], int],
        total: int,
    ) -> None:
        pairs = ((words(said), words(meant)) for said, meant in aliases.items())
        self._aliases = sorted((pair for pair in pairs if all(pair)), key=lambda pair: -len(pair[0]))
        self._vocabulary = vocabulary
        self._code = code
        self._count = count
        self._total = total

    def of(self, question: str) -> list[Term]:
        """What a question asks for. One of small words only asks for those that the course uses as code."""
        said = [word.removesuffix("'s") for word in words(question)][:_MOST_WORDS]
        if not any(weight(word) == 1 for word in said):
            code = [word for word in dict.fromkeys(said) if word in self._code]
            return [self._weigh((word,), ("word", word), (word, "statement"), (word, "loop")) for word in code]
        terms: dict[str, Term] = {}
        while said:
            used, term = self._head(said)
            del said[:used]
            if term:
                terms.setdefault(term.match, term)
        return list(terms.values())

    def _head(self, said: list[str]) -> tuple[int, Term | None]:
        """The term at the head of `said`, and how many words it takes."""
        for key, meant in self._aliases:
            if tuple(said[: len(key)]) == key:
                return len(key), self._weigh(key, meant)
        if len(said) > 1 and weight(said[0]) and (joined := said[0] + said[1]) in self._vocabulary:
            return 2, self._weigh((joined,), (said[0], said[1]))
        return 1, self._word(said[0]) if weight(said[0]) else None

    def _word(self, word: str) -> Term:
        if word in DIGITS:
            return self._weigh((word,), (DIGITS[word],))
        term = self._weigh((word,))
        loose = " OR ".join(f'"{other}"' for other in SYNONYMS.get(word, ()))
        if loose and self._count(loose):
            term = replace(term, loose=loose, weight=min(term.weight, _UNKNOWN))
        elif not self._count(term.match):
            if near := nearest(word, self._vocabulary):
                return self._weigh((near,))
            term = replace(term, weight=_UNKNOWN * (_SLIGHT if is_common(word) else 1.0))
        return replace(term, weight=term.weight * weight(word))

    def _weigh(self, *phrases: tuple[str, ...]) -> Term:
        match = " OR ".join('"' + " ".join(phrase) + '"' for phrase in phrases)
        count = self._count(match)
        return Term(match, log(1 + (self._total - count + 0.5) / (count + 0.5)))


_CODE: Final = re.compile(r"`(\w+)`")


def code_words(markdown: str) -> set[str]:
    """The single words that a text sets as code."""
    return {word.casefold() for word in _CODE.findall(markdown)}

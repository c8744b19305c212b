"""A course in a full-text index: sqlite's FTS5 in memory, with Porter stems, over paragraphs and sentences.

A passage ranks by FTS5's BM25 times how much of the question it, its best sentence and the checks of its
topic hold. The numbers below were chosen on 182 questions about two courses, 40 of them in tests/questions;
the neighbours that were tried of each change the share of right topics by at most three in a hundred.
"""

import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.lesson.course import Check, Course, Topic
from profai_cli.lesson.script import ITEM_PAUSE
from profai_cli.providers.llm.course_leads import opening
from profai_cli.providers.llm.course_terms import Term, Terms, code_words
from profai_cli.tutor.passages import Passage, passages, window
from profai_cli.tutor.vocabulary import weight, words

_CANDIDATES: Final = 40
"""Passages that are looked at closely, best BM25 first."""

_TITLE: Final = 0.5
"""Weight of a topic's title in BM25, against 1 for the text."""

_LOOSE: Final = 0.6
"""Share of a word's weight that its synonym has."""

_CUED: Final = 2.0
"""How much more a sentence counts that has the cue of the question."""

_ITEM: Final = 0.5
"""How much a line of code or an item of a list counts, against a sentence."""

_EARLY: Final = 0.5
"""How much more a passage would count at its topic's very begin, where words are introduced; fading after."""

_HERE: Final = 1.15
"""How much more a passage of the topic being taught counts."""

_NAMED: Final = 2.5
"""How much more a passage counts of a topic that bears the name of what is asked about."""

_TOPIC: Final = 0.8
"""Share that words count for coverage which are elsewhere in the passage's topic."""

_SAME: Final = 0.67
"""Share of words that a question and a check have in common, of those in either, when they ask the same."""

At = tuple[int, int]
Cue = re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that may answer, its rank, and the share (0 to 1) of the question's weight that is covered.

    led: it has a sentence that the answer should begin with (`course_leads`). near: it is no mere mention in a question
    about something else: the course has all words of the question, or the title or a check of the topic has one.
    """

    passage: Passage
    score: float
    coverage: float
    led: bool
    near: bool


def create_tables(db: sqlite3.Connection) -> None:
    """Make the empty index. The texts themselves stay in the course (contentless tables)."""
    try:
        for columns in (
            "sentences USING fts5(text",
            "passages USING fts5(title, text",
            "checks USING fts5(question, answer",
        ):
            db.execute(f"CREATE VIRTUAL TABLE {columns}, content='', tokenize='porter unicode61')")
    except sqlite3.DatabaseError as error:
        raise EngineError(
            "This Python's sqlite has no full-text search (FTS5): run profai with another Python."
        ) from error


class CourseIndex:
    """The searchable text of a course, to be used in one thread. Raises EngineError where sqlite lacks FTS5."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._passages = list(passages(course))
        self._topics = {(m, t): topic for m, mod in enumerate(course.modules) for t, topic in enumerate(mod.topics)}
        self._checks = [(at, check) for at, topic in self._topics.items() for check in topic.checks]
        self._rows: dict[At, int] = {}
        self._db = sqlite3.connect(":memory:")
        vocabulary = self._fill()
        code = frozenset().union(*(code_words(topic.markdown) for topic in self._topics.values()))
        self._terms = Terms(course.aliases, vocabulary, code, self._count, len(self._passages))

    def _fill(self) -> Counter[str]:
        """Index everything; returns how often each word occurs."""
        create_tables(self._db)
        vocabulary: Counter[str] = Counter()
        for row, text in self._sentences():
            self._db.execute("INSERT INTO sentences(rowid, text) VALUES (?, ?)", (row, text))
            vocabulary.update(words(text))
        rows = ((n, self.topic(p.at).title, self._text(p)) for n, p in enumerate(self._passages))
        self._db.executemany("INSERT INTO passages(rowid, title, text) VALUES (?, ?, ?)", rows)
        asked = ((n, check.question, check.answer) for n, (_, check) in enumerate(self._checks))
        self._db.executemany("INSERT INTO checks(rowid, question, answer) VALUES (?, ?, ?)", asked)
        return vocabulary

    def _sentences(self) -> Iterator[tuple[int, str]]:
        rows = count()
        for at, topic in self._topics.items():
            for n, sentence in enumerate(topic.sentences):
                row = next(rows)
                self._rows.setdefault(at, row - n)
                yield row, sentence.text

    def _text(self, passage: Passage) -> str:
        return " ".join(s.text for s in self.topic(passage.at).sentences[passage.begin : passage.end])

    def topic(self, at: At) -> Topic:
        """A topic by its numbers of module and topic from 0."""
        return self._topics[at]

    def terms(self, question: str) -> list[Term]:
        """What a question asks for."""
        return self._terms.of(question)

    def search(self, terms: Sequence[Term], here: At, cue: Cue, lead: Cue = None) -> list[Hit]:
        """The passages that hold any of the terms, best first; before them those with a sentence to begin with."""
        if not terms:
            return []
        query = "SELECT rowid, -bm25(passages, ?, 1.0) FROM passages WHERE passages MATCH ? ORDER BY 2 DESC LIMIT ?"
        any_term = " OR ".join(term.any for term in terms)
        ranks = self._db.execute(query, (_TITLE, any_term, _CANDIDATES)).fetchall()
        total = sum(term.weight for term in terms)
        held, in_topic = self._held("passages", terms), self._in_topics(terms)
        in_check: defaultdict[At, float] = defaultdict(float)
        for row, worth in self._held("checks", terms).items():
            at = self._checks[row][0]
            in_check[at] = max(in_check[at], worth)
        titled = [self._titled(term) for term in terms]
        about, named = frozenset(in_check).union(*titled), self._named(titled)
        known = all(self._count(term.any) for term in terms)
        hits = []
        for row, rank in ranks:
            passage = self._passages[row]
            best = max(self.worth(passage, terms, cue))
            score = rank * (held[row] + best + in_check[passage.at]) / total
            score *= (1 + _EARLY / (1 + passage.begin)) * (_HERE if passage.at == here else 1)
            if passage.at in named:
                score *= _NAMED * (_CUED if self._cued(passage, cue) else 1)
            coverage = max(held[row], _TOPIC * in_topic[passage.at]) / total
            led = bool(self.led(passage, lead))
            hits.append(Hit(passage, score, 1.0 if led else coverage, led, known or passage.at in about))
        return sorted(hits, key=lambda hit: (not hit.led, -hit.score))

    def _cued(self, passage: Passage, cue: Cue) -> bool:
        """Whether any sentence has the cue, be it without the name: "It measures 1.4 million kilometres"."""
        sentences = self.topic(passage.at).sentences[passage.begin : passage.end]
        return cue is not None and any(cue.search(sentence.text) for sentence in sentences)

    def _titled(self, term: Term) -> set[At]:
        """The topics that have a word in their title."""
        return {self._passages[row].at for row in self._found("passages", f"title : ({term.match})")}

    def _named(self, titled: Sequence[set[At]]) -> set[At]:
        """The topics whose whole title is in a question, at its end, as half of it: "how hot is the sun"."""
        held = Counter(at for topics in titled for at in topics)
        size = {at: sum(weight(word) == 1 for word in words(self.topic(at).title)) for at in titled[-1]}
        return {at for at in titled[-1] if held[at] == size[at] >= len(titled) / 2}

    def same_check(self, terms: Sequence[Term], best: Hit | None) -> tuple[At, Check] | None:
        """The check that asks the same, and its topic. best: that of another topic may hold more of the question."""
        asked = self._held("checks", [replace(t, match=f"question : ({t.any})", loose="") for t in terms])
        row = max(asked, key=lambda row: asked[row], default=None)
        if row is None:
            return None
        at, check = self._checks[row]
        of_question, of_check = (sum(term.weight for term in side) for side in (terms, self.terms(check.question)))
        other = best is not None and best.passage.at != at and asked[row] < best.coverage * of_question
        return (at, check) if 2 * asked[row] >= _SAME * (of_question + of_check) and not other else None

    def led(self, passage: Passage, lead: Cue) -> list[int]:
        """The sentences of a passage, counted in its topic, that the answer should begin with."""
        sentences = self.topic(passage.at).sentences
        both = ((n, f"{sentences[n - 1].text}\n{sentences[n].text}") for n in range(passage.begin, passage.end))
        return [n for n, text in both if lead and lead.search(text)]

    def read(self, passage: Passage, terms: Sequence[Term], cue: Cue, size: int, lead: Cue = None) -> tuple[int, int]:
        """Which sentences [begin, end) of a passage's topic to read aloud: `size`, and what they lean on."""
        sentences = self.topic(passage.at).sentences
        worth = self.worth(passage, terms, cue)
        if led := self.led(passage, lead):
            begin = max(led, key=lambda n: (worth[n - passage.begin], -n))
            end = min(begin + size, passage.end)
        else:
            begin, end = window(sentences[passage.begin : passage.end], worth, size)
            begin, end = passage.begin + begin, passage.begin + end
        return opening(sentences, begin, end), end

    def worth(self, passage: Passage, terms: Sequence[Term], cue: Cue = None) -> list[float]:
        """The weight of the terms that each sentence of a passage holds; more for those with the cue."""
        first = self._rows[passage.at] + passage.begin
        worth = [0.0] * (passage.end - passage.begin)
        for term in terms:
            for row, share in self._holders("sentences", term, first, first + len(worth)).items():
                worth[row - first] += share
        for n, sentence in enumerate(self.topic(passage.at).sentences[passage.begin : passage.end]):
            worth[n] *= _CUED if cue and cue.search(sentence.text) else 1
            worth[n] *= _ITEM if sentence.pause == ITEM_PAUSE else 1
        return worth

    def _held(self, table: str, terms: Sequence[Term]) -> dict[int, float]:
        """The weight of the terms that each row holds."""
        held: defaultdict[int, float] = defaultdict(float)
        for term in terms:
            for row, share in self._holders(table, term).items():
                held[row] += share
        return held

    def _in_topics(self, terms: Sequence[Term]) -> dict[At, float]:
        """The weight of the terms that each topic holds, in whichever of its passages."""
        held: defaultdict[At, float] = defaultdict(float)
        for term in terms:
            best: dict[At, float] = {}
            for row, share in self._holders("passages", term).items():
                at = self._passages[row].at
                best[at] = max(share, best.get(at, 0.0))
            for at, share in best.items():
                held[at] += share
        return held

    def _holders(self, table: str, term: Term, begin: int = 0, end: int = 1 << 40) -> dict[int, float]:
        """How much of a term's weight each row in [begin, end) holds, for the rows that hold any."""
        loose = self._found(table, term.loose, begin, end) if term.loose else []
        exact = self._found(table, term.match, begin, end)
        return dict.fromkeys(loose, _LOOSE * term.weight) | dict.fromkeys(exact, term.weight)

    def _found(self, table: str, match: str, begin: int = 0, end: int = 1 << 40) -> list[int]:
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid >= ? AND rowid < ?"  # noqa: S608 - our names
        return [row for (row,) in self._db.execute(query, (match, begin, end))]

    def _count(self, match: str) -> int:
        query = "SELECT count(*) FROM passages WHERE passages MATCH ?"
        return int(self._db.execute(query, (match,)).fetchone()[0])

    def close(self) -> None:
        """Free the index. Idempotent."""
        self._db.close()

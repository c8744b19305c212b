"""A course as data: modules of topics of sentences. Pure; `storage.courses` reads it from disk."""

from dataclasses import dataclass, field
from functools import cached_property

from profai_cli.lesson.script import Sentence, script


@dataclass(frozen=True, slots=True)
class Check:
    """A question for the learner at the end of a topic, and the answer to it. made: a model put the question so."""

    question: str
    answer: str
    made: bool = False


@dataclass(frozen=True)
class Topic:
    """One topic: `markdown` is the teacher's text without its metadata and checks. told: see `told.tell`."""

    title: str
    markdown: str
    checks: tuple[Check, ...] = ()
    told: tuple[Sentence, ...] = ()

    @cached_property
    def text(self) -> tuple[Sentence, ...]:
        """The teacher's text in sentences, in order; the first announces the topic. Never empty."""
        return script(self.title, self.markdown)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What the tutor says: the text, or what is told in its place."""
        return self.told or self.text


@dataclass(frozen=True, slots=True)
class Module:
    """A module: at least one topic."""

    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course: at least one module.

    id: its folder's or file's name. language: BCP 47, such as "en" or "en-IN". aliases: other words for a
    term, by the learner's word ("respire": "breathe"). fingerprint: SHA-256 of all its files, hex. sounds: what a
    voice is given instead of a word ("Brahe": "bra-hee"); the word itself where it is said well as it is written.
    own: the `id` in its file, "" where it has none. path: of its folder or file, in full.
    """

    id: str
    title: str
    language: str
    summary: str
    modules: tuple[Module, ...]
    aliases: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    sounds: dict[str, str] = field(default_factory=dict)
    own: str = ""
    path: str = ""

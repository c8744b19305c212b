"""From a topic's Markdown to what a teacher would say: sentences of phrases. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for the ear.

    text: plain words, no markup. phrases: offsets in `text` at which its phrases begin, ascending, the
    first 0; after an interruption the lesson goes on at one of these. pause: silence after it, s.
    """

    text: str
    phrases: tuple[int, ...]
    pause: float


def script(title: str, markdown: str) -> tuple[Sentence, ...]:
    """The sentences of a topic; the first announces it."""
    raise NotImplementedError

"""From a topic's Markdown to what a teacher would say: sentences of phrases. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from profai_cli.lesson.listing import Listing
from profai_cli.lesson.sentences import phrases, sentences, short

__all__ = ["Sentence", "script", "sentences", "spoken"]

PART_PAUSE: Final = 0.1
"""Seconds of silence between the parts of one sentence that was too long."""

SENTENCE_PAUSE: Final = 0.25
"""Seconds between the sentences of a paragraph."""

ITEM_PAUSE: Final = 0.4
"""Seconds after an item of a list, a row of a table, a line of code."""

PARAGRAPH_PAUSE: Final = 0.6
"""Seconds after a paragraph."""

HEADING_PAUSE: Final = 0.8
"""Seconds after a heading and after the topic's title."""

_PAUSES: Final = {
    "heading": HEADING_PAUSE,
    "paragraph": PARAGRAPH_PAUSE,
    "item": ITEM_PAUSE,
    "line": ITEM_PAUSE,
}
_UNTITLED: Final = "The next topic"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for the ear.

    text: plain words, no markup. phrases: offsets in `text` at which its phrases begin, ascending, the
    first 0; after an interruption the lesson goes on at one of these. pause: silence after it, s. listing: the
    code block that it reads or announces. about: where it is of a telling (see `told`), the number of the sentence of
    the text that it is about. made: it is not what the teacher wrote.
    """

    text: str
    phrases: tuple[int, ...]
    pause: float
    listing: Listing | None = None
    about: int = 0
    made: bool = False


def script(title: str, markdown: str) -> tuple[Sentence, ...]:
    """The sentences of a topic; the first announces it. Takes any text, and is never empty.

    A first heading that repeats the title is said once.
    """
    from profai_cli.lesson.markdown import blocks  # noqa: PLC0415 - the parser takes 60 ms to import

    name = spoken(title)
    announced = name if _has_words(name) else _UNTITLED
    said = list(_sentences(announced, HEADING_PAUSE))
    for number, block in enumerate(blocks(markdown)):
        if number or block.kind != "heading" or block.words != name:
            said.extend(_sentences(block.words, _PAUSES[block.kind], block.listing))
    return tuple(said)


def spoken(text: str) -> str:
    """One line of inline Markdown, or of plain text, in words for a voice; may be empty."""
    from profai_cli.lesson.markdown import inline  # noqa: PLC0415 - the parser takes 60 ms to import

    return inline(text)


def _sentences(words: str, pause: float, listing: Listing | None = None) -> Iterator[Sentence]:
    """The sentences of one block, the last of which ends with a full stop and `pause`."""
    whole = [text for text in sentences(words) if _has_words(text)]
    for number, text in enumerate(whole, 1):
        parts = short(text if number < len(whole) else _ended(text))
        for part in parts[:-1]:
            yield Sentence(part, phrases(part), PART_PAUSE, listing)
        yield Sentence(parts[-1], phrases(parts[-1]), pause if number == len(whole) else SENTENCE_PAUSE, listing)


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text))


def _ended(text: str) -> str:
    """The text with a full stop, where it has no mark at its end: a voice falls at its end then."""
    return text if text.rstrip("\"')")[-1:] in ".!?:…।。！？" else text.rstrip(",;—– ") + "."  # noqa: RUF001 - full stops of other scripts

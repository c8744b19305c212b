"""Does a line that a model wrote state what the text does not? Told by its numbers, names and terms. Pure.

What a line claims cannot be checked, only what it names. In the text's own language that is every number, in digits or
as a small word, every capitalised word inside the line, and that it has a word in common with the sentence that it is
about. In another language it is the numbers in digits and the terms of that sentence, all of which it must have, and in
another script the words with capital letters. Number words of other languages, names in their script, and names in
languages that write every noun with a capital letter are not checked.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from profai_cli.lesson.course import Topic
from profai_cli.lesson.script import Sentence
from profai_cli.tutor.vocabulary import DIGITS, is_common, weight, words

MOST_WORDS: Final = 32
"""Of a line; people lose longer sentences when they cannot see them."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SEPARATORS: Final = re.compile(r"[.,]")
_NAME: Final = re.compile(r"(?<![.!?:] )(?<!^)\b[A-Z][\w'-]+")
_CAPITAL: Final = re.compile(r"\b[A-Z][\w'-]+")
_STEM: Final = 4
"""Letters by which the forms of a word are told."""

_TERM: Final = re.compile(r"(?<!`)`([A-Za-z_]\w+)`(?!`)|\*\*([A-Za-z_]\w+)\*\*")


def terms(topic: Topic) -> tuple[str, ...]:
    """The words that stay as they are in every language: those that the teacher has set as code, or in bold.

    Everyday words, such as the "in" and "for" of a programming language, could not be told from the text's own.
    """
    found = (code or bold for code, bold in _TERM.findall(topic.markdown))
    return tuple(dict.fromkeys(term for term in found if "_" not in term and not is_common(term.casefold())))


class Faithful:
    """The numbers, names and terms of a topic and its check questions.

    translated: the lines are in another language than the topic.
    """

    def __init__(self, topic: Topic, *, translated: bool) -> None:
        checks = (f"{check.question} {check.answer}" for check in topic.checks)
        text = " ".join([*(sentence.text for sentence in topic.text), *checks])
        self._translated = translated
        self._find = _digits if translated else _numbers
        self._numbers = self._find(text) | _numbers(text)
        self._words = set(words(text))
        self._terms = {term.casefold() for term in terms(topic)}

    def tell(self, lines: Sequence[str], sentence: Sentence) -> bool:
        """Whether lines may be said for a sentence; an empty one stands for the sentence itself."""
        if not all(not line or line == sentence.text or self.holds(line) for line in lines):
            return False
        said = " ".join(lines)
        return not said or "" in lines or (self._keep if self._translated else _share)(said, sentence.text)

    def holds(self, line: str) -> bool:
        """Whether a line is short, and has no number and no name that the topic has not."""
        if len(line.split()) > MOST_WORDS or not self._find(line) <= self._numbers:
            return False
        if not self._translated:
            names = _NAME.findall(line)
        else:
            names = _CAPITAL.findall(line) if _is_of_another_script(line) else []
        return all(set(words(name)) <= self._words for name in names)

    def _keep(self, line: str, sentence: str) -> bool:
        """Whether a translation has the numbers and the terms of its sentence, these in any form."""
        said = words(line)
        kept = self._terms.intersection(words(sentence))
        return _digits(sentence) <= _digits(line) and all(any(word.startswith(term) for word in said) for term in kept)


def _share(line: str, sentence: str) -> bool:
    """Whether a word that says something stands in both, in any form; small talk has none."""
    wanted = _stems(sentence)
    return not wanted or not wanted.isdisjoint(_stems(line))


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words(text) if weight(word) == 1.0}


def _numbers(text: str) -> set[str]:
    """The numbers in a text, small ones also where they are words."""
    found = {number.replace(",", "") for number in _NUMBER.findall(text)}
    return found | {DIGITS[word] for word in words(text) if word in DIGITS and word != "one"}


def _digits(text: str) -> set[str]:
    """The numbers in digits of any script, without the marks between them, which differ."""
    latin = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    return {_SEPARATORS.sub("", number) for number in _NUMBER.findall(latin)}


def _is_of_another_script(line: str) -> bool:
    return any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in line)

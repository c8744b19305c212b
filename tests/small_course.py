"""A course small enough to reason about: two modules, three topics, sentences of two phrases."""

from profai_cli.lesson.course import Check, Course, Module, Topic
from profai_cli.lesson.script import Sentence


class PlainTopic(Topic):
    """A topic whose sentences are given, not made from Markdown."""

    def __init__(self, title: str, *texts: str, checks: tuple[Check, ...] = ()) -> None:
        super().__init__(title, "\n\n".join(texts), checks)
        object.__setattr__(self, "text", tuple(_sentence(text) for text in (f"{title}.", *texts)))


def _sentence(text: str) -> Sentence:
    starts = [0] + [n + 2 for n, char in enumerate(text) if char == ","]
    return Sentence(text, tuple(starts), 0.3)


def small_course(checks: int = 0) -> Course:
    """Each sentence says where it stands. checks: how many questions there are at the end of each topic."""

    def topic(title: str) -> Topic:
        texts = (f"{title} sentence {n}, with a second phrase, and a third one." for n in range(1, 6))
        asked = (Check(f"What is check {n} of {title}?", f"It is number {n}.") for n in range(checks))
        return PlainTopic(title, *texts, checks=tuple(asked))

    modules = (Module("Alpha", (topic("Apples"), topic("Bears"))), Module("Beta", (topic("Cherries"),)))
    return Course("small", "A small course", "en", "", modules)

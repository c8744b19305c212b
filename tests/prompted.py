"""What a language model is given with a question: real requests, which the emulator of OpenAI has noted."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from profai_cli.lesson.course import Topic
from profai_cli.ports import Question
from profai_cli.providers.llm.chat import ChatModel
from profai_cli.providers.llm.discovery import PRESETS
from profai_cli.settings import Access, Key
from tests.asking import Asked, holds, shipped
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

HERE = (1, 0, 4)
"""The place of each question: a topic in the middle of the course, of which four sentences were heard."""

HEARD = "So much was heard"
"""Of each answer."""


@dataclass(frozen=True, slots=True)
class Prompted:
    """A question and the messages that a model was given with it, in one talk with those before."""

    asked: Asked
    first: bool
    messages: Sequence[dict[str, str]]

    @property
    def passages(self) -> list[tuple[Topic, bool, str]]:
        """Each with its topic, and whether it is told to be a later one."""
        found = re.findall(r"<(passage|later)>(.*?)</", self.messages[-1]["content"])
        topics = [topic for module in shipped(self.asked.course).modules for topic in module.topics]
        begun = {topic: topic.sentences[0].text for topic in topics}
        return [(t, tag == "later", text) for tag, text in found for t in topics if text.startswith(begun[t])]

    @property
    def has_topic(self) -> bool:
        """A passage is of the right topic."""
        return any(topic.title == self.asked.topic for topic, *_ in self.passages)

    @property
    def has_fact(self) -> bool:
        """A passage of the right topic holds the key fact."""
        fact = self.asked.fact or ""
        return any(topic.title == self.asked.topic and holds(text, fact) for topic, _, text in self.passages)

    @property
    def has_place(self) -> bool:
        """The topic that is taught is told, what was heard of it and no more, and which passages come later."""
        modules = shipped(self.asked.course).modules
        heard = modules[HERE[0]].topics[HERE[1]].sentences[: HERE[2]]
        told = f"<topic>{heard[0].text}</topic>\n<heard>{' '.join(sentence.text for sentence in heard[1:])}</heard>\n"
        later = [t for m, module in enumerate(modules) for n, t in enumerate(module.topics) if (m, n) > HERE[:2]]
        return told in self.messages[-1]["content"] and all((t in later) == tag for t, tag, _ in self.passages)

    @property
    def has_only_heard(self) -> bool:
        """Of the answers before, the model is given what the learner heard of them."""
        answers = {message["content"] for message in self.messages if message["role"] == "assistant"}
        return answers == (set() if self.first else {HEARD})


def prompted(emulators: Emulators, asked: Sequence[Asked]) -> list[Prompted]:
    """Ask a model about each course, of each answer to which a part is heard."""
    courses = dict.fromkeys(one.course for one in asked)
    return [p for c in courses for p in asyncio.run(_talk(emulators, [one for one in asked if one.course == c]))]


async def _talk(emulators: Emulators, asked: Sequence[Asked]) -> list[Prompted]:
    access = Access(Key(KEY), emulators.url("openai"))
    model = ChatModel(access, shipped(asked[0].course), model=PRESETS["openai"].model, name="OpenAI")
    emulators.set(seen=[])
    await model.start()
    for one in asked:
        async for _ in model.answer(Question(one.question, *HERE)):
            pass
        model.heard(HEARD)
    await model.close()
    seen = emulators.seen("openai", "ask")
    return [Prompted(one, one is asked[0], told["messages"]) for one, told in zip(asked, seen, strict=True)]
